import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isCountersigned, isUserSigned, openCountersigned, openUserSigned } from '../../../host/messages/open.ts';
import { createPolicy, isAllowed } from '../../../host/policy/decide.ts';
import { expectation } from '../../../host/policy/expectation.ts';
import { factsText } from '../../../host/policy/facts-text.ts';
import { leadSupplierRule } from '../../../host/policy/lead-supplier.ts';
import { CANCEL_RULES, INTAKE_RULES, UPGRADE_RULES } from '../../../host/policy/rules.ts';
import type { Decision } from '../../../host/model/decision.ts';
import { Fault } from '../../../host/model/fault.ts';
import { asksUpdate } from '../../../host/model/service-request.ts';
import * as p from '../messages/parties.ts';
import { facts, rows, signedAs, situation, target, type Row } from './table.ts';

/** A policy that takes the tables' unsigned messages, with some rules left out. */
const policy = (leftOut?: string) => {
  const kept = ({ name }: { name: string }): boolean => name !== leftOut;
  const rules = { upgrade: UPGRADE_RULES.filter(kept), cancel: CANCEL_RULES.filter(kept), intake: INTAKE_RULES.filter(kept) };
  return createPolicy({ isCountersigned: () => true, isUserSigned: () => true, rules });
};
const upgrade = ({ set }: Row, leftOut?: string): Decision =>
  policy(leftOut).upgrade(signedAs(facts('update', set)), situation(facts('update', set)));
const cancel = ({ set }: Row, leftOut?: string): Decision =>
  policy(leftOut).cancel(signedAs(facts('cancel', set)), situation(facts('cancel', set)));
const intake = ({ set }: Row, leftOut?: string) => policy(leftOut).intake(signedAs(facts('update', set)), situation(facts('update', set)));

const doors = [
  ['upgrade-authority', upgrade, UPGRADE_RULES],
  ['upgrade-device', upgrade, UPGRADE_RULES],
  ['upgrade-lists', upgrade, UPGRADE_RULES],
  ['ppmid-keys', upgrade, UPGRADE_RULES],
  ['cancel', cancel, CANCEL_RULES],
  ['intake', intake, INTAKE_RULES],
] as const;

describe.each(doors)('the table %s', (table, door, rules) => {
  test.each(rows(table).filter(({ refuse }) => refuse === undefined))('allows: $name [R-PPMID-01]', (row) => {
    const decision = door(row);
    expect(decision).toMatchObject({ verdict: table === 'intake' ? 'forward' : 'allow', rules: rules.map(({ name }) => name) });
    expect(isAllowed(decision as never)).toBe(table !== 'intake');
  });

  test.each(rows(table).filter(({ refuse }) => refuse !== undefined))('refuses: $name [R-AUD-01]', (row) => {
    const decision = door(row);
    expect(decision).toMatchObject({ verdict: 'refuse', rule: row.refuse?.rule, code: row.refuse?.code });
    if (decision.verdict !== 'refuse') return;
    expect(decision.requirements).toEqual(expect.arrayContaining([...(row.refuse?.requirements ?? [])]));
    const rule = rules.find(({ name }) => name === decision.rule);
    expect(rule?.requirements).toEqual(expect.arrayContaining([...decision.requirements]));
    expect(decision.detail.length).toBeGreaterThan(20);
    expect(isAllowed(decision as never)).toBe(false);
  });

  test.each(rows(table).filter(({ refuse }) => refuse !== undefined))('would allow without that one rule: $name', (row) => {
    expect(door(row, row.refuse?.rule).verdict).toBe(table === 'intake' ? 'forward' : 'allow');
  });
});

