/**
 * What a data directory is: its environment, the version of its record forms, and how often it was started.
 *
 * Lab material never passes for production material, nor the reverse: a directory belongs to one environment for ever.
 */
import { Fault } from '../model/fault.ts';
import type { Environment } from '../model/service-request.ts';
import type { Store } from '../ports/store.ts';

/** Version of the record forms in `stores/`; a directory written by a newer program is refused. */
export const FORMAT = 1;

/** What `openMeta` found and wrote. */
export interface Meta {
  readonly environment: Environment;
  /** Number of this start, from 1: durable before `openMeta` resolved, so no two starts share one. */
  readonly boot: number;
}

/**
 * Opens a data directory for one environment and counts the start. `name` is how people call the directory (its path).
 * Rejects with Fault `config`, naming directory and both environments, when it belongs to the other environment or was
 * written by a newer program; then nothing was written.
 */
export async function openMeta(store: Store, environment: Environment, name: string): Promise<Meta> {
  const found = readText(store, 'environment');
  if (found !== undefined && found !== environment) {
    throw new Fault('config', `${name} is a ${found} data directory; it is not opened for ${environment}`);
  }
  const format = Number(readText(store, 'format') ?? FORMAT);
  if (format !== FORMAT) throw new Fault('config', `${name} is of format ${format}; this program knows format ${FORMAT}`);
  const boot = Number(readText(store, 'boot') ?? 0) + 1;
  if (!Number.isSafeInteger(boot)) throw new Fault('store', `${name}: the boot counter is damaged`);
  await store.commit([
    { table: 'meta', key: 'environment', value: bytes(environment) },
    { table: 'meta', key: 'format', value: bytes(String(FORMAT)) },
    { table: 'meta', key: 'boot', value: bytes(String(boot)) },
  ]);
  return { environment, boot };
}

function readText(store: Store, key: string): string | undefined {
  const value = store.get('meta', key);
  return value === undefined ? undefined : new TextDecoder().decode(value);
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
