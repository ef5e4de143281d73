/**
 * New firmware for a Communications Hub, or another hub in its place: for the Lead Supplier alone, under the very rules of PPMID firmware, and
 * only to combinations that are eligible (004 2.6, 6.11). No gas supplier's permission is asked [R-LEAD-05]. A gateway does not
 * replace its own firmware: what is decided here, the S1SP's side acts on.
 */
import type { Authority, Facts, Rule } from '../model/decision.ts';
import type { DeviceModel } from '../model/device.ts';
import { notEligible } from './combinations.ts';
import { notListed } from './products.ts';
import { combinationOf } from './resulting.ts';

/** What is looked at. */
export interface HubChange
  extends Authority, Pick<Facts, 'accepted' | 'signatures' | 'signers' | 'users' | 'products' | 'combinations' | 'devices' | 'hub'> {
  /** The Device Model that the hub would be: new firmware makes another one [R-CHFW-01]. */
  readonly proposed: DeviceModel;
}

/** The hub's new Device Model must be listed; codes of `products`. */
export const hubProductRule: Rule<HubChange> = {
  name: 'hub-product',
  requirements: ['R-CPL-02', 'R-CPL-04', 'R-CHFW-01'],
  dated: ['products'],
  family: 'SEC',
  check: ({ products, proposed, now }) => notListed(products, proposed, now),
};

/** Each Smart Metering System with the new hub must be eligible; codes of `combinations`. */
export const hubCombinationsRule: Rule<HubChange> = {
  name: 'hub-combinations',
  requirements: ['R-LEAD-04', 'R-EPC-02', 'R-EPC-04', 'R-CHFW-01'],
  dated: ['combinations'],
  family: 'SEC',
  check({ combinations, hub, devices, proposed, now }) {
    const home = combinationOf(hub, devices).map((device) => (device.eui === hub.eui ? { ...device, ...proposed } : device));
    return notEligible(combinations, home, now);
  },
};
