/** Reads the tables of seeds/policy: facts of base.json, changed row by row, in the form that `policy try` takes. */
import { readdirSync, readFileSync } from 'node:fs';
import { factsOfJson } from '../../../host/compose/facts-shape.ts';
import type { Facts, Situation } from '../../../host/model/decision.ts';
import type { DeviceLogEntry } from '../../../host/model/device.ts';
import type { KeyId } from '../../../host/model/ids.ts';
import type { CancelUpdate, Countersigned, Role, ServiceRequest, Signer, UpdateFirmware } from '../../../host/model/service-request.ts';
import type { Asked, Question } from '../../../host/policy/questions.ts';

export interface Row {
  readonly name: string;
  /** `long` = every validity, the Lead Supplier's supply and the keys reach over all years. */
  readonly base?: 'long';
  /** New values by dotted path into the facts; null takes a member away. */
  readonly set: Readonly<Record<string, unknown>>;
  /** Requirements that a row shows by being allowed. */
  readonly shows?: readonly string[];
  /** The refusal expected; absent = allowed. */
  readonly refuse?: {
    readonly rule: string;
    readonly code: string;
    readonly requirements: readonly string[];
    readonly response?: string;
    /** Every other objection, as `rule code`. */
    readonly also?: readonly string[];
  };
}

export interface Table {
  readonly name: string;
  readonly question: Question;
  readonly rows: readonly Row[];
}

type Json = { [key: string]: Json } | Json[] | string | number | boolean | null | undefined;
type JsonObject = { [key: string]: Json };
const load = (name: string): unknown => JSON.parse(readFileSync(`seeds/${name}.json`, 'utf8'));

const BASE = load('policy/base') as {
  readonly registers: JsonObject;
  readonly facts: JsonObject;
  readonly update: JsonObject;
  readonly cancel: JsonObject;
  readonly questions: Readonly<Record<string, JsonObject>>;
};

/** Every table, by file. */
export const TABLES: readonly Table[] = readdirSync('seeds/policy')
  .filter((file) => file !== 'base.json')
  .map((file) => ({ ...(load(`policy/${file.replace('.json', '')}`) as Table), name: file.replace('.json', '') }));

/** The requirements that a row stands for, as titles of tests name them. */
export const cites = ({ refuse, shows = [] }: Row): string => {
  const ids = [...(refuse?.requirements ?? []), ...shows];
  return ids.length === 0 ? '' : ` [${ids.join(', ')}]`;
};

/** A table by its file. */
export const table = (name: string): Table => TABLES.find((each) => each.name === name) as Table;

/** The facts of a question under which it is allowed, changed by a row. Throws when they are no facts: a row must say what it means. */
export function factsOf<Q extends Question>(question: Q, row: Pick<Row, 'set' | 'base'> = { set: {} }): Asked[Q] {
  const read = factsOfJson(question, jsonOf(question, row));
  if (!read.ok) throw new Error(`${JSON.stringify(row)}: ${read.code}: ${read.detail}`);
  return read.value;
}

/** The same as JSON. */
export function jsonOf(question: Question, { set, base }: Pick<Row, 'set' | 'base'>): JsonObject {
  const facts = structuredClone(resolved(baseOf(question))) as JsonObject;
  if (base === 'long') widen(facts);
  for (const [path, value] of Object.entries(set)) change(facts, path.split('.'), structuredClone(value) as Json);
  if (question === 'intake' || question === 'intake-cancel') facts['signatures'] = (facts['signatures'] as Json[]).slice(0, 1);
  signAs(facts, Object.keys(set));
  return facts;
}

/** Facts of an upgrade, a cancellation. */
export const facts = <K extends 'update' | 'cancel'>(
  kind: K,
  set: Row['set'] = {},
): Facts<K extends 'update' ? UpdateFirmware : CancelUpdate> =>
  factsOf(kind === 'update' ? 'upgrade' : 'cancel', { set }) as unknown as Facts<K extends 'update' ? UpdateFirmware : CancelUpdate>;

/** A signed message with the request and the signers of the facts; not from `messages/`, so a test's policy must take it. */
export function signedAs<T extends ServiceRequest>({ request, requestId: id, user, signatures }: Facts<T>): Countersigned<T> {
  const signer = (kid: string, role: string, party: string, name = ''): Signer =>
    ({ kid: kid as KeyId, key: new Uint8Array(32), role: role as Role, party, name }) as Signer;
  const [first, ...others] = signatures;
  return {
    request,
    requestId: id,
    user: signer(first?.kid ?? '', user.role, user.party, user.name),
    bytes: new Uint8Array(),
    countersigners: others.map(({ kid, role, party }) => signer(kid, role, party)),
  };
}

/** What a door is given besides the message. */
export function situation({ request: _r, requestId: _i, user: _u, signatures: _s, ...rest }: Facts): Situation {
  return rest;
}

/** The target's entry of the device log. */
export const target = (of: Facts): DeviceLogEntry => of.devices.find(({ eui }) => eui === of.request.target) as DeviceLogEntry;

function baseOf(question: Question): JsonObject {
  if (question === 'cancel' || question === 'intake-cancel') return { ...BASE.facts, request: BASE.cancel };
  if (question === 'intake') return { ...BASE.facts, request: BASE.update, steps: '$equivalent-steps' };
  if (question === 'upgrade') return { ...BASE.facts, request: BASE.update };
  return BASE.questions[question] as JsonObject;
}

/** Puts registers in place of their names. */
function resolved(node: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(node).map(([name, value]) => [
      name,
      typeof value === 'string' && value.startsWith('$') ? register(value.slice(1)) : value,
    ]),
  );
}

function register(name: string): Json {
  if (Object.hasOwn(BASE.registers, name)) return BASE.registers[name];
  const { note: _note, ...content } = load(`registers/${name}`) as JsonObject;
  const { version, environment, issued, validFrom, validTo } = BASE.registers['suppliers'] as JsonObject;
  return { kind: name, version, environment, issued, validFrom, validTo, ...content };
}

/** 2100-01-01. */
const FAR = 4_102_444_800;

function widen(facts: JsonObject): void {
  for (const value of Object.values(facts)) {
    if (typeof value === 'object' && value !== null && 'validFrom' in value) Object.assign(value, { validFrom: 0, validTo: FAR });
  }
  const suppliers = facts['suppliers'] as JsonObject | undefined;
  if (suppliers !== undefined) suppliers['lead'] = [{ party: '0200000000000101', from: 0 }];
  const signers = facts['signers'] as { signers: JsonObject[] } | undefined;
  for (const key of signers?.signers ?? []) Object.assign(key, { from: 0, to: FAR });
}

/** The first signature is the user's, with a key of its own, unless the row says otherwise. */
function signAs(of: JsonObject, paths: readonly string[]): void {
  const own = paths.some((path) => path === 'signatures' || path === 'signers' || /^signers\.signers(\.0(\.(party|role))?)?$/.test(path));
  const [first] = (of['signatures'] ?? []) as JsonObject[];
  if (own || first === undefined) return;
  const { party, role, name } = of['user'] as { party: Json; role: Json; name: Json };
  Object.assign(first, { party, role });
  const key = ((of['signers'] as JsonObject | undefined)?.['signers'] as JsonObject[] | undefined)?.[0];
  if (key !== undefined) Object.assign(key, { party, role, name });
}

function change(node: Json, [first = '', ...rest]: readonly string[], value: Json): void {
  const record = node as JsonObject;
  if (rest.length > 0) change(record[first], rest, value);
  else record[first] = value;
}
