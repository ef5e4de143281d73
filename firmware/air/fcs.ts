/** Frame check sequence of IEEE 802.15.4 (2006, clause 7.2.1.9): CRC-16, polynomial x¹⁶+x¹²+x⁵+1 reflected, start value 0. */

const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x8408 : crc >>> 1;
  return crc;
});

/** FCS over the first `length` bytes. */
export function fcs(bytes: Uint8Array, length: number): number {
  let crc = 0;
  for (let i = 0; i < length; i++) crc = (crc >>> 8) ^ TABLE[(crc ^ bytes[i]!) & 0xff]!;
  return crc;
}

/** Whether a PSDU ends with its own FCS, least significant byte first. */
export function fcsGood(psdu: Uint8Array): boolean {
  const end = psdu.length - 2;
  return end >= 1 && fcs(psdu, end) === (psdu[end]! | (psdu[end + 1]! << 8));
}
