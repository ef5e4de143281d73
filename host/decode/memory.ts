/** What a reader of a capture remembers from frame to frame. */
import type { SeVersion } from '../clusters/cluster.ts';
import type { Core } from '../core/core.ts';
import type { Addresses } from './addresses.ts';
import type { ApsCounters } from './aps-counters.ts';
import type { Keyring } from './keyring.ts';
import type { Reassembly } from './reassembly.ts';
import type { Replays } from './replay.ts';
import type { ZclTables } from './zcl-tables.ts';

/** Everything that one frame leaves for those after it. */
export interface Memory {
  readonly core: Core;
  readonly addresses: Addresses;
  /** Keys of ZigBee. */
  readonly keys: Keyring;
  /** Keys of Green Power devices, which commissioning frames bring. */
  readonly greenPowerKeys: Keyring;
  /** Whether keys that the capture brings are taken up, and whether key material is shown. */
  readonly learns: boolean;
  readonly showsKeys: boolean;
  /** Revision of Smart Energy by which its commands are read. */
  readonly seVersion: SeVersion;
  readonly zclTables: ZclTables;
  readonly fragments: Reassembly;
  readonly counters: ApsCounters;
  readonly replays: Replays;
}
