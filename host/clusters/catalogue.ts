/** Which cluster tables there are. */
import { APPLIANCE_CONTROL, APPLIANCE_EVENTS, APPLIANCE_IDENTIFICATION, APPLIANCE_STATISTICS, METER_IDENTIFICATION } from './appliance.ts';
import { CALENDAR } from './calendar.ts';
import { DOOR_LOCK, SHADE_CONFIGURATION } from './closures.ts';
import type { Cluster } from './cluster.ts';
import { COMMISSIONING, POLL_CONTROL } from './commissioning.ts';
import { DAILY_SCHEDULE } from './daily-schedule.ts';
import { DEMAND_RESPONSE } from './demand-response.ts';
import { DEVICE_MANAGEMENT } from './device-management.ts';
import { ENERGY_MANAGEMENT } from './energy-management.ts';
import { EVENTS } from './events.ts';
import { GENERAL } from './general.ts';
import { GREEN_POWER } from './green-power-table.ts';
import { GROUPS, SCENES } from './groups.ts';
import { DEHUMIDIFICATION, FAN_CONTROL, PUMP, THERMOSTAT, THERMOSTAT_UI } from './hvac.ts';
import { INPUT_OUTPUT } from './input-output.ts';
import { IAS_ACE, IAS_WD, IAS_ZONE } from './intruder-alarm.ts';
import { KEY_ESTABLISHMENT } from './key-establishment.ts';
import { BALLAST, COLOR_CONTROL } from './lighting.ts';
import { MDU_PAIRING } from './mdu-pairing.ts';
import { ELECTRICAL, FLOW, HUMIDITY, ILLUMINANCE, ILLUMINANCE_LEVEL, OCCUPANCY, PRESSURE, TEMPERATURE } from './measurement.ts';
import { MESSAGING } from './messaging.ts';
import { METERING } from './metering.ts';
import { OTA } from './ota-table.ts';
import { PARTITION } from './partition.ts';
import { POWER_PROFILE } from './power-profile.ts';
import { PREPAYMENT } from './prepayment.ts';
import { PRICE } from './price.ts';
import { RSSI_LOCATION } from './rssi-location.ts';
import { SUB_GHZ } from './sub-ghz.ts';
import { TOUCHLINK } from './touchlink.ts';
import { TUNNELLING } from './tunnelling.ts';

const SMART_ENERGY = [
  ...[PRICE, DEMAND_RESPONSE, METERING, MESSAGING, TUNNELLING, PREPAYMENT, ENERGY_MANAGEMENT, CALENDAR, DEVICE_MANAGEMENT],
  ...[EVENTS, MDU_PAIRING, SUB_GHZ, DAILY_SCHEDULE, KEY_ESTABLISHMENT],
];

const HOME_AUTOMATION = [
  ...[
    GROUPS,
    SCENES,
    RSSI_LOCATION,
    ...INPUT_OUTPUT,
    COMMISSIONING,
    PARTITION,
    POWER_PROFILE,
    APPLIANCE_CONTROL,
    POLL_CONTROL,
    GREEN_POWER,
  ],
  ...[SHADE_CONFIGURATION, DOOR_LOCK, PUMP, THERMOSTAT, FAN_CONTROL, DEHUMIDIFICATION, THERMOSTAT_UI, COLOR_CONTROL, BALLAST],
  ...[ILLUMINANCE, ILLUMINANCE_LEVEL, TEMPERATURE, PRESSURE, FLOW, HUMIDITY, OCCUPANCY, IAS_ZONE, IAS_ACE, IAS_WD],
  ...[APPLIANCE_IDENTIFICATION, METER_IDENTIFICATION, APPLIANCE_EVENTS, APPLIANCE_STATISTICS, ELECTRICAL, TOUCHLINK],
];

const CLUSTERS: ReadonlyMap<number, Cluster> = new Map(
  [...GENERAL, ...HOME_AUTOMATION, OTA, ...SMART_ENERGY].map((cluster) => [cluster.id, cluster]),
);

/** The table of a cluster, or undefined. */
export const clusterOf = (id: number): Cluster | undefined => CLUSTERS.get(id);

/** Every cluster that has a table. */
export const clusters = (): readonly Cluster[] => [...CLUSTERS.values()];
