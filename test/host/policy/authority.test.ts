/** Who is responsible: the same party for every act on hub and PPMID, whatever is recorded. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { leadSupplierRule } from '../../../host/policy/lead-supplier.ts';
import { ask, QUESTIONS } from '../../../host/policy/questions.ts';
import { signaturesRule } from '../../../host/policy/signatures.ts';
import { isSplit } from '../../../host/policy/standing.ts';
import { userRoleRule } from '../../../host/policy/user-role.ts';
import { facts, factsOf } from './table.ts';

describe('whoever asks, whatever is recorded', () => {
  const parties = ['0200000000000101', '0200000000000102', '0200000000000103'];
  const party = fc.constantFrom(...parties);
  const periods = fc.array(fc.tuple(party, fc.nat(6), fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined })), { maxLength: 3 });
  const role = fc.constantFrom('import-supplier', 'gas-supplier', 'dcc-countersigner', 'registration', 's1sp-xml', 'gateway');
  const moment = fc.constantFrom('issue', 'start', 'resume', 'activation');

  test('only the one electricity supplier of record now, signing as such, is allowed [R-PPMID-01] [R-PPMID-02] [R-PPMID-04]', () => {
    fc.assert(
      fc.property(party, role, moment, periods, periods, fc.nat(9), (asks, as, when, lead, gas, day) => {
        const base = facts('update').now;
        const period = ([who, from, length]: readonly [string, number, number | undefined]) => ({
          party: who,
          from: base + from * 60,
          to: length === undefined ? null : base + (from + length) * 60,
        });
        const set = {
          now: base + day * 60,
          moment: when,
          'user.party': asks,
          'user.role': as,
          'suppliers.lead': lead.map(period),
          'suppliers.gas': gas.map(period),
        };
        const holders = parties.flatMap((who) =>
          lead.filter(([one, from, length = 99]) => one === who && day >= from && day < from + length).map(() => who),
        );
        const expected = as === 'import-supplier' && holders.length === 1 && holders[0] === asks;
        expect(ask('upgrade', facts('update', set)).verdict).toBe(expected ? 'allow' : 'refuse');
      }),
      { numRuns: 300 },
    );
  });
});

describe('the responsible party', () => {
  test('is the same for every act: the rule looks at no device and no request [R-PPMID-05]', () => {
    const seen: string[] = [];
    const watched = new Proxy(facts('update'), {
      get(of, name) {
        seen.push(String(name));
        return Reflect.get(of, name) as unknown;
      },
    });
    expect(leadSupplierRule.check(watched)).toBeUndefined();
    expect([...new Set(seen)].toSorted()).toEqual(['gateway', 'now', 'suppliers', 'user']);
  });

  test.each(['upgrade', 'cancel', 'change-hub', 'decommission', 'configure-hub'] as const)(
    'of %s is asked by the very rules that PPMID firmware is [R-PPMID-05, R-CHFW-02, R-DEC-01]',
    (question) => {
      for (const rule of [signaturesRule, userRoleRule, leadSupplierRule]) expect(QUESTIONS[question]).toContain(rule);
    },
  );

  test('is asked of nobody else: no consent and no notice of the gas supplier is a fact of any rule [R-LEAD-05] [R-PPMID-03]', () => {
    for (const gas of [[], [{ party: '0200000000000102', from: 0 }]])
      expect(ask('upgrade', facts('update', { 'suppliers.gas': gas })).verdict).toBe('allow');
    const names = Object.keys(facts('update'));
    expect(names.filter((name) => /consent|permission|notice/i.test(name))).toEqual([]);
  });
});

test('supply is split when both fuels have suppliers and these differ [R-SPLIT-01]', () => {
  const split = (gas: unknown, lead?: unknown): boolean =>
    isSplit(factsOf('incident', { set: { 'suppliers.gas': gas, ...(lead === undefined ? {} : { 'suppliers.lead': lead }) } }));
  const both = '0200000000000101';
  expect(split([{ party: '0200000000000102', from: 0 }])).toBe(true);
  expect(split([{ party: both, from: 0 }])).toBe(false);
  expect(split([])).toBe(false);
  expect(split([{ party: '0200000000000102', from: 0 }], [])).toBe(false);
  expect(split([{ party: '0200000000000102', from: 0, to: 1_750_000_000 }])).toBe(false);
});
