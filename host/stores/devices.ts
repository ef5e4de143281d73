/**
 * The device log: who may use the HAN [R-DEV-03], and which firmware version each device last answered. Who supplies the
 * premises stands elsewhere: a change of supplier leaves devices joined as they are [R-CHURN-02].
 *
 * Methods that change something answer the writes; whoever calls commits them, with an audit record where one is due.
 */
import type { DeviceLogEntry } from '../model/device.ts';
import type { Eui64 } from '../model/ids.ts';
import type { Store, Write } from '../ports/store.ts';
import { decodeObject, encode } from './canonical-json.ts';

/** The device log of one Communications Hub. */
export class Devices {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The entry of a device, or undefined when it is not in the log. */
  get(eui: Eui64): DeviceLogEntry | undefined {
    const bytes = this.#store.get('devices', eui);
    return bytes === undefined ? undefined : entry(bytes);
  }

  /** Every entry, by EUI-64. */
  all(): readonly DeviceLogEntry[] {
    return this.#store.range('devices', '', '~').map(([, bytes]) => entry(bytes));
  }

  /** Adds or replaces an entry. */
  put(device: DeviceLogEntry): Write {
    return { table: 'devices', key: device.eui, value: encode(device) };
  }

  /** Takes a device out of the log; harmless when it is not in it. */
  remove(eui: Eui64): Write {
    return { table: 'devices', key: eui, value: undefined };
  }

  /**
   * Makes the log hold exactly these devices, as a device-log statement orders. A firmware version that was read before
   * is kept while manufacturer, model and hardware version stay the same.
   */
  replace(devices: readonly DeviceLogEntry[]): readonly Write[] {
    const kept = new Set(devices.map((device) => device.eui));
    const gone = this.all().filter((device) => !kept.has(device.eui));
    return [...gone.map((device) => this.remove(device.eui)), ...devices.map((device) => this.put(this.#keepVersion(device)))];
  }

  /** Records the firmware version that a device answered. No write when the device is not in the log or answered the same before. */
  answered(eui: Eui64, firmwareVersion: number): readonly Write[] {
    const known = this.get(eui);
    if (known === undefined || known.firmwareVersion === firmwareVersion) return [];
    return [this.put({ ...known, firmwareVersion })];
  }

  #keepVersion(device: DeviceLogEntry): DeviceLogEntry {
    const known = this.get(device.eui);
    const same =
      known?.manufacturer === device.manufacturer && known.model === device.model && known.hardwareVersion === device.hardwareVersion;
    return same && device.firmwareVersion === undefined ? { ...device, firmwareVersion: known.firmwareVersion } : device;
  }
}

/** Undefined members are not stored; here they come back. */
function entry(bytes: Uint8Array): DeviceLogEntry {
  const stored = decodeObject(bytes) as unknown as DeviceLogEntry;
  return { ...stored, imageType: stored.imageType, firmwareVersion: stored.firmwareVersion };
}
