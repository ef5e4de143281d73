/** Pending combinations: asking, testing, ending, and who may see what. */
import { describe, expect, test } from 'vitest';
import { eui64 } from '../../../host/model/ids.ts';
import type { PendingEntry } from '../../../host/model/regulation.ts';
import { conclude, deviceTest, open, request, sameCombination, view, type Lists } from '../../../host/policy/pending.ts';
import * as p from '../messages/parties.ts';

const MODEL = { manufacturer: 1, model: 'A', hardwareVersion: 1, firmwareVersion: 1 };
const HUB = { ...MODEL, type: 'chf', model: 'HUB' };
const COMBINATION = [HUB, { ...MODEL, type: 'esme' }];
const OTHER = [HUB, { ...MODEL, type: 'gsme' }];
const [maker, other] = [eui64('0200000000000501'), eui64('0200000000000502')];
const NOTHING: Lists = { eligible: [], pending: [] };

const entry = (change: Partial<PendingEntry> = {}): Omit<PendingEntry, 'status'> => {
  const { status: _status, ...rest } = { ...ENTRY, ...change };
  return rest;
};
const ENTRY: PendingEntry = {
  combination: COMBINATION,
  requester: maker,
  requesterIsParty: false,
  reason: 'upgrade',
  requested: 1_750_000_000,
  forecast: true,
  status: 'requested',
  shared: false,
};
const testing = (): Lists => p.must(open(p.must(request(NOTHING, entry())).lists, COMBINATION));

describe('a request for a test', () => {
  test('of a manufacturer that is no party is taken like any other, listed with requester, reason and date [R-PPC-03, R-PPC-01, R-PPC-05]', () => {
    const { lists, warning } = p.must(request(NOTHING, entry()));
    expect(lists.pending).toEqual([{ ...ENTRY, status: 'requested' }]);
    expect([lists.eligible, warning]).toEqual([[], undefined]);
    for (const reason of ['upgrade', 'replacement', 'pre-existing'] as const) expect(request(NOTHING, entry({ reason })).ok).toBe(true);
  });
  test('without a forecast is taken with a warning on record [R-PPC-08]', () => {
    expect(p.must(request(NOTHING, entry({ forecast: false }))).warning).toContain('not announced');
  });
  test('of what is eligible or under test is none', () => {
    expect(request({ eligible: [COMBINATION.toReversed()], pending: [] }, entry())).toMatchObject({ ok: false, code: 'already-eligible' });
    expect(request(testing(), entry())).toMatchObject({ ok: false, code: 'already-pending' });
    expect(request(testing(), entry({ combination: OTHER })).ok).toBe(true);
  });
});

describe('a test', () => {
  test('that passes moves the combination from the one list to the other in one step: never on both, never on neither [R-PPC-02, R-PPC-04, R-EPC-01]', () => {
    const passed = p.must(conclude(testing(), COMBINATION, 'passed'));
    const on = ({ eligible, pending }: Lists): readonly boolean[] => [
      eligible.some((each) => sameCombination(each, COMBINATION)),
      pending.some((each) => sameCombination(each.combination, COMBINATION)),
    ];
    expect([on(testing()), on(passed)]).toEqual([
      [false, true],
      [true, false],
    ]);
  });
  test('that fails keeps it pending and not eligible; one may ask again', () => {
    const failed = p.must(conclude(testing(), COMBINATION, 'failed', 'no answer to 4.1.1'));
    expect([failed.eligible, failed.pending[0]?.status]).toEqual([[], 'failed']);
    expect(open(failed, COMBINATION).ok).toBe(true);
  });
  test('that would need systems or the Code to change ends the duty to test: no further slot without a new request [R-PPC-06]', () => {
    const ended = p.must(conclude(testing(), COMBINATION, 'modification-required', 'needs another alert'));
    expect(open(ended, COMBINATION)).toMatchObject({ ok: false, code: 'modification-required' });
    expect(p.must(request(ended, entry())).lists.pending[0]?.status).toBe('requested');
  });
  test('of what nobody asked for, or that was not begun, has no result', () => {
    expect(conclude(NOTHING, COMBINATION, 'passed')).toMatchObject({ code: 'not-pending' });
    expect(open(NOTHING, COMBINATION)).toMatchObject({ code: 'not-pending' });
    expect(conclude(p.must(request(NOTHING, entry())).lists, COMBINATION, 'passed')).toMatchObject({ code: 'not-testing' });
  });
});

describe('what went wrong', () => {
  const failed = { ...ENTRY, status: 'failed' as const, findings: 'no answer to 4.1.1' };
  test('is told to who asked, and to others only if that one shares it [R-PPC-03, R-PPC-07]', () => {
    expect(view(failed, maker)).toMatchObject({ status: 'failed', findings: 'no answer to 4.1.1' });
    expect(view(failed, other)).toEqual({ status: 'failed', findings: undefined, route: undefined });
    expect(view({ ...failed, shared: true }, other).findings).toBe('no answer to 4.1.1');
  });
  test('is told with the way to a change: a party raises a modification, a maker has a supplier raise it [R-PPC-09]', () => {
    const ended = { ...failed, status: 'modification-required' as const };
    expect(view(ended, maker).route).toBe('have a supplier raise a Modification Proposal');
    expect(view({ ...ended, requesterIsParty: true }, maker).route).toBe('raise a Modification Proposal');
    expect([view(ended, other).route, view(failed, maker).route]).toEqual([undefined, undefined]);
  });
});

test('a device test is for eligible combinations; for others the way is the pending one [R-TEST-02]', () => {
  expect(deviceTest({ eligible: [COMBINATION], pending: [] }, COMBINATION).ok).toBe(true);
  expect(deviceTest(testing(), COMBINATION)).toMatchObject({
    ok: false,
    code: 'not-eligible',
    detail: expect.stringContaining('pending') as string,
  });
});
