/** How refusals and facts word times, versions and models for people. */
import type { DeviceModel } from '../model/device.ts';

/** Whole seconds since 1970 as ISO 8601 in UTC, without a fraction. */
export const instant = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');

/** A firmware version as ZigBee writes it: 8 hexadecimal digits. */
export const version = (value: number | undefined): string =>
  value === undefined ? 'unknown' : `0x${value.toString(16).padStart(8, '0')}`;

/** A Device Model by its four fields [R-DM-01]. */
export const model = (of: DeviceModel): string =>
  `manufacturer 0x${of.manufacturer.toString(16).padStart(4, '0')} model ${of.model} hardware ${of.hardwareVersion} firmware ${version(of.firmwareVersion)}`;
