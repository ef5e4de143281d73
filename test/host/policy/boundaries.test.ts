/** The instants that answers name: those that the rules of their question look at, and no others. That none is missing, `properties.test.ts` shows on random facts. */
import { describe, expect, test } from 'vitest';
import { SERVICE_IN_FORCE } from '../../../host/policy/in-force.ts';
import { ask, QUESTIONS, type Question } from '../../../host/policy/questions.ts';
import { factsOf, type Row } from './table.ts';

const named = (question: Question, set: Row['set'] = {}) => ask(question, factsOf(question, { set })).boundaries;
const roots = (question: Question, set?: Row['set']): string[] =>
  [...new Set(named(question, set).map(({ what }) => what.split(/[.[]/)[0] as string))].toSorted();

describe('the boundaries of an answer', () => {
  test('are those of what its question looks at: a cancellation asks nothing of lists, cohorts and texts', () => {
    expect(roots('cancel')).toEqual(['latest', 'signers', 'suppliers']);
    expect(roots('intake-cancel')).toEqual(['latest', 'request', 'signers', 'suppliers']);
    expect(roots('commission')).toEqual(['latest', 'products']);
    expect(roots('incident')).toEqual(['latest', 'suppliers']);
    expect(roots('decommission')).toEqual(['latest', 'signers', 'suppliers']);
  });

  test('hold the day of the service where it is asked about, and nowhere else', () => {
    const day = { what: 'PPMID firmware in force', at: SERVICE_IN_FORCE };
    const with_ = (Object.keys(QUESTIONS) as Question[]).filter((question) => named(question).some(({ what }) => what === day.what));
    expect(with_).toEqual(['upgrade', 'intake']);
    expect(named('upgrade')).toContainEqual(day);
  });

  test('tell the bounds of an order by their paths, and not the days of the calendar', () => {
    const all = named('upgrade').map(({ what }) => what);
    expect(all).toEqual(expect.arrayContaining(['latest', 'request.completeBy', 'request.activateFrom', 'suppliers.lead[1].to']));
    expect(all).toEqual(expect.arrayContaining(['documents.validTo', 'documents.documents[10].effectiveFrom', 'cohorts.cohorts[3].live']));
    expect(all.filter((what) => /calendar|provisions|uplifts|expires|notBefore/.test(what))).toEqual([]);
    expect(named('intake').map(({ what }) => what)).toContain('request.expires');
  });

  test('are each one once, in the order of time', () => {
    const variations = [{ clause: 'gbcs-reuse', devices: [{}], from: 0, to: 1_760_000_000, underInvestigation: [] }];
    for (const question of Object.keys(QUESTIONS) as Question[]) {
      const all = named(question, question === 'serve' ? { 'steps.variations': variations } : {});
      expect(all.map(({ at }) => at)).toEqual(all.map(({ at }) => at).toSorted((a, b) => a - b));
      expect([question, new Set(all.map(({ what }) => what)).size]).toEqual([question, all.length]);
    }
  });

  test('hold what follows from the facts: the end of a block, of a window, of a contact that is recent enough', () => {
    const failures = [0, 10, 20, 30, 40].map((ago) => 1_749_999_990 - ago);
    expect(named('access', { failures })).toContainEqual({ what: 'end of the block', at: 1_749_999_990 + 900 });
    expect(named('access')).toEqual([{ what: 'latest', at: 0 }]);
    expect(named('traffic', { before: [1_749_999_990, 1_749_999_980, 1_749_999_970] })).toContainEqual({
      what: '3 within 3600 s are past',
      at: 1_749_999_970 + 3_600,
    });
    const contact = named('migrate').filter(({ what }) => what.endsWith('gas.lastContact'));
    expect(contact.map(({ at }) => at - 1_749_990_000)).toEqual([24 * 3_600 + 1, 72 * 3_600 + 1]);
    expect(roots('migrate', { gas: {} })).toEqual(['documents', 'latest']);
  });

  test('hold the first day of elective services where such a one is asked for', () => {
    const elective = { overSmWan: true, solelyEnergy: true };
    const isDay = ({ what }: { readonly what: string }): boolean => what === 'elective services begin';
    expect(named('serve', { 'services.services.0.elective': elective }).filter(isDay)).toEqual([
      { what: 'elective services begin', at: Date.UTC(2018, 9, 1) / 1000 },
    ]);
    expect(named('serve').filter(isDay)).toEqual([]);
  });

  test('hold nothing of a register that is not there', () =>
    expect(named('commission', { products: null })).toEqual([{ what: 'latest', at: 0 }]));
});
