/**
 * ZEP (ZigBee Encapsulation Protocol) versions 1 and 2 over UDP port 17754, in IPv4 over Ethernet: what networked sniffers
 * send. Fragmented datagrams, IPv6 and VLAN tags are not read: their packets hold no frame for us.
 */
import type { LinkFrame } from './captured.ts';

/** UDP port of ZEP. */
export const ZEP_PORT = 17754;

const ETHERNET_HEADER = 14;
const ETHERTYPE_IPV4 = 0x0800;
const PROTOCOL_UDP = 17;
const UDP_HEADER = 8;
const ZEP1_HEADER = 16;
const ZEP2_HEADER = 32;
const ZEP2_DATA = 1;

/** Removes Ethernet, IPv4, UDP and ZEP. No frame when the packet is anything else, a ZEP acknowledgement included. */
export function unwrapEthernet(bytes: Uint8Array, cut: boolean): LinkFrame {
  const payload = udpPayload(bytes);
  return (payload && unwrapZep(payload, cut)) ?? { psdu: undefined, trailer: 'none', cut, channel: undefined, lqi: undefined };
}

function udpPayload(bytes: Uint8Array): Uint8Array | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < ETHERNET_HEADER + 20 || view.getUint16(12) !== ETHERTYPE_IPV4) return undefined;
  const header = (view.getUint8(ETHERNET_HEADER) & 0x0f) * 4;
  const udp = ETHERNET_HEADER + header;
  const fragment = view.getUint16(ETHERNET_HEADER + 6) & 0x3fff;
  if (header < 20 || fragment !== 0 || view.getUint8(ETHERNET_HEADER + 9) !== PROTOCOL_UDP || bytes.length < udp + UDP_HEADER)
    return undefined;
  if (view.getUint16(udp) !== ZEP_PORT && view.getUint16(udp + 2) !== ZEP_PORT) return undefined;
  const length = view.getUint16(udp + 4);
  return length < UDP_HEADER ? undefined : bytes.subarray(udp + UDP_HEADER, udp + length);
}

function unwrapZep(bytes: Uint8Array, cut: boolean): LinkFrame | undefined {
  const version = bytes[2];
  if (bytes[0] !== 0x45 || bytes[1] !== 0x58 || (version !== 1 && version !== 2)) return undefined;
  if (version === 2 && bytes[3] !== ZEP2_DATA) return undefined;
  const header = version === 1 ? ZEP1_HEADER : ZEP2_HEADER;
  const fields = version === 1 ? 3 : 4;
  const length = bytes[header - 1];
  if (length === undefined) return undefined;
  const psdu = bytes.subarray(header, header + (length & 0x7f));
  // Mode 1 keeps the FCS; in mode 0 the radio wrote RSSI, LQI and its own FCS verdict over it.
  const trailer = bytes[fields + 3] === 1 ? 'fcs' : 'ti-metadata';
  return { psdu, trailer, cut: cut || psdu.length < (length & 0x7f), channel: bytes[fields], lqi: bytes[fields + 4] };
}
