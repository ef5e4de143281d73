/** What stands between Ethernet and a frame: VLAN tags, IP options and extension headers, padding, and frames of their own EtherType. */
import { describe, expect, test } from 'vitest';
import { unwrapEthernet } from '../../../host/capture/ethernet.ts';
import { ACK, zep } from './files.ts';

const MACS = Array<number>(12).fill(0);
const packet = zep(ACK);
/** What the packet holds behind its EtherType: an IPv4 header of 20 bytes, and UDP. */
const ip = packet.slice(14);
const udp = ip.slice(20);
const VLAN = [0x81, 0x00, 0x00, 0x05];

const read = (...parts: (readonly number[] | Uint8Array)[]) =>
  unwrapEthernet(Uint8Array.from(parts.flatMap((part) => [...part])), 0, 'fcs');

function ipv6(next: number, ...behind: readonly (readonly number[] | Uint8Array)[]): Uint8Array {
  const rest = behind.flatMap((part) => [...part]);
  return Uint8Array.from([0x60, 0, 0, 0, rest.length >> 8, rest.length & 0xff, next, 64, ...Array<number>(32).fill(0), ...rest]);
}

describe('a frame in Ethernet', () => {
  test.each<[string, ReturnType<typeof read>]>([
    ['a VLAN tag', read(MACS, VLAN, [0x08, 0x00], ip)],
    ['two VLAN tags', read(MACS, [0x88, 0xa8, 0x00, 0x01], VLAN, [0x08, 0x00], ip)],
    ['IPv4 options', read(MACS, [0x08, 0x00], [0x46, ...ip.slice(1, 20)], [1, 1, 1, 0], udp)],
    ['padding', read(packet, Array<number>(6).fill(0))],
    ['IPv6', read(MACS, [0x86, 0xdd], ipv6(17, udp))],
    ['IPv6 extension headers', read(MACS, [0x86, 0xdd], ipv6(0, [60, 0, 1, 4, 0, 0, 0, 0], [17, 1, ...Array<number>(14).fill(0)], udp))],
    ['a frame to the port of ZEP', read(packet)],
    ['a frame from the port of ZEP', read(swapPorts(packet))],
  ])('is found behind %s', (_, found) => {
    expect(found).toMatchObject({ psdu: ACK, trailer: 'fcs', missing: 0, channel: 20 });
  });

  test('is found alone behind the EtherType of IEEE 802.15.4, and ends as the capture is said to', () => {
    const bytes = Uint8Array.from([...MACS, 0x80, 0x9a, ...ACK]);
    expect(unwrapEthernet(bytes, 0, 'fcs')).toMatchObject({ psdu: ACK, trailer: 'fcs' });
    expect(unwrapEthernet(bytes, 0, 'ti-metadata')).toMatchObject({ psdu: ACK, trailer: 'ti-metadata' });
  });

  test.each<[string, ReturnType<typeof read>]>([
    ['of another protocol', read(MACS, [0x08, 0x06], ip)],
    ['of TCP', read(MACS, [0x08, 0x00], [...ip.slice(0, 9), 6, ...ip.slice(10)])],
    ['of TCP in IPv6', read(MACS, [0x86, 0xdd], ipv6(6, udp))],
    ['of an IPv6 fragment', read(MACS, [0x86, 0xdd], ipv6(44, [17, 0, 0, 1, 0, 0, 0, 0], udp))],
    ['with an IPv4 header that is none', read(MACS, [0x08, 0x00], [0x44, ...ip.slice(1)])],
    ['with a UDP length below its header', read(MACS, [0x08, 0x00], ip.slice(0, 24), [0, 7], ip.slice(26))],
    ['that does not begin as ZEP does', read(MACS, [0x08, 0x00], ip.slice(0, 28), [0x46], ip.slice(29))],
    ['that ends in its tags', read(MACS, VLAN)],
  ])('is not in a packet %s', (_, found) => {
    expect(found).toMatchObject({ psdu: undefined, header: undefined });
  });

  test('cut anywhere is read without a fault, as far as it goes', () => {
    for (let length = 0; length < packet.length; length++) {
      const { psdu, missing } = unwrapEthernet(packet.subarray(0, length), packet.length - length, 'fcs');
      expect(psdu === undefined || psdu.length + missing === ACK.length).toBe(true);
    }
  });
});

describe('ZEP', () => {
  test('acknowledgements are told, and hold no frame', () => {
    const found = unwrapEthernet(zep(ACK, { type: 2 }), 0, 'fcs');
    expect(found).toMatchObject({ psdu: undefined, header: { kind: 'zep', carries: false } });
    expect(found.header?.bytes).toHaveLength(8);
  });

  test('that is longer than it says is none', () => {
    const longer = Uint8Array.from([...packet, 0]);
    longer[14 + 20 + 5] = (longer[14 + 20 + 5] ?? 0) + 1;
    expect(unwrapEthernet(longer, 0, 'fcs')).toMatchObject({ psdu: undefined });
  });
});

function swapPorts(bytes: Uint8Array): Uint8Array {
  const swapped = Uint8Array.from(bytes);
  swapped.copyWithin(34, 36, 38);
  swapped.set(bytes.subarray(34, 36), 36);
  return swapped;
}
