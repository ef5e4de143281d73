/** Statements as files: JSON that people write, and what was signed of it. Reading, showing, comparing and cutting. */
import { readStatement, signStatement } from '../messages/statement.ts';
import { statementOfJson } from '../messages/statement-json.ts';
import type { SigningKey } from '../messages/ed25519.ts';
import { Fault } from '../model/fault.ts';
import type { Eui64 } from '../model/ids.ts';
import { plain, type Plain } from '../model/plain.ts';
import type { DeviceLogStatement, InventoryStatement, Statement, SuppliersStatement } from '../model/register.ts';
import { sliceOf } from '../policy/slice.ts';
import { instant } from '../model/calendar.ts';
import { readFileBytes } from './files.ts';

/** Members that are instants: shown as such, and read back as such. */
const INSTANTS = new Set([
  ...['issued', 'validFrom', 'validTo', 'from', 'to', 'revoked', 'effectiveFrom', 'enabledFrom', 'completion', 'planned', 'live'],
  ...['ppmidFirmware', 'enrolled', 'requested', 'actual', 'closes', 'at'],
]);

/** Reads a statement out of a file, signed or as JSON. Throws Fault `input` naming the file and what is wrong in it, an entry by its place. */
export async function readStatementFile(path: string): Promise<{ readonly statement: Statement; readonly signed: Uint8Array | undefined }> {
  const bytes = await readFileBytes(path);
  const signed = bytes[0] !== 0x7b; // a JSON object begins with a brace, a COSE_Sign1 with its tag
  const read = signed ? readStatement(bytes) : statementOfJson(jsonOf(path, bytes));
  if (!read.ok) throw new Fault('input', `${path}: ${read.code}: ${read.detail}`);
  return { statement: read.value, signed: signed ? bytes : undefined };
}

/** A statement as text that people read and `readStatementFile` takes: instants by the calendar. */
export const statementText = (statement: Statement): string => JSON.stringify(withInstants(plain(statement)), undefined, 2);

/** Signs a statement. */
export const sign = (statement: Statement, key: SigningKey): Uint8Array => signStatement(statement, key);

/** A difference between two statements of one kind. */
export interface RegisterChange {
  /** Dotted name of the list or member. */
  readonly of: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly text: string;
}

/** What is different in `after`: entries of lists by their whole contents, other members by their value. Throws Fault `config` for two kinds. */
export function differences(before: Statement, after: Statement): readonly RegisterChange[] {
  if (before.kind !== after.kind) throw new Fault('config', `${before.kind} and ${after.kind} are two registers`);
  const [a, b] = [withInstants(plain(before)), withInstants(plain(after))] as readonly { readonly [name: string]: Plain }[];
  const names = [...new Set([...Object.keys(a ?? {}), ...Object.keys(b ?? {})])];
  return names.flatMap((of) => changesOf(of, a?.[of], b?.[of]));
}

/** What a slice is cut by. */
export interface HomeStatements {
  readonly log: DeviceLogStatement;
  readonly inventory: InventoryStatement;
  readonly suppliers: SuppliersStatement;
}

/** A list cut for one home. Throws Fault `config` when the statements are about different gateways. */
export function sliceForHome(list: Statement, { log, inventory, suppliers }: HomeStatements): Statement {
  const gateways = new Set<Eui64>([log.gateway, inventory.gateway, suppliers.gateway]);
  if (gateways.size > 1) throw new Fault('config', `the statements are about ${[...gateways].join(' and ')}`);
  return sliceOf(list, { gateway: log.gateway, hardware: [inventory.hub, ...log.devices], suppliers });
}

function changesOf(of: string, before: Plain | undefined, after: Plain | undefined): readonly RegisterChange[] {
  if (!Array.isArray(before) || !Array.isArray(after)) {
    const [a, b] = [JSON.stringify(before), JSON.stringify(after)];
    return a === b ? [] : [{ of, change: 'changed', text: `${a ?? 'nothing'} → ${b ?? 'nothing'}` }];
  }
  const [a, b] = [before.map((each) => JSON.stringify(each)), after.map((each) => JSON.stringify(each))];
  return [
    ...a.filter((each) => !b.includes(each)).map((text): RegisterChange => ({ of, change: 'removed', text })),
    ...b.filter((each) => !a.includes(each)).map((text): RegisterChange => ({ of, change: 'added', text })),
  ];
}

function withInstants(value: Plain, name = ''): Plain {
  if (typeof value === 'number') return INSTANTS.has(name) ? instant(value) : value;
  if (Array.isArray(value)) return (value as readonly Plain[]).map((each) => withInstants(each, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withInstants(each as Plain, key)]));
}

function jsonOf(path: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new Fault('input', `${path}: not JSON: ${(cause as Error).message}`, { cause });
  }
}
