/** Key slots and the calls that fill and empty them. */
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { At, KeyKind, KeyReason } from '../../../assembly/abi/code.ts';
import * as layout from '../../../assembly/abi/layout.ts';
import { hex, unhex } from '../../../host/model/ids.ts';
import { primitives } from '../../kit/primitives.ts';

const { IN, IN_SIZE, MAP_END, MAP_START, OUT, SLOT_COUNT, SLOT_RAW, SLOT_SIZE, SLOTS } = layout;
const core = await primitives();
const KEY_A = unhex('c7e1059b3ad24f8860f1b2a3948576e1');
const KEY_B = unhex('19f0d3a58b7c4e26d1b0a9f8e7c6d5a4');
const PARTNER = unhex('a1b2c3d4e5f60702');
const KINDS = [KeyKind.NETWORK, KeyKind.LINK, KeyKind.WRAPPING];
const refusal = (reason: KeyReason): number => At.KEYS * 256 + reason;

beforeEach(() => {
  core.call.wipeAll();
  core.reset();
});

describe('keyImport', () => {
  test('leaves exactly one copy of the key, in its slot, and none in the window', () => {
    const handle = core.importKey(KeyKind.LINK, KEY_A, PARTNER);
    expect(core.copiesOf(KEY_A)).toBe(1);
    expect(hex(core.read(core.call.slotOf(handle, KeyKind.LINK) + SLOT_RAW, 16))).toBe(hex(KEY_A));
    expect(core.read(IN, IN_SIZE)).toEqual(new Uint8Array(IN_SIZE));
  });

  test.each([0, 4, 255])('1: refuses kind %i, and wipes the window all the same', (kind) => {
    expect(core.importKey(kind, KEY_A)).toBe(-refusal(KeyReason.KIND));
    expect(core.copiesOf(KEY_A)).toBe(0);
  });

  test('2: refuses one key more than there are slots', () => {
    const handles = Array.from({ length: SLOT_COUNT }, () => core.importKey(KeyKind.LINK, KEY_A));
    expect(new Set(handles).size).toBe(SLOT_COUNT);
    expect(core.importKey(KeyKind.LINK, KEY_B)).toBe(-refusal(KeyReason.NO_SLOT));
    expect(core.copiesOf(KEY_B)).toBe(0);
  });

  test('gives every key the round keys that AES needs', () => {
    const slot = core.call.slotOf(core.importKey(KeyKind.NETWORK, KEY_A), KeyKind.NETWORK);
    const schedule = core.schedule(KEY_A);
    expect(core.read(slot + layout.SLOT_SCHEDULE, 176)).toEqual(core.read(schedule, 176));
  });
});

describe('a kind limits the use', () => {
  test.each(KINDS.flatMap((kind) => KINDS.map((asked) => [kind, asked] as const)))('a key of kind %i asked for as %i', (kind, asked) => {
    const slot = core.call.slotOf(core.importKey(kind, KEY_A), asked);
    expect(slot !== 0).toBe(kind === asked);
  });
});

