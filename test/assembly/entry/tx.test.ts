/** `tx`: what it refuses, that refusing costs no counter, and that a carried key leaves no copy. */
import { describe, expect, test } from 'vitest';
import { APS, MAC, NWK, ZCL } from '../../../host/core/control.ts';
import type { KeyHandle, TxFrame } from '../../../host/model/frame.ts';
import { eui64, unhex } from '../../../host/model/ids.ts';
import { openCore, type OpenCore } from '../../kit/core.ts';
import { bytes, ccm, derived, join, le, airEui } from '../../kit/frame-oracle.ts';

const NETWORK = '00112233445566778899aabbccddeeff';
const LINK = '86d58aaa998e2faefaf9fef49606543a';
const CARRIED = 'c0ffee00112233445566778899aabbcc';
const SELF = eui64('02000000000000aa');
const DEVICE = eui64('02000000000000bb');

interface Sender {
  readonly core: OpenCore;
  readonly nwk: KeyHandle;
  readonly aps: KeyHandle;
  readonly carried: KeyHandle;
}

async function sender(limit = 100): Promise<Sender> {
  const core = await openCore();
  const handle = (answer: ReturnType<typeof core.keys.importLink>): KeyHandle => {
    if (!answer.ok) throw new Error(answer.code);
    return answer.value;
  };
  const nwk = handle(core.keys.importNetwork(unhex(NETWORK), 7));
  const aps = handle(core.keys.importLink(unhex(LINK), DEVICE));
  const carried = handle(core.keys.importNetwork(unhex(CARRIED), 8));
  for (const key of [nwk, aps]) expect(core.keys.reserve(key, 0, limit).ok).toBe(true);
  return { core, nwk, aps, carried };
}

const mac: TxFrame['mac'] = {
  fcf: MAC.DATA | MAC.PAN_COMPRESSION | MAC.ACK_REQUEST | MAC.DST_SHORT | MAC.SRC_SHORT,
  seq: 1,
  dstPan: 0x1a62,
  dst: 0x1234,
  src: 0x0000,
};
const nwk = { fcf: NWK.DATA, dst: 0x1234, src: 0x0000, radius: 30, seq: 9 } as const;
const aps = { fcf: APS.DATA, dstEndpoint: 1, cluster: 0x0019, profile: 0x0109, srcEndpoint: 1, counter: 5 } as const;
const zcl = { control: ZCL.CLUSTER, seq: 2, command: 0 } as const;

/** A frame secured at both layers. */
const secure = (from: Sender, payload: Uint8Array = bytes('0102')): TxFrame => ({
  self: SELF,
  mac,
  nwk: { ...nwk, fcf: NWK.DATA | NWK.SECURED, key: from.nwk },
  aps: { ...aps, fcf: APS.DATA | APS.SECURED, security: { key: from.aps, keyId: 0, extendedNonce: true } },
  zcl,
  payload,
});
/** A Transport-Key command with room for the key at offset 2. */
const transport = (from: Sender, changes: Partial<TxFrame> = {}): TxFrame => ({
  self: SELF,
  mac,
  nwk,
  aps: { fcf: APS.COMMAND | APS.SECURED, counter: 5, security: { key: from.aps, keyId: 2, extendedNonce: true } },
  payload: join(bytes('05 01'), new Uint8Array(16), bytes('08'), airEui(DEVICE), airEui(SELF)),
  carry: { key: from.carried, offset: 2 },
  ...changes,
});

describe('a secured frame', () => {
  test('is the one that node:crypto makes of the same parts', async () => {
    const from = await sender();
    from.core.keys.reserve(from.nwk, 40, 100);
    const answer = from.core.tx(secure(from));
    const source = airEui(SELF);
    const apsHeader = bytes('20 01 1900 0901 01 05');
    const inner = ccm(
      bytes(LINK),
      join(source, le(0, 4), bytes('25')),
      join(apsHeader, bytes('25'), le(0, 4), source),
      bytes('01 02 00 0102'),
    );
    const apsFrame = join(apsHeader, bytes('20'), le(0, 4), source, inner);
    const nwkHeader = bytes('0802 3412 0000 1e 09');
    const outer = ccm(
      bytes(NETWORK),
      join(source, le(40, 4), bytes('2d')),
      join(nwkHeader, bytes('2d'), le(40, 4), source, bytes('07')),
      apsFrame,
    );
    const expected = join(bytes('6188 01 621a 3412 0000'), nwkHeader, bytes('28'), le(40, 4), source, bytes('07'), outer);
    if (!answer.ok) throw new Error(answer.code);
    expect(answer.value.slice(0, -2)).toEqual(expected);
  });

  test('uses each counter once', async () => {
    const from = await sender(3);
    const seen = new Set<string>();
    for (let i = 0; i < 3; i++) {
      const answer = from.core.tx(secure(from));
      seen.add(answer.ok ? Buffer.from(answer.value).toString('hex') : answer.code);
    }
    expect(seen.size).toBe(3);
    expect(from.core.tx(secure(from))).toMatchObject({ ok: false, code: 'tx-counter' });
    expect(from.core.keys.outgoing(from.nwk)).toEqual({ ok: true, value: { next: 3, limit: 3 } });
  });
});

