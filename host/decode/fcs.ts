/** Frame check sequences of IEEE 802.15.4 (7.2.10): 16 bits, and 32 bits as other PHYs than ZigBee's have them. */

/** ITU-T CRC-16 with initial value 0, bits least significant first. */
export function fcs16(bytes: Uint8Array): number {
  let crc = 0;
  for (let i = 0; i < bytes.length; i++) {
    let step = (crc ^ (bytes[i] as number)) & 0xff;
    step ^= (step << 4) & 0xff;
    crc = ((crc >> 8) ^ (step << 8) ^ (step << 3) ^ (step >> 4)) & 0xffff;
  }
  return crc;
}

/** CRC-32 of IEEE 802.3. */
export function fcs32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
