/** APS security: data, key-transport and key-load keys, against published vectors and node:crypto. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Core, RxFrame } from '../../../host/core/core.ts';
import type { FrameRefusal } from '../../../host/model/frame.ts';
import { eui64, unhex } from '../../../host/model/ids.ts';
import { freshCore, openCore } from '../../kit/core.ts';
import { bytes, derived, join, le, macData, secured, withFcs, type Envelope } from '../../kit/frame-oracle.ts';
import { secured as vectors } from '../../kit/frame-seeds.ts';

const KEY = '86d58aaa998e2faefaf9fef49606543a';
const SENDER = '02000000000000aa';
const NWK = bytes('0800 0000 2b1a 1e 09');
const APS = bytes('20 01 1900 0901 01 55');
const ZCL = bytes('01 17 00 0102');

const envelope = (counter: number, changes: Partial<Envelope> = {}): Envelope => ({
  key: bytes(KEY),
  source: SENDER,
  counter,
  keyId: 0,
  ...changes,
});
const frame = (counter: number, changes: Partial<Envelope> = {}, nwk = NWK): Uint8Array =>
  macData(join(nwk, secured(APS, envelope(counter, changes), ZCL)), 0x1a2b, 0x0000);

async function receiver(): Promise<Core> {
  const core = await freshCore();
  expect(core.keys.importLink(unhex(KEY), eui64(SENDER)).ok).toBe(true);
  return core;
}

const payloadOf = (answer: RxFrame | FrameRefusal): Uint8Array | undefined => {
  const { bytes: all, aps } = answer.frame;
  return all && aps && all.subarray(aps.payload.offset, aps.payload.offset + aps.payload.length);
};

describe('vectors', () => {
  test.each(vectors().filter((row) => row.layer === 'aps'))('$name opens', async (row) => {
    const core = await freshCore();
    const partner = eui64(
      Buffer.from(row.src_ieee_le as string, 'hex')
        .reverse()
        .toString('hex'),
    );
    core.keys.importAny('link', unhex(row.link_key as string));
    core.addresses.learn(0x1a62, 0x1a2b, partner);
    const answer = core.rx(macData(join(NWK, unhex(row.frame as string)), 0x1a2b, 0x0000), { passive: true });
    expect(answer.frame.aps?.security).toMatchObject({ opened: true, source: partner, counter: row.frame_counter });
    expect(payloadOf(answer)).toEqual(unhex(row.plaintext_payload as string));
  });
});

test('whatever node:crypto secures opens, under each key identifier', async () => {
  const core = await receiver();
  const keys = { 0: bytes(KEY), 2: derived(bytes(KEY), 0), 3: derived(bytes(KEY), 2) } as const;
  let counter = 0;
  const property = fc.property(fc.uint8Array({ minLength: 3, maxLength: 50 }), fc.constantFrom(0, 2, 3), (payload, keyId) => {
    payload[0] = (payload[0] as number) & ~4; // no manufacturer code, so that three bytes are a ZCL header
    const body = secured(APS, envelope(counter, { key: keys[keyId], keyId }), payload);
    const answer = core.rx(macData(join(NWK, body), 0x1a2b, 0x0000));
    expect(answer).toMatchObject({ ok: true, opened: true, frame: { aps: { security: { counter: counter++, source: SENDER } } } });
    expect(payloadOf(answer)).toEqual(payload);
    expect(answer.frame.zcl).toMatchObject({ control: payload[0], seq: payload[1], command: payload[2] });
  });
  fc.assert(property, { numRuns: 100 });
});

test('both layers open in one call', async () => {
  const core = await receiver();
  core.keys.importNetwork(unhex('00112233445566778899aabbccddeeff'), 0);
  const inner = secured(APS, envelope(1, { extendedNonce: false }), ZCL);
  const outer = secured(bytes('0802 0000 2b1a 1e 09'), envelope(1, { key: bytes('00112233445566778899aabbccddeeff'), keyId: 1 }), inner);
  const answer = core.rx(macData(outer, 0x1a2b, 0x0000));
  expect(answer).toMatchObject({ ok: true, opened: true, frame: { zcl: { control: 1, seq: 0x17, command: 0 } } });
  expect(Buffer.from(answer.frame.payload as Uint8Array).toString('hex')).toBe('0102');
});

describe('the sender is known by', () => {
  test('the auxiliary header', async () => expect((await receiver()).rx(frame(1)).ok).toBe(true));

  test('the NWK header', async () => {
    const nwk = join(bytes('0810 0000 2b1a 1e 09'), le(BigInt(`0x${SENDER}`), 8));
    expect((await receiver()).rx(frame(1, { extendedNonce: false }, nwk)).ok).toBe(true);
  });

  test('its short address', async () => {
    const core = await receiver();
    core.addresses.learn(0x1a62, 0x1a2b, eui64(SENDER));
    expect(core.rx(frame(1, { extendedNonce: false })).ok).toBe(true);
  });

  test('the source PAN identifier where there is no compression', async () => {
    const core = await receiver();
    core.addresses.learn(0xbeef, 0x1a2b, eui64(SENDER));
    const body = join(NWK, secured(APS, envelope(1, { extendedNonce: false }), ZCL));
    expect(core.rx(withFcs(join(bytes('0188 01 621a 0000 efbe 2b1a'), body))).ok).toBe(true);
  });
});

describe('a receiver refuses', () => {
  test('what does not fit', async () => {
    const core = await receiver();
    const whole = secured(APS, envelope(1), new Uint8Array(0));
    for (let length = APS.length; length < whole.length; length++) {
      const answer = core.rx(macData(join(NWK, whole.slice(0, length)), 0x1a2b, 0x0000));
      expect(answer).toMatchObject({ ok: false, code: 'aps-security-truncated' });
    }
  });

  test('level bits on the air', async () => {
    const core = await receiver();
    expect(core.rx(frame(1, { level: 5 }))).toMatchObject({ ok: false, code: 'aps-security-level', offset: 25 });
    expect(core.rx(frame(1, { level: 5 }), { passive: true })).toMatchObject({ ok: true, opened: true });
  });

  test('the network key, which passive reception opens', async () => {
    const core = await receiver();
    core.keys.importNetwork(unhex(KEY), 7);
    expect(core.rx(frame(1, { keyId: 1, keySeq: 7 }))).toMatchObject({ ok: false, code: 'aps-security-key-id' });
    expect(core.rx(frame(1, { keyId: 1, keySeq: 7 }), { passive: true })).toMatchObject({ ok: true, opened: true });
    expect(core.rx(frame(2, { keyId: 1, keySeq: 8 }), { passive: true })).toMatchObject({ ok: true, opened: false });
  });

  test('a sender that is not known', async () => {
    const core = await receiver();
    expect(core.rx(frame(1, { extendedNonce: false }))).toMatchObject({ ok: false, code: 'aps-security-source-unknown' });
    expect(core.rx(frame(1, { extendedNonce: false }), { passive: true })).toMatchObject({ ok: true, opened: false });
  });

  test("a partner without a key, also one that uses another partner's", async () => {
    const core = await receiver();
    core.keys.importAny('link', unhex(KEY));
    expect(core.rx(frame(1, { source: '02000000000000ab' }))).toMatchObject({ ok: false, code: 'aps-security-key-unknown' });
  });

  test('a wrong MIC, and leaves the counter as it was', async () => {
    const core = await receiver();
    expect(core.rx(frame(10)).ok).toBe(true);
    const bad = frame(1000).slice(0, -2);
    bad[bad.length - 1] = (bad[bad.length - 1] as number) ^ 0x80;
    expect(core.rx(withFcs(bad))).toMatchObject({ ok: false, code: 'aps-security-mic' });
    expect(core.counters.all()).toMatchObject([{ eui: SENDER, next: 11 }]);
  });

  test('a replay, a lower counter and the last number of all', async () => {
    const core = await receiver();
    expect(core.rx(frame(10)).ok).toBe(true);
    for (const counter of [10, 9, 0xffffffff]) expect(core.rx(frame(counter))).toMatchObject({ ok: false, code: 'aps-security-counter' });
    expect(core.rx(frame(10), { passive: true })).toMatchObject({ ok: true, frame: { aps: { security: { replay: true } } } });
  });

  test('a frame under the key of an erased handle', async () => {
    const core = await freshCore();
    const handle = core.keys.importLink(unhex(KEY), eui64(SENDER));
    if (handle.ok) core.keys.erase(handle.value);
    expect(core.rx(frame(1))).toMatchObject({ ok: false, code: 'aps-security-key-unknown' });
  });
});

test('the derived key of an earlier try leaves no trace', async () => {
  const core = await openCore();
  core.keys.importLink(unhex(KEY), eui64(SENDER));
  expect(core.rx(frame(1, { key: derived(bytes(KEY), 0), keyId: 2 })).ok).toBe(true);
  expect(core.positions(derived(bytes(KEY), 0))).toEqual([]);
  expect(core.positions(bytes(KEY))).toHaveLength(1);
});
