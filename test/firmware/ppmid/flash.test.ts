import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../../host/model/fault.ts';
import { PowerCut } from '../../../firmware/devices/power.ts';
import { ERASE_BLOCK, Flash, type Cut } from '../../../firmware/ppmid/flash.ts';
import { Journal, Kind } from '../../../firmware/ppmid/journal.ts';

const CUTS: readonly Cut[] = ['before', { torn: 32 }, 'after'];
/** Two blocks. */
const JOURNAL_SIZE = 2 * ERASE_BLOCK;
const { BOOT, SETTINGS } = Kind;

describe('the flash', () => {
  test('is erased when new, programs by clearing bits and refuses to set one', () => {
    const flash = new Flash(2 * ERASE_BLOCK);
    expect(flash.read(0, 4)).toEqual(Uint8Array.of(0xff, 0xff, 0xff, 0xff));
    flash.program(0, Uint8Array.of(0xf0, 0, 0xff, 0x81));
    flash.program(0, Uint8Array.of(0x70, 0, 0x0f, 0x80));
    expect(flash.read(0, 4)).toEqual(Uint8Array.of(0x70, 0, 0x0f, 0x80));
    expect(() => flash.program(0, Uint8Array.of(0x71, 0, 0x0f, 0x80))).toThrow(Fault);
    flash.erase(0);
    expect(flash.read(0, 4)).toEqual(Uint8Array.of(0xff, 0xff, 0xff, 0xff));
    expect(flash.operations).toBe(3);
  });

  test.each([
    ['a size that is not made of blocks', () => new Flash(100)],
    ['a range behind its end', () => new Flash(ERASE_BLOCK).read(ERASE_BLOCK - 2, 4)],
    ['a program off the unit', () => new Flash(ERASE_BLOCK).program(2, new Uint8Array(4))],
    ['a program of half a unit', () => new Flash(ERASE_BLOCK).program(0, new Uint8Array(2))],
    ['an erasure off the block', () => new Flash(2 * ERASE_BLOCK).erase(4)],
  ])('refuses %s', (_, act) => {
    expect(act).toThrow(Fault);
  });

  test('a cut leaves nothing, a part or all of an operation, and everything fails until the power is back', () => {
    const bytes = new Uint8Array(64).fill(0x12);
    const contents = CUTS.map((cut) => {
      const flash = new Flash(ERASE_BLOCK);
      flash.cutWhen((operation) => (operation === 0 ? cut : undefined));
      expect(() => flash.program(0, bytes)).toThrow(PowerCut);
      expect(() => flash.read(0, 4)).toThrow(PowerCut);
      expect(() => flash.erase(0)).toThrow(PowerCut);
      flash.powerOn();
      return flash.read(0, 64);
    });
    expect(contents[0]?.every((byte) => byte === 0xff)).toBe(true);
    expect(contents[1]?.subarray(0, 32)).toEqual(bytes.subarray(0, 32));
    expect(contents[1]?.[32]).toBe(0x5a | 0x12);
    expect(contents[1]?.subarray(33).every((byte) => byte === 0xff)).toBe(true);
    expect(contents[2]).toEqual(bytes);
  });

  test('a torn erasure leaves the end of the block neither old nor erased', () => {
    const flash = new Flash(ERASE_BLOCK);
    flash.program(0, new Uint8Array(ERASE_BLOCK));
    flash.cutWhen((_, length) => ({ torn: length / 2 }));
    expect(() => flash.erase(0)).toThrow(PowerCut);
    flash.powerOn();
    const cells = flash.read(0, ERASE_BLOCK);
    expect([cells[0], cells[ERASE_BLOCK / 2], cells[ERASE_BLOCK - 1]]).toEqual([0xff, 0xa5, 0]);
  });
});

