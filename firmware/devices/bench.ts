/**
 * A generic OTA device for benches: takes any file of one manufacturer and image type, keeps it bit for bit with its
 * SHA-256, and afterwards says that it runs it. It carries no firmware of its own and judges nothing, so that files of any
 * vendor can be transferred.
 */
import { createHash } from 'node:crypto';
import { OTA_CLUSTER, type ImageId } from '../../host/clusters/ota.ts';
import { ZCL } from '../../host/core/control.ts';
import type { LabCore } from '../../host/core/core.ts';
import { ok, refuse, type Result } from '../../host/model/fault.ts';
import type { KeyHandle } from '../../host/model/frame.ts';
import { digest, type Digest, type Eui64 } from '../../host/model/ids.ts';
import type { Clock } from '../../host/ports/clock.ts';
import type { Habits } from '../ppmid/habits.ts';
import { OtaClient, type Stage } from '../ppmid/ota-client.ts';
import type { UpgradeStore } from '../ppmid/ota-parts.ts';
import { otaSide } from '../ppmid/ota-side.ts';
import { basicSide } from './basic.ts';
import { keptInMemory, type NetworkSettings } from './kept.ts';
import type { Membership } from './membership.ts';
import { Node, type DeviceIdentity, type Surroundings } from './node.ts';
import { PowerSwitch, type Run } from './power-switch.ts';
import type { Power } from './power.ts';

/** Smart Energy device identifier of a load control device: any but a PPMID. */
const LOAD_CONTROL = 0x0503;
const RESTART_MS = 500;

/** What a bench device is made of. */
export interface BenchDeviceOptions {
  readonly identity: DeviceIdentity;
  readonly surroundings: Surroundings;
  readonly clock: Clock;
  readonly loadCore: () => Promise<LabCore>;
  readonly imageType: number;
  /** What it says that it runs at first; default 0. */
  readonly fileVersion?: number;
  /** Where its firmware departs from the cluster's text. */
  readonly habits?: Habits;
  /** Largest file that it takes; default 4 MiB. */
  readonly capacity?: number;
  /** Another device that it wants to share a link key with. */
  readonly partner?: Eui64 | undefined;
}

/** A file that was received whole. */
export interface ReceivedFile {
  readonly file: Uint8Array;
  readonly sha256: Digest;
}

/** A generic OTA device. */
export class BenchDevice {
  readonly #options: BenchDeviceOptions;
  readonly #switch: PowerSwitch<LabCore>;
  readonly #kept = keptInMemory<NetworkSettings>();
  readonly #store: MemoryStore;
  #running: { readonly node: Node; readonly client: OtaClient; readonly core: LabCore } | undefined;

  constructor(options: BenchDeviceOptions) {
    const { clock, loadCore, fileVersion = 0, capacity = 4 * 1024 * 1024 } = options;
    this.#options = options;
    this.#switch = new PowerSwitch({ clock, loadCore, start: (power, core) => this.#start(power, core) });
    this.#store = new MemoryStore(fileVersion, capacity, () => this.#switch.restart(RESTART_MS));
  }

  /** Switches on; resolves when it runs. */
  powerOn(): Promise<void> {
    return this.#switch.on();
  }

  /** Switches off at once. */
  powerOff(): void {
    this.#switch.off();
  }

  /** Switches off and forgets the network, as a reset to the factory's settings does; frame counters stay. */
  reset(): void {
    this.#switch.off();
    const { limits = {}, marks = [] } = this.#kept.read() ?? {};
    this.#kept.write({ limits, marks });
  }

  /** The last file received whole, activated or not. */
  get received(): ReceivedFile | undefined {
    return this.#store.received;
  }

  /** File version that it says it runs. */
  get fileVersion(): number {
    return this.#store.fileVersion;
  }

  /** Where the device belongs; undefined until it has joined. */
  get membership(): Membership | undefined {
    return this.#switch.isOn ? this.#running?.node.membership : undefined;
  }

  /** Link keys with other devices. */
  get partners(): ReadonlyMap<Eui64, KeyHandle> {
    return (this.#switch.isOn ? this.#running?.node.partners : undefined) ?? new Map();
  }

  /** The core that it runs on, for benches that export keys. */
  get core(): LabCore | undefined {
    return this.#switch.isOn ? this.#running?.core : undefined;
  }

  /** How far a transfer has come. */
  get upgrade(): { readonly stage: Stage; readonly image: ImageId | undefined; readonly offset: number; readonly size: number } {
    const client = this.#switch.isOn ? this.#running?.client : undefined;
    const image = client?.image;
    return { stage: client?.stage ?? 'normal', image, offset: client?.fileOffset ?? 0, size: image?.size ?? 0 };
  }

  #start(power: Power, core: LabCore): Run {
    const { identity, surroundings, imageType, habits } = this.#options;
    const { name, manufacturer, hardwareVersion } = identity;
    const { log, entropy } = surroundings;
    const { fileVersion } = this.#store;
    const running: ImageId = { manufacturer, imageType, fileVersion: habits?.version?.(fileVersion) ?? fileVersion };
    const client = new OtaClient({
      clock: power,
      log,
      name,
      running,
      hardwareVersion,
      downgrades: true,
      store: this.#store,
      habits,
      send: (command, payload) => void node.send({ cluster: OTA_CLUSTER, control: ZCL.CLUSTER, command, payload }),
      draw: () => 1 + ((entropy.bytes(1)[0] ?? 0) % 100),
    });
    const node: Node = new Node({
      identity,
      surroundings,
      device: LOAD_CONTROL,
      power,
      core,
      kept: this.#kept,
      partner: this.#options.partner,
      sides: [
        basicSide(identity),
        otaSide(
          () => client,
          running,
          () => node.membership?.trustCentre,
        ),
      ],
      onJoined: () => client.query(),
    });
    this.#running = { node, client, core };
    node.start();
    return node;
  }
}

/** Keeps a file in memory. It outlives a restart, as does what has come of a transfer. */
class MemoryStore implements UpgradeStore {
  readonly #capacity: number;
  readonly #restart: () => void;
  #image: ImageId | undefined;
  #file = new Uint8Array();
  #end = 0;
  fileVersion: number;
  received: ReceivedFile | undefined;

  constructor(fileVersion: number, capacity: number, restart: () => void) {
    this.fileVersion = fileVersion;
    this.#capacity = capacity;
    this.#restart = restart;
  }

  begin(image: ImageId, size: number): Result<number> {
    if (size <= 0 || size > this.#capacity) return refuse('size', `a file of ${size} bytes is not taken, ${this.#capacity} at most`);
    if (this.#image?.fileVersion !== image.fileVersion || this.#file.length !== size) {
      this.#image = image;
      this.#file = new Uint8Array(size);
      this.#end = 0;
    }
    return ok(this.#end);
  }

  write(offset: number, data: Uint8Array): void {
    this.#file.set(data, offset);
    this.#end = offset + data.length;
  }

  finish(): Result<unknown> {
    const sha256 = digest(createHash('sha256').update(this.#file).digest());
    this.received = { file: this.#file.slice(), sha256 };
    return ok(undefined);
  }

  discard(): void {
    this.#image = undefined;
  }

  activate(): Result<unknown> {
    if (this.#image !== undefined) this.fileVersion = this.#image.fileVersion;
    this.#image = undefined;
    this.#restart();
    return ok(undefined);
  }
}
