/**
 * The frame check sequence of IEEE 802.15.4 (2006 clause 7.2.1.9): ITU-T CRC-16, x^16 + x^12 + x^5 + 1, bits reflected,
 * initial value 0, no final inversion, sent least significant byte first.
 */

/** Bytes of an FCS. */
export const FCS_LEN: i32 = 2;

/** The FCS of `len` bytes. */
export function fcs(bytes: usize, len: i32): u16 {
  let crc: u32 = 0;
  for (let i = 0; i < len; i++) crc = step(crc, <u32>load<u8>(bytes + <usize>i));
  return <u16>crc;
}

/** One byte of the division, without a table: the taps 12 and 5 unrolled over eight bits. */
// @ts-ignore: decorator
@inline
function step(crc: u32, byte: u32): u32 {
  let x: u32 = (crc ^ byte) & 0xff;
  x = (x ^ (x << 4)) & 0xff;
  return ((crc >> 8) ^ (x << 8) ^ (x << 3) ^ (x >> 4)) & 0xffff;
}
