/**
 * CRC-16 of polynomial x^16 + x^12 + x^5 + 1 (ITU-T V.41), bits reflected, without a table: no address depends on the data.
 *
 * Start 0 gives the frame check sequence of IEEE 802.15.4; start 0xffff with all bits of the answer inverted gives
 * CRC-16/X-25, which install codes carry.
 */

/** The remainder after `len` bytes, beginning from `start` (16 bits). */
export function crc16(start: u32, bytes: usize, len: i32): u32 {
  let crc = start;
  for (let i: usize = 0; i < <usize>len; i++) {
    // Eight steps at once: x is what leaves the register; the taps at 12 and 5 return it shifted by 4 within the byte.
    let x: u32 = (crc ^ (<u32>load<u8>(bytes + i))) & 0xff;
    x = (x ^ (x << 4)) & 0xff;
    crc = ((crc >> 8) ^ (x << 8) ^ (x << 3) ^ (x >> 4)) & 0xffff;
  }
  return crc;
}
