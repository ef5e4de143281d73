/** Small captures written byte by byte for the tests: each format in the shapes that readers must cope with. */

/** A frame to be captured: an acknowledgement with its FCS. */
export const ACK = Uint8Array.of(0x02, 0x00, 0x11, 0xb0, 0xb4);

/** Bytes of a number, in one of the two orders. */
export function bytesOf(value: number | bigint, length: number, little: boolean): number[] {
  const bytes = Array.from({ length }, (_, i) => Number((BigInt(value) >> BigInt(8 * i)) & 0xffn));
  return little ? bytes : bytes.reverse();
}

/** A pcap file of packets one second apart, half a second after the second. */
export function pcap(packets: readonly Uint8Array[], { little = true, nano = false, linkType = 195, missing = 0 } = {}): Uint8Array {
  const u32 = (value: number): number[] => bytesOf(value, 4, little);
  const header = [
    ...u32(nano ? 0xa1b23c4d : 0xa1b2c3d4),
    ...bytesOf(2, 2, little),
    ...bytesOf(4, 2, little),
    ...u32(0),
    ...u32(0),
    ...u32(65_535),
    ...u32(linkType),
  ];
  const records = packets.map((packet, i) => [
    ...[...u32(1_700_000_000 + i), ...u32(nano ? 500_000_000 : 500_000), ...u32(packet.length), ...u32(packet.length + missing)],
    ...packet,
  ]);
  return Uint8Array.from([...header, ...records.flat()]);
}

/** A block of pcapng. */
export function block(type: number, body: readonly number[], little = true): number[] {
  const padded = [...body, ...Array.from({ length: -body.length & 3 }, () => 0)];
  const length = bytesOf(padded.length + 12, 4, little);
  return [...bytesOf(type, 4, little), ...length, ...padded, ...length];
}

/** A section header of pcapng. */
export const section = (little = true): number[] =>
  block(
    0x0a0d0d0a,
    [...bytesOf(0x1a2b3c4d, 4, little), ...bytesOf(1, 2, little), ...bytesOf(0, 2, little), ...bytesOf(-1n, 8, little)],
    little,
  );

/** An interface description; `options` are (code, bytes). */
export function face(linkType: number, options: readonly (readonly [number, readonly number[]])[] = [], little = true): number[] {
  const encoded = options.flatMap(([code, value]) => [
    ...bytesOf(code, 2, little),
    ...bytesOf(value.length, 2, little),
    ...value,
    ...Array.from({ length: -value.length & 3 }, () => 0),
  ]);
  return block(
    1,
    [...bytesOf(linkType, 2, little), 0, 0, ...bytesOf(0, 4, little), ...encoded, ...(options.length > 0 ? [0, 0, 0, 0] : [])],
    little,
  );
}

/** An enhanced packet block. */
export function enhanced(packet: Uint8Array, units: bigint, id = 0, little = true): number[] {
  const [high, low] = [units >> 32n, units & 0xffffffffn].map((half) => bytesOf(half, 4, little)) as [number[], number[]];
  const length = bytesOf(packet.length, 4, little);
  return block(6, [...bytesOf(id, 4, little), ...high, ...low, ...length, ...length, ...packet], little);
}

/** A simple packet block. */
export const simple = (packet: Uint8Array): number[] => block(3, [...bytesOf(packet.length, 4, true), ...packet]);

/** A frame behind a TAP header with FCS type, channel and LQI. */
export const tap = (psdu: Uint8Array, fcsType: number): Uint8Array =>
  Uint8Array.from([0, 0, 28, 0, 0, 0, 1, 0, fcsType, 0, 0, 0, 3, 0, 3, 0, 20, 0, 0, 0, 10, 0, 1, 0, 200, 0, 0, 0, ...psdu]);

/** A frame in ZEP over UDP, IPv4 and Ethernet. */
export function zep(psdu: Uint8Array, { version = 2, crc = true, type = 1, port = 17754, fragment = 0 } = {}): Uint8Array {
  const mode = crc ? 1 : 0;
  const header =
    version === 1
      ? [0x45, 0x58, 1, 20, 0, 1, mode, 200, 0, 0, 0, 0, 0, 0, 0, psdu.length]
      : [0x45, 0x58, 2, type, 20, 0, 1, mode, 200, ...Array.from({ length: 22 }, () => 0), psdu.length];
  const datagram = [...header, ...psdu];
  const udp = [...bytesOf(40_000, 2, false), ...bytesOf(port, 2, false), ...bytesOf(datagram.length + 8, 2, false), 0, 0];
  const ip = [
    0x45,
    0,
    ...bytesOf(20 + udp.length + datagram.length, 2, false),
    0,
    0,
    ...bytesOf(fragment, 2, false),
    64,
    17,
    0,
    0,
    127,
    0,
    0,
    1,
    127,
    0,
    0,
    1,
  ];
  return Uint8Array.from([...Array.from({ length: 12 }, () => 0), 0x08, 0x00, ...ip, ...udp, ...datagram]);
}
