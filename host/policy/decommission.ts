/** A SMETS1 CHF is decommissioned by its Lead Supplier alone (004 4.8): who that is asks `lead-supplier`. Of other devices the sources do not speak. */
import type { Authority, Facts, Rule } from '../model/decision.ts';
import type { DeviceType } from '../model/device.ts';

/** What is looked at. */
export interface Decommissioning extends Authority, Pick<Facts, 'accepted' | 'signatures' | 'signers' | 'users'> {
  readonly device: { readonly eui: string; readonly type: DeviceType };
}

/** Refuses with `not-a-hub` or `not-this-hub`. */
export const decommissionRule: Rule<Decommissioning> = {
  name: 'decommission',
  requirements: ['R-DEC-01'],
  family: 'SEC',
  check({ device, gateway }) {
    const requirements = ['R-DEC-01'];
    if (device.type !== 'chf') return { code: 'not-a-hub', detail: `${device.eui} is of the type ${device.type}, not a CHF`, requirements };
    if (device.eui === gateway) return undefined;
    return { code: 'not-this-hub', detail: `${device.eui} is not the hub ${gateway}`, requirements };
  },
};
