/**
 * Install codes as people type them (ZigBee base device behaviour 10.1): hex digits in groups parted by spaces, dashes or colons,
 * upper or lower case, the CRC last, as printed on the device.
 *
 * Everything here works on bytes that the caller wipes: a text would stay in memory for as long as the machine likes.
 */
import { ok, refuse, type Refusal, type Result } from '../model/fault.ts';
import { digitOf } from './hex-bytes.ts';

/** Bytes of install codes with their CRC: 6, 8, 12 or 16 and two more. */
const LENGTHS: readonly number[] = [8, 10, 14, 18];
/** More than any code with a separator after each digit. */
const LONGEST = 72;

/** ASCII bytes that part digits or stand around the whole: space, tab, line ends, `-`, `:`. */
const SEPARATORS: readonly number[] = [0x20, 0x09, 0x0a, 0x0d, 0x2d, 0x3a];

/**
 * The bytes of a printed install code, CRC included; the caller wipes both. Refuses `install-code-digit`, naming the place but not the
 * code, and `install-code-length`, naming the bytes found. Whether the CRC is right is the core's to say.
 */
export function readInstallCode(printed: Uint8Array): Result<Uint8Array> {
  const code = new Uint8Array(LONGEST / 2);
  let digits = 0;
  for (const [place, byte] of printed.entries()) {
    if (SEPARATORS.includes(byte)) continue;
    const digit = digitOf(byte);
    if (digit === undefined || digits === LONGEST) {
      code.fill(0);
      if (digit !== undefined) return wrongLength(`more than ${LONGEST / 2}`);
      return refuse('install-code-digit', `character ${place + 1} of the install code is no hex digit, space, dash or colon`);
    }
    code[digits >> 1] = ((code[digits >> 1] ?? 0) << 4) | digit;
    digits++;
  }
  const length = digits / 2;
  if (LENGTHS.includes(length)) return ok(ownBytes(code, length));
  code.fill(0);
  return wrongLength(Number.isInteger(length) ? String(length) : `${digits} digits, not whole`);
}

const wrongLength = (found: string): Refusal =>
  refuse('install-code-length', `${found} bytes: an install code has 6, 8, 12 or 16 bytes and two of CRC behind them`);

/** A copy of the first bytes; the whole is wiped. */
function ownBytes(bytes: Uint8Array, length: number): Uint8Array {
  const copy = bytes.slice(0, length);
  bytes.fill(0);
  return copy;
}
