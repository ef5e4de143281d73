/** What a gateway is set up with: everything that it does not make itself. */
import type { CertificateMaterial } from '../core/cbke.ts';
import type { Core } from '../core/core.ts';
import type { MessageCheck } from '../messages/message-check.ts';
import type { Allowed } from '../model/decision.ts';
import type { DeviceLogEntry } from '../model/device.ts';
import type { Eui64 } from '../model/ids.ts';
import type { ImageExpectation, ImageReport } from '../model/image.ts';
import type { Report } from '../model/job.ts';
import type { Environment, Role, Signer, UpdateFirmware } from '../model/service-request.ts';
import type { Broker } from '../ports/broker.ts';
import type { Clock } from '../ports/clock.ts';
import type { Control } from '../ports/control.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Log } from '../ports/log.ts';
import type { Radio } from '../ports/radio.ts';
import type { Store } from '../ports/store.ts';
import type { Doors } from './situation.ts';

/** The rules, as `policy/` composes them. */
export interface Policy extends Doors {
  isAllowed(decision: Allowed): boolean;
  factLines(facts: Allowed['facts']): readonly string[];
  expectation(request: UpdateFirmware, device: DeviceLogEntry | undefined): ImageExpectation;
  /** Checks of messages to be asked; all of them but in tests that show that each matters. */
  readonly messageChecks: readonly MessageCheck[];
}

/** What a gateway is set up with. Ports are given open; the gateway closes them when it stops, or cannot start. */
export interface GatewaySetup {
  readonly eui: Eui64;
  readonly environment: Environment;
  readonly channel: number;
  readonly panId: number;
  readonly extendedPanId: Eui64;
  /** The Communications Hub's own Device Model. */
  readonly model: DeviceLogEntry;
  readonly anchors: readonly Signer[];
  readonly countersigners: readonly Role[];
  /** Signed statements at hand at start (from files); what is stored already is no news, and MQTT brings later ones. */
  readonly statements: readonly Uint8Array[];
  readonly policy: Policy;
  readonly core: Core;
  readonly verifyImage: (blocks: Iterable<Uint8Array>, expectation: ImageExpectation) => ImageReport;
  readonly signReport: (report: Report) => Uint8Array;
  readonly wrappingKey: Uint8Array;
  readonly installCodes: ReadonlyMap<Eui64, Uint8Array>;
  /** The gateway's own certificates, at most one a suite; kept ones need not be given again. */
  readonly certificates: readonly CertificateMaterial[];
  /** A person says that the other gateway of this EUI-64, which silenced this one, is gone. */
  readonly alone?: boolean | undefined;
  readonly store: Store;
  /** How people call the store (its path). */
  readonly storeName: string;
  readonly radio: Radio;
  readonly broker: Broker;
  /** Where orders come in, if they may. */
  readonly control?: Control | undefined;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  readonly software: string;
  /**
   * Whether a top-up entered at the home is on its way to a meter; nothing is activated meanwhile [R-PPMID-07]. Left out by every composition here: the
   * gateway relays no top-up itself, so none is pending that it could know of. Who relays them says so by this.
   */
  readonly topUpPending?: (() => boolean) | undefined;
  /** Told once of what the gateway cannot go on with. */
  readonly onFault: (cause: unknown) => void;
}
