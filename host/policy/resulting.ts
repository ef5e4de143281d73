/** What there would be after an upgrade or a replacement: the Device Model, and the whole combination of hub and devices. */
import type { Facts } from '../model/decision.ts';
import type { DeviceLogEntry, DeviceModel } from '../model/device.ts';
import type { UpdateFirmware } from '../model/service-request.ts';

/** A Device Model in its place in a combination; `firmwareVersion` is undefined while nobody knows it. */
export type Member = Omit<DeviceModel, 'firmwareVersion'> & { readonly type: string; readonly firmwareVersion: number | undefined };

/** A Smart Metering System at a premises: the hub, the meter of one fuel and what is used with it. */
export interface MeteringSystem {
  readonly fuel: 'electricity' | 'gas' | 'none';
  readonly members: readonly Member[];
}

/** True when all four fields agree [R-DM-01]. */
export const sameModel = (a: Member | DeviceModel, b: Member | DeviceModel): boolean =>
  a.manufacturer === b.manufacturer &&
  a.model === b.model &&
  a.hardwareVersion === b.hardwareVersion &&
  a.firmwareVersion === b.firmwareVersion;

/** The Device Model that the target would be. A firmware upgrade makes another Device Model [R-DM-01, R-CHFW-01]. */
export const resultingModel = (device: DeviceLogEntry, { firmwareVersion }: Pick<UpdateFirmware, 'firmwareVersion'>): DeviceModel => ({
  manufacturer: device.manufacturer,
  model: device.model,
  hardwareVersion: device.hardwareVersion,
  firmwareVersion,
});

/**
 * Hub and devices after the upgrade. The GPF is a function of the hub, one product with one firmware [R-DEV-02], and
 * counts with it.
 */
export const resultingCombination = ({
  hub,
  devices,
  request,
}: Pick<Facts<UpdateFirmware>, 'hub' | 'devices' | 'request'>): readonly (Member & { readonly eui: string })[] =>
  combinationOf(hub, devices).map((device) => ({
    ...device,
    firmwareVersion: device.eui === request.target ? request.firmwareVersion : device.firmwareVersion,
  }));

/** Hub and devices that count in a combination. */
export const combinationOf = (hub: DeviceLogEntry, devices: readonly DeviceLogEntry[]): readonly DeviceLogEntry[] => [
  hub,
  ...devices.filter(({ eui, type }) => eui !== hub.eui && type !== 'gpf'),
];

/**
 * The Smart Metering Systems of a home: for each fuel that has a meter, hub, meter and every device that is no meter. A home without a meter
 * is one system.
 */
export function systemsOf<T extends Member>(
  members: readonly T[],
): readonly { readonly fuel: MeteringSystem['fuel']; readonly members: readonly T[] }[] {
  const has = (type: string): boolean => members.some((each) => each.type === type);
  const without = (type: string): readonly T[] => members.filter((each) => each.type !== type);
  const systems = [
    ...(has('esme') ? [{ fuel: 'electricity' as const, members: without('gsme') }] : []),
    ...(has('gsme') ? [{ fuel: 'gas' as const, members: without('esme') }] : []),
  ];
  return systems.length > 0 ? systems : [{ fuel: 'none', members }];
}
