/** How loading the keys of PPMIDs stands over many sites: for the department, and for the suppliers of those that have none (002 §13). */
import type { Eui64 } from '../model/ids.ts';
import type { InventoryStatement, KeyState, SuppliersStatement } from '../model/register.ts';
import type { CohortsStatement } from '../model/regulation.ts';
import { keyStateOf } from './ppmid-keys.ts';
import { leadSupplierAt } from './standing.ts';

/** A site as the registers know it. */
export interface KeySite {
  readonly inventory: InventoryStatement;
  readonly suppliers: SuppliersStatement | undefined;
}

/** The state of loading, by site and by supplier. */
export interface KeyReport {
  readonly sites: number;
  readonly count: Readonly<Record<KeyState, number>>;
  /** Sites without keys, in a thousand of all [R-KEYS-04]. */
  readonly perThousand: number;
  /** Who is to be told of which sites [R-KEYS-07]; sites that nobody supplies are in `untold`. */
  readonly tell: ReadonlyMap<Eui64, readonly Eui64[]>;
  readonly untold: readonly Eui64[];
}

/** Counts sites at a time. */
export function keyReport(sites: readonly KeySite[], cohorts: Pick<CohortsStatement, 'makers'>, now: number): KeyReport {
  const count: Record<KeyState, number> = { present: 0, missing: 0, retrying: 0, investigation: 0, unknown: 0 };
  const tell = new Map<Eui64, Eui64[]>();
  const untold: Eui64[] = [];
  for (const { inventory, suppliers } of sites) {
    const state = keyStateOf(inventory, cohorts);
    count[state]++;
    if (state === 'present') continue;
    const { gateway } = inventory;
    const lead = leadSupplierAt({ gateway, suppliers, now });
    if (typeof lead === 'string') untold.push(gateway);
    else tell.set(lead.party, [...(tell.get(lead.party) ?? []), gateway]);
  }
  const without = sites.length - count.present;
  return { sites: sites.length, count, perThousand: sites.length === 0 ? 0 : (1000 * without) / sites.length, tell, untold };
}
