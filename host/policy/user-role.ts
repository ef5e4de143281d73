/**
 * Roles that may ask for Update Firmware at all: import and gas supplier, as the matrix of DUIS has it for 11.1. This is
 * only the first sieve. It lets the gas supplier through; who of them is responsible for the device is `lead-supplier`.
 * Where a register of User roles is at hand, the party must hold the role in which it signs.
 */
import type { Facts, Objection, Rule } from '../model/decision.ts';
import type { UsersStatement } from '../model/regulation.ts';
import type { Role } from '../model/service-request.ts';
import { holdsAt, inForce } from './standing.ts';
import { instant } from '../model/calendar.ts';

const ELIGIBLE: readonly Role[] = ['import-supplier', 'gas-supplier'];

/** Refuses every other role with `role-not-eligible`, a role that the party does not hold with `role-not-held`. */
export const userRoleRule: Rule<Pick<Facts, 'now' | 'user' | 'users'>> = {
  name: 'user-role',
  requirements: ['R-CHFW-02', 'R-PPMID-05'],
  dated: ['users'],
  family: 'DUIS',
  check({ now, user, users }) {
    if (ELIGIBLE.some((role) => role === user.role)) return notHeld(users, user, now);
    return {
      code: 'role-not-eligible',
      detail: `${user.name} (${user.party}) signs in the role ${user.role}, which may not ask for firmware`,
      requirements: ['R-CHFW-02', 'R-PPMID-05'],
    };
  },
};

/** Why a party may not act in a role at a time, by the register of User roles; undefined = it may, or there is no register. */
export function notHeld(users: UsersStatement | undefined, user: Facts['user'], now: number): Objection | undefined {
  if (users === undefined) return undefined;
  if (inForce(users, now) && users.users.some((each) => each.party === user.party && each.role === user.role && holdsAt(each, now)))
    return undefined;
  const detail = `${user.name} (${user.party}) does not hold the User role ${user.role} at ${instant(now)}`;
  return { code: 'role-not-held', detail, requirements: ['R-CHFW-02'] };
}
