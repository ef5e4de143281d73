/** Upgrade files inside other files: some makers put a signed envelope around them, a prefix before or a checksum behind. */
import { FILE_IDENTIFIER, HEADER_MIN, HEADER_VERSION, Offset } from './format.ts';

/** Where an upgrade file stands in the bytes: [start, end). */
export interface Wrapped {
  readonly start: number;
  readonly end: number;
}

/**
 * Where the upgrade file begins: at the first identifier that a whole header follows whose file fits, else at the first
 * identifier at all. Undefined when there is none.
 */
export function findStart(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let first: number | undefined;
  for (let at = 0; at + 4 <= bytes.length; at++) {
    if (view.getUint32(at, true) !== FILE_IDENTIFIER) continue;
    if (fits(view, at)) return at;
    first ??= at;
  }
  return first;
}

/** The upgrade file in the bytes; all of them when there is none, and to their end when it is longer than they are. */
export function unwrap(bytes: Uint8Array): Wrapped {
  const start = findStart(bytes);
  if (start === undefined || bytes.length - start < HEADER_MIN) return { start: start ?? 0, end: bytes.length };
  const total = new DataView(bytes.buffer, bytes.byteOffset + start).getUint32(Offset.TOTAL_SIZE, true);
  return { start, end: Math.min(start + Math.max(total, HEADER_MIN), bytes.length) };
}

/** A whole upgrade file that stands in the bytes with something before or behind it; undefined when there is none. */
export function wrapped(bytes: Uint8Array): Wrapped | undefined {
  const { start, end } = unwrap(bytes);
  if (start === 0 && end === bytes.length) return undefined;
  return fits(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), start) ? { start, end } : undefined;
}

function fits(view: DataView, at: number): boolean {
  if (at + HEADER_MIN > view.byteLength || view.getUint16(at + Offset.HEADER_VERSION, true) !== HEADER_VERSION) return false;
  if (view.getUint32(at, true) !== FILE_IDENTIFIER) return false;
  const total = view.getUint32(at + Offset.TOTAL_SIZE, true);
  return total >= view.getUint16(at + Offset.HEADER_LENGTH, true) && at + total <= view.byteLength;
}
