/** Makes a failing input small: fewer bytes, then plainer ones. */

/** Tries that one input is worth. */
const MOST_TRIES = 4000;

/** The smallest input found that still `fails`; its first `head` bytes stay in their places. Answers a copy. */
export function minimise(input: Uint8Array, head: number, fails: (tried: Uint8Array) => boolean): Uint8Array {
  let best: Uint8Array = input.slice();
  let tries = 0;
  const take = (tried: Uint8Array): boolean => {
    if (tries++ >= MOST_TRIES || !fails(tried)) return false;
    best = tried;
    return true;
  };
  let before: number;
  do {
    before = best.length;
    for (let size = Math.ceil((best.length - head) / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let at = best.length - size; at >= head; at -= size) {
        if (at + size <= best.length) take(Uint8Array.from([...best.subarray(0, at), ...best.subarray(at + size)]));
      }
    }
  } while (best.length < before && tries < MOST_TRIES);
  for (let at = 0; at < best.length; at++) {
    for (const plain of [0, (best[at] ?? 0) & 0x0f, (best[at] ?? 0) & 0xf0]) {
      if (best[at] === plain) break;
      if (take(Uint8Array.from(best, (byte, i) => (i === at ? plain : byte)))) break;
    }
  }
  return best;
}
