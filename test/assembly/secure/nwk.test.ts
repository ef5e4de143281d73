/** NWK security: the core against published vectors and against node:crypto, and everything it must refuse. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Core, RxFrame } from '../../../host/core/core.ts';
import type { FrameRefusal } from '../../../host/model/frame.ts';
import { eui64, unhex } from '../../../host/model/ids.ts';
import { freshCore } from '../../kit/core.ts';
import { bytes, join, le, macData, secured, withFcs, type Envelope } from '../../kit/frame-oracle.ts';
import { secured as vectors } from '../../kit/frame-seeds.ts';

const KEY = '00112233445566778899aabbccddeeff';
const SENDER = '02000000000000aa';
const HEADER = bytes('0902 3412 0100 1e 09');
const COMMAND = bytes('0842');

const envelope = (counter: number, changes: Partial<Envelope> = {}): Envelope => ({
  key: bytes(KEY),
  source: SENDER,
  counter,
  keyId: 1,
  keySeq: 7,
  ...changes,
});
const frame = (counter: number, changes: Partial<Envelope> = {}, header = HEADER, payload = COMMAND): Uint8Array =>
  macData(secured(header, envelope(counter, changes), payload), 0x0001);

async function receiver(seq = 7): Promise<Core> {
  const core = await freshCore();
  expect(core.keys.importNetwork(unhex(KEY), seq).ok).toBe(true);
  return core;
}

const payloadOf = (answer: RxFrame | FrameRefusal): Uint8Array | undefined => {
  const { bytes: all, nwk } = answer.frame;
  return all && nwk && all.subarray(nwk.payload.offset, nwk.payload.offset + nwk.payload.length);
};
const nextOf = (core: Core): number | undefined => core.counters.all().find((each) => each.eui === SENDER)?.next;

describe('vectors', () => {
  const nwk = vectors().filter((row) => row.layer === 'nwk');

  test.each(nwk.filter((row) => row.valid === true))('$name opens', async (row) => {
    const core = await freshCore();
    core.keys.importNetwork(unhex(row.network_key as string), row.key_seq as number);
    const answer = core.rx(macData(unhex(row.frame as string)));
    expect(answer.frame.nwk?.security).toMatchObject({ opened: true, counter: row.frame_counter, keySeq: row.key_seq, replay: false });
    expect(payloadOf(answer)).toEqual(unhex(row.plaintext_payload as string));
  });

  test.each(nwk.filter((row) => row.valid === false))('$name is refused for its MIC', async (row) => {
    const core = await freshCore();
    core.keys.importNetwork(unhex(row.network_key as string), row.key_seq as number);
    const answer = core.rx(macData(unhex(row.frame as string)));
    expect(answer).toMatchObject({ ok: false, code: 'nwk-security-mic', offset: 17 });
    expect(answer.frame.nwk?.security?.opened).toBe(false);
    expect(core.counters.all()).toEqual([]);
  });

  test.each(nwk.filter((row) => typeof row.valid === 'string'))(
    '$name is refused on the air, and opens in passive reception',
    async (row) => {
      const core = await freshCore();
      core.keys.importNetwork(unhex(row.network_key as string), row.key_seq as number);
      expect(core.rx(macData(unhex(row.frame as string)))).toMatchObject({ ok: false, code: 'nwk-security-level' });
      expect(core.rx(macData(unhex(row.frame as string)), { passive: true }).frame.nwk?.security).toMatchObject({ opened: true });
    },
  );

  test.each(vectors().filter((row) => row.layer === 'captured'))('captured: $name opens in passive reception', async (row) => {
    const core = await freshCore();
    core.keys.importAny('network', unhex(row.network_key as string));
    const answer = core.rx(unhex(row.psdu as string), { passive: true, tiMetadata: true });
    expect(answer).toMatchObject({ ok: true, opened: true });
    expect(payloadOf(answer)).toEqual(unhex(row.plaintext_payload as string));
  });
});

test('whatever node:crypto secures opens, byte for byte', async () => {
  const core = await receiver();
  const property = fc.property(
    fc.uint8Array({ minLength: 1, maxLength: 60 }),
    fc.integer({ min: 1, max: 3 }),
    fc.bigInt({ min: 1n, max: 0xffffffffffffffn }),
    (payload, step, id) => {
      const source = `02${id.toString(16).padStart(14, '0')}`;
      const header = join(bytes('0912 3412 0100 1e 09'), le(BigInt(`0x${source}`), 8));
      const answer = core.rx(frame(step, { source }, header, payload));
      if (!answer.ok && answer.code === 'nwk-security-counter') return; // the same sender drawn twice
      expect(answer).toMatchObject({ ok: true, opened: true });
      expect(payloadOf(answer)).toEqual(payload);
      expect(answer.frame.nwk).toMatchObject({ command: payload[0], srcEui: source, security: { source, counter: step } });
    },
  );
  fc.assert(property, { numRuns: 200 });
});

describe('a receiver refuses', () => {
  test('an auxiliary header or MIC that does not fit, wherever the frame is cut', async () => {
    const core = await receiver();
    const whole = secured(HEADER, envelope(1), new Uint8Array(0));
    for (let length = HEADER.length; length < whole.length; length++) {
      const answer = core.rx(macData(whole.slice(0, length), 0x0001));
      expect(answer).toMatchObject({ ok: false, code: 'nwk-security-truncated' });
      expect(core.rx(macData(whole.slice(0, length), 0x0001), { passive: true })).toMatchObject({ code: 'nwk-security-truncated' });
    }
  });

  test('level bits on the air, although the MIC is right', async () => {
    const core = await receiver();
    expect(core.rx(frame(1, { level: 5 }))).toMatchObject({ ok: false, code: 'nwk-security-level', offset: 17 });
    expect(core.rx(frame(1, { level: 5 }), { passive: true })).toMatchObject({ ok: true, opened: true });
  });

  test.each([0, 2, 3] as const)('key identifier %i', async (keyId) => {
    const core = await receiver();
    expect(core.rx(frame(1, { keyId }))).toMatchObject({ ok: false, code: 'nwk-security-key-id' });
    expect(core.rx(frame(1, { keyId }), { passive: true })).toMatchObject({ ok: true, opened: false });
  });

  test('a sender that names itself nowhere', async () => {
    const core = await receiver();
    expect(core.rx(frame(1, { extendedNonce: false }))).toMatchObject({ ok: false, code: 'nwk-security-source-unknown' });
    expect(core.rx(frame(1, { extendedNonce: false }), { passive: true })).toMatchObject({ ok: true, opened: false });
  });

  test('a key sequence number that it has no key for, and the right one with another key', async () => {
    const core = await receiver(8);
    expect(core.rx(frame(1))).toMatchObject({ ok: false, code: 'nwk-security-key-unknown' });
    core.keys.importNetwork(unhex(KEY.replace('00', '01')), 7);
    expect(core.rx(frame(1))).toMatchObject({ ok: false, code: 'nwk-security-mic' });
  });

  test('a key of another kind, one of flag ANY and an erased one', async () => {
    const core = await freshCore();
    core.keys.importLink(unhex(KEY), eui64(SENDER));
    core.keys.importAny('network', unhex(KEY));
    const erased = core.keys.importNetwork(unhex(KEY), 7);
    if (erased.ok) core.keys.erase(erased.value);
    expect(core.rx(frame(1))).toMatchObject({ ok: false, code: 'nwk-security-key-unknown' });
  });

  test('every single flipped bit behind the MAC header', async () => {
    const core = await receiver();
    const good = secured(HEADER, envelope(1), COMMAND);
    for (let bit = 0; bit < good.length * 8; bit++) {
      const bad = good.slice();
      bad[bit >> 3] = (bad[bit >> 3] as number) ^ (1 << (bit & 7));
      const answer = core.rx(macData(bad, 0x0001));
      if (answer.ok) expect(answer.frame.nwk?.security).toBeUndefined(); // the security bit itself: the host sees it was not secured
      expect(nextOf(core)).toBeUndefined();
    }
    expect(core.rx(macData(good, 0x0001)).ok).toBe(true);
  });
});

describe('frame counters', () => {
  test('an exact replay and a lower counter are refused, a higher one is not', async () => {
    const core = await receiver();
    expect(core.rx(frame(10)).ok).toBe(true);
    expect(core.rx(frame(10))).toMatchObject({ ok: false, code: 'nwk-security-counter' });
    expect(core.rx(frame(9))).toMatchObject({ ok: false, code: 'nwk-security-counter' });
    expect(core.rx(frame(11)).ok).toBe(true);
    expect(nextOf(core)).toBe(12);
  });

  test('the last number of all is never accepted', async () => {
    const core = await receiver();
    expect(core.rx(frame(0xffffffff))).toMatchObject({ ok: false, code: 'nwk-security-counter' });
    expect(core.rx(frame(0xfffffffe)).ok).toBe(true);
    expect(core.rx(frame(0xfffffffe))).toMatchObject({ ok: false, code: 'nwk-security-counter' });
  });

  test('a wrong MIC leaves the counter as it was: MIC before counter', async () => {
    const core = await receiver();
    expect(core.rx(frame(10)).ok).toBe(true);
    const bad = frame(1000);
    const broken = withFcs(bad.slice(0, -2).map((byte, i, all) => (i === all.length - 1 ? byte ^ 1 : byte)));
    expect(core.rx(broken)).toMatchObject({ ok: false, code: 'nwk-security-mic' });
    expect(nextOf(core)).toBe(11);
  });

  test('a replay shows no plaintext: counter before use', async () => {
    const core = await receiver();
    core.rx(frame(10));
    const answer = core.rx(frame(10));
    expect(answer.frame.nwk?.security?.opened).toBe(false);
    expect(answer.frame.nwk?.command).toBeUndefined();
    expect(Buffer.from(payloadOf(answer) as Uint8Array)).not.toEqual(Buffer.from(COMMAND));
  });

  test('passive reception marks a replay and reads it all the same', async () => {
    const core = await receiver();
    expect(core.rx(frame(10), { passive: true })).toMatchObject({ ok: true, frame: { nwk: { security: { replay: false } } } });
    expect(core.rx(frame(10), { passive: true })).toMatchObject({
      ok: true,
      opened: true,
      frame: { nwk: { command: 8, security: { replay: true } } },
    });
  });

  test('count per sender and key', async () => {
    const core = await receiver();
    core.keys.importNetwork(unhex(KEY), 8);
    expect(core.rx(frame(10)).ok).toBe(true);
    expect(core.rx(frame(10, { source: '02000000000000ab' })).ok).toBe(true);
    expect(core.rx(frame(10, { keySeq: 8 })).ok).toBe(true);
    expect(core.rx(frame(10, { keySeq: 8 })).ok).toBe(false);
  });

  test('that no room is left for are refused, as a replay could not be told', async () => {
    const core = await receiver();
    const id = (i: number): string => `02${i.toString(16).padStart(14, '0')}`;
    let i = 0;
    while (core.rx(frame(1, { source: id(++i) })).ok);
    expect(i).toBeGreaterThan(200);
    expect(core.rx(frame(1, { source: id(i) }))).toMatchObject({ ok: false, code: 'nwk-security-counters-full' });
    expect(core.rx(frame(2, { source: id(1) })).ok).toBe(true);
  });
});

describe('addresses', () => {
  test('are learned from a frame whose MIC verified: the hop by its auxiliary header, the source by its NWK header', async () => {
    const core = await receiver();
    const header = join(bytes('0912 3412 7700 1e 09'), le(0x02000000000000bbn, 8));
    core.rx(frame(1, {}, header));
    expect(core.addresses.find(0x1a62, 0x0001)).toBe(SENDER);
    expect(core.addresses.find(0x1a62, 0x0077)).toBe('02000000000000bb');
  });

  test('are not learned from a frame whose MIC is wrong, nor from one in clear', async () => {
    const core = await receiver();
    const header = join(bytes('0912 3412 7700 1e 09'), le(0x02000000000000bbn, 8));
    core.rx(frame(1, { key: bytes(KEY.replace('00', '01')) }, header));
    core.rx(macData(join(bytes('0910 3412 7700 1e 09'), le(0x02000000000000bbn, 8), COMMAND), 0x0001));
    expect(core.addresses.all()).toEqual([]);
  });

  test('serve frames that name their sender by short address alone', async () => {
    const core = await receiver();
    core.addresses.learn(0x1a62, 0x0001, eui64(SENDER));
    expect(core.rx(frame(1, { extendedNonce: false }))).toMatchObject({ ok: true, frame: { nwk: { security: { source: SENDER } } } });
  });
});

test('a frame in clear is read as one that was not secured', async () => {
  const core = await receiver();
  const answer = core.rx(macData(bytes('0900 3412 0100 1e 09 0842'), 0x0001));
  expect(answer).toMatchObject({ ok: true, opened: true, frame: { nwk: { command: 8 } } });
  expect(answer.frame.nwk?.security).toBeUndefined();
});

test('keys of flag ANY open every sequence number in passive reception', async () => {
  const core = await freshCore();
  core.keys.importAny('network', unhex('ff'.repeat(16)));
  core.keys.importAny('network', unhex(KEY));
  for (const keySeq of [0, 7, 255])
    expect(core.rx(frame(keySeq + 1, { keySeq }), { passive: true })).toMatchObject({ ok: true, opened: true });
});
