/** What there would be after an upgrade: the target's Device Model, and the whole combination of hub and devices. */
import type { Facts } from '../model/decision.ts';
import type { DeviceLogEntry, DeviceModel } from '../model/device.ts';
import type { UpdateFirmware } from '../model/service-request.ts';

/** A Device Model in its place in a combination; `firmwareVersion` is undefined while nobody knows it. */
export type Member = Omit<DeviceModel, 'firmwareVersion'> & { readonly type: string; readonly firmwareVersion: number | undefined };

/** True when all four fields agree [R-DM-01]. */
export const sameModel = (a: Member | DeviceModel, b: Member | DeviceModel): boolean =>
  a.manufacturer === b.manufacturer &&
  a.model === b.model &&
  a.hardwareVersion === b.hardwareVersion &&
  a.firmwareVersion === b.firmwareVersion;

/** The Device Model that the target would be. A firmware upgrade makes another Device Model [R-DM-01, R-CHFW-01]. */
export const resultingModel = (device: DeviceLogEntry, { firmwareVersion }: UpdateFirmware): DeviceModel => ({
  manufacturer: device.manufacturer,
  model: device.model,
  hardwareVersion: device.hardwareVersion,
  firmwareVersion,
});

/**
 * Hub and devices after the upgrade. The GPF is a function of the hub, one product with one firmware [R-DEV-02], and
 * counts with it.
 */
export const resultingCombination = ({ hub, devices, request }: Facts<UpdateFirmware>): readonly (Member & { readonly eui: string })[] =>
  [hub, ...devices.filter(({ eui, type }) => eui !== hub.eui && type !== 'gpf')].map((device) => ({
    ...device,
    firmwareVersion: device.eui === request.target ? request.firmwareVersion : device.firmwareVersion,
  }));
