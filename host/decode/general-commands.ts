/** General commands by cluster and direction: a capture has few of them and many frames, so each table is made once. */
import type { Cluster } from '../clusters/cluster.ts';
import { foundation } from '../clusters/foundation-table.ts';
import type { Format } from '../clusters/item.ts';

/** Formats by command identifier. */
type Formats = Readonly<Record<number, Format>>;

/** The tables that a capture has asked for. */
export class GeneralCommands {
  readonly #toServer = new Map<Cluster | undefined, Formats>();
  readonly #toClient = new Map<Cluster | undefined, Formats>();

  /** The general commands to the server of a cluster, or to its client; undefined = a cluster without a table. */
  of(cluster: Cluster | undefined, toServer: boolean): Formats {
    const made = toServer ? this.#toServer : this.#toClient;
    let formats = made.get(cluster);
    if (formats === undefined) made.set(cluster, (formats = foundation(cluster, toServer)));
    return formats;
  }
}
