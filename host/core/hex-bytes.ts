/** Hexadecimal from bytes to bytes: for secrets, which must not become texts. */

/** The bytes that ASCII hex digits stand for, upper or lower case; undefined for anything else. The caller wipes both. */
export function bytesOfHex(digits: Uint8Array): Uint8Array | undefined {
  const bytes = new Uint8Array(digits.length >> 1);
  let whole = digits.length % 2 === 0;
  for (const [i, digit] of digits.entries()) {
    const value = digitOf(digit);
    if (value === undefined) whole = false;
    else bytes[i >> 1] = ((bytes[i >> 1] ?? 0) << 4) | value;
  }
  if (whole) return bytes;
  bytes.fill(0);
  return undefined;
}

/** The value of an ASCII hex digit, or undefined. */
export function digitOf(byte: number): number | undefined {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : undefined;
}
