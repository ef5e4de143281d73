/**
 * CRC-16 with the polynomial x^16 + x^12 + x^5 + 1, least significant bit first (0x8408), in its two uses at a radio:
 * the check of HDLC frames (ISO/IEC 13239, "X-25": preset ffff, result inverted) and the FCS of IEEE 802.15.4 (clause
 * 7.2.1.9 of the 2006 edition: preset 0, result as it is). Both stand least significant byte first on the wire.
 */

/** CRC-16/X-25: of "123456789" it is 0x906e. */
export const crcX25 = (bytes: Uint8Array): number => crc(bytes, 0xffff) ^ 0xffff;

/** The FCS of a frame without its FCS; of "123456789" it is 0x2189. */
export const frameCheckSequence = (bytes: Uint8Array): number => crc(bytes, 0);

function crc(bytes: Uint8Array, preset: number): number {
  let register = preset;
  for (const byte of bytes) {
    register ^= byte;
    for (let bit = 0; bit < 8; bit++) register = (register >> 1) ^ (register & 1 ? 0x8408 : 0);
  }
  return register;
}
