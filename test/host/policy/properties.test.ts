/**
 * What holds of every decision, on random facts and on random signed bytes. Short runs are a tenth of the whole: HEARTHGATE_LONG=1 asks a million pure cases and ten
 * thousand from signed bytes.
 */
import { describe, expect, test } from 'vitest';
import { isCountersigned, isUserSigned, openCountersigned } from '../../../host/messages/open.ts';
import type { Answer, Facts, Rule } from '../../../host/model/decision.ts';
import type { SupplierPeriod } from '../../../host/model/register.ts';
import { asksUpdate } from '../../../host/model/service-request.ts';
import { createPolicy } from '../../../host/policy/decide.ts';
import { ask, QUESTIONS, type Asked, type Question } from '../../../host/policy/questions.ts';
import { Chance, factsBy, RANDOM_QUESTIONS } from '../../kit/naive/random.ts';
import * as p from '../messages/parties.ts';
import { facts as factsOf, situation } from './table.ts';

const SCALE = process.env['HEARTHGATE_LONG'] === undefined ? 1 : 10;

/** What every question about a signed order is asked on. */
type Signed = Pick<Facts, 'now' | 'accepted' | 'user' | 'signatures' | 'signers' | 'suppliers' | 'gateway'>;

/** Two signatures of distinct keys and roles, each of a key that counts, and the first one's party is the Lead Supplier now: said once more, plainly. */
function hasAuthority({ now, accepted, user, signatures, signers, suppliers, gateway }: Signed): boolean {
  const counting = signatures.filter(({ kid, role, party }) => {
    const key = signers?.signers.find((each) => each.kid === kid && each.role === role && each.party === party);
    const at = accepted ?? now;
    return key !== undefined && (key.from ?? 0) <= at && at < (key.to ?? Infinity) && now < (key.revoked ?? Infinity);
  });
  const distinct = new Set(counting.map(({ kid }) => kid)).size >= 2 && new Set(counting.map(({ role }) => role)).size >= 2;
  const leads = (suppliers?.lead ?? []).filter(({ from, to = Infinity }) => from <= now && now < to);
  const isLead = suppliers?.gateway === gateway && leads.length === 1 && leads[0]?.party === user.party;
  return distinct && signatures[0]?.party === user.party && isLead;
}

describe('whatever the facts are', () => {
  test.each([
    ['upgrade', 40_000],
    ['cancel', 24_000],
    ['change-hub', 12_000],
    ['decommission', 12_000],
    ['configure-hub', 12_000],
  ] as const)(
    'no %s is allowed without two counting signatures of distinct roles, the first the Lead Supplier’s of now [R-SIGN-01, R-PPMID-01, R-DEC-01]',
    { timeout: 600_000 },
    (question, runs) => {
      const next = factsBy(question, 11) as () => Signed;
      const rules = QUESTIONS[question] as readonly Rule<Signed>[];
      let [allowed, without] = [0, 0];
      for (let n = runs * SCALE; n > 0; n--) {
        const facts = next();
        const authority = hasAuthority(facts);
        if (!authority) without++;
        if (rules.some(({ check }) => check(facts) !== undefined)) continue;
        allowed++;
        if (!authority) expect(facts).toBe('never allowed');
      }
      expect([allowed > runs / 50, without > runs / 20]).toEqual([true, true]);
    },
  );
});

describe('whatever bytes come', () => {
  const USERS = [p.LEAD, p.LEAD, p.GAS, p.RIVAL];
  const COUNTERS = [p.DCC, p.DCC_2, p.S1SP_XML, p.REGISTRATION, p.HUB, p.LEAD, p.GAS];
  const policy = createPolicy({ isCountersigned, isUserSigned });
  const base = factsOf('update');
  const around = { ...situation(base), signers: p.SIGNERS_FACTS };

  test(
    'none are allowed but those of the Lead Supplier with one good countersignature, not one bit changed [R-SIGN-01, R-PPMID-01, R-SIGN-02]',
    { timeout: 600_000 },
    () => {
      const chance = new Chance(5);
      const counts = { allowed: 0, refused: 0 };
      for (let n = 1_000 * SCALE; n > 0; n--) {
        const user = chance.pick(USERS);
        const counters = chance.once(3)
          ? Array.from({ length: chance.next(3) }, () => chance.pick(COUNTERS))
          : [chance.pick([p.DCC, p.DCC_2])];
        const forgedUser = chance.once(8);
        const forgedCounter = chance.once(8) && counters.length > 0;
        const signing = counters.map((each, i) => (forgedCounter && i === 0 ? p.impostor(each) : each));
        const request = { ...p.UPDATE, originator: user.signer.party, image: base.request.image, counter: 1_000n + BigInt(n) };
        const bytes = p.signed(request, signing, forgedUser ? p.impostor(user) : user);
        const flip = chance.once(4) ? chance.next(bytes.length * 8) : undefined;
        if (flip !== undefined) bytes[flip >> 3]! ^= 1 << (flip & 7);
        const lead: readonly SupplierPeriod[] = chance.once(4)
          ? [{ party: p.RIVAL.signer.party, from: 0, to: undefined }]
          : base.suppliers!.lead;
        const opened = openCountersigned(bytes, p.CONTEXT);
        const verdict =
          opened.ok && asksUpdate(opened.value)
            ? policy.upgrade(opened.value, { ...around, suppliers: { ...base.suppliers!, lead } }).verdict
            : 'refuse';
        const now = lead.filter(({ from, to = Infinity }) => from <= p.NOW && p.NOW < to).map(({ party }) => party);
        const good =
          !forgedUser &&
          !forgedCounter &&
          flip === undefined &&
          counters.length === 1 &&
          (counters[0] === p.DCC || counters[0] === p.DCC_2);
        const right = good && user.signer.role === 'import-supplier' && now.length === 1 && now[0] === user.signer.party;
        if ((verdict === 'allow') !== right)
          expect({ user: user.signer.name, counters: counters.map(({ signer }) => signer.name), flip }).toBe(verdict);
        counts[verdict === 'allow' ? 'allowed' : 'refused']++;
      }
      expect([counts.allowed > 100 * SCALE, counts.refused > 100 * SCALE]).toEqual([true, true]);
    },
  );
});

