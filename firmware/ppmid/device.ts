/**
 * A virtual PPMID: bootloader, panel, OTA client and a node on the home network, over one flash. What it knows after a loss
 * of power is what its flash holds; its own key (`fuse`) is the only thing kept elsewhere.
 *
 * New firmware starts on trial. It confirms itself when it has drawn its panel and heard the hub under the network key; if
 * that does not happen in time the old firmware comes back.
 */
import { OTA_CLUSTER, type ImageId } from '../../host/clusters/ota.ts';
import { ZCL } from '../../host/core/control.ts';
import type { LabCore } from '../../host/core/core.ts';
import type { KeyHandle } from '../../host/model/frame.ts';
import type { Eui64 } from '../../host/model/ids.ts';
import type { ImageTrust } from '../../host/model/image.ts';
import type { Clock } from '../../host/ports/clock.ts';
import { basicSide } from '../devices/basic.ts';
import { Node, type DeviceIdentity, type Surroundings } from '../devices/node.ts';
import type { Membership } from '../devices/membership.ts';
import { PowerSwitch, type Run } from '../devices/power-switch.ts';
import type { Power } from '../devices/power.ts';
import { PPMID_IMAGE_TYPE } from '../image/format.ts';
import { batterySide, type Battery } from './battery.ts';
import { Boot, type Firmware, type Outcome } from './boot.ts';
import type { Flash } from './flash.ts';
import type { Habits } from './habits.ts';
import { OtaClient, type Stage } from './ota-client.ts';
import { otaSide } from './ota-side.ts';
import { SAMPLE_VALUES, type PanelValues } from './panel-values.ts';
import { Panel } from './panel.ts';
import { SettingsStore } from './settings.ts';
import { SlotStore } from './slot-store.ts';
import { firmwareVerifier, type ImageVerifier } from './verifier.ts';

/** Smart Energy device identifier of a prepayment terminal. */
export const PREPAYMENT_TERMINAL = 0x0506;
/** How long new firmware has to confirm itself. */
export const TRIAL_MS = 120_000;
/** How long a restart takes. */
export const RESTART_MS = 500;
const FULL = (): number => 100;

/** What a PPMID is made of. */
export interface PpmidOptions {
  readonly identity: DeviceIdentity;
  readonly surroundings: Surroundings;
  readonly clock: Clock;
  readonly loadCore: () => Promise<LabCore>;
  readonly verify: ImageVerifier;
  /** Whose signatures its bootloader believes; left out, it takes unsigned images. */
  readonly trust?: ImageTrust;
  /** Outlives the object: a PPMID made anew over the same flash and identity is the same device. */
  readonly flash: Flash;
  /** Another device that it wants to share a link key with. */
  readonly partner?: Eui64;
  /** Default 0x0084. */
  readonly imageType?: number;
  /** Whether the device takes lower file versions; default false. */
  readonly downgrades?: boolean;
  /** Default: always full. */
  readonly battery?: Battery;
  /** Where its firmware departs from the cluster's text, whatever firmware it is. */
  readonly habits?: Habits;
  /** Default TRIAL_MS. */
  readonly trialMs?: number;
  /** Called when the flash's power was cut in the middle of something. */
  readonly onPowerCut?: () => void;
}

/** How far an upgrade has come. */
export interface UpgradeProgress {
  readonly stage: Stage;
  /** The image under way. */
  readonly image: ImageId | undefined;
  readonly offset: number;
  readonly size: number;
}

interface Running extends Run {
  readonly power: Power;
  readonly boot: Boot;
  readonly firmware: Firmware;
  readonly panel: Panel | undefined;
  readonly client: OtaClient;
  readonly node: Node;
  readonly core: LabCore;
  readonly settings: SettingsStore;
}

/** A virtual PPMID. */
export class Ppmid {
  readonly #options: PpmidOptions;
  readonly #switch: PowerSwitch<LabCore>;
  #running: Running | undefined;
  #values: PanelValues = SAMPLE_VALUES;

  constructor(options: PpmidOptions) {
    this.#options = options;
    const { clock, loadCore, onPowerCut } = options;
    const start = (power: Power, core: LabCore): Run => {
      this.#running = this.#start(power, core);
      return this.#running ?? { stop: () => undefined };
    };
    this.#switch = new PowerSwitch({ clock, loadCore, start, ...(onPowerCut ? { onCut: onPowerCut } : {}) });
  }

  /** Writes the image that leaves the factory. Throws Fault `input` when the device would not run it. */
  provision(image: Uint8Array): void {
    this.#boot().provision(image);
  }

  /** Switches on. Resolves when firmware runs; joining goes on by itself. */
  powerOn(): Promise<void> {
    return this.#switch.on();
  }

  /** Switches off at once. */
  powerOff(): void {
    this.#switch.off();
  }

  /** Whether firmware runs. False as well when neither slot holds any. */
  get isOn(): boolean {
    return this.#switch.isOn && this.#running !== undefined;
  }

  /** File version of the firmware that runs; undefined while none does. */
  get fileVersion(): number | undefined {
    return this.isOn ? this.#running?.firmware.header.fileVersion : undefined;
  }