test('every code that a rule documents has a row', () => {
  const codes = doors.flatMap(([table]) =>
    rows(table).flatMap(({ refuse }) => (refuse === undefined ? [] : [`${refuse.rule} ${refuse.code}`])),
  );
  expect([...new Set(codes)].sort()).toMatchInlineSnapshot(`
    [
      "cancel nothing-to-cancel",
      "cancel other-target",
      "combinations combination-not-eligible",
      "combinations member-version-unknown",
      "combinations no-combinations-list",
      "completion complete-by-passed",
      "downgrade downgrade",
      "downgrade version-unknown",
      "in-force not-in-force",
      "lead-supplier gas-supplier",
      "lead-supplier no-lead-supplier",
      "lead-supplier not-lead-supplier",
      "ppmid-keys ppmid-keys-missing",
      "products image-not-on-cpl",
      "products no-products-list",
      "products not-on-cpl",
      "products removed-from-cpl",
      "target not-a-ppmid",
      "target takes-no-image",
      "target unknown-device",
      "times complete-by-passed",
      "times expired",
      "underway upgrade-under-way",
      "user-role role-not-eligible",
    ]
  `);
  expect(doors.flatMap(([table]) => rows(table)).length).toBeGreaterThanOrEqual(60);
});

describe('the doors', () => {
  const real = createPolicy({ isCountersigned, isUserSigned });
  const good = facts('update');
  const around = situation(good);

  test('take what messages/ opened, and decide on it [R-PPMID-01]', () => {
    const opened = p.must(openCountersigned(p.signed({ ...p.UPDATE, image: good.request.image }, [p.DCC]), p.CONTEXT));
    if (!asksUpdate(opened)) throw new Error('not an update');
    const decision = real.upgrade(opened, around);
    expect(decision).toMatchObject({
      verdict: 'allow',
      countersigned: opened,
      facts: { ...good, user: { party: p.LEAD.signer.party, role: 'import-supplier' } },
    });
    expect(isAllowed(decision as never)).toBe(true);
    expect(Object.isFrozen(decision)).toBe(true);
  });

  test('refuse a look-alike that nobody verified, as a value [R-SIGN-01]', () => {
    const forged = signedAs(good);
    expect(real.upgrade(forged, around)).toMatchObject({
      verdict: 'refuse',
      rule: 'countersigned',
      code: 'not-countersigned',
      requirements: ['R-SIGN-01'],
    });
    expect(real.cancel(signedAs(facts('cancel')), around)).toMatchObject({ code: 'not-countersigned' });
    expect(real.intake(forged, around)).toMatchObject({ rule: 'user-signed', code: 'not-user-signed' });
  });

  test('refuse a request with the User signature alone at the gateway [R-SIGN-01]', () => {
    const opened = p.must(openUserSigned(p.signed(p.UPDATE), p.CONTEXT));
    expect(real.intake(opened, { now: p.NOW })).toMatchObject({ verdict: 'forward' });
    expect(real.upgrade(opened as never, around)).toMatchObject({ verdict: 'refuse', code: 'not-countersigned' });
  });

  test('take request and signer from the message, whatever the situation holds besides', () => {
    const smuggled = { ...around, user: { party: p.LEAD.signer.party, role: 'import-supplier', name: 'x' }, request: good.request };
    const rival = signedAs(facts('update', { 'user.party': p.RIVAL.signer.party }));
    expect(policy().upgrade(rival, smuggled)).toMatchObject({ verdict: 'refuse', code: 'not-lead-supplier' });
  });

  test('throw when a request is brought to the wrong one', () => {
    expect(() => policy().upgrade(signedAs(facts('cancel')) as never, around)).toThrow(Fault);
    expect(() => policy().cancel(signedAs(good) as never, around)).toThrow(Fault);
  });

  test('make decisions that are recognised by registry and not by shape', () => {
    const decision = policy().upgrade(signedAs(good), around);
    expect(isAllowed(decision as never)).toBe(true);
    expect(isAllowed({ ...decision } as never)).toBe(false);
  });

  test('answer intake with nothing that could start a job', () => {
    const answer = policy().intake(signedAs(good), around);
    expect(answer.verdict).toBe('forward');
    expect(isAllowed(answer as never)).toBe(false);
  });
});

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
        const decision = upgrade({ name: '', set });
        expect(decision.verdict).toBe(expected ? 'allow' : 'refuse');
        expect(upgrade({ name: '', set }).verdict).toBe(decision.verdict);
      }),
      { numRuns: 300 },
    );
  });

  test('the responsible party is the same for hub and PPMID firmware: the rule looks at no device and no request [R-PPMID-05]', () => {
    const blind = new Proxy(facts('update'), {
      get(of, name) {
        if (
          ['devices', 'hub', 'request', 'requestId', 'products', 'combinations', 'cancellable', 'underway', 'moment'].includes(String(name))
        )
          throw new Error(String(name));
        return Reflect.get(of, name) as unknown;
      },
    });
    expect(leadSupplierRule.check(blind)).toBeUndefined();
  });

  test('no consent and no notice of the gas supplier is asked [R-LEAD-05] [R-PPMID-03]', () => {
    for (const gas of [[], [{ party: parties[1], from: 0, to: null }]])
      expect(upgrade({ name: '', set: { 'suppliers.gas': gas } }).verdict).toBe('allow');
  });
});