describe('is refused:', () => {
  const cases: readonly (readonly [code: string, name: string, (from: Sender) => TxFrame])[] = [
    ['tx-layers', 'a NWK header in a MAC command', (f) => ({ ...secure(f), mac: { ...mac, fcf: mac.fcf ^ MAC.DATA ^ MAC.COMMAND } })],
    ['tx-layers', 'an APS header in a NWK command', (f) => ({ ...secure(f), nwk: { ...nwk, fcf: NWK.COMMAND | NWK.SECURED, key: f.nwk } })],
    ['tx-layers', 'an APS header without a NWK header', () => ({ self: SELF, mac, aps, payload: bytes('00') })],
    ['tx-layers', 'a ZCL header without an APS header', () => ({ self: SELF, mac, nwk, zcl, payload: bytes('00') })],
    ['tx-layers', 'a ZCL header in ZDP', () => ({ self: SELF, mac, nwk, aps: { ...aps, profile: 0 }, zcl, payload: bytes('00') })],
    [
      'tx-layers',
      'a ZCL header in an acknowledgement',
      () => ({ self: SELF, mac, nwk, aps: { ...aps, fcf: APS.ACK }, zcl, payload: bytes('00') }),
    ],
    [
      'tx-layers',
      'a ZCL header in a fragment',
      () => ({
        self: SELF,
        mac,
        nwk,
        aps: { ...aps, fcf: APS.DATA | APS.EXTENDED, extended: { control: 1, block: 2 } },
        zcl,
        payload: bytes('00'),
      }),
    ],
    ['tx-security-bit', 'MAC security', (f) => ({ ...secure(f), mac: { ...mac, fcf: mac.fcf | MAC.SECURED } })],
    [
      'tx-security-bit',
      'a NWK security bit without a key',
      () => ({ self: SELF, mac, nwk: { ...nwk, fcf: NWK.DATA | NWK.SECURED }, payload: bytes('00') }),
    ],
    ['tx-security-bit', 'a NWK key without a security bit', (f) => ({ ...secure(f), nwk: { ...nwk, key: f.nwk } })],
    [
      'tx-security-bit',
      'an APS key without a security bit',
      (f) => ({ ...secure(f), aps: { ...aps, security: { key: f.aps, keyId: 0, extendedNonce: true } } }),
    ],
    [
      'tx-key-id',
      'the network key as key identifier of APS security',
      (f) => ({ ...secure(f), aps: { ...aps, fcf: APS.SECURED, security: { key: f.aps, keyId: 1 as 0, extendedNonce: true } } }),
    ],
    ['tx-too-long', 'a payload of one byte too many', (f) => secure(f, new Uint8Array(63))],
    ['tx-too-long', 'a payload of more than any frame', (f) => secure(f, new Uint8Array(4096))],
    [
      'tx-too-long',
      'a source route longer than a frame',
      () => ({
        self: SELF,
        mac,
        nwk: { ...nwk, fcf: NWK.DATA | NWK.SOURCE_ROUTE, sourceRoute: { index: 0, relays: Array<number>(60).fill(1) } },
        payload: bytes('00'),
      }),
    ],
    ['tx-nwk-key', 'a handle of nothing', (f) => secure({ ...f, nwk: 0x7fff00 })],
    ['tx-nwk-key', "a link key's handle for the network key", (f) => secure({ ...f, nwk: f.aps })],
    ['tx-aps-key', "a network key's handle for the link key", (f) => secure({ ...f, aps: f.nwk })],
    ['mac-address-mode', 'a reserved addressing mode', (f) => ({ ...secure(f), mac: { ...mac, fcf: (mac.fcf & ~MAC.SRC_MODE) | 0x4000 } })],
    [
      'mac-compression',
      'compression without a source',
      (f) => ({ ...secure(f), mac: { fcf: mac.fcf & ~MAC.SRC_MODE, seq: 1, dstPan: 1, dst: 2 } }),
    ],
    ['mac-version', 'a reserved version', (f) => ({ ...secure(f), mac: { ...mac, fcf: mac.fcf | 0x3000 } })],
    ['nwk-green-power', 'Green Power', () => ({ self: SELF, mac, nwk: { ...nwk, fcf: 0x000c }, payload: bytes('00') })],
    ['aps-indirect', 'indirect addressing', () => ({ self: SELF, mac, nwk, aps: { ...aps, fcf: APS.DATA | 0x04 }, payload: bytes('00') })],
    [
      'aps-command-missing',
      'an APS command without identifier',
      () => ({ self: SELF, mac, nwk, aps: { fcf: APS.COMMAND, counter: 1 }, payload: new Uint8Array(0) }),
    ],
    ['tx-carried-unsecured', 'a carried key in clear', (f) => transport(f, { aps: { fcf: APS.COMMAND, counter: 5 } })],
    [
      'tx-carried-unsecured',
      'a carried key under NWK security alone',
      (f) => transport(f, { nwk: { ...nwk, fcf: NWK.DATA | NWK.SECURED, key: f.nwk }, aps: { fcf: APS.COMMAND, counter: 5 } }),
    ],
    [
      'tx-carried-unsecured',
      'a carried key under the link key itself',
      (f) => transport(f, { aps: { fcf: APS.COMMAND | APS.SECURED, counter: 5, security: { key: f.aps, keyId: 0, extendedNonce: true } } }),
    ],
    ['tx-carried-offset', 'a carried key that reaches behind the payload', (f) => transport(f, { carry: { key: f.carried, offset: 20 } })],
    ['tx-carried-key', 'a carried key that is none', (f) => transport(f, { carry: { key: 0x7fff00, offset: 2 } })],
  ];

  test.each(cases)('%s: %s', async (code, _name, make) => {
    const from = await sender();
    expect(from.core.tx(make(from))).toMatchObject({ ok: false, code });
    for (const key of [from.nwk, from.aps]) expect(from.core.keys.outgoing(key)).toEqual({ ok: true, value: { next: 0, limit: 100 } });
    expect(from.core.positions(bytes(CARRIED))).toHaveLength(1);
  });

  test('a handle whose key was erased', async () => {
    const from = await sender();
    from.core.keys.erase(from.nwk);
    expect(from.core.tx(secure(from))).toMatchObject({ ok: false, code: 'tx-nwk-key' });
    from.core.keys.importNetwork(unhex(NETWORK), 7);
    expect(from.core.tx(secure(from))).toMatchObject({ ok: false, code: 'tx-nwk-key' });
  });

  test('a wrapping key as a carried one', async () => {
    const from = await sender();
    const wrapping = from.core.keys.importWrapping(unhex('0f'.repeat(16)));
    if (!wrapping.ok) throw new Error(wrapping.code);
    expect(from.core.tx(transport({ ...from, carried: wrapping.value }))).toMatchObject({ ok: false, code: 'tx-carried-key' });
  });
});

