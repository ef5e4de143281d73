/** The batch as the host sees it: what it answers of each frame is what `Core.rx` says, and no frame finds room that has none. */
import { describe, expect, test } from 'vitest';
import { BATCH_IN, BATCH_IN_SIZE } from '../../../assembly/abi/layout.ts';
import { BATCH_CAPACITY } from '../../../host/core/batch.ts';
import type { Core } from '../../../host/core/core.ts';
import { eui64, hex } from '../../../host/model/ids.ts';
import { corpus, judged, LINK_KEY, NETWORK_KEY, SENDERS, type Security } from '../../bench/frames-corpus.ts';
import { openCore, type OpenCore } from '../../kit/core.ts';
import { join } from '../../kit/frame-oracle.ts';
import { accepted, psdu } from '../../kit/frame-seeds.ts';

async function keyed(): Promise<OpenCore> {
  const core = await openCore();
  core.keys.importNetwork(Uint8Array.from(NETWORK_KEY), 0);
  for (const { eui } of SENDERS) core.keys.importLink(Uint8Array.from(LINK_KEY), eui64(eui));
  return core;
}

/** What the batch answers of a frame, in the words of a whole frame. */
function answers({ batch }: Core, i: number): object {
  return {
    code: batch.code(i),
    opened: batch.isOpened(i),
    layers: (['mac', 'nwk', 'aps', 'zcl'] as const).filter((layer) => batch.has(i, layer)),
    security: (['nwk-security', 'aps-security'] as const).filter((layer) => batch.has(i, layer)),
    replay: batch.isReplay(i),
    pan: batch.pan(i),
    addresses: [batch.hopSource(i), batch.source(i), batch.destination(i)],
    counters: [batch.counter(i, 'nwk'), batch.counter(i, 'aps')],
    aps: [batch.cluster(i), batch.profile(i)],
    zcl: [batch.zclControl(i), batch.zclSeq(i), batch.zclCommand(i)],
    payload: hex(batch.payload(i)),
    bytes: hex(batch.bytes(i)),
  };
}

function expected(core: Core, frame: Uint8Array, options = {}): object {
  const answer = core.rx(frame, options);
  if (!answer.ok) throw new Error(answer.code);
  const { mac, nwk, aps, zcl, payload, bytes } = answer.frame;
  const layers = { mac, nwk, aps, zcl };
  return {
    code: 0,
    opened: answer.opened,
    layers: (['mac', 'nwk', 'aps', 'zcl'] as const).filter((layer) => layers[layer] !== undefined),
    security: [...(nwk?.security?.opened ? ['nwk-security'] : []), ...(aps?.security?.opened ? ['aps-security'] : [])],
    replay: (nwk?.security?.replay ?? false) || (aps?.security?.replay ?? false),
    pan: mac.dstPan ?? 0,
    addresses: [typeof mac.src === 'number' ? mac.src : 0, nwk?.src ?? 0, nwk?.dst ?? 0],
    counters: [nwk?.security?.counter ?? 0, aps?.security?.counter ?? 0],
    aps: [aps?.cluster ?? 0, aps?.profile ?? 0],
    zcl: [zcl?.control ?? 0, zcl?.seq ?? 0, zcl?.command ?? 0],
    payload: hex(payload),
    bytes: hex(bytes),
  };
}

