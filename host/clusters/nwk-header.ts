/** ZigBee NWK headers (ZigBee 3.3.1; protocol version 1 as of 2004) as tables. */
import { bits, dec, decPart, each, eui, flagPart, from, has, hex, hexPart, when, type Format, type Part } from './item.ts';
import { run, type Run } from './run.ts';

const nwk = (name: string): string => `zbee_nwk.${name}`;

const type: readonly Part[] = [
  hexPart(nwk('frame_type'), 0x0003),
  decPart(nwk('proto_version'), 0x003c),
  hexPart(nwk('discovery'), 0x00c0),
];
const security = flagPart(nwk('security'), 0x0200);

const control2004 = bits(2, nwk('fcf'), [...type, security], 'fcf');

const controlPro = bits(
  2,
  nwk('fcf'),
  [
    ...type,
    flagPart(nwk('multicast'), 0x0100),
    security,
    flagPart(nwk('src_route'), 0x0400),
    flagPart(nwk('ext_dst'), 0x0800),
    flagPart(nwk('ext_src'), 0x1000),
    flagPart(nwk('end_device_initiator'), 0x2000),
  ],
  'fcf',
);

const addresses = [hex(2, nwk('dst'), 'dst'), hex(2, nwk('src'), 'src')];

const hops: Format = [dec(1, nwk('radius'), 'radius'), dec(1, nwk('seqno'), 'seq')];

/** A header: what it begins with, and what follows. */
export interface NwkHeading {
  readonly way: Run;
  readonly rest: Format;
}

const multicast = bits(
  1,
  nwk('multicast.cf'),
  [decPart(nwk('multicast.mode'), 0x03), decPart(nwk('multicast.radius'), 0x1c), decPart(nwk('multicast.max_radius'), 0xe0)],
  'multicast',
);

const REST_PRO: Format = [
  ...hops,
  when(has('fcf', 0x0800), [eui(nwk('dst64'), 'dstEui')]),
  when(has('fcf', 0x1000), [eui(nwk('src64'), 'srcEui')]),
  when(has('fcf', 0x0100), [multicast]),
  when(has('fcf', 0x0400), [
    dec(1, nwk('relay.count'), 'relayCount'),
    dec(1, nwk('relay.index'), 'relayIndex'),
    each(from('relayCount'), 'relays', dec(2, nwk('relay'), 'relay')),
  ]),
];

/** Header of ZigBee PRO, protocol version 2, and of versions above. */
export const NWK_PRO: NwkHeading = { way: run(controlPro, ...addresses), rest: REST_PRO };

/** Header of protocol version 1, ZigBee 2004. */
export const NWK_2004: NwkHeading = { way: run(control2004, ...addresses), rest: hops };

/** What an inter-PAN frame has instead, by protocol version: its frame control alone. */
export const NWK_INTER_PAN: Readonly<Record<'pro' | '2004', NwkHeading>> = {
  pro: { way: run(controlPro), rest: [] },
  '2004': { way: run(control2004), rest: [] },
};
