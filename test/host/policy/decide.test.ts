/** The doors: what they take, who makes what comes out of them, and that none of their rules is idle. */
import { describe, expect, test } from 'vitest';
import { isCountersigned, isUserSigned, openCountersigned, openUserSigned } from '../../../host/messages/open.ts';
import type { Decision, IntakeDecision } from '../../../host/model/decision.ts';
import { Fault } from '../../../host/model/fault.ts';
import { asksUpdate } from '../../../host/model/service-request.ts';
import { createPolicy, isAllowed } from '../../../host/policy/decide.ts';
import { expectation } from '../../../host/policy/expectation.ts';
import { CANCEL_RULES, INTAKE_RULES, UPGRADE_RULES } from '../../../host/policy/rules.ts';
import * as p from '../messages/parties.ts';
import { facts, factsOf, signedAs, situation, table, target, TABLES, type Row } from './table.ts';

/** A policy that takes the tables' unsigned messages, with some rules left out. */
const policy = (leftOut?: readonly string[]) => {
  const kept = ({ name }: { name: string }): boolean => leftOut?.includes(name) !== true;
  const rules = { upgrade: UPGRADE_RULES.filter(kept), cancel: CANCEL_RULES.filter(kept), intake: INTAKE_RULES.filter(kept) };
  return createPolicy({ isCountersigned: () => true, isUserSigned: () => true, rules });
};

const doors = {
  upgrade(row: Row, leftOut?: readonly string[]): Decision {
    const of = factsOf('upgrade', row);
    return policy(leftOut).upgrade(signedAs(of), situation(of));
  },
  cancel(row: Row, leftOut?: readonly string[]): Decision {
    const of = factsOf('cancel', row);
    return policy(leftOut).cancel(signedAs(of), situation(of));
  },
  intake(row: Row, leftOut?: readonly string[]): IntakeDecision {
    const of = factsOf('intake', row);
    return policy(leftOut).intake(signedAs(of), situation(of));
  },
};

/** True for facts that a message can bring: its first signature is the User's. Others are for the rule alone (tables.test.ts). */
const canCome = (question: keyof typeof doors, row: Row): boolean => {
  const { signatures, user } = factsOf(question, row);
  return signatures[0]?.party === user.party && signatures[0].role === user.role;
};

const atDoors = TABLES.flatMap(({ question, name, rows }) =>
  question === 'upgrade' || question === 'cancel' || question === 'intake'
    ? [{ name, question, rows: rows.filter((row) => canCome(question, row)) }]
    : [],
);

describe.each(atDoors)('at the door of the table $name', ({ question, rows }) => {
  const door = doors[question];
  const yes = question === 'intake' ? 'forward' : 'allow';

  test('what the table allows is allowed, and recognised as such where it can start something [R-PPMID-01]', () => {
    for (const row of rows.filter(({ refuse }) => refuse === undefined)) {
      const decision = door(row);
      expect([row.name, decision.verdict]).toEqual([row.name, yes]);
      expect(isAllowed(decision as never)).toBe(question !== 'intake');
    }
  });

  test('what it refuses is refused, with every fact and for the same reason, and is not recognised as allowed [R-AUD-01]', () => {
    for (const row of rows.filter(({ refuse }) => refuse !== undefined)) {
      const decision = door(row);
      const { rule, code } = row.refuse!;
      expect(decision).toMatchObject({ verdict: 'refuse', rule, code, facts: { now: factsOf(question, row).now } });
      expect(isAllowed(decision as never)).toBe(false);
    }
  });

  test('what it refuses would be allowed without the very rules that object: none is idle, none stands in for another', () => {
    for (const row of rows) {
      if (row.refuse === undefined) continue;
      const objecting = [row.refuse.rule, ...(row.refuse.also ?? []).map((each) => each.split(' ')[0] ?? '')];
      expect([row.name, door(row, objecting).verdict]).toEqual([row.name, yes]);
      expect([row.name, door(row, objecting.slice(1)).verdict]).toEqual([row.name, 'refuse']);
    }
  });
});

describe('the doors', () => {
  const real = createPolicy({ isCountersigned, isUserSigned });
  const good = facts('update');
  const around = { ...situation(good), signers: p.SIGNERS_FACTS };

  test('take what messages/ opened, and decide on it [R-PPMID-01, R-SIGN-01]', () => {
    const opened = p.must(openCountersigned(p.signed({ ...p.UPDATE, image: good.request.image }, [p.DCC]), p.CONTEXT));
    if (!asksUpdate(opened)) throw new Error('not an update');
    const decision = real.upgrade(opened, around);
    expect(decision).toMatchObject({
      verdict: 'allow',
      response: 'I0',
      countersigned: opened,
      facts: {
        user: { party: p.LEAD.signer.party, role: 'import-supplier' },
        signatures: [{ kid: p.LEAD.key.kid }, { kid: p.DCC.key.kid, role: 'dcc-countersigner' }],
      },
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
    const image = good.request.image;
    const opened = p.must(openUserSigned(p.signed({ ...p.UPDATE, image }), p.CONTEXT));
    const atIntake = { ...around, steps: factsOf('intake').steps };
    expect(real.intake(opened, atIntake)).toMatchObject({ verdict: 'forward' });
    const countersigners = { ...opened, countersigners: [] };
    expect(real.upgrade(countersigners as never, around)).toMatchObject({ verdict: 'refuse', code: 'not-countersigned' });
  });

  test('take request, signer and signatures from the message, whatever the situation holds besides', () => {
    const smuggled = {
      ...situation(good),
      user: { party: p.LEAD.signer.party, role: 'import-supplier', name: 'x' },
      signatures: good.signatures,
      request: good.request,
    };
    const rival = signedAs(facts('update', { 'user.party': p.RIVAL.signer.party }));
    const decision = policy(['signatures']).upgrade(rival, smuggled);
    expect(decision).toMatchObject({ verdict: 'refuse', code: 'not-lead-supplier', facts: { user: { party: p.RIVAL.signer.party } } });
  });

  test('throw when a request is brought to the wrong one', () => {
    expect(() => policy().upgrade(signedAs(facts('cancel')) as never, around)).toThrow(Fault);
    expect(() => policy().cancel(signedAs(good) as never, around)).toThrow(Fault);
  });

  test('make decisions that are recognised by registry and not by shape', () => {
    const decision = policy().upgrade(signedAs(good), situation(good));
    expect(isAllowed(decision as never)).toBe(true);
    expect(isAllowed({ ...decision } as never)).toBe(false);
  });

  test('judge a cancellation at intake by who asks and when alone [R-CHURN-01, R-PPMID-02]', () => {
    const cancel = facts('cancel', { moment: 'intake' });
    expect(policy().intake(signedAs(cancel), situation(cancel))).toMatchObject({ verdict: 'forward' });
    const gas = facts('cancel', { 'user.party': '0200000000000102', 'user.role': 'gas-supplier' });
    expect(policy().intake(signedAs(gas), situation(gas))).toMatchObject({ verdict: 'refuse', code: 'gas-supplier' });
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

test('the tables of the doors are those of the questions', () => {
  expect(table('cancel').question).toBe('cancel');
  expect(atDoors.length).toBeGreaterThan(8);
});
