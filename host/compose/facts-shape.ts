/**
 * Facts of every question as JSON: what `policy try` reads from a file and what is replayed from a record. Names and members are those of the questions
 * (`host/policy/questions.ts`); a member that is not known is refused by its path. Statements among the facts have the form in which they
 * are written to be signed, the signers without their keys.
 */
import { LOGGED, STATEMENTS } from '../messages/statement-shape.ts';
import { CONSENT, LIST_BASE, MAX_ENTRIES, NAME, WORD } from '../messages/regulation-shape.ts';
import { REQUEST } from '../messages/service-request.ts';
import { JSON_NOTATION } from '../messages/json-notation.ts';
import * as s from '../messages/shape.ts';
import type { Shape } from '../messages/shape.ts';
import type { Facts, Signature, SignersFacts } from '../model/decision.ts';
import type { DeviceLogEntry, DeviceModel } from '../model/device.ts';
import { refuse, type Result } from '../model/fault.ts';
import { requestId } from '../model/ids.ts';
import type { Role, ServiceRequest } from '../model/service-request.ts';
import type { Incident } from '../policy/incident.ts';
import { QUESTIONS, type Asked, type Question } from '../policy/questions.ts';
import type { HalfHourly } from '../policy/half-hourly.ts';
import type { Migration } from '../policy/migration.ts';

const { optional, record, list, text, oneOf, SECONDS, BOOLEAN, EUI64, KEY_ID, UINT16, UINT32 } = s;

type Fields<T> = { readonly [K in keyof T]-?: Shape<T[K]> };

const LINE = text(0, 512);
/** Facts may name a role that no register would take: the rules are to refuse it. */
const ANY_ROLE = WORD as unknown as Shape<Role>;
const MODEL: Fields<DeviceModel> = { manufacturer: UINT16, model: text(0, 32), hardwareVersion: UINT16, firmwareVersion: UINT32 };
const DEVICE = LOGGED as unknown as Shape<DeviceLogEntry>;
const HUB: Shape<DeviceLogEntry> = record<DeviceLogEntry>({
  eui: EUI64,
  type: oneOf('chf'),
  manufacturer: UINT16,
  model: text(0, 32),
  hardwareVersion: UINT16,
  imageType: optional(UINT16),
  firmwareVersion: optional(UINT32),
});
const SIGNERS = record<SignersFacts>({
  kind: oneOf('signers'),
  ...LIST_BASE,
  signers: list(
    record<SignersFacts['signers'][number]>({
      kid: KEY_ID,
      role: ANY_ROLE,
      party: EUI64,
      name: NAME,
      from: optional(SECONDS),
      to: optional(SECONDS),
      revoked: optional(SECONDS),
      place: optional(text(2, 2)),
    }),
    MAX_ENTRIES,
  ),
});
const SIGNATURES = list(record<Signature>({ kid: KEY_ID, role: WORD, party: EUI64 }), 16);
const USER = record<Facts['user']>({ party: EUI64, role: WORD, name: NAME });
const SWITCH = record<HalfHourly['switch']>({ state: oneOf('on', 'off', 'unknown'), confirmed: optional(SECONDS) });
const METER = record<HalfHourly['meters'][number]>({ eui: EUI64, fuel: oneOf('electricity', 'gas') });
const CHECKS = list(record<Migration['configuration'][number]>({ check: WORD, met: BOOLEAN }), 256);
const TEXT = { version: text(1, 64), effectiveFrom: SECONDS };
const { suppliers, products, combinations, inventory, documents, cohorts, services, users, thresholds } = STATEMENTS;
const STEPS = STATEMENTS['equivalent-steps'];

/** What every question looks at. */
const TIME = { now: SECONDS, latest: SECONDS };
/** What every question about authority looks at. */
const AUTHORITY = { ...TIME, gateway: EUI64, user: USER, suppliers: optional(suppliers) };
const SIGNED = { accepted: optional(SECONDS), signatures: SIGNATURES, signers: optional(SIGNERS), users: optional(users) };

const FACTS: Fields<Omit<Facts, 'requestId'>> = {
  ...AUTHORITY,
  ...SIGNED,
  moment: oneOf('intake', 'issue', 'start', 'resume', 'activation'),
  request: REQUEST,
  products: optional(products),
  combinations: optional(combinations),
  inventory: optional(inventory),
  documents: optional(documents),
  cohorts: optional(cohorts),
  services: optional(services),
  devices: list(DEVICE, 256),
  hub: HUB,
  cancellable: BOOLEAN,
  underway: BOOLEAN,
  topUpPending: BOOLEAN,
  keyState: optional(oneOf('present', 'missing', 'retrying', 'investigation')),
  steps: optional(STEPS),
};

const DECIDED = record<Omit<Facts, 'requestId'>>(FACTS);
const HALF_HOURLY = record<Asked['half-hourly-on']>({
  ...AUTHORITY,
  meters: list(METER, 16),
  consents: list(CONSENT, MAX_ENTRIES),
  control: BOOLEAN,
  switch: SWITCH,
});

