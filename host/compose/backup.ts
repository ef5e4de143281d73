/**
 * A backup out of a gateway's store, also of one that runs: every key is opened by a core of its own under the gateway's wrapping key and
 * sealed again under the backup's key, for this one backup. No key leaves the core in clear.
 */
import type { Core } from '../core/core.ts';
import { SEAL_NONCE_LENGTH, sequenceOf } from '../core/keys.ts';
import { known, Vault, type Purpose } from '../gateway/vault.ts';
import type { Eui64 } from '../model/ids.ts';
import type { Environment } from '../model/service-request.ts';
import { VERSION } from '../model/version.ts';
import type { Clock } from '../ports/clock.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Store, Table } from '../ports/store.ts';
import { silent } from '../ports/log.ts';
import { IncomingCounters, OutgoingCounters } from '../stores/counters.ts';
import { ErasedCodes } from '../stores/erased-codes.ts';
import { SealedKeys } from '../stores/keys.ts';
import { Members } from '../stores/members.ts';
import { Outbox } from '../stores/outbox.ts';
import type { BackupBody, BackupState } from './backup-body.ts';

/** What a backup is taken of. */
export interface BackupPlan {
  readonly store: Store;
  /** A core that holds nothing else; it is wiped in the end. */
  readonly core: Core;
  /** The gateway's wrapping key and the backup's; wiped. */
  readonly wrappingKey: Uint8Array;
  readonly backupKey: Uint8Array;
  readonly id: string;
  readonly gateway: Eui64;
  readonly environment: Environment;
  readonly channel: number;
  readonly panId: number;
  readonly entropy: Entropy;
  readonly clock: Clock;
}

/** Purposes whose keys are in a backup. */
const PURPOSES: readonly Purpose[] = ['network', 'install', 'link', 'certificate'];
/** Tables that are taken as they are. */
const RECORDS: readonly Extract<Table, BackupState['records'][number]['table']>[] = ['devices', 'registers', 'keystates'];

/** The entry that a key of a backup is sealed for: it opens in no other backup and under no other name. */
export const backupEntry = (id: string, purpose: string, identity: string): string => `backup/${id}/${purpose}/${identity}`;

/** Takes a backup. Throws Fault `store` when a key does not open under the wrapping key. */
export function takeBackup(plan: BackupPlan): BackupBody {
  const { store, core, entropy, gateway, clock, channel, panId, id } = plan;
  const taken = Math.floor(clock.now()); // before any counter is read: what is used meanwhile is in the age of the backup
  try {
    const sealed = new SealedKeys(store);
    const wrapping = known(core.keys.importWrapping(plan.wrappingKey), 'the wrapping key');
    const under = known(core.keys.importWrapping(plan.backupKey), "the backup's key");
    const vault = new Vault({ core, sealed, entropy, gateway, wrapping });
    const keys = PURPOSES.flatMap((purpose) =>
      vault.identities(purpose).map((identity) => {
        const handle = vault.open(purpose, identity) ?? 0;
        const place = { holder: gateway, entry: backupEntry(id, purpose, identity) };
        const record = known(core.keys.seal(handle, under, place, entropy.bytes(SEAL_NONCE_LENGTH)), `${purpose} key ${identity}`);
        const fingerprint = purpose === 'certificate' ? undefined : known(core.keys.fingerprint(handle), 'a key');
        core.keys.erase(handle);
        return { purpose, identity, sealed: base64(record), ...(fingerprint && { fingerprint }) };
      }),
    );
    const outgoing = new OutgoingCounters(store).all();
    const members = new Members(store).all();
    const active = keys.find(({ purpose, identity }) => purpose === 'network' && identity === 'active');
    const state: BackupState = {
      ...{ environment: plan.environment, taken, keys },
      outgoing: Object.fromEntries(outgoing),
      incoming: [...new IncomingCounters(store, clock, silent).all()],
      marks: Object.fromEntries(store.range('marks', '', '~').map(([key, value]) => [key, new TextDecoder().decode(value)])),
      members: members.map(({ eui, short, joined }) => ({ eui, short, joined })),
      records: RECORDS.flatMap((table) => store.range(table, '', '~').map(([key, value]) => ({ table, key, value: base64(value) }))),
      erased: [...new ErasedCodes(store).all()],
      report: new Outbox(store).next(),
    };
    return {
      metadata: {
        ...{ format: 'zigpy/open-coordinator-backup', version: 1, source: `hearthgate@${VERSION}` },
        internal: { creation_time: new Date(taken).toISOString() },
      },
      ...openFields({ gateway, channel, panId }),
      network_key: {
        sequence_number: sequenceOf(sealed.get('network', 'active') ?? new Uint8Array(0)),
        frame_counter: (active?.fingerprint && outgoing.get(active.fingerprint)) ?? 0,
      },
      devices: members.map(({ eui, short }) => ({ nwk_address: short.toString(16).padStart(4, '0'), ieee_address: eui, is_child: true })),
      stack_specific: { hearthgate: state },
    };
  } finally {
    core.wipe();
  }
}

/** Fields of the open format about the network itself. */
export const openFields = ({ gateway, channel, panId }: { readonly gateway: Eui64; readonly channel: number; readonly panId: number }) => ({
  coordinator_ieee: gateway,
  pan_id: panId.toString(16).padStart(4, '0'),
  extended_pan_id: gateway,
  nwk_update_id: 0,
  security_level: 5,
  channel,
  channel_mask: [channel],
});

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
