/** The hub and the devices of a home as the registers know them. */
import type { DeviceLogEntry, DeviceType } from '../model/device.ts';
import type { Eui64 } from '../model/ids.ts';
import type { DeviceLogStatement, InventoryStatement } from '../model/register.ts';

/** What a combination is made of. */
export interface Home {
  /** One of no model and of unknown version where the inventory says nothing of it. */
  readonly hub: DeviceLogEntry;
  readonly devices: readonly DeviceLogEntry[];
}

/** The home of a gateway; a register that is missing adds nothing. */
export const homeOf = (gateway: Eui64, inventory: InventoryStatement | undefined, log: DeviceLogStatement | undefined): Home => ({
  hub: {
    eui: gateway,
    type: 'chf',
    imageType: undefined,
    ...(inventory?.hub ?? { manufacturer: 0, model: '', hardwareVersion: 0, firmwareVersion: undefined }),
  },
  devices: (log?.devices ?? []).map((device): DeviceLogEntry => ({
    ...device,
    type: device.type as DeviceType,
    firmwareVersion: device.firmwareVersion,
  })),
});
