/**
 * The service itself is dated: the rights and obligations for PPMID firmware began on 24 November 2020, not on a date proposed
 * before. The day is the direction's (002), which dates the texts; that they carry the service is told by the letter (002 4, 12). A hub whose clock was never set is refused by the same rule.
 */
import type { Facts, Rule } from '../model/decision.ts';
import { instant } from '../model/calendar.ts';

/** 2020-11-24T00:00:00, when UK time is UTC. */
export const SERVICE_IN_FORCE = 1_606_176_000;

/** Refuses with `not-in-force` before the day. */
export const inForceRule: Rule<Pick<Facts, 'now'>> = {
  name: 'in-force',
  requirements: ['R-PPMID-10'],
  family: 'S1SR',
  instants: () => [{ what: 'PPMID firmware in force', at: SERVICE_IN_FORCE }],
  check: ({ now }) =>
    now >= SERVICE_IN_FORCE
      ? undefined
      : {
          code: 'not-in-force',
          detail: `PPMID firmware upgrades are in force from ${instant(SERVICE_IN_FORCE)}, it is ${instant(now)}`,
          requirements: ['R-PPMID-10'],
        },
};
