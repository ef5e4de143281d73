/**
 * What results must be on the SMETS1 Eligible Product Combinations, for each Smart Metering System at the premises: that each model stands
 * somewhere on the list is not enough [R-EPC-02, R-EPC-04]. Being on it is enough: no other gate of interoperability is asked [R-EPC-05].
 *
 * 004 §2.6 says so of hub firmware and of a replaced hub [R-LEAD-04]. That it holds for PPMID firmware is an inference: 002 §6 makes the
 * PPMID regime an extension of the hub's, and a PPMID's new firmware changes the combination in the same way. Device Models are looked
 * at, never the image file.
 *
 * A combination is a set of Device Models by type: two devices of one Device Model count once. An entry is about one system, or about
 * a home with both fuels as a whole. Every version must have been read: with one unknown nobody can say that the combination is listed.
 */
import type { Facts, Objection, Rule } from '../model/decision.ts';
import type { CombinationsStatement } from '../model/register.ts';
import type { UpdateFirmware } from '../model/service-request.ts';
import type { Member } from './resulting.ts';
import { resultingCombination, sameModel, systemsOf } from './resulting.ts';
import { inForce } from './standing.ts';
import { version } from './wording.ts';

/** Refuses with `no-combinations-list`, `member-version-unknown` or `combination-not-eligible`. */
export const combinationsRule: Rule<Facts<UpdateFirmware>> = {
  name: 'combinations',
  requirements: ['R-EPC-02', 'R-EPC-04', 'R-EPC-05', 'R-LEAD-04', 'R-DM-01', 'R-DEV-02'],
  dated: ['combinations'],
  family: 'SEC',
  inference: 'that PPMID firmware must leave eligible combinations, as hub firmware must: 002 §6 makes it the same regime',
  check: (facts) => notEligible(facts.combinations, resultingCombination(facts), facts.now),
};

/** Why a home's combination is not eligible at a time; undefined = it is. */
export function notEligible(
  list: CombinationsStatement | undefined,
  home: readonly (Member & { readonly eui: string })[],
  now: number,
): Objection | undefined {
  if (list === undefined || !inForce(list, now)) {
    const detail = 'there is no list of Eligible Product Combinations in force';
    return { code: 'no-combinations-list', detail, requirements: ['R-EPC-02'] };
  }
  const unread = home.find(({ firmwareVersion }) => firmwareVersion === undefined);
  if (unread !== undefined) {
    const detail = `the firmware version of ${unread.type} ${unread.eui} is not known, so neither is the combination`;
    return { code: 'member-version-unknown', detail, requirements: ['R-EPC-04'] };
  }
  const missing = missingSystems(list, home);
  if (missing.length === 0) return undefined;
  const named = missing.map(({ fuel, members }) => `${fuel === 'none' ? '' : `${fuel}: `}${members.map(shown).join(' + ')}`);
  const detail = `not on the list of Eligible Product Combinations version ${list.version}: ${named.join('; ')}`;
  return { code: 'combination-not-eligible', detail, requirements: ['R-EPC-02', 'R-EPC-04', 'R-LEAD-04'] };
}

/** The systems of a home that are not listed; none when the home as a whole is. */
export function missingSystems<T extends Member>({ combinations }: Pick<CombinationsStatement, 'combinations'>, home: readonly T[]) {
  const listed = (wanted: readonly T[]): boolean => combinations.some((entry) => covers(entry, wanted) && covers(wanted, entry));
  return listed(home) ? [] : systemsOf(home).filter(({ members }) => !listed(members));
}

/** True when every member of `inner` is one of `outer`. */
export const covers = (outer: readonly Member[], inner: readonly Member[]): boolean =>
  inner.every((a) => outer.some((b) => a.type === b.type && sameModel(a, b)));

const shown = (of: Member): string => `${of.type} ${of.model} ${version(of.firmwareVersion)}`;
