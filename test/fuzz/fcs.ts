/** IEEE 802.15.4 FCS by a table of its own, for millions of frames: the core's has none, the oracle's goes bit by bit. */

const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (crc & 1 ? 0x8408 : 0);
  return crc;
});

/** The FCS of a frame. */
export function fcsOf(frame: Uint8Array): number {
  let crc = 0;
  for (let i = 0; i < frame.length; i++) crc = (crc >> 8) ^ (TABLE[(crc ^ (frame[i] ?? 0)) & 0xff] ?? 0);
  return crc;
}
