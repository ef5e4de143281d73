/**
 * Tables that are made when a capture asks for them, once each: general commands by cluster and direction, and command
 * identifiers under the cluster's own name. A capture has few of them and many frames.
 */
import type { Cluster } from '../clusters/cluster.ts';
import { foundation } from '../clusters/foundation-table.ts';
import { hex, type Format, type NumberItem } from '../clusters/item.ts';

/** Formats by command identifier. */
type Formats = Readonly<Record<number, Format>>;

/** The tables that a capture has asked for. */
export class ZclTables {
  readonly #toServer = new Map<Cluster | undefined, Formats>();
  readonly #toClient = new Map<Cluster | undefined, Formats>();
  readonly #commands = new Map<string, NumberItem>();

  /** The general commands to the server of a cluster, or to its client; undefined = a cluster without a table. */
  general(cluster: Cluster | undefined, toServer: boolean): Formats {
    const made = toServer ? this.#toServer : this.#toClient;
    let formats = made.get(cluster);
    if (formats === undefined) made.set(cluster, (formats = foundation(cluster, toServer)));
    return formats;
  }

  /** A command identifier under a name; an empty one shows nothing. */
  command(name: string): NumberItem {
    let item = this.#commands.get(name);
    if (item === undefined) this.#commands.set(name, (item = hex(1, name)));
    return item;
  }
}
