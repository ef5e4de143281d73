/**
 * The resulting whole combination of hub and devices must be on the SMETS1 Eligible Product Combinations: that each
 * model stands somewhere on the list is not enough [R-EPC-02, R-EPC-04].
 *
 * 004 §2.6 says so of hub firmware [R-LEAD-04]. That it holds for PPMID firmware is an inference: 002 §6 makes the PPMID
 * regime an extension of the hub's, and a PPMID's new firmware changes the combination in the same way.
 *
 * A combination is a set of Device Models by type: two devices of one Device Model count once. All others need a version
 * that was read: with one unknown nobody can say that the combination is listed.
 */
import type { Facts, Rule } from '../model/decision.ts';
import type { UpdateFirmware } from '../model/service-request.ts';
import type { Member } from './resulting.ts';
import { resultingCombination, sameModel } from './resulting.ts';
import { inForce } from './standing.ts';
import { version } from './wording.ts';

/** Refuses with `no-combinations-list`, `member-version-unknown` or `combination-not-eligible`. */
export const combinationsRule: Rule<Facts<UpdateFirmware>> = {
  name: 'combinations',
  requirements: ['R-EPC-02', 'R-EPC-04', 'R-LEAD-04'],
  check(facts) {
    const { combinations: list, now } = facts;
    if (list === undefined || !inForce(list, now)) {
      const detail = 'there is no list of Eligible Product Combinations in force';
      return { code: 'no-combinations-list', detail, requirements: ['R-EPC-02'] };
    }
    const wanted = resultingCombination(facts);
    const unread = wanted.find(({ firmwareVersion }) => firmwareVersion === undefined);
    if (unread !== undefined) {
      const detail = `the firmware version of ${unread.type} ${unread.eui} is not known, so neither is the combination`;
      return { code: 'member-version-unknown', detail, requirements: ['R-EPC-04'] };
    }
    if (list.combinations.some((listed) => covers(listed, wanted) && covers(wanted, listed))) return undefined;
    const members = wanted.map((of) => `${of.type} ${of.model} ${version(of.firmwareVersion)}`).join(' + ');
    const detail = `${members} is not on the list of Eligible Product Combinations version ${list.version}`;
    return { code: 'combination-not-eligible', detail, requirements: ['R-EPC-02', 'R-EPC-04'] };
  },
};

/** True when every member of `inner` is one of `outer`. */
const covers = (outer: readonly Member[], inner: readonly Member[]): boolean =>
  inner.every((a) => outer.some((b) => a.type === b.type && sameModel(a, b)));
