/**
 * Half-hourly data (003 §2). The hub has one switch for all meters, and consent is per meter and per Responsible Supplier of that fuel: the
 * switch may be on only while every meter whose data it would send has a consent, given to its supplier of now, that has not ended. A
 * consent ends with a change of tenant, a change of supplier or its revocation. Data that comes without one is delivered to nobody.
 *
 * Off is asked for by a Responsible Supplier too, of any of the meters: it is the one who answers for a consent that ended, and the switch is one
 * for both fuels. It needs no consent. Nobody has to ask where a consent is missing: whoever keeps the switch turns it off of itself [R-HH-08].
 */
import type { Facts, Objection, Rule } from '../model/decision.ts';
import type { Eui64 } from '../model/ids.ts';
import type { Consent } from '../model/regulation.ts';
import { supplierOf } from './standing.ts';
import { instant } from '../model/calendar.ts';

/** A meter whose data the switch would send. */
export interface Meter {
  readonly eui: Eui64;
  readonly fuel: Consent['fuel'];
}

/** The hub's switch, and when it last said so; `unknown` while it never did [R-HH-10]. */
export interface Switch {
  readonly state: 'on' | 'off' | 'unknown';
  readonly confirmed?: number | undefined;
}

/** What is looked at. */
export interface HalfHourly extends Pick<Facts, 'now' | 'gateway' | 'suppliers'> {
  readonly user: Facts['user'];
  readonly meters: readonly Meter[];
  readonly consents: readonly Consent[];
  /** The switch can be turned after migration [R-HH-04]. */
  readonly control: boolean;
  readonly switch: Switch;
}

/** Refuses with `not-supported`: before the first quarter of 2021 nobody could turn the switch after migration. */
export const switchControlRule: Rule<HalfHourly> = {
  name: 'switch-control',
  requirements: ['R-HH-04'],
  family: 'TMAD',
  check: ({ control }) =>
    control
      ? undefined
      : {
          code: 'not-supported',
          detail: 'the half-hourly function of this hub cannot be turned after migration',
          requirements: ['R-HH-04'],
        },
};

/** Refuses with `not-responsible-supplier`: neither on nor off is for somebody who supplies none of the meters now. */
export const switchPartyRule: Rule<HalfHourly> = {
  name: 'switch-party',
  requirements: ['R-HH-02', 'R-HH-08'],
  dated: ['suppliers'],
  family: 'TMAD',
  check: (facts) =>
    facts.meters.some(({ fuel }) => supplierOf(facts, fuel) === facts.user.party)
      ? undefined
      : {
          code: 'not-responsible-supplier',
          detail: `${facts.user.party} supplies none of these meters`,
          requirements: ['R-HH-02', 'R-HH-08'],
        },
};

/** Refuses with `no-consent`, naming the meter. */
export const consentRule: Rule<HalfHourly> = {
  name: 'consent',
  requirements: ['R-HH-01', 'R-HH-02', 'R-HH-08'],
  dated: ['suppliers', 'consents'],
  family: 'TMAD',
  check: (facts) => missingConsent(facts),
};

/** Why the switch must be off now; undefined = it may be on. Whoever finds it on then turns it off where it can be turned. */
export function missingConsent(facts: Pick<HalfHourly, 'now' | 'gateway' | 'suppliers' | 'meters' | 'consents'>): Objection | undefined {
  const { meters, consents, now } = facts;
  if (meters.length === 0) return { code: 'no-consent', detail: 'no meter is known whose data would be sent', requirements: ['R-HH-02'] };
  for (const { eui, fuel } of meters) {
    const supplier = supplierOf(facts, fuel);
    if (
      supplier !== undefined &&
      consents.some((consent) => consent.meter === eui && consent.fuel === fuel && consentHolds(consent, supplier, now))
    ) {
      continue;
    }
    const ended = consents.find((consent) => consent.meter === eui && consent.ended !== undefined && consent.ended.at <= now)?.ended;
    const why = ended === undefined ? 'there is no consent' : `the consent ended with ${ended.why} at ${instant(ended.at)}`;
    return {
      code: 'no-consent',
      detail: `${fuel} meter ${eui}: ${why}`,
      requirements: ended === undefined ? ['R-HH-02'] : ['R-HH-02', 'R-HH-08'],
    };
  }
  return undefined;
}

/** True while a consent holds for a supplier. */
export const consentHolds = ({ supplier, from, ended }: Consent, by: Eui64, at: number): boolean =>
  supplier === by && from <= at && (ended === undefined || at < ended.at);
