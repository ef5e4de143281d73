/** Which cluster tables there are. */
import { CALENDAR } from './calendar.ts';
import type { Cluster } from './cluster.ts';
import { DAILY_SCHEDULE } from './daily-schedule.ts';
import { DEMAND_RESPONSE } from './demand-response.ts';
import { DEVICE_MANAGEMENT } from './device-management.ts';
import { ENERGY_MANAGEMENT } from './energy-management.ts';
import { EVENTS } from './events.ts';
import { GENERAL } from './general.ts';
import { KEY_ESTABLISHMENT } from './key-establishment.ts';
import { MDU_PAIRING } from './mdu-pairing.ts';
import { MESSAGING } from './messaging.ts';
import { METERING } from './metering.ts';
import { OTA } from './ota-table.ts';
import { PREPAYMENT } from './prepayment.ts';
import { PRICE } from './price.ts';
import { SUB_GHZ } from './sub-ghz.ts';
import { TUNNELLING } from './tunnelling.ts';

const SMART_ENERGY = [
  ...[PRICE, DEMAND_RESPONSE, METERING, MESSAGING, TUNNELLING, PREPAYMENT, ENERGY_MANAGEMENT, CALENDAR, DEVICE_MANAGEMENT],
  ...[EVENTS, MDU_PAIRING, SUB_GHZ, DAILY_SCHEDULE, KEY_ESTABLISHMENT],
];

const CLUSTERS: ReadonlyMap<number, Cluster> = new Map([...GENERAL, OTA, ...SMART_ENERGY].map((cluster) => [cluster.id, cluster]));

/** The table of a cluster, or undefined. */
export const clusterOf = (id: number): Cluster | undefined => CLUSTERS.get(id);

/** Every cluster that has a table. */
export const clusters = (): readonly Cluster[] => [...CLUSTERS.values()];
