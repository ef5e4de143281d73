import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instant } from '../../../host/model/calendar.ts';
import { model, version } from '../../../host/policy/wording.ts';

test('a time is worded as ISO 8601 in UTC, for every second up to the year 9999', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 253_402_300_799 }), (seconds) => {
      expect(instant(seconds)).toBe(new Date(seconds * 1000).toISOString().replace('.000Z', 'Z'));
    }),
    { numRuns: 2000 },
  );
});

test('every day of four centuries is worded as the calendar has it', () => {
  const wrong: number[] = [];
  for (let day = 0; day < 146_097; day++) {
    if (instant(day * 86_400) !== `${new Date(day * 86_400_000).toISOString().slice(0, 10)}T00:00:00Z`) wrong.push(day);
  }
  expect(wrong).toEqual([]);
});

test('a version that nobody read is unknown, others have 8 hexadecimal digits', () => {
  expect([version(undefined), version(0), version(0xffff_ffff)]).toEqual(['unknown', '0x00000000', '0xffffffff']);
});

test('a Device Model is named by its four fields [R-DM-01]', () => {
  expect(model({ manufacturer: 0x10aa, model: 'PPMID-1', hardwareVersion: 3, firmwareVersion: 0x0102 })).toBe(
    'manufacturer 0x10aa model PPMID-1 hardware 3 firmware 0x00000102',
  );
});
