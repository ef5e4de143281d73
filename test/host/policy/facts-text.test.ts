import { describe, expect, test } from 'vitest';
import { factsText } from '../../../host/policy/facts-text.ts';
import { ask } from '../../../host/policy/questions.ts';
import { facts, factsOf, TABLES } from './table.ts';

describe('the text of facts', () => {
  test('names who asked, who is Lead Supplier since when, lists, texts, the device and the image [R-AUD-01] [R-LEAD-06]', () => {
    expect(factsText(facts('update'))).toEqual([
      'issue at 2025-06-15T15:06:40Z',
      'request 02-00-00-00-00-00-01-01:02-00-00-00-00-00-00-B1:1000 for gateway 02000000000000a1',
      'signed by Lead Supplier (0200000000000101) as import-supplier',
      'signatures of import-supplier 0000000000000001, dcc-countersigner 0000000000000002 (signers version 7 of 2025-06-06T15:06:40Z)',
      'Lead Supplier 0200000000000101 since 2025-06-10T15:06:40Z (suppliers statement version 3)',
      'gas supplier 0200000000000102, supply split',
      'cohort IOC, enrolled (inventory version 7 of 2025-06-06T15:06:40Z, cohorts version 3 of 2025-06-06T15:06:40Z)',
      'Central Products List version 12 of 2025-06-06T15:06:40Z',
      'Eligible Product Combinations version 9 of 2025-06-06T15:06:40Z',
      'texts in force at 2025-06-15: DMVES 5.0, DUIS 3.0, DUIS 3.1, SRPD 4.0, TMAD 17.0, S1SR 11.0 (documents version 3 of 2025-06-06T15:06:40Z)',
      'device 02000000000000b1 ppmid PPMID-1 hardware 3 firmware 0x01020303',
      'written to DUIS 3.1 as of 2020-11-24',
      `orders firmware 0x01020304, image ${'aa'.repeat(32)} of 20000 bytes`,
      'to be activated from 2025-06-15T15:05:40Z and complete by 2025-06-16T15:06:40Z, downgrade not permitted',
      'purpose: incident 17: display stays blank',
    ]);
  });

  test('says what is missing', () => {
    const lines = factsText(
      facts('cancel', { suppliers: null, products: null, combinations: null, inventory: null, documents: null, devices: [] }),
    );
    expect(lines.slice(4)).toEqual([
      'no Lead Supplier: there is no suppliers statement for 02000000000000a1',
      'no gas supplier recorded',
      'no inventory record',
      'Central Products List missing',
      'Eligible Product Combinations missing',
      'no register of documents',
      'device 02000000000000b1 is not in the device log',
      'cancels 02-00-00-00-00-00-01-01:02-00-00-00-00-00-00-B1:1000',
    ]);
  });

  test('withholds meter point and top-up numbers in a purpose, not references [R-PRIV-01]', () => {
    const purpose = (text: string): string => factsText(facts('update', { 'request.purpose': text })).at(-1) ?? '';
    expect(purpose('meter 2000012345672 blank')).toBe('purpose: meter [number of a supply withheld] blank');
    expect(purpose('vend 1234-5678-9012-3456-7890 refused')).not.toMatch(/\d{4}/);
    expect(purpose('MPRN 7654321')).toBe('purpose: MPRN [number of a supply withheld]');
    expect(purpose('gas 7654321')).toBe('purpose: gas [number withheld]');
    expect(purpose('INC7654321, 3 homes')).toBe('purpose: INC7654321, 3 homes');
  });
});

describe('what is said of decisions', () => {
  const answers = TABLES.flatMap(({ question, rows }) => rows.map((row) => ask(question, factsOf(question, row))));
  const said = JSON.stringify([factsText(facts('update')), answers.map((one) => ('detail' in one ? one.detail : ''))]);

  test('never calls certified what is listed [R-CPL-01]', () => expect(said).not.toMatch(/certified/i));
  test('calls what goes to SMETS1 devices Instructions and never commands [R-TERM-01]', () => {
    expect(said).toMatch(/Instructions/);
    expect(said).not.toMatch(/command/i);
  });
  test('names the family of documents of whatever comes from one [R-SVC-03]', () => {
    const families = answers.flatMap((one) => (one.verdict === 'refuse' ? [`${one.rule} ${one.family}`] : []));
    expect(new Set(families.filter((each) => each.startsWith('duis')))).toEqual(new Set(['duis DUIS']));
    expect(new Set(families.map((each) => each.split(' ')[1]))).toEqual(
      new Set(['SEC', 'S1SR', 'DUIS', 'UISS', 'TMAD', 'DMVES', 'undefined']),
    );
  });
});
