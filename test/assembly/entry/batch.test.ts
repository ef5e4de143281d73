/** `rxBatch` is `rx`, frame by frame: the same heads, the same opened bytes, the same tables afterwards. */
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { At, CallReason, Layer, Rx } from '../../../assembly/abi/code.ts';
import {
  BATCH_FRAME_COUNT,
  BATCH_FRAMES,
  BATCH_HEAD_SIZE,
  BATCH_HEADS,
  BATCH_IN,
  BATCH_IN_SIZE,
  IN,
  PLAIN,
  REC,
  REC_LAYERS,
} from '../../../assembly/abi/layout.ts';
import { readCapture } from '../../../host/capture/reader.ts';
import { eui64, hex, unhex } from '../../../host/model/ids.ts';
import { corpus, LINK_KEY, NETWORK_KEY, SENDERS, type Security } from '../../bench/frames-corpus.ts';
import { openCore, type OpenCore } from '../../kit/core.ts';
import { bytes, derived, join, macData, secured } from '../../kit/frame-oracle.ts';
import { accepted, psdu, refused } from '../../kit/frame-seeds.ts';

const CARRIED = '5aa5112233445566778899aabbccddee';
const FLAGS = [0, Rx.PASSIVE, Rx.NO_FCS, Rx.PASSIVE | Rx.NO_FCS, Rx.TI_METADATA | Rx.PASSIVE];

async function keyed(): Promise<OpenCore> {
  const core = await openCore();
  core.keys.importNetwork(Uint8Array.from(NETWORK_KEY), 0);
  for (const { eui } of SENDERS) core.keys.importLink(Uint8Array.from(LINK_KEY), eui64(eui));
  core.keys.importAny('network', unhex('5a6967426565416c6c69616e63653039'));
  core.keys.importAny('link', unhex('5a6967426565416c6c69616e63653039'));
  return core;
}

/** A network key of sequence 1 on its way, and a frame that only this key opens. */
function keyAndUse(): readonly Uint8Array[] {
  const source = SENDERS[0]?.eui ?? '';
  const header = { source, counter: 77, keyId: 2 as const, key: derived(LINK_KEY, 0) };
  const command = join(bytes('05 01'), bytes(CARRIED), bytes('01'), bytes('ffffffffffffffff'), bytes('0100000000000002'));
  const transport = macData(join(bytes('0800 3412 0000 1e 09'), secured(bytes('21 10'), header, command)));
  const use = secured(bytes('0902 3412 0000 1e 0a'), { source, counter: 5, keyId: 1, keySeq: 1, key: bytes(CARRIED) }, bytes('0600'));
  return [transport, macData(use)];
}

/** Puts frames into the batch window, each behind the one before, with `gap` bytes of 0xa5 around them, and receives them. */
function receive(core: OpenCore, frames: readonly Uint8Array[], flags: number, gap = 0): void {
  core.memory.fill(0xa5, BATCH_IN, BATCH_IN + BATCH_IN_SIZE);
  const table = new Uint16Array(core.memory.buffer, BATCH_FRAMES, 2 * frames.length);
  let at = gap;
  frames.forEach((frame, i) => {
    core.memory.set(frame, BATCH_IN + at);
    table.set([at, frame.length], 2 * i);
    at += frame.length + gap;
  });
  expect(core.call('rxBatch', frames.length, flags)).toBe(0);
}

const head = (core: OpenCore, at: number): string => hex(core.memory.slice(at, at + BATCH_HEAD_SIZE));

/** Holds a batch against `rx` of each frame in a second core with the same keys. */
function expectTheSame([one, many]: readonly [OpenCore, OpenCore], frames: readonly Uint8Array[], flags: number, gap = 0): void {
  receive(many, frames, flags, gap);
  let at = BATCH_IN + gap;
  frames.forEach((frame, i) => {
    one.memory.set(frame, IN);
    one.call('rx', frame.length, flags);
    expect(head(many, BATCH_HEADS + i * BATCH_HEAD_SIZE)).toBe(head(one, REC));
    const read = ((one.memory[REC + REC_LAYERS] ?? 0) & Layer.MAC) !== 0;
    const seen = hex(many.memory.slice(at, at + frame.length));
    expect(seen).toBe(hex(read ? one.memory.slice(PLAIN, PLAIN + frame.length) : frame));
    at += frame.length + gap;
  });
  expect(many.counters.all()).toEqual(one.counters.all());
  expect(many.addresses.all()).toEqual(one.addresses.all());
}

const pair = async (): Promise<[OpenCore, OpenCore]> => [await keyed(), await keyed()];
const seeds = [...accepted().map(psdu), ...['mac', 'nwk', 'aps', 'zcl'].flatMap((layer) => refused(layer).map(psdu))].filter(
  (frame) => frame.length <= 127,
);

