import { describe, expect, test } from 'vitest';
import { holdsNumber, MASK, SUPPLY_MASK, withoutNumbers, withoutSupplyNumbers } from '../../../host/model/personal.ts';

/** Made up; their check digits are right by the weights that the rule of the check digit gives. */
const MPAN = '1200023305967';
const UTRN = '12345678901234567890';

describe('a number that may point at a supply', () => {
  test.each([
    ['an MPAN', `meter ${MPAN} is silent`, `meter ${SUPPLY_MASK} is silent`],
    ['an MPAN in groups', 'meter 12 0002 3305 967 is silent', `meter ${SUPPLY_MASK} is silent`],
    ['an MPAN with its profile in front', `for 01801002${MPAN}.`, `for ${SUPPLY_MASK}.`],
    ['an MPRN', 'gas 7421903508', `gas ${MASK}`],
    ['a short MPRN', 'gas (482915)', `gas (${MASK})`],
    ['a top-up number', `typed ${UTRN} twice`, `typed ${SUPPLY_MASK} twice`],
    ['a top-up number in groups', '1234-5678-9012-3456-7890', SUPPLY_MASK],
    ['thirteen digits that are no MPAN', 'meter 1200023305960', `meter ${MASK}`],
    ['an MPRN beside a number of the sentence', 'gas 7421903508 5 times', `gas ${MASK} times`],
    ['an MPAN beside one', `3 ${MPAN} 12 kWh`, `${SUPPLY_MASK} kWh`],
    ['an MPAN behind a letter', `S${MPAN}`, `S${SUPPLY_MASK}`],
    ['an MPAN behind its name', `mpan_${MPAN}`, `mpan_${SUPPLY_MASK}`],
    ['an MPAN in front of a unit', `${MPAN}kWh`, `${SUPPLY_MASK}kWh`],
    ['an MPAN with dots', '1200.0233.05967', SUPPLY_MASK],
    ['an MPAN with fixed and double spaces', '1200\u00a00233  05967', SUPPLY_MASK],
    ['an MPAN with slashes', '1200/0233/05967', SUPPLY_MASK],
    ['an MPAN that begins as a day', '2000-01-23 45672', SUPPLY_MASK],
    ['an MPAN behind a day, the day with it', `on 2026-11-25 ${MPAN}`, `on ${SUPPLY_MASK}`],
    ['a top-up number in pairs', '12-34-56-78-90-12-34-56-78-90', SUPPLY_MASK],
    ['an MPRN that touches its name', 'MPRN7421903508', `MPRN${SUPPLY_MASK}`],
    ['an MPRN that is called so behind it', '7421903508 is the meter point', `${SUPPLY_MASK} is the meter point`],
    ['two of them', `${MPAN}, ${UTRN}`, `${SUPPLY_MASK}, ${SUPPLY_MASK}`],
  ])('is masked: %s [R-PRIV-01, R-LEAD-08]', (_, text, masked) => expect(withoutNumbers(text)).toBe(masked));

  test.each([
    ['a reference', 'INC1234567: display stays blank'],
    ['a reference of thirteen digits that are no MPAN', 'INC1234567890123'],
    ['an EUI-64', '02-00-00-00-00-00-01-01, 1200000000000000'],
    ['a day in other words', 'on 25/11/2026 and 1.2.2026'],
    ['a short number', 'third try of 12, at 20 °C, 16666 bytes'],
    ['a day', 'ordered on 2026-11-25 and 2026-11-26'],
    ['an instant', 'at 2026-11-25T10:00:00Z'],
    ['the counter of a RequestID', '02-00-00-00-00-00-01-01:02-00-00-00-00-00-00-B1:1200023305967'],
    ['a version', 'from 0x00000100 to 0x00000200'],
    ['the id of a record', 'see 5f1c09e2a7b3d480'],
  ])('is not what is left alone: %s', (_, text) => expect(withoutNumbers(text)).toBe(text));
});

describe('a text that surely holds one', () => {
  test.each([MPAN, UTRN, `0${UTRN}`, `see ${MPAN}!`, '12 0002 3305 967'])('is told: %s [R-PRIV-01]', (text) => {
    expect(holdsNumber(text)).toBe(true);
  });
  test('is one too whose number touches letters, or is called what it is by a word beside it', () => {
    expect([`S${MPAN}`, `UTRN${UTRN}`, 'gas MPRN 7421903508', '1200.0233.05967'].filter((text) => !holdsNumber(text))).toEqual([]);
    expect(['S7421903508', 'the MPRN is not given, ring 12 to 14 in room 7421903508'].filter(holdsNumber)).toEqual([]);
  });
  test('is still told once the number is masked: what objected to the text objects to its record', () => {
    expect(holdsNumber(withoutNumbers(`typed ${UTRN} twice`))).toBe(true);
    expect(holdsNumber(withoutNumbers('gas 7421903508'))).toBe(false);
  });
  test('is not one with thirteen digits that are no MPAN, nor one with a number of another length', () => {
    const others = [0, 1, 2, 3, 4, 5, 6, 8, 9].map((digit) => `${MPAN.slice(0, 12)}${digit}`);
    expect(others.filter(holdsNumber)).toEqual([]);
    expect(['7421903508', 'INC1234567', '2026-11-25', ''].filter(holdsNumber)).toEqual([]);
  });
});

test('in a log what surely is one is masked, and other numbers stay what they are [R-PRIV-01]', () => {
  expect(withoutSupplyNumbers(`request ${MPAN} at 1750000000 for 16909060`)).toBe(`request ${SUPPLY_MASK} at 1750000000 for 16909060`);
});
