/** Frame counters, outgoing and incoming, against a model of the rules. */
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { At, CallReason, KeyKind, KeyReason } from '../../../assembly/abi/code.ts';
import { COUNTER_COUNT, KEY, KEY_EUI, KEY_INDEX, KEY_LIMIT, KEY_NEXT } from '../../../assembly/abi/layout.ts';
import { hex } from '../../../host/model/ids.ts';
import { primitives } from '../../kit/primitives.ts';

const core = await primitives();
const view = new DataView(core.memory.buffer);
const KEY_A = Uint8Array.from({ length: 16 }, (_, i) => 0x51 + 7 * i);
const refusal = (reason: KeyReason): number => At.KEYS * 256 + reason;
const eui = (n: number): Uint8Array => Uint8Array.of(n & 0xff, n >> 8, 0, 0, 0, 0, 0, 2);
const last = 0xffff_ffff;

const importKey = (): number => core.importKey(KeyKind.NETWORK, KEY_A);
const u32 = (at: number): number => view.getUint32(at, true);

function reserve(handle: number, next: number, limit: number): number {
  view.setUint32(KEY + KEY_NEXT, next, true);
  view.setUint32(KEY + KEY_LIMIT, limit, true);
  return core.call.keyReserve(handle);
}

function outgoing(handle: number): [next: number, limit: number] {
  expect(core.call.keyOutgoing(handle)).toBe(0);
  return [u32(KEY + KEY_NEXT), u32(KEY + KEY_LIMIT)];
}

const take = (handle: number): bigint => core.call.takeOutgoing(core.call.slotOf(handle, KeyKind.NETWORK));

/** Asks and, when allowed, notes: as a receiver does after the MIC verified. */
function receive(sender: Uint8Array, handle: number, counter: number): boolean {
  const at = core.put(sender);
  const may = core.call.mayAccept(at, handle, counter) === 1;
  if (may) expect(core.call.accepted(at, handle, counter)).toBe(1);
  core.reset();
  return may;
}

beforeEach(() => {
  core.call.wipeAll();
  core.reset();
});

describe('outgoing', () => {
  test('nothing leaves before a range is reserved', () => expect(take(importKey())).toBe(-1n));

  test('each number of the range leaves once, in order, and none behind it', () => {
    const handle = importKey();
    expect(reserve(handle, 1000, 1003)).toBe(0);
    expect([take(handle), take(handle), take(handle), take(handle), take(handle)]).toEqual([1000n, 1001n, 1002n, -1n, -1n]);
    expect(outgoing(handle)).toEqual([1003, 1003]);
  });

  test('0xffffffff never leaves', () => {
    const handle = importKey();
    expect(reserve(handle, last - 1, last)).toBe(0);
    expect([take(handle), take(handle)]).toEqual([BigInt(last - 1), -1n]);
  });

  test('numbers never come back, whatever is reserved', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(60), fc.nat(60), fc.nat(10)), { maxLength: 12 }), (ranges) => {
        const handle = importKey();
        let highest = -1n;
        for (const [next, limit, uses] of ranges) {
          reserve(handle, next, limit);
          for (let i = 0; i < uses; i++) {
            const counter = take(handle);
            if (counter === -1n) break;
            expect(counter > highest).toBe(true);
            expect(counter < BigInt(outgoing(handle)[1])).toBe(true);
            highest = counter;
          }
        }
        core.call.keyErase(handle);
      }),
    );
  });

  test('1: a stale handle is refused', () => {
    expect(reserve(256, 0, 1)).toBe(refusal(KeyReason.HANDLE));
    expect(core.call.keyOutgoing(256)).toBe(refusal(KeyReason.HANDLE));
  });

  test('2: a range that ends before it begins, or before an earlier one, is refused and changes nothing', () => {
    const handle = importKey();
    expect(reserve(handle, 5, 4)).toBe(refusal(KeyReason.RANGE));
    expect(reserve(handle, 5, 20)).toBe(0);
    expect(reserve(handle, 5, 19)).toBe(refusal(KeyReason.RANGE));
    expect(reserve(handle, 30, 29)).toBe(refusal(KeyReason.RANGE));
    expect(outgoing(handle)).toEqual([5, 20]);
  });
});

