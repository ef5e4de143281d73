/** Backups out of files and into files: of a configuration's gateway, under a key of their own or in the plain form. */
import { SystemClock, SystemEntropy } from '../adapters/system.ts';
import { Core, LabCore } from '../core/core.ts';
import { sequenceOf } from '../core/keys.ts';
import { known, Vault } from '../gateway/vault.ts';
import { Fault } from '../model/fault.ts';
import type { Fingerprint } from '../model/ids.ts';
import { VERSION } from '../model/version.ts';
import { silent } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';
import { IncomingCounters, OutgoingCounters } from '../stores/counters.ts';
import { SealedKeys } from '../stores/keys.ts';
import { Members } from '../stores/members.ts';
import { openFields, takeBackup } from './backup.ts';
import { backupId, openBackup, sealBackup, type BackupHead } from './backup-file.ts';
import { standIn, writePlain } from './backup-plain.ts';
import type { GatewayConfig } from './config.ts';
import { readFileText } from './files.ts';
import { loadModule } from './gateway.ts';
import { loadWrappingKey } from './load.ts';
import { restorableBackup } from './restorable.ts';

/** Largest backup file. */
export const BACKUP_LIMIT = 16 * 1024 * 1024;

/** A backup of this product, ready to be written. */
export interface EncryptedBackup {
  readonly head: BackupHead;
  readonly file: string;
  /** How many keys are in it. */
  readonly keys: number;
}

/** Takes a backup under the key of a file. Refuses, with Fault `config`, the gateway's own wrapping key. */
export async function encryptedBackup(config: GatewayConfig, store: Store, keyFile: string): Promise<EncryptedBackup> {
  const [entropy, clock] = [new SystemEntropy(), new SystemClock()];
  const { environment, gateway, channel, panId } = config;
  const [wrappingKey, backupKey] = await Promise.all([loadWrappingKey(config.keys.wrapping), loadWrappingKey(keyFile)]);
  const forBody = backupKey.slice();
  try {
    if (Buffer.compare(wrappingKey, backupKey) === 0)
      throw new Fault('config', `${keyFile} is the gateway's wrapping key: a backup needs a key of its own, kept elsewhere`);
    const id = backupId(entropy);
    const core = await Core.load(await loadModule('core.wasm'));
    const body = takeBackup({ store, core, wrappingKey, backupKey, id, gateway, environment, channel, panId, entropy, clock });
    const { keys, taken } = body.stack_specific.hearthgate;
    const head = { environment, gateway, id, created: new Date(taken).toISOString() };
    return { head, file: sealBackup(head, body, forBody, entropy), keys: keys.length };
  } finally {
    for (const key of [wrappingKey, backupKey, forBody]) key.fill(0);
  }
}

/** What was found in a whole backup. */
export interface VerifiedBackup {
  readonly head: BackupHead;
  readonly ageSeconds: number;
  readonly keys: readonly { readonly purpose: string; readonly identity: string; readonly fingerprint: Fingerprint | undefined }[];
}

/** Opens a backup and every key in it. Throws Fault `input` or `core` for the first thing that is wrong. */
export async function verifyBackup(file: string, keyFile: string): Promise<VerifiedBackup> {
  const text = await readFileText(file, BACKUP_LIMIT);
  const backupKey = await loadWrappingKey(keyFile);
  const core = await Core.load(await loadModule('core.wasm'));
  try {
    const { head, body } = openBackup(text, backupKey, file);
    const restorable = restorableBackup(head, body, backupKey, core);
    const said = body.stack_specific.hearthgate.keys;
    const keys = restorable.keys.map(({ purpose, identity, open }, i) => {
      const handle = open(core);
      if (!handle.ok) throw new Fault('input', `${file}: the ${purpose} key ${identity} does not open: ${handle.code}`);
      const fingerprint = purpose === 'certificate' ? undefined : known(core.keys.fingerprint(handle.value), 'a key');
      core.keys.erase(handle.value);
      if (fingerprint !== said[i]?.fingerprint)
        throw new Fault('input', `${file}: the ${purpose} key ${identity} is another than the backup says`);
      return { purpose, identity, fingerprint };
    });
    return { head, keys, ageSeconds: Math.floor((Date.now() - restorable.taken) / 1000) };
  } finally {
    backupKey.fill(0);
    core.wipe();
  }
}

/**
 * The bytes of a plain backup: the network key in use and the link keys, in clear; the caller wipes them. Needs lab.wasm, which gives keys
 * away and is not on a gateway: rejects with Fault `core` where it is missing.
 */
export async function plainBackup(config: GatewayConfig, store: Store): Promise<Uint8Array> {
  const { gateway, channel, panId } = config;
  const [clock, entropy] = [new SystemClock(), new SystemEntropy()];
  const core = await LabCore.load(await loadModule('lab.wasm'));
  const keys: Uint8Array[] = [];
  try {
    const sealed = new SealedKeys(store);
    const wrapping = known(core.keys.importWrapping(await loadWrappingKey(config.keys.wrapping)), 'the wrapping key');
    const vault = new Vault({ core, sealed, entropy, gateway, wrapping });
    const outgoing = new OutgoingCounters(store);
    const incoming = new IncomingCounters(store, clock, silent).all();
    /** Takes a key out: its stand-in, and its next counter. */
    const take = (purpose: 'network' | 'link', identity: string) => {
      const handle = vault.open(purpose, identity);
      if (handle === undefined) throw new Fault('input', `${config.data}: there is no ${purpose} key ${identity}`);
      const fingerprint = known(core.keys.fingerprint(handle), 'a key');
      keys.push(known(core.exportKey(handle), 'a key'));
      return { key: standIn(keys.length - 1), fingerprint, next: outgoing.next(fingerprint) ?? 0 };
    };
    const network = take('network', 'active');
    const devices = new Members(store).all().map(({ eui, short }) => {
      const link = sealed.get('link', eui) === undefined ? undefined : take('link', eui);
      const heard = incoming.find((mark) => mark.eui === eui && mark.key === link?.fingerprint)?.next ?? 0;
      return {
        nwk_address: short.toString(16).padStart(4, '0'),
        ieee_address: eui,
        is_child: true,
        ...(link && { link_key: { key: link.key, rx_counter: heard, tx_counter: link.next } }),
      };
    });
    const backup = {
      metadata: {
        ...{ format: 'zigpy/open-coordinator-backup' as const, version: 1 as const, source: `hearthgate@${VERSION}` },
        internal: { creation_time: new Date(clock.now()).toISOString() },
      },
      ...openFields({ gateway, channel, panId }),
      network_key: {
        key: network.key,
        sequence_number: sequenceOf(sealed.get('network', 'active') ?? new Uint8Array(0)),
        frame_counter: network.next,
      },
      devices,
    };
    return writePlain({ backup, keys });
  } finally {
    for (const key of keys) key.fill(0);
    core.wipe();
  }
}
