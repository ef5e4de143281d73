/** Short addresses and EUI-64s, against a model of two maps. */
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { At, CallReason, KeyReason } from '../../../assembly/abi/code.ts';
import { ADDRESS_COUNT, KEY, KEY_EUI, KEY_INDEX, KEY_PAN, KEY_SHORT } from '../../../assembly/abi/layout.ts';
import { hex } from '../../../host/model/ids.ts';
import { primitives } from '../../kit/primitives.ts';

const core = await primitives();
const view = new DataView(core.memory.buffer);
const refusal = (reason: KeyReason): number => At.KEYS * 256 + reason;
const eui = (n: number): Uint8Array => Uint8Array.of(n & 0xff, n >> 8, 0, 0, 0, 0, 0, 2);
const PAN = 0x1a62;

function find(pan: number, short: number): string | undefined {
  const at = core.call.addressFind(pan, short);
  return at === 0 ? undefined : hex(core.read(at, 8));
}

function learn(pan: number, short: number, id: Uint8Array): boolean {
  const learnt = core.call.addressLearn(pan, short, core.put(id)) === 1;
  core.reset();
  return learnt;
}

function set(pan: number, short: number, id: Uint8Array): number {
  core.memory.set(id, KEY + KEY_EUI);
  view.setUint16(KEY + KEY_PAN, pan, true);
  view.setUint16(KEY + KEY_SHORT, short, true);
  return core.call.addressSet();
}

beforeEach(() => {
  core.call.wipeAll();
  core.reset();
});

describe('learn and find', () => {
  test('equal the model: in a PAN one device has one short address and one short address one device', () => {
    const step = fc.tuple(fc.nat(1), fc.nat(6), fc.integer({ min: 1, max: 6 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        core.call.wipeAll();
        const model = new Map<string, number>();
        for (const [pan, short, id] of steps) {
          for (const [place, device] of model) if (place.startsWith(`${pan} `) && device === id) model.delete(place);
          model.set(`${pan} ${short}`, id);
          expect(learn(pan, short, eui(id))).toBe(true);
        }
        for (const pan of [0, 1]) {
          for (let short = 0; short <= 6; short++) {
            const device = model.get(`${pan} ${short}`);
            expect(find(pan, short)).toBe(device === undefined ? undefined : hex(eui(device)));
          }
        }
      }),
    );
  });

  test('equal the model for many devices that move about in a full PAN', () => {
    const step = fc.tuple(fc.nat(1), fc.nat(110), fc.integer({ min: 1, max: 110 }));
    fc.assert(
      fc.property(fc.array(step, { minLength: 200, maxLength: 400 }), (steps) => {
        core.call.wipeAll();
        const model = new Map<string, number>();
        for (const [pan, short, id] of steps) {
          for (const [place, device] of model) if (place.startsWith(`${pan} `) && device === id) model.delete(place);
          model.set(`${pan} ${short}`, id);
          expect(learn(pan, short, eui(id))).toBe(true);
        }
        for (const pan of [0, 1]) {
          for (let short = 0; short <= 110; short++) {
            const device = model.get(`${pan} ${short}`);
            expect(find(pan, short)).toBe(device === undefined ? undefined : hex(eui(device)));
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  test.each([0xfff8, 0xfffd, 0xfffe, 0xffff])('the short address %i names no device', (short) =>
    expect(learn(PAN, short, eui(1))).toBe(false),
  );
  test('the last short address that names one is 0xfff7', () => expect(learn(PAN, 0xfff7, eui(1))).toBe(true));
  test.each([0, 0xff])('an EUI-64 of bytes %i names no device', (byte) => expect(learn(PAN, 1, new Uint8Array(8).fill(byte))).toBe(false));

  test('a full table keeps what it knows and learns nothing more', () => {
    for (let n = 0; n < ADDRESS_COUNT; n++) expect(learn(PAN, n, eui(n + 1))).toBe(true);
    expect(learn(PAN, ADDRESS_COUNT, eui(ADDRESS_COUNT + 1))).toBe(false);
    expect(find(PAN, ADDRESS_COUNT)).toBeUndefined();
    expect(learn(PAN, 3, eui(4))).toBe(true);
    expect(learn(PAN, ADDRESS_COUNT, eui(4))).toBe(true); // the device of 3 moved, and 3 is free again
    expect([find(PAN, ADDRESS_COUNT), find(PAN, 3)]).toEqual([hex(eui(4)), undefined]);
  });
});

describe('addressSet and addressAt', () => {
  test('what is set is found and listed', () => {
    expect(set(PAN, 0x4802, eui(5))).toBe(0);
    expect(find(PAN, 0x4802)).toBe(hex(eui(5)));
    expect(core.call.addressAt(0)).toBe(0);
    expect([core.int(KEY + KEY_INDEX), view.getUint16(KEY + KEY_PAN, true), view.getUint16(KEY + KEY_SHORT, true)]).toEqual([
      1,
      PAN,
      0x4802,
    ]);
    expect(hex(core.read(KEY + KEY_EUI, 8))).toBe(hex(eui(5)));
    expect(core.call.addressAt(1)).toBe(0);
    expect(core.int(KEY + KEY_INDEX)).toBe(0);
  });

  test('1: what names no device is refused', () => expect(set(PAN, 0xffff, eui(5))).toBe(refusal(KeyReason.ADDRESS)));

  test('2: a full table is refused', () => {
    for (let n = 0; n < ADDRESS_COUNT; n++) set(PAN, n, eui(n + 1));
    expect(set(PAN, ADDRESS_COUNT, eui(ADDRESS_COUNT + 1))).toBe(refusal(KeyReason.ADDRESSES_FULL));
  });

  test.each([-1, ADDRESS_COUNT])('position %i is refused', (index) =>
    expect(core.call.addressAt(index)).toBe(At.CALL * 256 + CallReason.INDEX),
  );
});
