/**
 * Half-hourly data that came in: handed to the Responsible Supplier who holds a consent for its meter, and to nobody else. From a hub whose
 * switch is off there is none, and that is what the answer says, not an empty series [R-HH-03]. What came without consent is kept from
 * everybody, flagged to be purged, and somebody is told [R-HH-09].
 */
import type { Facts, Rule } from '../model/decision.ts';
import type { Eui64 } from '../model/ids.ts';
import type { Consent } from '../model/regulation.ts';
import { consentHolds, supplierOf, type Meter, type Switch } from './half-hourly.ts';
import { instant } from './wording.ts';

/** What is looked at. */
export interface Delivery extends Pick<Facts, 'now' | 'gateway' | 'suppliers'> {
  readonly to: Eui64;
  readonly meter: Meter;
  /** The half hours that the data is about, whole seconds. */
  readonly taken: { readonly from: number; readonly to: number };
  readonly consents: readonly Consent[];
  readonly switch: Switch;
}

/** Refuses with `function-off`. */
export const functionOnRule: Rule<Delivery> = {
  name: 'function-on',
  requirements: ['R-HH-03', 'R-HH-10'],
  family: 'TMAD',
  check: ({ switch: { state, confirmed } }) =>
    state !== 'off'
      ? undefined
      : {
          code: 'function-off',
          detail: `the function is off${confirmed === undefined ? '' : ` as of ${instant(confirmed)}`}: there is no data`,
          requirements: ['R-HH-03'],
        },
};

/** Refuses with `not-responsible-supplier` or `purge`. */
export const deliveryRule: Rule<Delivery> = {
  name: 'delivery',
  requirements: ['R-HH-02', 'R-HH-08', 'R-HH-09'],
  family: 'TMAD',
  check(facts) {
    const { now, to, meter, taken, consents } = facts;
    const covered = consents.some(
      (consent) =>
        consent.meter === meter.eui && consent.fuel === meter.fuel && consentHolds(consent, to, now) && consent.from <= taken.from,
    );
    if (!covered) {
      const detail = `no consent to ${to} covers this data of ${meter.fuel} meter ${meter.eui}: it is kept from everybody, to be purged`;
      return { code: 'purge', detail, requirements: ['R-HH-09', 'R-HH-08'] };
    }
    if (supplierOf(facts, meter.fuel) === to) return undefined;
    return {
      code: 'not-responsible-supplier',
      detail: `${to} does not supply ${meter.fuel} here now`,
      requirements: ['R-HH-02', 'R-HH-08'],
    };
  },
};
