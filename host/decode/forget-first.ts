/** How what is remembered of a capture stays bounded, however long the capture is. */

/** Removes the entry of a map that was put in first. */
export function forgetFirst<K>(map: Map<K, unknown>): void {
  for (const key of map.keys()) {
    map.delete(key);
    return;
  }
}
