/**
 * At split supply the Lead Supplier takes reasonable steps that the hub's configuration leaves each system its minimum functions, gas included
 * (004 2.6). A change that would take some from the gas meter is refused and says which; where it has to be, the order says why, and
 * that reason is among the facts, which a record of the decision would hold [R-LEAD-06]. Nothing here carries such an order yet: the question
 * is asked by `policy try`, which records nothing.
 */
import type { Authority, Facts, Rule } from '../model/decision.ts';
import { isSplit } from './standing.ts';

/** A change of a hub's configuration. */
export type HubSetting = 'remove-gsme' | 'remove-gpf' | 'disable-gpf' | 'change-channel' | 'change-pan' | 'rename' | 'remove-ihd';

/** What is looked at. */
export interface HubConfiguration extends Authority, Pick<Facts, 'accepted' | 'signatures' | 'signers' | 'users'> {
  readonly change: HubSetting;
  /** Why it has to be all the same; undefined = no override is asked for. */
  readonly override?: string | undefined;
}

/** Functions of the gas supply that a change takes away until it is made good. */
const LOST: Readonly<Record<HubSetting, readonly string[]>> = {
  'remove-gsme': ['gas readings', 'gas prepayment', 'gas supply control'],
  'remove-gpf': ['gas readings for displays', 'gas balance for displays'],
  'disable-gpf': ['gas readings for displays', 'gas balance for displays'],
  'change-channel': ['gas readings', 'gas prepayment', 'gas supply control'],
  'change-pan': ['gas readings', 'gas prepayment', 'gas supply control'],
  rename: [],
  'remove-ihd': [],
};

/** Refuses with `restricts-gas`, naming what would be lost. */
export const configureHubRule: Rule<HubConfiguration> = {
  name: 'configure-hub',
  requirements: ['R-LEAD-03', 'R-LEAD-06', 'R-SPLIT-01'],
  dated: ['suppliers'],
  family: 'SEC',
  check(facts) {
    const lost = LOST[facts.change];
    if (lost.length === 0 || !isSplit(facts) || (facts.override ?? '').trim() !== '') return undefined;
    const detail = `supply is split, and ${facts.change} would take from the gas supply: ${lost.join(', ')}`;
    return { code: 'restricts-gas', detail, requirements: ['R-LEAD-03', 'R-LEAD-06'] };
  },
};