describe('a batch equals its frames one by one', () => {
  test.each(['plain', 'nwk', 'nwk+aps'] as Security[])('for the frames of an upgrade (%s), all of them accepted', async (security) => {
    const cores = await pair();
    const frames = corpus(2 * BATCH_FRAME_COUNT, security);
    expectTheSame(cores, frames.slice(0, BATCH_FRAME_COUNT), 0);
    expectTheSame(cores, frames.slice(BATCH_FRAME_COUNT), 0);
    const codes = frames.slice(0, BATCH_FRAME_COUNT).map((_, i) => cores[1].memory[BATCH_HEADS + i * BATCH_HEAD_SIZE]);
    expect(new Set(codes)).toEqual(new Set([0]));
  });

  test.each(FLAGS)('for every seed, accepted or refused, twice over, with flags %i', async (flags) => {
    const cores = await pair();
    for (let i = 0; i < seeds.length; i += 128) {
      const part = seeds.slice(i, i + 128);
      expectTheSame(cores, [...part, ...part], flags, 3);
    }
  });

  test.each([0, Rx.PASSIVE])('for a key that one frame brings and the next one needs, and a replay of both (flags %i)', async (flags) => {
    const cores = await pair();
    expectTheSame(cores, [...keyAndUse(), ...keyAndUse()], flags);
    expect(cores[1].positions(bytes(CARRIED)).length).toBe(flags === 0 ? 1 : 2);
  });

  test('for frames damaged, cut, doubled and out of order, whatever the flags', async () => {
    const cores = await pair();
    const good = [...corpus(40, 'nwk'), ...corpus(40, 'nwk+aps'), ...corpus(40, 'plain'), ...keyAndUse()];
    const damaged = fc
      .tuple(fc.constantFrom(...good), fc.array(fc.tuple(fc.nat(126), fc.nat(255)), { maxLength: 2 }), fc.integer({ min: 0, max: 8 }))
      .map(([frame, changes, cut]) => {
        const bad = frame.slice(0, cut > 5 ? frame.length - cut : frame.length);
        for (const [at, value] of changes) if (at < bad.length) bad[at] = value;
        return bad;
      });
    const frame = fc.oneof(fc.constantFrom(...good), damaged, fc.uint8Array({ maxLength: 127 }));
    const frames = fc.array(frame, { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(frames, fc.constantFrom(...FLAGS), fc.nat(2), (list, flags, gap) => {
        for (const core of cores) core.wipe();
        for (const core of cores) {
          core.keys.importNetwork(Uint8Array.from(NETWORK_KEY), 0);
          for (const { eui } of SENDERS) core.keys.importLink(Uint8Array.from(LINK_KEY), eui64(eui));
        }
        expectTheSame(cores, list, flags, gap);
      }),
      { numRuns: 150 },
    );
  });

  const captures = new URL('../../../../shared/corpus/captures/', import.meta.url);
  const recorded = ['zbtk/trace.pcap', 'zigbee-on-host/NET2.pcap', 'zigator/04-aps-testing.pcap'];
  describe.skipIf(!existsSync(captures))('for captures of the field (../shared/corpus/captures)', () => {
    test.each(recorded)('%s', async (name) => {
      const cores = await pair();
      const keys = new URL(`${name.split('/')[0] as string}/keys.txt`, captures);
      for (const key of (existsSync(keys) ? readFileSync(keys, 'utf8') : '').match(/^[0-9a-f]{32}$/gm) ?? []) {
        for (const core of cores) for (const kind of ['network', 'link'] as const) core.keys.importAny(kind, unhex(key));
      }
      const { packets } = readCapture(Uint8Array.from(readFileSync(new URL(name, captures))), { tiMetadata: false });
      const frames = packets.flatMap(({ psdu: frame }) => (frame === undefined ? [] : [frame]));
      for (let i = 0; i < frames.length; i += BATCH_FRAME_COUNT) {
        expectTheSame(cores, frames.slice(i, i + BATCH_FRAME_COUNT), Rx.PASSIVE);
      }
      expect(frames.length).toBeGreaterThan(5);
    });
  });
});

describe('a batch', () => {
  test('touches nothing of its window but the frames', async () => {
    const core = await keyed();
    const frames = corpus(100, 'nwk+aps');
    receive(core, frames, 0, 7);
    let at = BATCH_IN;
    for (const frame of frames) {
      expect(core.memory.slice(at, at + 7).every((byte) => byte === 0xa5)).toBe(true);
      at += frame.length + 7;
    }
    expect(core.memory.slice(at, BATCH_IN + BATCH_IN_SIZE).every((byte) => byte === 0xa5)).toBe(true);
  });

  test('refuses a frame longer than any in its head, without looking at it', async () => {
    const core = await keyed();
    receive(core, [new Uint8Array(128), new Uint8Array(2000)], 0);
    expect([0, 1].map((i) => core.memory[BATCH_HEADS + i * BATCH_HEAD_SIZE])).toEqual([1, 1]);
  });

  test('of no frames is none', async () => expect((await keyed()).call('rxBatch', 0, 0)).toBe(0));

  test.each([-1, BATCH_FRAME_COUNT + 1, 0x7fffffff])('1: of %i frames is refused', async (count) =>
    expect((await keyed()).call('rxBatch', count, 0)).toBe(At.CALL * 256 + CallReason.INDEX),
  );

  test('2: with a frame that reaches behind the window is refused, and no frame is read', async () => {
    const core = await keyed();
    const [first] = corpus(1, 'nwk');
    core.memory.set(first as Uint8Array, BATCH_IN);
    const table = new Uint16Array(core.memory.buffer, BATCH_FRAMES, 4);
    table.set([0, first?.length ?? 0, BATCH_IN_SIZE - 10, 11]);
    core.memory.fill(0xa5, BATCH_HEADS, BATCH_HEADS + BATCH_HEAD_SIZE);
    expect(core.call('rxBatch', 2, 0)).toBe(At.CALL * 256 + CallReason.LENGTH);
    expect(hex(core.memory.slice(BATCH_HEADS, BATCH_HEADS + BATCH_HEAD_SIZE))).toBe('a5'.repeat(BATCH_HEAD_SIZE));
    expect(core.counters.all()).toEqual([]);
    table.set([BATCH_IN_SIZE - 11, 11], 2);
    expect(core.call('rxBatch', 2, 0)).toBe(0);
  });
});