describe('the text of facts', () => {
  test('names who asked, who is Lead Supplier since when, the lists, the device and the image [R-AUD-01] [R-LEAD-06]', () => {
    expect(factsText(facts('update'))).toEqual([
      'issue at 2025-06-15T15:06:40Z',
      'request 02-00-00-00-00-00-01-01:02-00-00-00-00-00-00-B1:1000 for gateway 02000000000000a1',
      'signed by Lead Supplier (0200000000000101) as import-supplier',
      'Lead Supplier 0200000000000101 since 2025-06-10T15:06:40Z (suppliers statement version 3)',
      'gas supplier 0200000000000102',
      'Central Products List version 12 of 2025-06-06T15:06:40Z',
      'Eligible Product Combinations version 9 of 2025-06-06T15:06:40Z',
      'device 02000000000000b1 ppmid PPMID-1 hardware 3 firmware 0x01020303',
      `orders firmware 0x01020304, image ${'aa'.repeat(32)} of 20000 bytes`,
      'to be complete by 2025-06-16T15:06:40Z, downgrade not permitted',
      'purpose: incident 17: display stays blank',
    ]);
  });

  test('says what is missing', () => {
    const lines = factsText(facts('cancel', { suppliers: null, products: null, combinations: null, devices: [] }));
    expect(lines.slice(3)).toEqual([
      'no Lead Supplier: there is no suppliers statement for 02000000000000a1',
      'no gas supplier recorded',
      'Central Products List missing',
      'Eligible Product Combinations missing',
      'device 02000000000000b1 is not in the device log',
      'cancels 02-00-00-00-00-00-01-01:02-00-00-00-00-00-00-B1:1000',
    ]);
  });

  test('never says certified of what is listed [R-CPL-01]', () => {
    const decisions = doors.flatMap(([table, door]) => rows(table).map((row) => door(row)));
    expect(JSON.stringify([factsText(facts('update')), decisions.map((one) => ('detail' in one ? one.detail : ''))])).not.toMatch(
      /certified/i,
    );
  });
});

describe('what the image must be', () => {
  test('is everything that order and device log say', () => {
    const of = facts('update');
    expect(expectation(of.request, target(of))).toEqual({
      digest: 'aa'.repeat(32),
      length: 20_000,
      manufacturer: 0x10aa,
      imageType: 0x84,
      fileVersion: 0x0102_0304,
      hardwareVersion: 3,
      integrityRequired: true,
    });
  });

  test('does not ask for the image type of a device that has none, nor for an integrity code that nobody demands', () => {
    const of = facts('update', { 'devices.3.imageType': null });
    const asked = expectation(of.request, target(of), { integrityRequired: false });
    expect([Object.hasOwn(asked, 'imageType'), asked.integrityRequired]).toEqual([false, false]);
  });
});
