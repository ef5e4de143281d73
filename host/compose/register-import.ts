/**
 * What the S1SP side will make of a statement that is put into its inbox, asked before it is put there: the very registers take it on trial, over
 * the store as it is, after the statements of the configuration and those that wait in the inbox before it.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TrialStore } from '../adapters/store-trial.ts';
import type { MessageRefusal } from '../messages/message-check.ts';
import { gatewayOf, LIST_SIZE, openStatement } from '../messages/statement.ts';
import { ok, type Result } from '../model/fault.ts';
import type { Statement } from '../model/register.ts';
import { seconds, type Clock } from '../ports/clock.ts';
import { silent } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';
import { S1spRegisters } from '../s1sp/registers.ts';
import { Audit } from '../stores/audit.ts';
import type { S1spConfig } from './config.ts';
import { loadAnchors, loadStatements } from './load.ts';
import { inboxOf, waitingIn } from './statement-inbox.ts';

/** A statement that would be taken. */
export interface Importable {
  readonly statement: Statement;
  /** What it is called in the inbox; undefined when the S1SP side has it already, or it waits there. */
  readonly name: string | undefined;
}

/** Judges a signed statement for the S1SP of a configuration, whose store is read and not changed. Refuses what that S1SP would refuse. */
export async function judgeImport(
  bytes: Uint8Array,
  { config, store, clock }: { readonly config: S1spConfig; readonly store: Pick<Store, 'get' | 'range' | 'last'>; readonly clock: Clock },
): Promise<Result<Importable, MessageRefusal>> {
  const { environment, data } = config;
  const anchors = await loadAnchors(config.trust.registration, environment);
  const opened = openStatement(bytes, { environment, anchors, now: seconds(clock), maxSize: LIST_SIZE, storedVersion: () => undefined });
  if (!opened.ok) return opened;
  const { statement } = opened.value;
  const name = inboxName(statement);
  const waiting = await waitingIn(data);
  if (waiting.includes(name)) {
    const same = Buffer.compare(await readFile(join(inboxOf(data), name)), bytes) === 0;
    return same ? ok({ statement, name: undefined }) : waitsAlready(statement);
  }
  const trial = new TrialStore(store);
  const registers = new S1spRegisters({ environment, anchors, store: trial, audit: new Audit(trial, clock), clock, log: silent });
  for (const each of await loadStatements(config.statements)) await registers.take(each);
  for (const each of waiting.filter((other) => other < name)) await registers.take(await readFile(join(inboxOf(data), each)));
  const taken = await registers.take(bytes);
  return taken.ok ? ok({ statement, name: taken.value.news ? name : undefined }) : taken;
}

/** The name says kind, gateway and version: what is put in earlier is taken earlier. */
const inboxName = (statement: Statement): string =>
  `${statement.kind}-${gatewayOf(statement) ?? 'all'}-${String(statement.version).padStart(8, '0')}.cose`;

const waitsAlready = ({ kind, version }: Statement): MessageRefusal => ({
  ok: false,
  check: 'version',
  code: 'older',
  detail: `another version ${version} of ${kind} waits in the inbox`,
  requirements: ['R-EPC-03'],
});
