/** How refusals and facts word versions and models for people. */
import type { DeviceModel } from '../model/device.ts';

/** A firmware version as ZigBee writes it: 8 hexadecimal digits. */
export const version = (value: number | undefined): string =>
  value === undefined ? 'unknown' : `0x${value.toString(16).padStart(8, '0')}`;

/** A Device Model by its four fields [R-DM-01]. */
export const model = (of: Omit<DeviceModel, 'firmwareVersion'> & { readonly firmwareVersion: number | undefined }): string =>
  `manufacturer 0x${of.manufacturer.toString(16).padStart(4, '0')} model ${of.model} hardware ${of.hardwareVersion} firmware ${version(of.firmwareVersion)}`;
