/**
 * Only the Lead Supplier of this gateway, now, may have PPMID or hub firmware replaced, a replacement cancelled, or the hub decommissioned
 * or configured (002 §6; 004 2.6, 4.8, 6.11).
 *
 * It is a rule about the responsible party and not about roles: another electricity supplier is refused, and so is the
 * gas supplier of the same premises, whatever role it signs in. The Lead Supplier must not sign as a gas supplier. It is
 * one rule for all these acts [R-PPMID-05]: it looks at no device. It is asked at every moment, so a supplier that lost
 * the premises loses its running upgrades [R-CHURN-01]. Nobody's permission is asked besides [R-LEAD-05].
 */
import type { Authority, Objection, Rule } from '../model/decision.ts';
import type { SupplierPeriod } from '../model/register.ts';
import { leadSupplierAt, periodsAt } from './standing.ts';
import { instant } from '../model/calendar.ts';

/** Refuses with `no-lead-supplier`, `gas-supplier` or `not-lead-supplier`. */
export const leadSupplierRule: Rule<Authority> = {
  name: 'lead-supplier',
  requirements: ['R-PPMID-01', 'R-PPMID-02', 'R-PPMID-04', 'R-PPMID-05', 'R-LEAD-01', 'R-LEAD-05', 'R-PPMID-03', 'R-CHFW-01', 'R-CHURN-01'],
  dated: ['suppliers'],
  family: 'SEC',
  check(facts) {
    const lead = leadSupplierAt(facts);
    if (typeof lead === 'string') {
      return { code: 'no-lead-supplier', detail: `nobody may do this at ${instant(facts.now)}: ${lead}`, requirements: ['R-PPMID-04'] };
    }
    if (facts.user.party === lead.party && facts.user.role !== 'gas-supplier') return undefined;
    return actsForGas(facts) ? gasSupplier(facts, lead) : notLeadSupplier(facts, lead);
  },
};

/** The party supplies gas here, or signs as a gas supplier. */
const actsForGas = ({ user, suppliers, now }: Authority): boolean =>
  user.role === 'gas-supplier' || periodsAt(suppliers?.gas ?? [], now).some(({ party }) => party === user.party);

const gasSupplier = (facts: Authority, lead: SupplierPeriod): Objection => ({
  code: 'gas-supplier',
  detail: `${signer(facts)} acts for the gas supply, which gives no right to firmware or hub; ${since(lead)}`,
  requirements: ['R-PPMID-02'],
});

const notLeadSupplier = (facts: Authority, lead: SupplierPeriod): Objection => ({
  code: 'not-lead-supplier',
  detail: `${signer(facts)} is not the Lead Supplier of ${facts.gateway} at ${instant(facts.now)}; ${since(lead)}`,
  requirements: ['R-PPMID-01', 'R-LEAD-01'],
});

const signer = ({ user }: Authority): string => `${user.name} (${user.party}, ${user.role})`;
const since = ({ party, from }: SupplierPeriod): string => `Lead Supplier is ${party} since ${instant(from)}`;
