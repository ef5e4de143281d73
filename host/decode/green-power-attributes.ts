/** Green Power commands about attributes (ZigBee 14-0563, A.4.2): records of clusters, their attributes read as ZCL's are. */
import { clusterOf } from '../clusters/catalogue.ts';
import { DATA_TYPES } from '../clusters/data-type.ts';
import { foundation, GlobalCommand } from '../clusters/foundation-table.ts';
import {
  GREEN_POWER_ATTRIBUTE_OPTIONS,
  GREEN_POWER_CLUSTER,
  GREEN_POWER_DATA_TYPE,
  GREEN_POWER_LIST_LENGTH,
  GREEN_POWER_MANUFACTURER,
  GREEN_POWER_STATUS,
  GreenPowerCommand,
} from '../clusters/green-power.ts';
import { choose, is, when, type Format, type Values } from '../clusters/item.ts';
import { read, type Field } from '../clusters/read.ts';
import type { Body } from './body.ts';

/** Reads what follows the identifier of a command about attributes; undefined for any other command. */
export function readGreenPowerAttributes(command: number, payload: Uint8Array): Body | undefined {
  const steps = COMMANDS[command];
  return steps && new Walk(payload).body(steps);
}

type Items = (cluster: number, manufacturer: boolean) => Format;

/** An attribute's identifier, and an attribute with its type and value, named as the cluster's. */
const identifier: Items = (cluster, manufacturer) => listed(cluster, manufacturer, GlobalCommand.READ_ATTRIBUTES, true);
const attribute: Items = (cluster, manufacturer) => listed(cluster, manufacturer, GlobalCommand.REPORT_ATTRIBUTES, false);

/** What a general command to or from a server lists. */
function listed(cluster: number, manufacturer: boolean, command: number, toServer: boolean): Format {
  const [list] = foundation(manufacturer ? undefined : clusterOf(cluster), toServer)[command] ?? [];
  return list?.kind === 'each' ? list.items : [];
}

/** An attribute that was read: its type follows also where its status is not success. */
const answered: Items = (cluster, manufacturer) => {
  const [id, ...typeAndValue] = attribute(cluster, manufacturer);
  const failed: Format = [GREEN_POWER_DATA_TYPE, choose('type', DATA_TYPES)];
  return id === undefined ? [] : [id, GREEN_POWER_STATUS, when(is('status', 0), typeAndValue, failed)];
};

const COMMANDS: Readonly<Record<number, (walk: Walk) => void>> = {
  [GreenPowerCommand.ATTRIBUTE_REPORTING]: (walk) => walk.report(false),
  [GreenPowerCommand.MANUFACTURER_ATTRIBUTE_REPORTING]: (walk) => walk.report(walk.manufacturer()),
  [GreenPowerCommand.MULTI_CLUSTER_REPORTING]: (walk) => walk.clusters(false),
  [GreenPowerCommand.MANUFACTURER_MULTI_CLUSTER_REPORTING]: (walk) => walk.clusters(walk.manufacturer()),
  [GreenPowerCommand.REQUEST_ATTRIBUTES]: (walk) => walk.lists(identifier),
  [GreenPowerCommand.READ_ATTRIBUTES]: (walk) => walk.lists(identifier),
  [GreenPowerCommand.READ_ATTRIBUTES_RESPONSE]: (walk) => walk.lists(answered),
  [GreenPowerCommand.WRITE_ATTRIBUTES]: (walk) => walk.lists(attribute),
};

/** Steps through a payload, gathering fields. */
class Walk {
  readonly #fields: Field[] = [];
  #rest: Uint8Array;
  #short = false;

  constructor(payload: Uint8Array) {
    this.#rest = payload;
  }

  body(steps: (walk: Walk) => void): Body {
    steps(this);
    return { fields: this.#fields, values: {}, rest: this.#rest, truncated: this.#short ? 'green-power' : undefined };
  }

  /** The maker of what follows; true, since there is one. */
  manufacturer(): boolean {
    this.#take(GREEN_POWER_MANUFACTURER);
    return true;
  }

  /** Attributes of one cluster to the end. */
  report(manufacturer: boolean): void {
    const cluster = this.#number(GREEN_POWER_CLUSTER, 'cluster');
    while (this.#left > 0) this.#take(attribute(cluster, manufacturer));
  }

  /** Attributes, each with its cluster, to the end. */
  clusters(manufacturer: boolean): void {
    while (this.#left > 0) this.#take(attribute(this.#number(GREEN_POWER_CLUSTER, 'cluster'), manufacturer));
  }

  /** Lists of clusters to the end, each as many bytes long as it says. */
  lists(items: Items): void {
    const manufacturer = this.#take(GREEN_POWER_ATTRIBUTE_OPTIONS)['manufacturer'] !== undefined;
    while (this.#left > 0) {
      const cluster = this.#number(GREEN_POWER_CLUSTER, 'cluster');
      const end = this.#left - this.#number(GREEN_POWER_LIST_LENGTH, 'length') - 1;
      while (this.#left > Math.max(end, 0)) this.#take(items(cluster, manufacturer));
      this.#short ||= end < 0;
    }
  }

  /** Bytes that are left; none once the payload ended inside a field. */
  get #left(): number {
    return this.#short ? 0 : this.#rest.length;
  }

  #number(format: Format, key: string): number {
    return (this.#take(format)[key] as number | undefined) ?? 0;
  }

  #take(format: Format): Values {
    if (this.#short) return {};
    const { fields, values, rest, short } = read(format, this.#rest);
    this.#fields.push(...fields);
    this.#rest = rest;
    this.#short ||= short !== undefined;
    return values;
  }
}
