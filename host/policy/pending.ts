/**
 * SMETS1 Pending Product Combinations: asking for a test, and how it ends (004 2.5, 6.5, 6.10-6.15). A combination is never on both lists and
 * never lost between them: what passes leaves the one and joins the other in one step.
 */
import type { CombinationMember } from '../model/dated.ts';
import { refuse, ok, type Result } from '../model/fault.ts';
import type { Eui64 } from '../model/ids.ts';
import type { PendingEntry } from '../model/regulation.ts';
import { covers } from './combinations.ts';

/** Both lists [R-PPC-01]. */
export interface Lists {
  readonly eligible: readonly (readonly CombinationMember[])[];
  readonly pending: readonly PendingEntry[];
}

/** How a test of what requests and alerts do with a combination ended [R-PPC-04]. `modification-required`: it could pass only if the DCC's systems or the Code changed. */
export type TestResult = 'passed' | 'failed' | 'modification-required';

/** What somebody may see of an entry. */
export interface PendingView {
  readonly status: PendingEntry['status'];
  readonly findings: string | undefined;
  /** How to get the change that stands in the way. */
  readonly route: string | undefined;
}

/** True for the same combination. */
export const sameCombination = (a: readonly CombinationMember[], b: readonly CombinationMember[]): boolean => covers(a, b) && covers(b, a);

/**
 * Puts a combination on the pending list, whoever asks, with who and when [R-PPC-01, R-PPC-03, R-PPC-05], with a warning if it was not announced [R-PPC-08]. Refused when it is eligible already, when it is being tested, and with
 * `modification-required` when testing of it ended that way: that takes a new request for another combination or another time.
 */
export function request(
  lists: Lists,
  entry: Omit<PendingEntry, 'status'>,
): Result<{ readonly lists: Lists; readonly warning: string | undefined }> {
  if (lists.eligible.some((each) => sameCombination(each, entry.combination)))
    return refuse('already-eligible', 'the combination is eligible already');
  const known = lists.pending.find((each) => sameCombination(each.combination, entry.combination));
  if (known !== undefined && known.status !== 'failed' && known.status !== 'modification-required')
    return refuse('already-pending', 'the combination is under test');
  const others = lists.pending.filter((each) => each !== known);
  const warning = entry.forecast ? undefined : 'use of the test was not announced beforehand';
  return ok({ lists: { ...lists, pending: [...others, { ...entry, status: 'requested' }] }, warning });
}

/** Opens a test slot. Refused `not-pending`, and `modification-required` once testing ended that way: the duty to test is over [R-PPC-06]. */
export function open(lists: Lists, combination: readonly CombinationMember[]): Result<Lists> {
  const found = lists.pending.find((each) => sameCombination(each.combination, combination));
  if (found === undefined) return refuse('not-pending', 'nobody asked for a test of this combination');
  if (found.status === 'modification-required')
    return refuse('modification-required', 'testing ended: it takes a change of systems or Code, and a new request');
  return ok({ ...lists, pending: lists.pending.map((each) => (each === found ? { ...each, status: 'testing' as const } : each)) });
}

/** Takes a result. What passed moves from the one list to the other [R-PPC-02]. Refused `not-pending` or `not-testing`. */
export function conclude(lists: Lists, combination: readonly CombinationMember[], result: TestResult, findings?: string): Result<Lists> {
  const found = lists.pending.find((each) => sameCombination(each.combination, combination));
  if (found === undefined) return refuse('not-pending', 'nobody asked for a test of this combination');
  if (found.status !== 'testing') return refuse('not-testing', `the combination is ${found.status}, not under test`);
  const others = lists.pending.filter((each) => each !== found);
  if (result === 'passed') return ok({ eligible: [...lists.eligible, found.combination], pending: others });
  return ok({ ...lists, pending: [...others, { ...found, status: result, findings }] });
}

/** What a party may see: the status always, the findings if it asked for the test or the requester shares them [R-PPC-07]; who asked is told the way to a change [R-PPC-09]. */
export function view(entry: PendingEntry, by: Eui64): PendingView {
  const told = entry.requester === by || entry.shared;
  return { status: entry.status, findings: told ? entry.findings : undefined, route: entry.requester === by ? routeOf(entry) : undefined };
}

/** May a device test be made with a combination? For an eligible one yes; otherwise the way is a pending-combination test [R-TEST-02]. */
export const deviceTest = (lists: Lists, combination: readonly CombinationMember[]): Result<true> =>
  lists.eligible.some((each) => sameCombination(each, combination))
    ? ok(true)
    : refuse('not-eligible', 'device tests are for eligible combinations; ask for a test of the pending combination instead');

function routeOf({ status, requesterIsParty }: PendingEntry): string | undefined {
  if (status !== 'modification-required') return undefined;
  return requesterIsParty ? 'raise a Modification Proposal' : 'have a supplier raise a Modification Proposal';
}