  /** What came of the last upgrade; undefined while the device is off. */
  get outcome(): Outcome | undefined {
    return this.isOn ? this.#running?.boot.state.outcome : undefined;
  }

  /** Where the device belongs; undefined until it has joined. */
  get membership(): Membership | undefined {
    return this.isOn ? this.#running?.node.membership : undefined;
  }

  /** Link keys with other devices. */
  get partners(): ReadonlyMap<Eui64, KeyHandle> {
    return (this.isOn ? this.#running?.node.partners : undefined) ?? new Map();
  }

  /** The core that it runs on, for benches that export keys. A restart makes a new one. */
  get core(): LabCore | undefined {
    return this.isOn ? this.#running?.core : undefined;
  }

  /** How far an upgrade has come. */
  get upgrade(): UpgradeProgress {
    const client = this.isOn ? this.#running?.client : undefined;
    const image = client?.image;
    return { stage: client?.stage ?? 'normal', image, offset: client?.fileOffset ?? 0, size: image?.size ?? 0 };
  }

  /** The panel as text; empty while the device is off. */
  screen(): string {
    return this.isOn ? (this.#running?.panel?.render(this.#values, this.#options.clock.now()) ?? '') : '';
  }

  /** Changes what the meter told it. Kept over a restart from the next button or restart on. */
  show(values: Partial<PanelValues>): void {
    this.#values = { ...this.#values, ...values };
  }

  /** Presses a button (KEY_… of firmware/payload/abi.ts), and keeps what is shown. */
  press(button: number): void {
    const running = this.#running;
    const panel = this.isOn ? running?.panel : undefined;
    if (panel === undefined || running === undefined) return;
    this.show({ setting: panel.press(button, this.#values, this.#options.clock.now()) });
    running.power.run(() => running.settings.part('panel').write(this.#values));
  }

  #boot(): Boot {
    const { identity, flash, verify, trust, imageType = PPMID_IMAGE_TYPE } = this.#options;
    const { manufacturer, hardwareVersion } = identity;
    return new Boot(flash, firmwareVerifier(verify, { manufacturer, imageType, hardwareVersion, trust }));
  }

  /** Boots and comes on the air; undefined when there is no firmware. */
  #start(power: Power, core: LabCore): Running | undefined {
    const { identity, surroundings, flash, habits, downgrades = false, trialMs = TRIAL_MS, imageType = PPMID_IMAGE_TYPE } = this.#options;
    const battery = this.#options.battery ?? FULL;
    const { name, manufacturer, hardwareVersion } = identity;
    const { log, entropy } = surroundings;
    const boot = this.#boot();
    const started = boot.start();
    if (!started.ok) {
      log.error('no-firmware', { device: name, detail: started.detail });
      return undefined;
    }
    const { firmware, trial, outcome } = started;
    const { fileVersion } = firmware.header;
    const settings = new SettingsStore(flash);
    this.#values = settings.all.panel ?? this.#values;
    log.info('firmware-started', { device: name, fileVersion, slot: firmware.slot, trial });

    const restart = (): void => {
      settings.part('panel').write(this.#values);
      this.#switch.restart(RESTART_MS);
    };
    const store = new SlotStore(flash, boot, settings, battery, restart);
    store.tidy();
    const running: ImageId = { manufacturer, imageType, fileVersion: habits?.version?.(fileVersion) ?? fileVersion };
    const client = new OtaClient({
      clock: power,
      log,
      name,
      running,
      hardwareVersion,
      downgrades,
      store,
      habits,
      send: (command, payload) => void node.send({ cluster: OTA_CLUSTER, control: ZCL.CLUSTER, command, payload }),
      draw: () => 1 + ((entropy.bytes(1)[0] ?? 0) % 100),
    });
    const panel = this.#draw(firmware);
    const revert = (why: string): void => {
      log.warn('firmware-reverted', { device: name, fileVersion, why });
      boot.revert();
      restart();
    };
    let proved = !trial;
    const node: Node = new Node({
      identity,
      surroundings,
      device: PREPAYMENT_TERMINAL,
      power,
      core,
      kept: settings.part('network'),
      partner: this.#options.partner,
      sides: [
        basicSide(identity),
        batterySide(battery),
        otaSide(
          () => client,
          running,
          () => node.membership?.trustCentre,
        ),
      ],
      // An image that has just failed is not fetched again unless the hub says so.
      onJoined: () => void (outcome === 'refused' || outcome === 'reverted' || client.query()),
      onAuthentic: () => {
        if (proved) return;
        proved = true;
        boot.confirm();
        log.info('firmware-confirmed', { device: name, fileVersion });
      },
    });
    if (trial && panel === undefined) power.after(0, () => revert('its program does not run'));
    else if (trial) power.after(trialMs, () => void (proved || revert('the hub was not heard in time')));
    if (panel !== undefined || !trial) node.start();
    return { power, boot, firmware, panel, client, node, core, settings, stop: () => node.stop() };
  }

  /** Starts the program and lets it draw once. */
  #draw({ program }: Firmware): Panel | undefined {
    const panel = Panel.start(program);
    if (!panel.ok) return undefined;
    try {
      panel.value.render(this.#values, this.#options.clock.now());
      return panel.value;
    } catch {
      return undefined;
    }
  }
}