describe('the journal', () => {
  test('answers the last record, also when opened anew, over many turns of its blocks', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 900 }), { minLength: 1, maxLength: 40 }), (records) => {
        const flash = new Flash(JOURNAL_SIZE);
        const journal = new Journal(flash, 0);
        expect(journal.last(BOOT)).toBeUndefined();
        for (const record of records) {
          journal.append(BOOT, record);
          expect(journal.last(BOOT)).toEqual(record);
          expect(new Journal(flash, 0).last(BOOT)).toEqual(record);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('refuses a record longer than a block takes', () => {
    const journal = new Journal(new Flash(JOURNAL_SIZE), 0);
    const room = ERASE_BLOCK - 12 - 3;
    expect(() => journal.append(BOOT, new Uint8Array(room + 1))).toThrow(Fault);
    journal.append(BOOT, new Uint8Array(room));
    expect(journal.last(BOOT)).toHaveLength(room);
    expect(() => journal.append(SETTINGS, new Uint8Array(1))).toThrow(Fault);
    expect(journal.last(BOOT)).toHaveLength(room);
  });

  test('a cut at any operation leaves the record before or the one after, and the journal goes on', () => {
    const lengths = [700, 700, 700, 700, 700, 700, 700, 4, 1200, 1200, 1200, 1200];
    const record = (index: number): Uint8Array => new Uint8Array(lengths[index] ?? 0).fill(index + 1);
    const write = (flash: Flash): number => {
      const journal = new Journal(flash, 0);
      let done = 0;
      try {
        for (; done < lengths.length; done++) journal.append(BOOT, record(done));
      } catch (cut) {
        if (!(cut instanceof PowerCut)) throw cut;
      }
      return done;
    };
    const whole = new Flash(JOURNAL_SIZE);
    write(whole);
    let cuts = 0;
    for (let at = 0; at < whole.operations; at++) {
      for (const how of CUTS) {
        const flash = new Flash(JOURNAL_SIZE);
        flash.cutWhen((operation) => (operation === at ? how : undefined));
        const done = write(flash);
        flash.powerOn();
        const found = new Journal(flash, 0);
        const last = found.last(BOOT);
        const candidates = [done === 0 ? undefined : record(done - 1), record(done)];
        expect(candidates).toContainEqual(last);
        found.append(BOOT, Uint8Array.of(9, 9, 9));
        expect(new Journal(flash, 0).last(BOOT)).toEqual(Uint8Array.of(9, 9, 9));
        cuts++;
      }
    }
    expect(cuts).toBe(3 * whole.operations);
    expect(whole.operations).toBeGreaterThan(lengths.length);
  });

  test('a damaged record gives way to the one before it', () => {
    const flash = new Flash(JOURNAL_SIZE);
    const journal = new Journal(flash, 0);
    journal.append(BOOT, Uint8Array.of(1, 1, 1, 1));
    journal.append(BOOT, Uint8Array.of(0x22, 2, 2, 2));
    flash.program(20 + 16, Uint8Array.of(0, 2, 2, 0xff));
    expect(new Journal(flash, 0).last(BOOT)).toEqual(Uint8Array.of(1, 1, 1, 1));
  });

  test('keeps the last record of each kind, over turns of its blocks and whatever operation is cut into', () => {
    const write = (flash: Flash): number => {
      let done = 0;
      try {
        for (; done < 40; done++) new Journal(flash, 0).append(done % 5 === 0 ? BOOT : SETTINGS, new Uint8Array(300).fill(done + 1));
      } catch (cut) {
        if (!(cut instanceof PowerCut)) throw cut;
      }
      return done;
    };
    const last = (done: number, boot: boolean): number | undefined => {
      for (let i = done - 1; i >= 0; i--) if ((i % 5 === 0) === boot) return i + 1;
      return undefined;
    };
    const whole = new Flash(JOURNAL_SIZE);
    expect(write(whole)).toBe(40);
    for (let at = 0; at < whole.operations; at++) {
      for (const how of [...CUTS, { torn: 0 }, { torn: 4095 }] as const) {
        const flash = new Flash(JOURNAL_SIZE);
        flash.cutWhen((operation) => (operation === at ? how : undefined));
        const done = write(flash);
        flash.powerOn();
        const found = new Journal(flash, 0);
        const written = done % 5 === 0;
        for (const [kind, boot] of [
          [BOOT, true],
          [SETTINGS, false],
        ] as const) {
          const candidates = [last(done, boot), ...(written === boot ? [done + 1] : [])];
          expect(candidates).toContain(found.last(kind)?.[0]);
        }
      }
    }
  });
});
