/**
 * Adding a Device to the Smart Metering Inventory and commissioning it: its Device Model is listed (004 2.2), the Panel has not directed otherwise
 * (4.8), and a meter's compliance with SMETS1 is attested (9.4, 9.5). Compliance is asked here once and never again.
 */
import type { Facts, Rule } from '../model/decision.ts';
import type { DeviceModel, DeviceType } from '../model/device.ts';
import { notListed } from './products.ts';

/** What is looked at. */
export interface Commissioning extends Pick<Facts, 'now' | 'products'> {
  readonly device: DeviceModel & { readonly type: DeviceType };
  /** Reference of a direction of the Panel that this device is not to be commissioned. */
  readonly prohibitedBy?: string | undefined;
  /** Whether its supplier attests compliance with SMETS1. */
  readonly compliant: boolean;
  /** Whether it is commissioned already. */
  readonly commissioned: boolean;
}

/** Refuses with the codes of `products`. */
export const inventoryRule: Rule<Commissioning> = {
  name: 'inventory',
  requirements: ['R-CPL-02', 'R-CPL-04', 'R-INV-01'],
  dated: ['products'],
  family: 'SEC',
  check: ({ products, device, now }) => notListed(products, device, now),
};

/** Refuses with `commissioning-prohibited` or `compliance-not-attested`. */
export const commissionRule: Rule<Commissioning> = {
  name: 'commission',
  requirements: ['R-INV-02', 'R-INV-03'],
  family: 'SEC',
  check({ device, prohibitedBy, compliant, commissioned }) {
    if (prohibitedBy !== undefined) {
      return {
        code: 'commissioning-prohibited',
        detail: `the Panel directs that it is not commissioned: ${prohibitedBy}`,
        requirements: ['R-INV-02'],
      };
    }
    const meter = device.type === 'esme' || device.type === 'gsme';
    if (commissioned || compliant || !meter) return undefined;
    return {
      code: 'compliance-not-attested',
      detail: `nobody attests that this ${device.type} complies with SMETS1`,
      requirements: ['R-INV-03'],
    };
  },
};
