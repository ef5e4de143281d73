/**
 * The battery of a PPMID: what it still lets the device do, and the cluster that tells of it (ZCL specification 3.3).
 *
 * An upgrade is not begun that may not come to its end, and images are not swapped on the last of the charge.
 */
import { DataType } from '../../host/clusters/foundation.ts';
import { ok, refuse, type Result } from '../../host/model/fault.ts';
import type { ClusterSide } from '../devices/zcl.ts';

/** Percent of its charge, 0 to 100, asked whenever it matters. A device on mains has 100. */
export type Battery = () => number;

/** Percent below which no download is begun. */
export const DOWNLOAD_MIN = 20;
/** Percent below which no image is activated. */
export const SWAP_MIN = 30;

const POWER_CONFIGURATION = 0x0001;
const PERCENTAGE_REMAINING = 0x0021;

/** Whether the charge is enough. Refuses `battery-low`. */
export function charged(battery: Battery, least: number): Result<unknown> {
  const level = battery();
  return level >= least ? ok(undefined) : refuse('battery-low', `the battery has ${level} %, at least ${least} % are needed`);
}

/** The server side of Power Configuration: BatteryPercentageRemaining, in half percents. */
export function batterySide(battery: Battery): ClusterSide {
  const attributes = new Map([[PERCENTAGE_REMAINING, { type: DataType.UINT8, read: () => Math.round(2 * battery()) }]]);
  return { cluster: POWER_CONFIGURATION, side: 'server', secured: false, attributes };
}
