/** Lengths of NWK and APS headers as their frame controls announce them, written from the specifications and sharing nothing with assembly/. */

/** Bytes that a NWK header claims (ZigBee 3.3.1), whether or not the frame has them. */
export function nwkHeaderLength(frame: Uint8Array): number {
  const control = frame[1] ?? 0;
  const route = 8 + (control & 0x08 ? 8 : 0) + (control & 0x10 ? 8 : 0) + (control & 0x01 ? 1 : 0);
  return control & 0x04 ? route + 2 + 2 * (frame[route] ?? 0) : route;
}

/** Bytes that an APS header claims (ZigBee 2.2.5.1), whether or not the frame has them. */
export function apsHeaderLength(frame: Uint8Array): number {
  const control = frame[0] ?? 0;
  const type = control & 3;
  const addressed = type === 0 || (type === 2 && !(control & 0x10));
  const header = addressed ? (((control >> 2) & 3) === 3 ? 9 : 8) : 2;
  if (!(control & 0x80)) return header;
  return header + ((frame[header] ?? 0) & 3 ? (type === 2 ? 3 : 2) : 1);
}
