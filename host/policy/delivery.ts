/**
 * Half-hourly data that came in: handed to the Responsible Supplier who holds a consent for its meter and was its supplier all the while that the
 * data is about, and to nobody else. From a hub whose switch is off there is none, and that is what the answer says, not an empty series
 * [R-HH-03]. What came without consent is kept from everybody, flagged to be purged, and somebody is told [R-HH-09].
 */
import type { Facts, Rule } from '../model/decision.ts';
import type { Eui64 } from '../model/ids.ts';
import type { Consent } from '../model/regulation.ts';
import { consentHolds, type Meter, type Switch } from './half-hourly.ts';
import { inForce, periodsAt, supplierOf } from './standing.ts';
import { instant } from '../model/calendar.ts';

/** What is looked at. */
export interface Delivery extends Pick<Facts, 'now' | 'gateway' | 'suppliers'> {
  readonly to: Eui64;
  readonly meter: Meter;
  /** The half hours that the data is about, whole seconds. */
  readonly taken: { readonly from: number; readonly to: number };
  readonly consents: readonly Consent[];
  readonly switch: Switch;
}

/**
 * Refuses with `function-off`.
 *
 * A hub of which nobody knows the state [R-HH-10] is not one whose function is off, and nobody may be told that it is. A hub sends where the
 * function is on and nowhere else (003 §2), so data that came was sent while it was on; whether it may be handed out is a matter of consent, which
 * `delivery` asks whatever the state. Before migration the same doubt speaks against [R-HH-05]: there it is the sending that is to be ruled out.
 */
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
  dated: ['suppliers', 'consents'],
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
    if (supplierOf(facts, meter.fuel) === to) {
      if (supplied(facts)) return undefined;
      const detail = `${to} did not supply ${meter.fuel} here from ${instant(taken.from)} to ${instant(taken.to)} throughout`;
      return { code: 'not-responsible-supplier', detail, requirements: ['R-HH-02', 'R-HH-08'] };
    }
    return {
      code: 'not-responsible-supplier',
      detail: `${to} does not supply ${meter.fuel} here now`,
      requirements: ['R-HH-02', 'R-HH-08'],
    };
  },
};

/** True when the party was the one supplier of the fuel from the first to the last half hour, by the statement of now. */
function supplied({ suppliers, now, to, meter, taken }: Delivery): boolean {
  if (suppliers === undefined || !inForce(suppliers, now)) return false;
  const periods = meter.fuel === 'gas' ? suppliers.gas : suppliers.lead;
  const changes = periods.flatMap((period) => [period.from, period.to ?? period.from]).filter((at) => taken.from < at && at < taken.to);
  return [taken.from, ...changes].every((at) => {
    const [one, ...others] = periodsAt(periods, at);
    return one?.party === to && others.length === 0;
  });
}
