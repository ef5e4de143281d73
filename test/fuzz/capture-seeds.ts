/** Captures to start from: one of every format and link type that is read, made here, and the beginnings of captures of the field. */
import { readFileSync } from 'node:fs';
import { LinkType } from '../../host/capture/captured.ts';
import { bytes, join, le, macData, withFcs } from '../kit/frame-oracle.ts';

/** Bytes taken of a capture of the field. */
const BEGINNING = 1500;

const big = (value: number | bigint, length: number): Uint8Array => le(value, length).reverse();
const frames = [withFcs(bytes('0200 2a')), macData(bytes('0912 3412 0000 0109 01 08 06 80')), withFcs(bytes('6388 05 621a 0000 ffff 04'))];

/** A pcap file; `order` writes its numbers. */
const pcap = (magic: number, linkType: number, packets: readonly Uint8Array[], order = le, more = 0): Uint8Array =>
  join(
    ...[order(magic, 4), order(2, 2), order(4, 2), order(0, 4), order(0, 4), order(65_535, 4), order(linkType, 4)],
    ...packets.flatMap((packet, i) => [
      order(1_700_000_000 + i, 4),
      order(250 * i, 4),
      order(packet.length, 4),
      order(packet.length + more, 4),
      packet,
    ]),
  );

function block(type: number, body: Uint8Array, order = le): Uint8Array {
  const padded = join(body, new Uint8Array((4 - (body.length % 4)) % 4));
  return join(order(type, 4), order(padded.length + 12, 4), padded, order(padded.length + 12, 4));
}

const option = (code: number, value: Uint8Array, order = le): Uint8Array =>
  join(order(code, 2), order(value.length, 2), value, new Uint8Array((4 - (value.length % 4)) % 4));

/** A pcapng file: a section, an interface with time resolution and offset, packets of both kinds, and a block of no interest. */
const pcapng = (linkType: number, packets: readonly Uint8Array[], order = le): Uint8Array =>
  join(
    block(0x0a0d0d0a, join(order(0x1a2b3c4d, 4), order(1, 2), order(0, 2), new Uint8Array(8).fill(0xff)), order),
    block(
      1,
      join(
        order(linkType, 2),
        order(0, 2),
        order(256, 4),
        option(9, bytes('89'), order),
        option(14, new Uint8Array(8), order),
        order(0, 4),
      ),
      order,
    ),
    ...packets.map((packet, i) =>
      block(6, join(order(0, 4), order(5, 4), order(1000 * i, 4), order(packet.length, 4), order(packet.length, 4), packet), order),
    ),
    block(5, join(order(0, 4), order(0, 4), order(0, 4)), order),
    ...packets.map((packet) => block(3, join(order(packet.length, 4), packet), order)),
  );

/** A frame behind a TAP header that tells FCS type, channel and link quality. */
const tap = (frame: Uint8Array): Uint8Array => {
  const tlvs = join(option(0, bytes('01')), option(3, bytes('0f 00 00')), option(10, bytes('d2')));
  return join(bytes('0000'), le(4 + tlvs.length, 2), tlvs, frame);
};

/** A frame in ZEP version 1 or 2, in UDP, IPv4 and Ethernet. */
const zep = (frame: Uint8Array, version: 1 | 2, mode: number): Uint8Array => {
  const length = Uint8Array.of(frame.length);
  const header =
    version === 1
      ? join(bytes('4558 01 0f 0000'), Uint8Array.of(mode, 0xd2), new Uint8Array(7), length)
      : join(bytes('4558 02 01 0f 0000'), Uint8Array.of(mode, 0xd2), new Uint8Array(8), le(1, 4), new Uint8Array(10), length);
  const payload = join(header, frame);
  const udp = join(big(17_754, 2), big(17_754, 2), big(8 + payload.length, 2), bytes('0000'), payload);
  const ip = join(bytes('45 00'), big(20 + udp.length, 2), bytes('0000 0000 40 11 0000 7f000001 7f000001'));
  return join(new Uint8Array(12), bytes('0800'), ip, udp);
};

/** Every seed; `files` are captures of which the beginning is taken. */
export function captureSeeds(files: readonly URL[]): readonly Uint8Array[] {
  const own = [le, big].flatMap((order) => [
    pcap(0xa1b2c3d4, LinkType.IEEE802154_WITH_FCS, frames, order),
    pcap(0xa1b23c4d, LinkType.IEEE802154_NO_FCS, frames, order, 3),
    pcapng(LinkType.IEEE802154_WITH_FCS, frames, order),
    pcapng(LinkType.IEEE802154_TAP, frames.map(tap), order),
  ]);
  const links = [
    pcap(0xa1b2c3d4, LinkType.IEEE802154_TAP, frames.map(tap)),
    pcap(
      0xa1b2c3d4,
      LinkType.ETHERNET,
      frames.flatMap((frame) => [zep(frame, 1, 1), zep(frame, 2, 0), zep(frame, 2, 1)]),
    ),
  ];
  return [...own, ...links, ...files.map((file) => Uint8Array.from(readFileSync(file).subarray(0, BEGINNING)))];
}
