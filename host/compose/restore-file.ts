/** A restore from a file: opened, held against the configuration, marked as used before anything is written. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { MemoryStore } from '../adapters/store-memory.ts';
import { openLockedStore } from '../adapters/store-lock.ts';
import { SystemClock, SystemEntropy } from '../adapters/system.ts';
import { Core } from '../core/core.ts';
import { Fault, ok, refuse, type Result } from '../model/fault.ts';
import type { Clock } from '../ports/clock.ts';
import { BACKUP_LIMIT } from './backup-export.ts';
import { openBackup } from './backup-file.ts';
import { readPlain } from './backup-plain.ts';
import type { GatewayConfig } from './config.ts';
import { readFileText } from './files.ts';
import { loadModule } from './gateway.ts';
import { loadWrappingKey } from './load.ts';
import { prepareRestore, RESTORED_TWICE, type Restorable, type RestoreReport } from './restore.ts';
import { restorableBackup, restorablePlain } from './restorable.ts';
import { withSecret } from './secrets.ts';

/** How a file is restored. */
export interface RestoreOptions {
  readonly plain: boolean;
  /** File of the backup's key. */
  readonly key: string | undefined;
  /** When a plain backup was taken. */
  readonly taken: string | undefined;
  readonly dryRun: boolean;
  readonly force: boolean;
  /** The machine's when left out. */
  readonly clock?: Clock;
}

/** The file that says beside a backup that it was restored. */
const usedMark = (file: string): string => `${file}.restored`;

/**
 * Restores a stopped gateway from a file; with `dryRun` only says what would be done. Refuses `restored-before`. Throws Fault `input` or
 * `config` for a file that cannot be used, `store` when the data directory is in use.
 */
export async function restoreFile(config: GatewayConfig, file: string, options: RestoreOptions): Promise<Result<RestoreReport>> {
  const { dryRun, force, clock = new SystemClock() } = options;
  if (!force && existsSync(usedMark(file)))
    return refuse('restored-before', `${file} was restored before (${usedMark(file)}). ${RESTORED_TWICE}`);
  const core = await Core.load(await loadModule('core.wasm'));
  const wrappingKey = await loadWrappingKey(config.keys.wrapping);
  const store = dryRun && !existsSync(config.data) ? new MemoryStore() : await openLockedStore(config.data);
  try {
    const restorable = options.plain ? await plain(config, file, options) : await encrypted(file, options.key, core);
    const { environment, gateway } = config;
    const target = { store, storeName: config.data, core, gateway, environment, wrappingKey, entropy: new SystemEntropy(), clock, force };
    const ready = prepareRestore(restorable, target);
    if (!ready.ok) return ready;
    const { report, apply } = ready.value;
    if (dryRun) return ok(report);
    await markUsed(file, force);
    await apply();
    return ok(report);
  } finally {
    core.wipe();
    wrappingKey.fill(0);
    await store.close();
  }
}

async function encrypted(file: string, keyFile: string | undefined, core: Core): Promise<Restorable> {
  if (keyFile === undefined) throw new Fault('config', '--key is missing (or say --plain)');
  const backupKey = await loadWrappingKey(keyFile);
  try {
    const { head, body } = openBackup(await readFileText(file, BACKUP_LIMIT), backupKey, file);
    return restorableBackup(head, body, backupKey, core);
  } finally {
    backupKey.fill(0);
  }
}

async function plain(config: GatewayConfig, file: string, { taken }: RestoreOptions): Promise<Restorable> {
  return withSecret(
    file,
    (bytes) => {
      const id = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
      const found = readPlain(bytes, file);
      const { backup } = found;
      const differs = [
        backup.channel === config.channel ? [] : [`channel ${backup.channel}`],
        Number.parseInt(backup.pan_id, 16) === config.panId ? [] : [`PAN ${backup.pan_id}`],
      ].flat();
      if (differs.length > 0) throw new Fault('input', `${file}: is of ${differs.join(' and ')}, which the configuration does not say`);
      return restorablePlain(found, { environment: config.environment, id, taken: when(file, taken, backup.metadata.internal) });
    },
    BACKUP_LIMIT,
  );
}

/** When a plain backup was taken: said on the command line, or by the file. */
function when(file: string, said: string | undefined, internal: Readonly<Record<string, unknown>> | undefined): number {
  const own = internal?.['creation_time'] ?? internal?.['date'];
  const time = Date.parse(said ?? (typeof own === 'string' ? own : ''));
  if (Number.isNaN(time)) throw new Fault('input', `${file}: does not say when it was taken: say it with --taken`);
  return time;
}

/** Notes beside the backup that it is used: durable before the restore begins, so that it cannot happen twice unseen. */
async function markUsed(file: string, force: boolean): Promise<void> {
  try {
    await using mark = await open(usedMark(file), force ? 'w' : 'wx', 0o600);
    await mark.writeFile(`${new Date().toISOString()}\n`);
    await mark.sync();
  } catch (cause) {
    throw new Fault('input', `${usedMark(file)} cannot be written: copy the backup to where it can be marked as used`, { cause });
  }
}