/** The facts of the questions that are not about a signed order. */
const OTHERS: { readonly [Q in Exclude<Question, 'upgrade' | 'cancel' | 'intake' | 'intake-cancel'>]: Shape<Asked[Q]> } = {
  'change-hub': record({
    ...AUTHORITY,
    ...SIGNED,
    products: optional(products),
    combinations: optional(combinations),
    devices: list(DEVICE, 256),
    hub: HUB,
    proposed: record(MODEL),
  }),
  decommission: record({ ...AUTHORITY, ...SIGNED, device: record({ eui: EUI64, type: deviceType() }) }),
  'configure-hub': record({
    ...AUTHORITY,
    ...SIGNED,
    change: oneOf('remove-gsme', 'remove-gpf', 'disable-gpf', 'change-channel', 'change-pan', 'rename', 'remove-ihd'),
    override: optional(LINE),
  }),
  commission: record<Asked['commission']>({
    ...TIME,
    products: optional(products),
    device: record({ ...MODEL, type: deviceType() }),
    prohibitedBy: optional(LINE),
    compliant: BOOLEAN,
    commissioned: BOOLEAN,
  }),
  serve: record<Asked['serve']>({
    ...TIME,
    user: USER,
    users: optional(users),
    inventory: optional(inventory),
    cohorts: optional(cohorts),
    services: optional(services),
    documents: optional(documents),
    combinations: optional(combinations),
    devices: list(DEVICE, 256),
    hub: HUB,
    srv: WORD,
    duis: record(TEXT),
    generation: oneOf('SMETS1', 'SMETS2'),
    device: DEVICE,
    framing: oneOf('instruction', 'gbcs'),
    encrypted: BOOLEAN,
    steps: optional(STEPS),
  }),
  'half-hourly-on': HALF_HOURLY,
  'half-hourly-off': HALF_HOURLY,
  deliver: record<Asked['deliver']>({
    ...TIME,
    gateway: EUI64,
    suppliers: optional(suppliers),
    to: EUI64,
    meter: METER,
    taken: record({ from: SECONDS, to: SECONDS }),
    consents: list(CONSENT, MAX_ENTRIES),
    switch: SWITCH,
  }),
  migrate: record<Asked['migrate']>({
    ...TIME,
    cohort: oneOf('IOC', 'MOC-MDS', 'MOC-Secure', 'FOC', 'unknown'),
    tag: oneOf('active', 'dormant', 'mixed'),
    documents: optional(documents),
    gas: optional(record<NonNullable<Migration['gas']>>({ lastContact: optional(SECONDS) })),
    igtAgrees: BOOLEAN,
    halfHourly: optional(SWITCH),
    screening: list(record<Migration['screening'][number]>({ check: WORD, positive: BOOLEAN }), 256),
    configuration: CHECKS,
    preconditions: CHECKS,
    ppmidOutsideOldDefinition: BOOLEAN,
  }),
  traffic: record({
    ...TIME,
    of: oneOf('request', 'instruction'),
    what: WORD,
    who: EUI64,
    before: list(SECONDS, 100_000),
    thresholds: optional(thresholds),
  }),
  access: record({ ...TIME, failures: list(SECONDS, 100_000) }),
  incident: record<Asked['incident']>({
    ...TIME,
    gateway: EUI64,
    suppliers: optional(suppliers),
    cause: oneOf('hub', 'electricity-meter', 'gas-meter', 'dcc-systems'),
    assignee: assignee(),
  }),
};

/** Reads the facts of a question from a JSON value. Refuses with a code of `shape.ts`, naming the member; `no-such-question`; `other-kind`. */
export function factsOfJson<Q extends Question>(question: Q, value: unknown): Result<Asked[Q]> {
  if (!Object.hasOwn(QUESTIONS, question)) {
    return refuse('no-such-question', `the question ${question} is none of ${Object.keys(QUESTIONS).join(', ')}`);
  }
  const shape = (OTHERS as Partial<Record<Question, Shape<unknown>>>)[question];
  if (shape !== undefined) return shape.read(value, '', JSON_NOTATION) as Result<Asked[Q]>;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse('wrong-type', 'facts are a JSON object');
  // The RequestID is made of the request: a record that has it besides says nothing more.
  const { requestId: _said, ...rest } = value as Record<string, unknown>;
  const read = DECIDED.read(rest, '', JSON_NOTATION);
  if (!read.ok) return read;
  const { request } = read.value;
  const wanted: ServiceRequest['kind'] | undefined =
    question === 'cancel' ? 'cancel-update' : question === 'intake-cancel' ? undefined : 'update-firmware';
  if (wanted !== undefined && request.kind !== wanted)
    return refuse('other-kind', `${question} is asked about ${wanted}, not ${request.kind}`);
  const id = requestId(request.originator, request.target, request.counter);
  return { ok: true, value: { ...read.value, requestId: id } as unknown as Asked[Q] };
}

function deviceType(): Shape<DeviceLogEntry['type']> {
  return oneOf('esme', 'gsme', 'chf', 'gpf', 'ppmid', 'ihd', 'other');
}

function assignee(): Shape<Incident['assignee']> {
  return {
    read: (value, at, notation) => (value === 'dcc' ? { ok: true, value } : EUI64.read(value, at, notation)),
    write: (value) => value,
  };
}
