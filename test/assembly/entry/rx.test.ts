/** `rx` as a whole: never a trap, never a look beyond the frame, one answer for one frame. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Layer } from '../../../assembly/abi/code.ts';
import {
  IN,
  IN_CANARY,
  IN_CANARY_SIZE,
  IN_SIZE,
  OUT,
  OUT_SIZE,
  PLAIN,
  PLAIN_SIZE,
  REC,
  REC_LAYERS,
  REC_SIZE,
} from '../../../assembly/abi/layout.ts';
import { unhex } from '../../../host/model/ids.ts';
import { openCore, type OpenCore } from '../../kit/core.ts';
import { bytes, derived, join, macData, secured, withFcs } from '../../kit/frame-oracle.ts';
import { accepted, psdu, refused } from '../../kit/frame-seeds.ts';

const NETWORK = '00112233445566778899aabbccddeeff';
const LINK = '86d58aaa998e2faefaf9fef49606543a';
const SENDER = '02000000000000aa';

async function keyed(): Promise<OpenCore> {
  const core = await openCore();
  core.keys.importAny('network', unhex(NETWORK));
  core.keys.importAny('link', unhex(LINK));
  return core;
}

/** A frame with both layers secured. */
function doubly(counter: number): Uint8Array {
  const key = derived(bytes(LINK), 0);
  const inner = secured(bytes('21 10'), { key, source: SENDER, counter, keyId: 2 }, bytes('05 01 00112233'));
  const outer = secured(bytes('0802 3412 0100 1e 09'), { key: bytes(NETWORK), source: SENDER, counter, keyId: 1 }, inner);
  return macData(outer, 0x0001);
}

const frames = [
  ...accepted().map(psdu),
  ...['mac', 'nwk', 'aps', 'zcl'].flatMap((layer) => refused(layer).map(psdu)),
  doubly(1),
  doubly(2),
];

/** Record and, once the MAC was read, opened frame after a raw call, all windows filled with `fill` before. */
function raw(
  core: OpenCore,
  frame: Uint8Array,
  fill: number,
  flags: number,
): { code: number; record: Uint8Array; plain: Uint8Array | undefined } {
  core.memory.fill(fill, IN, OUT + OUT_SIZE);
  core.memory.fill(fill, PLAIN, PLAIN + PLAIN_SIZE);
  core.memory.fill(fill, REC, REC + REC_SIZE);
  core.memory.set(frame, IN);
  const code = core.call('rx', frame.length, flags);
  const record = core.memory.slice(REC, REC + REC_SIZE);
  const read = (record[REC_LAYERS] as number) & Layer.MAC;
  return { code, record, plain: read ? core.memory.slice(PLAIN, PLAIN + frame.length) : undefined };
}

describe('reading a frame', () => {
  test.each([0, 2, 4, 6])('depends on nothing behind it, whatever the flags (%i)', async (flags) => {
    for (const frame of frames) {
      const answers = await Promise.all([0x00, 0xa5, 0xff].map(async (fill) => raw(await keyed(), frame, fill, flags)));
      expect(answers[1]).toEqual(answers[0]);
      expect(answers[2]).toEqual(answers[0]);
    }
  });

  test('writes neither behind its windows nor into the canary, also for frames longer than any', async () => {
    const core = await keyed();
    core.memory.fill(0xa5, IN_CANARY, IN_CANARY + IN_CANARY_SIZE + OUT_SIZE);
    for (const frame of frames) core.rx(frame, { passive: true });
    for (const length of [128, 256, 257, IN_SIZE, IN_SIZE + 1])
      expect(core.rx(new Uint8Array(length))).toMatchObject({ ok: false, code: 'mac-too-long' });
    const canary = core.memory.slice(IN_CANARY, IN_CANARY + IN_CANARY_SIZE + OUT_SIZE);
    expect(canary.every((byte) => byte === 0xa5)).toBe(true);
  });

  test('of a length below zero is refused', async () => {
    const core = await keyed();
    expect(core.call('rx', -1, 0)).toBe(10 * 256 + 1);
  });

  test('leaves nothing of the frame before', async () => {
    const core = await keyed();
    core.rx(doubly(1), { passive: true });
    const after = core.rx(withFcs(bytes('0200 2a')));
    expect(after).toEqual((await keyed()).rx(withFcs(bytes('0200 2a'))));
  });
});

describe('any bytes at all', () => {
  /** Random bytes, and good frames with a few bytes changed, cut or appended. */
  const noise = fc.oneof(
    fc.uint8Array({ maxLength: 140 }),
    fc
      .tuple(
        fc.constantFrom(...frames),
        fc.array(fc.tuple(fc.nat(126), fc.nat(255)), { maxLength: 6 }),
        fc.nat(127),
        fc.uint8Array({ maxLength: 8 }),
      )
      .map(([frame, changes, length, more]) => {
        const bad = frame.slice(0, length);
        for (const [at, value] of changes) if (at < bad.length) bad[at] = value;
        return join(bad, more);
      }),
  );

  test('end in a frame or a refusal, never in a trap, and offsets stay within the frame', async () => {
    const core = await keyed();
    let opened = 0;
    const property = fc.property(noise, fc.boolean(), fc.constantFrom(true, false), (frame, passive, noFcs) => {
      const answer = core.rx(frame, { passive, noFcs });
      if (!answer.ok) return void expect(answer.offset).toBeLessThanOrEqual(Math.max(frame.length, 0));
      const { mac, nwk, aps, zcl, payload } = answer.frame;
      for (const span of [mac.payload, nwk?.payload, aps?.payload]) {
        if (span !== undefined) expect(span.offset + span.length).toBeLessThanOrEqual(frame.length);
      }
      if (zcl !== undefined) opened++;
      expect(payload.length).toBeLessThanOrEqual(frame.length);
      expect(answer.frame.bytes.length).toBe(frame.length);
    });
    fc.assert(property, { numRuns: 3000 });
    expect(opened).toBeGreaterThan(0);
  });
});
