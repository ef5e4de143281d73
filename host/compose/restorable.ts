/** Backups as something to restore: one of this product, whose keys its own key opens, and one of the plain form, whose keys stand in clear. */
import type { Core } from '../core/core.ts';
import { known } from '../gateway/vault.ts';
import { Fault } from '../model/fault.ts';
import type { KeyHandle } from '../model/frame.ts';
import type { Eui64 } from '../model/ids.ts';
import type { Environment } from '../model/service-request.ts';
import { backupEntry } from './backup.ts';
import type { BackupBody } from './backup-body.ts';
import type { BackupHead } from './backup-file.ts';
import type { PlainKeys } from './backup-plain.ts';
import type { Restorable, RestorableKey } from './restore.ts';

/** An opened backup of this product; `backupKey` is put into the core and wiped. */
export function restorableBackup(
  { id, gateway, environment }: BackupHead,
  body: BackupBody,
  backupKey: Uint8Array,
  core: Core,
): Restorable {
  const { keys, ...state } = body.stack_specific.hearthgate;
  const under: KeyHandle = known(core.keys.importWrapping(backupKey), "the backup's key");
  if (body.coordinator_ieee !== gateway || state.environment !== environment)
    throw new Fault('input', `backup ${id}: its body is of another gateway than its head says`);
  return {
    ...{ ...state, id, gateway, environment },
    keys: keys.map(({ purpose, identity, sealed }): RestorableKey => ({
      purpose,
      identity,
      open: (into) =>
        into.keys.unseal(new Uint8Array(Buffer.from(sealed, 'base64')), under, {
          holder: gateway,
          entry: backupEntry(id, purpose, identity),
        }),
    })),
  };
}

/** What a plain backup does not say of itself. */
export interface PlainContext {
  readonly environment: Environment;
  /** Milliseconds since 1970 at which it was taken. */
  readonly taken: number;
  /** Names it; a hash of its file. */
  readonly id: string;
}

/** A backup of the plain form; its keys are wiped as they enter the core. */
export function restorablePlain({ backup, keys }: PlainKeys, { environment, taken, id }: PlainContext): Restorable {
  const { network_key: network, devices } = backup;
  const raw = (standIn: string): Uint8Array => keys[Number.parseInt(standIn, 10)] ?? new Uint8Array(16);
  const links = devices.flatMap(({ ieee_address: device, link_key: link }): RestorableKey[] => {
    if (link === undefined || link === null) return [];
    const open: RestorableKey['open'] = (core) => core.keys.importLink(raw(link.key), device);
    // Tools differ in whether they keep the last counter or the next: one more refuses a single frame at worst.
    return [{ purpose: 'link', identity: device, open, next: link.tx_counter, expects: link.rx_counter + 1 }];
  });
  return {
    ...{
      id,
      environment,
      taken,
      gateway: backup.coordinator_ieee,
      outgoing: {},
      incoming: [],
      marks: {},
      records: [],
      erased: [],
      report: 1,
    },
    keys: [
      {
        purpose: 'network',
        identity: 'active',
        open: (core) => core.keys.importNetwork(raw(network.key), network.sequence_number),
        next: network.frame_counter,
      },
      ...links,
    ],
    members: devices.flatMap(({ ieee_address: eui, nwk_address: short }) =>
      typeof short === 'string' ? [{ eui: eui satisfies Eui64, short: Number.parseInt(short, 16), joined: true }] : [],
    ),
  };
}
