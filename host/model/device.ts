/** Devices of the home network as the Communications Hub knows them. */
import type { Eui64 } from './ids.ts';

/** SMETS1 device types (004 glossary): anything else on the HAN is `other` and gets no privileged service [R-DEV-01]. */
export type DeviceType = 'esme' | 'gsme' | 'chf' | 'gpf' | 'ppmid' | 'ihd' | 'other';

/** What the Central Products List calls a Device Model, without its firmware version. */
export interface HardwareModel {
  /** ZigBee manufacturer code. */
  readonly manufacturer: number;
  /** Model identifier, as in the Basic cluster. */
  readonly model: string;
  readonly hardwareVersion: number;
}

/** A Device Model: hardware and the firmware version it runs (CPL entries, 004 glossary). */
export interface DeviceModel extends HardwareModel {
  readonly firmwareVersion: number;
}

/** An entry of the CHF device log: who may use the HAN [R-DEV-03]. */
export interface DeviceLogEntry extends HardwareModel {
  readonly eui: Eui64;
  readonly type: DeviceType;
  /** ZigBee OTA image type that this device takes; undefined when it takes none. */
  readonly imageType: number | undefined;
  /** Firmware version last read from the device; undefined before the first reading. */
  readonly firmwareVersion: number | undefined;
}