describe.each(RANDOM_QUESTIONS)('time, of %s,', (question) => {
  const runs = (question === 'upgrade' ? 4_000 : 1_000) * SCALE;
  const at = (facts: Asked[Question], now: number): Answer => ask(question, { ...facts, now });
  const shown = (answer: Answer): string => (answer.verdict === 'allow' ? 'allow' : answer.code);
  const withoutRecord = (next: () => Asked[Question]) => () => ({ ...next(), latest: 0 });
  const instantsOf = ({ boundaries }: Answer): number[] => [...new Set(boundaries.map((each) => each.at))];
  /** Longer before the first instant, or after the last, than anything looks back. */
  const FAR = 10_000_000;

  test(
    'that passes changes an answer at the boundaries that both answers name, and nowhere before, between or after them',
    { timeout: 600_000 },
    () => {
      const [next, chance] = [withoutRecord(factsBy(question, 23)), new Chance(29)];
      let opened = 0;
      for (let n = runs; n > 0; n--) {
        const facts = next();
        const named = instantsOf(at(facts, facts.now));
        const instants = [(named[0] ?? 0) - FAR, ...named, (named.at(-1) ?? 0) + FAR];
        const i = chance.next(instants.length - 1);
        const [from, to] = [instants[i] as number, instants[i + 1] as number];
        const [first, last, crossed] = [at(facts, from), at(facts, to - 1), at(facts, to)];
        if (shown(first) !== shown(last)) expect({ facts, from, to, first: shown(first) }).toEqual({ last: shown(last) });
        if (last.verdict !== 'refuse' || crossed.verdict !== 'allow') continue;
        opened++;
        for (const answer of [last, crossed]) expect(instantsOf(answer)).toContain(to);
      }
      expect(opened).toBeGreaterThan(0);
    },
  );

  test(
    'between any two moments makes an allowance of a refusal only over a boundary that both name [R-PPMID-10]',
    { timeout: 600_000 },
    () => {
      const [next, chance] = [withoutRecord(factsBy(question, 31)), new Chance(37)];
      let opened = 0;
      for (let n = runs; n > 0; n--) {
        const facts = next();
        const instants = [facts.now, ...instantsOf(at(facts, facts.now))];
        const around = (): number => Math.max(0, chance.pick(instants) + chance.pick([-1, 0, 1, 50]));
        const [a, b] = [around(), around()].toSorted((x, y) => x - y) as [number, number];
        const [before, after] = [at(facts, a), at(facts, b)];
        if (before.verdict !== 'refuse' || after.verdict !== 'allow') continue;
        opened++;
        const between = ({ boundaries }: Answer): string[] =>
          boundaries.filter((each) => a < each.at && each.at <= b).map(({ what }) => what);
        expect(between(before).length).toBeGreaterThan(0);
        expect(between(before)).toEqual(between(after));
      }
      expect(opened).toBeGreaterThan(2);
    },
  );

  test('that is set back allows nothing: what stands on record is later', { timeout: 600_000 }, () => {
    const [next, chance] = [withoutRecord(factsBy(question, 41)), new Chance(43)];
    let wouldOpen = 0;
    for (let n = runs; n > 0; n--) {
      const facts = next();
      const back = facts.now - 1 - chance.pick([0, 10, 100_000, 40_000_000]);
      if (back < 0) continue;
      if (at(facts, facts.now).verdict === 'refuse' && at(facts, back).verdict === 'allow') wouldOpen++;
      expect(shown(at({ ...facts, latest: facts.now }, back))).toBe('clock-behind');
    }
    // A block goes on until its end whatever the clock says; everything else has a day on which it ended.
    expect(wouldOpen > 0).toBe(question !== 'access');
  });
});
