/** What the registers of a store know of one device: the Smart Metering Inventory, asked by EUI-64 [R-INV-01]. */
import { readStatement } from '../messages/statement.ts';
import { instant } from '../model/calendar.ts';
import type { DeviceLogEntry } from '../model/device.ts';
import type { Eui64 } from '../model/ids.ts';
import type { InventoryStatement } from '../model/register.ts';
import { bindingOn, securityDuties, type Binding } from '../policy/provisions.ts';
import { gasSuppliersAt, leadSupplierAt } from '../policy/standing.ts';
import { model, version } from '../policy/wording.ts';
import type { StoredStatement } from '../stores/registers.ts';
import { installationsOf } from './installations.ts';

/** A version of a register that names the device. */
export interface Appearance {
  readonly register: 'device-log' | 'inventory';
  readonly version: number;
  readonly validFrom: number;
  readonly firmwareVersion: number | undefined;
}

/** A device at one time. */
export interface DeviceRecord {
  readonly gateway: Eui64;
  readonly device: DeviceLogEntry;
  /** What is recorded of the installation; undefined where no inventory is stored. */
  readonly installation: Pick<InventoryStatement, 'stage' | 'cohort' | 'premises' | 'tag' | 'wan' | 'enrolled'> | undefined;
  readonly suppliers: { readonly electricity: readonly Eui64[]; readonly gas: readonly Eui64[] };
  /** Where its security duties stand. */
  readonly duties: string;
  /** Provisions about such devices, and whether they bind this one. */
  readonly provisions: readonly Binding[];
  /** Every stored version that names it, oldest first. */
  readonly history: readonly Appearance[];
}

/** The record of a device by the registers valid `at` a time; undefined when no home of then has it. `stored` is in the order of `Registers.all`. */
export function deviceRecord(stored: readonly StoredStatement[], eui: Eui64, at: number): DeviceRecord | undefined {
  for (const { gateway, hub, devices, suppliers, inventory } of installationsOf(stored, at)) {
    const device = [hub, ...devices].find((each) => each.eui === eui);
    if (device === undefined) continue;
    const lead = leadSupplierAt({ gateway, suppliers, now: at });
    const enrolled = inventory?.stage === 'enrolled';
    return {
      gateway,
      device,
      installation: inventory && {
        ...{ stage: inventory.stage, cohort: inventory.cohort, premises: inventory.premises, tag: inventory.tag },
        ...{ wan: inventory.wan, enrolled: inventory.enrolled },
      },
      suppliers: {
        electricity: typeof lead === 'string' ? [] : [lead.party],
        gas: gasSuppliersAt({ gateway, suppliers, now: at }).map(({ party }) => party),
      },
      duties: securityDuties(enrolled),
      provisions: bindingOn(device.type, 'SMETS1'),
      history: historyOf(stored, eui, gateway),
    };
  }
  return undefined;
}

/** A record as lines for people. */
export function deviceLines({ gateway, device, installation, suppliers, duties, provisions, history }: DeviceRecord): readonly string[] {
  const named = (parties: readonly Eui64[]): string => (parties.length === 0 ? 'nobody known' : parties.join(', '));
  return [
    `${device.type} ${device.eui} of gateway ${gateway}: ${model(device)}`,
    ...(installation === undefined ? [] : [installationLine(installation)]),
    `electricity supplier: ${named(suppliers.electricity)}; gas supplier: ${named(suppliers.gas)}`,
    `security duties: ${duties}`,
    ...provisions.map(({ provision, binds, requirement }) => `${binds ? 'binds' : 'does not bind'}: ${provision} [${requirement ?? ''}]`),
    ...history.map(
      (each) => `${each.register} version ${each.version} from ${instant(each.validFrom)}: firmware ${version(each.firmwareVersion)}`,
    ),
  ];
}

function installationLine({ stage, enrolled, cohort, premises, tag, wan }: NonNullable<DeviceRecord['installation']>): string {
  const since = enrolled === undefined ? '' : ` since ${instant(enrolled)}`;
  return `installation: ${stage}${since}, cohort ${cohort}, ${premises}, ${tag}, reached by ${wan}`;
}

function historyOf(stored: readonly StoredStatement[], eui: Eui64, gateway: Eui64): readonly Appearance[] {
  return stored.flatMap(({ kind, gateway: about, version, bytes }): readonly Appearance[] => {
    if (about !== gateway || !(kind === 'device-log' || kind === 'inventory')) return [];
    const read = readStatement(bytes);
    if (!read.ok) return [];
    const { validFrom } = read.value;
    if (read.value.kind === 'inventory')
      return eui === gateway ? [{ register: 'inventory', version, validFrom, firmwareVersion: read.value.hub.firmwareVersion }] : [];
    const entry = read.value.kind === 'device-log' ? read.value.devices.find((each) => each.eui === eui) : undefined;
    return entry === undefined ? [] : [{ register: 'device-log', version, validFrom, firmwareVersion: entry.firmwareVersion }];
  });
}
