/** What dated statements have in common. Times are whole seconds. */
import type { DeviceModel } from './device.ts';
import type { Eui64 } from './ids.ts';
import type { Environment } from './service-request.ts';

/** What every statement says of itself. */
export interface StatementBase {
  readonly version: number;
  readonly environment: Environment;
  readonly issued: number;
  /** Bounds of validity, inclusive start, exclusive end. */
  readonly validFrom: number;
  readonly validTo: number;
}

/** A list that may be cut for one gateway; the slice has the version of the list. */
export interface ListBase extends StatementBase {
  /** Set in a slice: the gateway that it was cut for. */
  readonly gateway?: Eui64 | undefined;
}

/** A Device Model in its place in a combination. */
export type CombinationMember = DeviceModel & { readonly type: string };