describe('a batch answers of each frame what Core.rx does', () => {
  test.each(['plain', 'nwk', 'nwk+aps'] as Security[])('for frames of an upgrade: %s', async (security) => {
    const [one, many] = [await keyed(), await keyed()];
    const frames = corpus(100, security);
    for (const frame of frames) expect(many.batch.add(frame)).toBe(true);
    many.batch.rx();
    expect(many.batch.count).toBe(100);
    frames.forEach((frame, i) => expect(answers(many, i)).toEqual(expected(one, frame)));
  });

  test('for the seeds, closed layers and replays in passive reception', async () => {
    const [one, many] = [await keyed(), await keyed()];
    const frames = [...accepted().map(psdu), ...corpus(5, 'nwk'), ...corpus(5, 'nwk')];
    const options = { passive: true };
    for (const frame of frames) expect(many.batch.add(frame)).toBe(true);
    many.batch.rx(options);
    frames.forEach((frame, i) => expect(answers(many, i)).toEqual(expected(one, frame, options)));
    expect(many.batch.isReplay(frames.length - 1)).toBe(true);
  });

  test('for frames that end in the verdict of the radio', async () => {
    const [one, many] = [await keyed(), await keyed()];
    const frames = corpus(20, 'nwk+aps').map(judged);
    for (const frame of frames) many.batch.add(frame);
    many.batch.rx({ tiMetadata: true });
    frames.forEach((frame, i) => expect(answers(many, i)).toEqual(expected(one, frame, { tiMetadata: true })));
  });

  test('with the refusal and its byte for a frame that is refused', async () => {
    const [one, many] = [await keyed(), await keyed()];
    const frames = [new Uint8Array(128), new Uint8Array(5000), new Uint8Array(0), ...corpus(1, 'nwk').map((frame) => frame.slice(0, 20))];
    for (const frame of frames) expect(many.batch.add(frame)).toBe(true);
    many.batch.rx();
    const refusals = frames.map((frame) => one.rx(frame)).map((answer) => (answer.ok ? 0 : answer.number));
    expect(frames.map((_, i) => many.batch.code(i))).toEqual(refusals);
    expect(many.batch.offset(0)).toBe(127);
  });
});

describe('filling a batch', () => {
  test('by pieces is filling it frame by frame', async () => {
    const [each, whole] = [await keyed(), await keyed()];
    const frames = corpus(60, 'nwk');
    for (const part of [frames.slice(0, 25), frames.slice(25)]) {
      const gap = new Uint8Array(16);
      const spans = part.map((_, i) => part.slice(0, i).reduce((sum, { length }) => sum + 16 + length, 16));
      const piece = join(...part.flatMap((frame) => [gap, frame]));
      expect(whole.batch.addPiece(piece, Uint16Array.from(part.flatMap((frame, i) => [spans[i] as number, frame.length])))).toBe(true);
    }
    for (const frame of frames) each.batch.add(frame);
    for (const core of [each, whole]) core.batch.rx();
    expect(whole.batch.count).toBe(60);
    for (let i = 0; i < 60; i++) expect(answers(whole, i)).toEqual(answers(each, i));
  });

  test('ends at its capacity, in frames and in bytes, and adds nothing of a piece that does not fit', async () => {
    const { batch } = await openCore();
    const frame = new Uint8Array(5);
    for (let i = 0; i < BATCH_CAPACITY - 1; i++) expect(batch.add(frame)).toBe(true);
    expect(batch.addPiece(frame, Uint16Array.of(0, 2, 2, 2))).toBe(false);
    expect([batch.count, batch.add(frame), batch.add(frame)]).toEqual([BATCH_CAPACITY - 1, true, false]);
    batch.clear();
    expect(batch.addPiece(new Uint8Array(BATCH_IN_SIZE + 1), Uint16Array.of(0, 1))).toBe(false);
    expect(batch.addPiece(new Uint8Array(BATCH_IN_SIZE), Uint16Array.of(0, 1))).toBe(true);
    expect(batch.add(frame)).toBe(false);
  });

  test('with a span that leaves its piece is a fault, and adds nothing', async () => {
    const { batch } = await openCore();
    expect(() => batch.addPiece(new Uint8Array(10), Uint16Array.of(0, 10, 4, 7))).toThrow(
      'a frame leaves its piece: it ends at byte 11 of 10',
    );
    expect(batch.count).toBe(0);
  });

  test('anew after clear, which leaves no opened byte behind', async () => {
    const core = await keyed();
    for (const frame of corpus(50, 'nwk')) core.batch.add(frame);
    core.batch.rx();
    core.batch.clear();
    expect(core.batch.count).toBe(0);
    expect(core.memory.slice(BATCH_IN, BATCH_IN + BATCH_IN_SIZE).every((byte) => byte === 0)).toBe(true);
  });
});
