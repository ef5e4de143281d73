/**
 * Roles that may ask for Update Firmware at all: import and gas supplier, as the matrix of DUIS has it for 11.1. This is
 * only the first sieve. It lets the gas supplier through; who of them is responsible for the device is `lead-supplier`.
 */
import type { IntakeFacts, Rule } from '../model/decision.ts';
import type { Role } from '../model/service-request.ts';

const ELIGIBLE: readonly Role[] = ['import-supplier', 'gas-supplier'];

/** Refuses every other role with `role-not-eligible`. */
export const userRoleRule: Rule<IntakeFacts> = {
  name: 'user-role',
  requirements: ['R-CHFW-02', 'R-PPMID-05'],
  check: ({ user }) =>
    ELIGIBLE.some((role) => role === user.role)
      ? undefined
      : {
          code: 'role-not-eligible',
          detail: `${user.name} (${user.party}) signs in the role ${user.role}, which may not ask for firmware`,
          requirements: ['R-CHFW-02', 'R-PPMID-05'],
        },
};
