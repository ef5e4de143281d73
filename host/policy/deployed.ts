/**
 * What is out there: the Deployed Products List, derived from the inventory (004 2.4) [R-DPL-01], and who is concerned by a weakness of a Device Model
 * (004 3.12) [R-VULN-01].
 */
import type { DeviceLogEntry, DeviceModel } from '../model/device.ts';
import type { Eui64 } from '../model/ids.ts';
import type { InventoryStatement, SuppliersStatement } from '../model/register.ts';
import type { ModelPattern } from '../model/regulation.ts';
import { combinationOf, systemsOf, type Member } from './resulting.ts';
import { matches } from './service.ts';
import { gasSuppliersAt, leadSupplierAt } from './standing.ts';

/** An installation as the registers know it. */
export interface Installation {
  readonly gateway: Eui64;
  readonly hub: DeviceLogEntry;
  readonly devices: readonly DeviceLogEntry[];
  readonly suppliers: SuppliersStatement | undefined;
  readonly inventory?: InventoryStatement | undefined;
}

/** A combination that exists, and how often. */
export interface DeployedEntry {
  readonly combination: readonly (DeviceModel & { readonly type: string })[];
  readonly count: number;
}

/** Each different combination once, with its count; systems with a device of unknown version are left out, since they are no combination. */
export function deployedProducts(installations: readonly Installation[]): readonly DeployedEntry[] {
  const found = new Map<string, DeployedEntry>();
  for (const { hub, devices } of installations) {
    for (const { members } of systemsOf(combinationOf(hub, devices))) {
      const known = members.filter(isKnown);
      if (known.length < members.length) continue;
      const entries = [...new Map(known.map((each) => [keyOf(each), plainMember(each)])).entries()].toSorted(([a], [b]) =>
        a < b ? -1 : 1,
      );
      const key = entries.map(([name]) => name).join('|');
      found.set(key, { combination: entries.map(([, each]) => each), count: (found.get(key)?.count ?? 0) + 1 });
    }
  }
  return [...found.values()].toSorted((a, b) => b.count - a.count);
}

/** How many systems are no combination, since nobody knows the firmware version of one of their devices. */
export const systemsOfUnknown = (installations: readonly Installation[]): number =>
  installations.flatMap(({ hub, devices }) => systemsOf(combinationOf(hub, devices))).filter(({ members }) => !members.every(isKnown))
    .length;

/** A device with a weakness, and who has to hear of it. */
export interface Affected {
  readonly gateway: Eui64;
  readonly device: Eui64;
  readonly tell: readonly Eui64[];
}

/** Every device that a weakness is about, with the suppliers of its premises. */
export function affectedBy(pattern: ModelPattern, installations: readonly Installation[], now: number): readonly Affected[] {
  return installations.flatMap(({ gateway, hub, devices, suppliers }) => {
    const authority = { gateway, suppliers, now };
    const lead = leadSupplierAt(authority);
    const gas = gasSuppliersAt(authority).map(({ party }) => party);
    const tell = [...new Set([...(typeof lead === 'string' ? [] : [lead.party]), ...gas])];
    return [hub, ...devices].filter((device) => matches(pattern, device)).map(({ eui }) => ({ gateway, device: eui, tell }));
  });
}

type Known = Member & { readonly firmwareVersion: number };
const isKnown = <T extends Member>(of: T): of is T & Known => of.firmwareVersion !== undefined;
const keyOf = (of: Member): string => [of.type, of.manufacturer, of.model, of.hardwareVersion, of.firmwareVersion].join('/');
const plainMember = (of: Known): DeviceModel & { readonly type: string } => ({
  type: of.type,
  manufacturer: of.manufacturer,
  model: of.model,
  hardwareVersion: of.hardwareVersion,
  firmwareVersion: of.firmwareVersion,
});