describe('keyErase', () => {
  test('leaves no copy of the key and nothing of its schedule', () => {
    const handle = core.importKey(KeyKind.NETWORK, KEY_A);
    const slot = core.call.slotOf(handle, KeyKind.NETWORK);
    expect(core.call.keyErase(handle)).toBe(0);
    expect(core.copiesOf(KEY_A)).toBe(0);
    expect(core.read(slot + SLOT_RAW, SLOT_SIZE - SLOT_RAW)).toEqual(new Uint8Array(SLOT_SIZE - SLOT_RAW));
  });

  test('1: refuses a stale handle, also when the slot is in use again', () => {
    const old = core.importKey(KeyKind.LINK, KEY_A);
    core.call.keyErase(old);
    const fresh = core.importKey(KeyKind.LINK, KEY_B);
    expect(fresh & 0xff).toBe(old & 0xff);
    expect(core.call.keyErase(old)).toBe(refusal(KeyReason.HANDLE));
    expect(core.call.slotOf(old, KeyKind.LINK)).toBe(0);
    expect(core.copiesOf(KEY_B)).toBe(1);
  });

  test('1: refuses everything that is no handle', () => {
    const handle = core.importKey(KeyKind.LINK, KEY_A);
    fc.assert(
      fc.property(fc.integer(), (other) => {
        fc.pre(other !== handle);
        expect(core.call.keyErase(other)).toBe(refusal(KeyReason.HANDLE));
      }),
    );
    for (const other of [0, handle & 0xff, handle + 1, handle + 256, -handle, SLOT_COUNT + 256]) {
      expect(core.call.keyErase(other)).toBe(refusal(KeyReason.HANDLE));
    }
    expect(core.call.keyErase(handle)).toBe(0);
  });

  test('1: refuses a handle behind the last slot, whatever stands in memory there', () => {
    const behind = SLOTS + SLOT_COUNT * SLOT_SIZE;
    core.memory[behind + layout.SLOT_KIND] = KeyKind.LINK;
    core.memory[behind + layout.SLOT_GENERATION] = 1;
    expect(core.call.slotOf(256 + SLOT_COUNT, KeyKind.LINK)).toBe(0);
    expect(core.call.keyErase(256 + SLOT_COUNT)).toBe(refusal(KeyReason.HANDLE));
  });

  test('takes a slot out of use when its generations are used up', () => {
    const first = core.importKey(KeyKind.LINK, KEY_A);
    core.call.keyErase(first);
    new DataView(core.memory.buffer).setUint32(SLOTS + layout.SLOT_GENERATION, 0x7ffffe, true);
    const last = core.importKey(KeyKind.LINK, KEY_A);
    expect(last).toBe(0x7fffff00);
    core.call.keyErase(last);
    expect(core.importKey(KeyKind.LINK, KEY_A) & 0xff).toBe(1);
    new DataView(core.memory.buffer).setUint32(SLOTS + layout.SLOT_GENERATION, 1, true);
  });
});

describe('iteration', () => {
  test('meets every key of a kind once, in slot order', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...KINDS), { maxLength: SLOT_COUNT }), fc.constantFrom(...KINDS), (kinds, asked) => {
        core.call.wipeAll();
        const expected = kinds.map((kind) => [kind, core.importKey(kind, KEY_A)] as const).filter(([kind]) => kind === asked);
        const found: number[] = [];
        for (let handle = core.call.slotFirst(asked); handle !== 0; handle = core.call.slotAfter(asked, handle)) found.push(handle);
        expect(found).toEqual(expected.map(([, handle]) => handle));
      }),
      { numRuns: 50 },
    );
  });
});

describe('keyExport', () => {
  test('answers the raw key', () => {
    expect(core.call.keyExport(core.importKey(KeyKind.LINK, KEY_A))).toBe(0);
    expect(hex(core.read(OUT, 16))).toBe(hex(KEY_A));
  });
  test('1: refuses a stale handle', () => expect(core.call.keyExport(256)).toBe(refusal(KeyReason.HANDLE)));
});

describe('wipeAll', () => {
  test('leaves nothing in the map but generations, so that old handles stay stale', () => {
    core.memory.fill(0xa5, MAP_START, SLOTS);
    core.memory.fill(0xa5, layout.COUNTERS, MAP_END);
    const handle = core.importKey(KeyKind.LINK, KEY_A);
    const generations = Array.from({ length: SLOT_COUNT }, (_, i) => core.int(SLOTS + i * SLOT_SIZE + layout.SLOT_GENERATION));
    expect(core.call.wipeAll()).toBe(0);
    const expected = new Uint8Array(MAP_END - MAP_START);
    generations.forEach((generation, i) =>
      new DataView(expected.buffer).setUint32(SLOTS - MAP_START + i * SLOT_SIZE + layout.SLOT_GENERATION, generation, true),
    );
    expect(Buffer.compare(core.read(MAP_START, MAP_END - MAP_START), expected)).toBe(0);
    core.importKey(KeyKind.LINK, KEY_B);
    expect(core.call.slotOf(handle, KeyKind.LINK)).toBe(0);
  });
});

test('the module speaks the version of the map', () => expect(core.call.abiVersion()).toBe(layout.ABI_VERSION));
