/**
 * Ethernet (link type 1) around IEEE 802.15.4: ZEP over UDP in IPv4 or IPv6, with VLAN tags, options and extension headers,
 * and frames that stand alone behind their own EtherType. IP fragments are not put together: they hold no frame for us.
 */
import type { LinkFrame, Trailer } from './captured.ts';
import { unwrapZep, ZEP_PORT } from './zep.ts';

const ADDRESSES = 12;
const EtherType = { IPV4: 0x0800, IPV6: 0x86dd, VLAN: 0x8100, PROVIDER_VLAN: 0x88a8, IEEE802154: 0x809a } as const;
const UDP = 17;
const UDP_HEADER = 8;
const IPV4_HEADER = 20;
const IPV6_HEADER = 40;
/** Extension headers that only stand between IPv6 and what it carries: hop-by-hop, routing, destination options. */
const EXTENSIONS: ReadonlySet<number> = new Set([0, 43, 60]);

/** Removes Ethernet and all that stands between it and the frame; the capture lacks `missing` bytes of the packet. No frame when the packet is anything else. */
export function unwrapEthernet(bytes: Uint8Array, missing: number, trailer: Trailer): LinkFrame {
  const nothing = { psdu: undefined, trailer: 'none', missing, header: undefined, channel: undefined, lqi: undefined } as const;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const u16 = (at: number): number => (at + 2 <= bytes.length ? view.getUint16(at) : -1);
  let at = ADDRESSES;
  while (u16(at) === EtherType.VLAN || u16(at) === EtherType.PROVIDER_VLAN) at += 4;
  const start = at + 2;
  if (u16(at) === EtherType.IEEE802154) return { ...nothing, psdu: bytes.subarray(start), trailer };
  const udp = u16(at) === EtherType.IPV4 ? udpInIpv4(view, start) : u16(at) === EtherType.IPV6 ? udpInIpv6(view, start) : undefined;
  if (udp === undefined || udp + UDP_HEADER > bytes.length) return nothing;
  if (u16(udp) !== ZEP_PORT && u16(udp + 2) !== ZEP_PORT) return nothing;
  const length = u16(udp + 4);
  if (length < UDP_HEADER) return nothing;
  const payload = bytes.subarray(udp + UDP_HEADER, udp + length);
  return unwrapZep(payload, length - UDP_HEADER - payload.length, trailer === 'ti-metadata') ?? nothing;
}

/** Where UDP begins, or undefined. */
function udpInIpv4(view: DataView, at: number): number | undefined {
  if (at + IPV4_HEADER > view.byteLength) return undefined;
  const header = (view.getUint8(at) & 0x0f) * 4;
  const isFragment = (view.getUint16(at + 6) & 0x3fff) !== 0;
  return header < IPV4_HEADER || isFragment || view.getUint8(at + 9) !== UDP ? undefined : at + header;
}

function udpInIpv6(view: DataView, at: number): number | undefined {
  if (at + IPV6_HEADER > view.byteLength) return undefined;
  let next = view.getUint8(at + 6);
  let position = at + IPV6_HEADER;
  while (EXTENSIONS.has(next) && position + 2 <= view.byteLength) {
    next = view.getUint8(position);
    position += 8 * (view.getUint8(position + 1) + 1);
  }
  return next === UDP ? position : undefined;
}
