/** What the flows of a gateway work with. Composed once, at start; every member is replaced by a real counterpart in tests, not mocked. */
import type { Bridge } from '../bridge/bridge.ts';
import type { OtaServer } from '../han/ota-server.ts';
import type { SecuredPeer } from '../han/network.ts';
import type { ZclEndpoint } from '../han/zcl.ts';
import type { Decision, Moment } from '../model/decision.ts';
import type { DeviceLogEntry } from '../model/device.ts';
import type { Digest, Eui64 } from '../model/ids.ts';
import type { ImageExpectation, ImageReport } from '../model/image.ts';
import type { CancelUpdate, Countersigned, UpdateFirmware } from '../model/service-request.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Records } from './records.ts';
import type { Registers } from './registers.ts';

/** Images as the flows see them: fetched into the store, read from it. */
export interface ImageShelf {
  complete(image: Digest, length: number): boolean;
  /** Resolves true when complete, false when stopped. */
  fetch(image: Digest, length: number): Promise<boolean>;
  stop(image: Digest): void;
  read(image: Digest, length: number): Iterable<Uint8Array>;
  /** Forgets an image. */
  drop(image: Digest): Promise<void>;
}

/** Decides with the rules of this gateway on the facts of this moment; `accepted` is when the order was allowed at issue. */
export interface Decide {
  (countersigned: Countersigned<UpdateFirmware>, moment: Moment, accepted?: number): Decision<UpdateFirmware>;
  (countersigned: Countersigned<CancelUpdate>, moment: Moment): Decision<CancelUpdate>;
}

/** The parts of a gateway. */
export interface GatewayParts {
  readonly eui: Eui64;
  readonly clock: Clock;
  readonly log: Log;
  readonly bridge: Bridge;
  readonly images: ImageShelf;
  readonly ota: OtaServer;
  readonly zcl: ZclEndpoint;
  readonly registers: Registers;
  readonly records: Records;
  readonly decide: Decide;
  /** A device that application data may go to. */
  peer(eui: Eui64): SecuredPeer | undefined;
  /** Verifies received blocks in a fresh instance of the core. */
  verifyImage(blocks: Iterable<Uint8Array>, expectation: ImageExpectation): ImageReport;
  /** What an image is verified against. */
  expectation(request: UpdateFirmware, device: DeviceLogEntry | undefined): ImageExpectation;
  /** Told of what must not happen: logged, and the process ends if it cannot go on. */
  fault(cause: unknown): void;
}
