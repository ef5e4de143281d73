/** The lists of pending and eligible combinations as files: read, and written as the next versions that somebody has to sign. */
import { join } from 'node:path';
import { Fault } from '../model/fault.ts';
import type { CombinationsStatement, Statement } from '../model/register.ts';
import type { PendingStatement } from '../model/regulation.ts';
import { writeNew } from './new-file.ts';
import { required, text } from './option.ts';
import type { Options } from './program.ts';

/** The statement that the option of its kind names, signed or as JSON. Throws Fault `config` for one of another kind. */
export async function listOf(options: Options, kind: 'pending'): Promise<PendingStatement>;
export async function listOf(options: Options, kind: 'combinations'): Promise<CombinationsStatement>;
export async function listOf(options: Options, kind: 'pending' | 'combinations'): Promise<Statement> {
  const { readStatementFile } = await import('../compose/register-files.ts');
  const path = required(options, kind);
  const { statement } = await readStatementFile(path);
  if (statement.kind !== kind) throw new Fault('config', `${path}: ${statement.kind}, not ${kind}`);
  return statement;
}

/** Writes lists that changed into the folder of `--out`, each as its next version. What passed is off the one and on the other: sign and publish both. */
export async function writeLists(options: Options, lists: readonly (PendingStatement | CombinationsStatement)[]): Promise<void> {
  const folder = text(options, 'out');
  if (folder === undefined) return;
  const [{ mkdir }, { statementText }] = await Promise.all([import('node:fs/promises'), import('../compose/register-files.ts')]);
  const issued = Math.floor(Date.now() / 1000);
  await mkdir(folder, { recursive: true });
  for (const each of lists) {
    await writeNew(join(folder, `${each.kind}.json`), `${statementText({ ...each, version: each.version + 1, issued })}\n`);
  }
}
