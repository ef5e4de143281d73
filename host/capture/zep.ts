/**
 * ZEP (ZigBee Encapsulation Protocol), what networked sniffers send over UDP: version 1, and version 2 with its
 * acknowledgements. Any other version is read as version 2.
 */
import type { LinkFrame } from './captured.ts';

/** UDP port of ZEP. */
export const ZEP_PORT = 17754;

const ZEP1_HEADER = 16;
const ZEP2_HEADER = 32;
const ZEP2_ACK_HEADER = 8;
const ZEP2_ACK = 2;

/**
 * Removes the header of a datagram's payload, of which the capture lacks the last `missing` bytes. With `tiMetadata` frames
 * end in CC24xx metadata also where the header speaks of an FCS. Undefined when the payload is not ZEP: it must end where the
 * header says, or before.
 */
export function unwrapZep(bytes: Uint8Array, missing: number, tiMetadata: boolean): LinkFrame | undefined {
  const version = bytes[2];
  if (bytes[0] !== 0x45 || bytes[1] !== 0x58 || version === undefined) return undefined;
  if (version !== 1 && bytes[3] === ZEP2_ACK) return acknowledgement(bytes, missing);
  const [size, fields] = version === 1 ? [ZEP1_HEADER, 3] : [ZEP2_HEADER, 4];
  const length = bytes[size - 1];
  if (length === undefined || bytes.length + missing > size + (length & 0x7f)) return undefined;
  const psdu = bytes.subarray(size);
  // In mode 0 the radio wrote RSSI, LQI and its own FCS verdict over the FCS.
  const trailer = bytes[fields + 3] === 0 || tiMetadata ? 'ti-metadata' : 'fcs';
  const header = { kind: 'zep', bytes: bytes.subarray(0, size), carries: true } as const;
  return { psdu, trailer, missing: (length & 0x7f) - psdu.length, header, channel: bytes[fields], lqi: bytes[fields + 4] };
}

function acknowledgement(bytes: Uint8Array, missing: number): LinkFrame | undefined {
  if (bytes.length < ZEP2_ACK_HEADER) return undefined;
  const header = { kind: 'zep', bytes: bytes.subarray(0, ZEP2_ACK_HEADER), carries: false } as const;
  return { psdu: undefined, trailer: 'none', missing, header, channel: undefined, lqi: undefined };
}
