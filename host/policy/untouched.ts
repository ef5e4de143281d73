/**
 * What an upgrade or a migration must leave as it was: payment mode, balance, tariff and supply. A device that comes back in another payment
 * mode cuts people off; block tariffs keep their thresholds and prices (002 §10).
 */
import type { Objection } from '../model/decision.ts';

/** The state of supply at a meter, before or after. Amounts in thousandths of a penny, so that they are whole numbers. */
export interface SupplyState {
  readonly paymentMode: 'credit' | 'prepayment';
  readonly balance: number;
  /** Thresholds and prices of the blocks of the tariff, in order. */
  readonly tariff: readonly { readonly threshold: number; readonly price: number }[];
  readonly supply: 'on' | 'off' | 'armed';
}

/**
 * The first thing that is not as it was: `payment-mode-changed`, `supply-changed`, `tariff-changed`, or `balance-changed` when it differs from
 * what was before by more than what was used and topped up in between.
 */
export function disturbance(before: SupplyState, after: SupplyState, accountedFor = 0): Objection | undefined {
  const objection = (code: string, detail: string, requirements = ['R-PPMID-07']): Objection => ({ code, detail, requirements });
  if (before.paymentMode !== after.paymentMode) {
    return objection('payment-mode-changed', `the payment mode was ${before.paymentMode} and is ${after.paymentMode}`);
  }
  if (before.supply !== after.supply) return objection('supply-changed', `the supply was ${before.supply} and is ${after.supply}`);
  const same =
    before.tariff.length === after.tariff.length &&
    before.tariff.every(({ threshold, price }, i) => after.tariff[i]?.threshold === threshold && after.tariff[i]?.price === price);
  if (!same)
    return objection('tariff-changed', 'blocks, thresholds or prices of the tariff are not as they were', ['R-BLOCK-02', 'R-PPMID-07']);
  if (after.balance === before.balance + accountedFor) return undefined;
  return objection('balance-changed', `the balance changed by ${after.balance - before.balance}, accounted for are ${accountedFor}`);
}
