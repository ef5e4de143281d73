/** The audit log that a verb is about: by its data directory, or by the configuration that names it. */
import type { Command } from 'commander';
import { Fault } from '../model/fault.ts';
import type { Digest } from '../model/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';
import type { AuditHead } from '../stores/audit-record.ts';
import type { Audit } from '../stores/audit.ts';
import { readingStore } from './open-store.ts';
import { text } from './option.ts';
import type { Options } from './program.ts';

/** Adds the options that say where the store is. */
export function where(command: Command): void {
  command
    .option('--data <directory>', 'the data directory')
    .option('--config <file>', "the gateway's or the S1SP's configuration, which names it");
}

/** Lets `use` read the log, and the store around it. */
export async function withAudit<T>(options: Options, use: (audit: Audit, store: Store) => Promise<T> | T): Promise<T> {
  const { Audit } = await import('../stores/audit.ts');
  return readingStore(await dataDirectory(options), (store) => use(new Audit(store, UNUSED), store));
}

/** The data directory that the options name. Throws Fault `config` when they name none. */
export async function dataDirectory(options: Options): Promise<string> {
  const [data, config] = [text(options, 'data'), text(options, 'config')];
  if (data !== undefined) return data;
  if (config === undefined) throw new Fault('config', 'say where the store is: --data or --config');
  const { loadDataDirectory } = await import('../compose/config.ts');
  return loadDataDirectory(config);
}

/** Heads known from elsewhere: `--anchor COUNT:HASH`, and the lines of the file `--anchors`. */
export async function anchorsOf(options: Options): Promise<readonly AuditHead[]> {
  const [one, file] = [text(options, 'anchor'), text(options, 'anchors')];
  const { readFileText } = await import('../compose/files.ts');
  const lines =
    file === undefined ? [] : (await readFileText(file)).split('\n').map((line, i) => ({ line: line.trim(), where: `${file}:${i + 1}:` }));
  const given = lines.filter(({ line }) => line !== '');
  // An empty file is what a failed command leaves behind: holding a log to nothing would look like holding it to something.
  if (file !== undefined && given.length === 0) throw new Fault('config', `${file} holds no head`);
  const all = [...(one === undefined ? [] : [{ line: one, where: '--anchor' }]), ...given];
  const known = new Map<number, Digest>();
  for (const { line, where } of all) {
    const { count, hash } = anchorOf(line, where);
    if ((known.get(count) ?? hash) !== hash)
      throw new Fault('config', `${where} ${count} records had another head before: one of the two is not of this log`);
    known.set(count, hash);
  }
  return [...known].map(([count, hash]) => ({ count, hash }));
}

function anchorOf(anchor: string, where: string): AuditHead {
  const [, count, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(anchor) ?? [];
  if (count === undefined || hash === undefined || Number(count) === 0)
    throw new Fault('config', `${where} ${anchor} is not COUNT:HASH of a log that holds something`);
  return { count: Number(count), hash: hash as Digest };
}

/** Reading the log asks no time. */
const UNUSED: Clock = {
  now: () => {
    throw new Fault('internal', 'reading the audit log asks no time');
  },
  after: () => () => undefined,
  hold: () => () => undefined,
};
