/** What an OTA client is made of: where images go, and what it is told about itself. */
import type { ImageId } from '../../host/clusters/ota.ts';
import type { Result } from '../../host/model/fault.ts';
import type { Clock } from '../../host/ports/clock.ts';
import type { Log } from '../../host/ports/log.ts';
import type { Habits } from './habits.ts';

/** Where an image goes. */
export interface UpgradeStore {
  /** Makes room for an image and answers the offset to go on at: above 0 when a part of this very image is there. */
  begin(image: ImageId, size: number): Result<number>;
  /** Takes the bytes at `offset`, which is where the last ones ended. */
  write(offset: number, data: Uint8Array): void;
  /** Judges the whole image. */
  finish(): Result<unknown>;
  discard(): void;
  /** Makes the image the one to run, and restarts the device. Refused, the client asks for the time of activation again. */
  activate(): Result<unknown>;
}

/** What a client is made of. */
export interface OtaClientParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly name: string;
  /** What runs now; `fileVersion` 0xffffffff when nothing is known. */
  readonly running: ImageId;
  readonly hardwareVersion: number;
  /** Whether lower file versions are taken too. */
  readonly downgrades: boolean;
  readonly store: UpgradeStore;
  /** Sends an OTA cluster command to the server. */
  readonly send: (command: number, payload: Uint8Array) => void;
  /** A number of 1 to 100, for Image Notify. */
  readonly draw: () => number;
  readonly habits?: Habits | undefined;
}