describe('incoming', () => {
  test('equals the model: above the last accepted for that sender and key, and never 0xffffffff', () => {
    const counter = fc.oneof(fc.nat(20), fc.integer({ min: last - 3, max: last }));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2), fc.nat(1), counter), { maxLength: 60 }), (frames) => {
        const handles = [importKey(), importKey()] as const;
        const model = new Map<string, number>();
        for (const [sender, which, value] of frames) {
          const id = `${sender} ${which}`;
          const expected = value !== last && value > (model.get(id) ?? -1);
          expect(receive(eui(sender), which === 0 ? handles[0] : handles[1], value)).toBe(expected);
          if (expected) model.set(id, value);
        }
        handles.forEach((handle) => core.call.keyErase(handle));
      }),
    );
  });

  test('equals the model when keys are erased between, up to a full table', () => {
    const step = fc.tuple(fc.nat(90), fc.nat(2), fc.nat(50));
    fc.assert(
      fc.property(fc.array(fc.array(step, { maxLength: 80 }), { maxLength: 6 }), (rounds) => {
        core.call.wipeAll();
        const handles = [importKey(), importKey(), importKey()];
        const model = new Map<string, number>();
        rounds.forEach((frames, round) => {
          for (const [sender, which, value] of frames) {
            const id = `${which} ${sender}`;
            const expected = value > (model.get(id) ?? -1);
            expect(receive(eui(sender), handles[which] ?? 0, value)).toBe(expected);
            if (expected) model.set(id, value);
          }
          const erased = round % 3;
          core.call.keyErase(handles[erased] ?? 0);
          handles[erased] = importKey();
          for (const id of model.keys()) if (id.startsWith(`${erased} `)) model.delete(id);
        });
      }),
      { numRuns: 60 },
    );
  });

  test('an exact replay is refused', () => {
    const handle = importKey();
    expect([receive(eui(1), handle, 77), receive(eui(1), handle, 77), receive(eui(1), handle, 78)]).toEqual([true, false, true]);
  });

  test('asking alone notes nothing: a frame whose MIC is wrong cannot push a counter', () => {
    const [handle, sender] = [importKey(), core.put(eui(1))];
    expect([core.call.mayAccept(sender, handle, 500), core.call.mayAccept(sender, handle, 3)]).toEqual([1, 1]);
  });

  test('a full table refuses senders it does not know and serves those it knows', () => {
    const handle = importKey();
    for (let n = 0; n < COUNTER_COUNT; n++) expect(receive(eui(n), handle, 9)).toBe(true);
    const stranger = core.put(eui(COUNTER_COUNT));
    expect(core.call.accepted(stranger, handle, 9)).toBe(0);
    expect(receive(eui(COUNTER_COUNT - 1), handle, 10)).toBe(true);
  });

  test('erasing a key frees its entries and no others', () => {
    const [gone, kept] = [importKey(), importKey()];
    for (let n = 0; n < COUNTER_COUNT - 1; n++) receive(eui(n), gone, 9);
    receive(eui(0), kept, 41);
    core.call.keyErase(gone);
    for (let n = 1; n < COUNTER_COUNT; n++) expect(receive(eui(n), kept, 1)).toBe(true);
    expect([receive(eui(0), kept, 41), receive(eui(0), kept, 42)]).toEqual([false, true]);
  });
});

describe('counterSet and counterAt', () => {
  const set = (sender: Uint8Array, handle: number, next: number): number => {
    core.memory.set(sender, KEY + KEY_EUI);
    view.setUint32(KEY + KEY_NEXT, next, true);
    view.setInt32(KEY + KEY_INDEX, handle, true);
    return core.call.counterSet();
  };
  const list = (): string[] => {
    const found: string[] = [];
    for (let i = 0; core.call.counterAt(i) === 0; i++) {
      const handle = core.int(KEY + KEY_INDEX);
      if (handle !== 0) found.push(`${hex(core.read(KEY + KEY_EUI, 8))} ${handle} ${u32(KEY + KEY_NEXT)}`);
    }
    return found;
  };

  test('what is set is listed and obeyed, and is never lowered', () => {
    const handle = importKey();
    expect(set(eui(1), handle, 100)).toBe(0);
    expect(set(eui(2), handle, 7)).toBe(0);
    expect(set(eui(1), handle, 50)).toBe(0);
    expect(list()).toEqual([`${hex(eui(1))} ${handle} 100`, `${hex(eui(2))} ${handle} 7`]);
    expect([receive(eui(1), handle, 99), receive(eui(1), handle, 100)]).toEqual([false, true]);
    expect(list()[0]).toBe(`${hex(eui(1))} ${handle} 101`);
  });

  test('1: a stale handle is refused', () => expect(set(eui(1), 256, 1)).toBe(refusal(KeyReason.HANDLE)));

  test('2: a full table is refused', () => {
    const handle = importKey();
    for (let n = 0; n < COUNTER_COUNT; n++) set(eui(n), handle, 1);
    expect(set(eui(COUNTER_COUNT), handle, 1)).toBe(refusal(KeyReason.COUNTERS_FULL));
  });

  test.each([-1, COUNTER_COUNT])('position %i is refused', (index) =>
    expect(core.call.counterAt(index)).toBe(At.CALL * 256 + CallReason.INDEX),
  );
});
