/** Which cluster tables there are. */
import type { Cluster } from './cluster.ts';
import { OTA } from './ota-table.ts';

const CLUSTERS: ReadonlyMap<number, Cluster> = new Map([OTA].map((cluster) => [cluster.id, cluster]));

/** The table of a cluster, or undefined. */
export const clusterOf = (id: number): Cluster | undefined => CLUSTERS.get(id);

/** Every cluster that has a table. */
export const clusters = (): readonly Cluster[] => [...CLUSTERS.values()];