test('the longest frame has 127 bytes', async () => {
  const from = await sender();
  const answer = from.core.tx(secure(from, new Uint8Array(62)));
  expect(answer.ok && answer.value.length).toBe(127);
  expect(from.core.tx(secure(from, new Uint8Array(63)))).toMatchObject({ ok: false, code: 'tx-too-long' });
});

test('an address of another form than the frame control announces is a fault', async () => {
  const from = await sender();
  expect(() => from.core.tx({ ...secure(from), mac: { ...mac, dst: DEVICE } })).toThrow('the MAC destination is string');
  expect(() => from.core.tx({ ...secure(from), mac: { fcf: mac.fcf, seq: 1, dstPan: 1, dst: 2 } })).toThrow('the MAC source is undefined');
});

describe('a carried key', () => {
  test('arrives, and leaves no copy but the one in its slot', async () => {
    const from = await sender();
    const answer = from.core.tx(transport(from));
    if (!answer.ok) throw new Error(answer.code);
    expect(from.core.positions(bytes(CARRIED))).toHaveLength(1);
    expect(from.core.positions(derived(bytes(LINK), 0))).toEqual([]);

    const to = await openCore();
    to.keys.importLink(unhex(LINK), SELF);
    const received = to.rx(answer.value);
    if (!received.ok) throw new Error(received.code);
    expect(to.exportKey(received.frame.carried as number)).toEqual({ ok: true, value: bytes(CARRIED) });
    expect(to.positions(bytes(CARRIED))).toHaveLength(1);
  });

  test('of a link key travels under the key-load key', async () => {
    const from = await sender();
    const frame = transport(from, {
      aps: { fcf: APS.COMMAND | APS.SECURED, counter: 5, security: { key: from.aps, keyId: 3, extendedNonce: true } },
      payload: join(bytes('05 04'), new Uint8Array(16), airEui(DEVICE), airEui(SELF)),
      carry: { key: from.aps, offset: 2 },
    });
    const answer = from.core.tx(frame);
    if (!answer.ok) throw new Error(answer.code);
    const to = await openCore();
    to.keys.importLink(unhex(LINK), SELF);
    expect(to.rx(answer.value)).toMatchObject({ ok: true, opened: true });
  });

  test('is gone from the output when a counter is exhausted', async () => {
    const from = await sender(0);
    expect(from.core.tx(transport(from))).toMatchObject({ ok: false, code: 'tx-counter' });
    expect(from.core.positions(bytes(CARRIED))).toHaveLength(1);
  });
});
