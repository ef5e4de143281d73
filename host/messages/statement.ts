/**
 * Statements of the registration role: signing them, and opening them against trust anchors.
 *
 * A statement is a COSE_Sign1 of the profile (`cose.ts`) without countersignatures. The anchors are keys that the
 * operator installed; a statement can name keys of every other role but never a registration key, and never give a
 * registration key another role. Opening follows an ordered list of named checks, as for service requests.
 */
import type { Refusal, Result } from '../model/fault.ts';
import { Fault, ok, refuse } from '../model/fault.ts';
import type { Eui64, KeyId } from '../model/ids.ts';
import type { RegisteredKey, SignersStatement, Statement, SupplierPeriod } from '../model/register.ts';
import type { Environment, Signer } from '../model/service-request.ts';
import { decode, MAX_SIZE } from './cbor.ts';
import { encode } from './cbor-writer.ts';
import type { SignedMessage } from './cose.ts';
import { parse as parseMessage, sign1 } from './cose.ts';
import type { SigningKey } from './ed25519.ts';
import { checkPublicKey, keyId } from './ed25519.ts';
import type { MessageRefusal } from './message-check.ts';
import { genuine } from './message-check.ts';
import { STATEMENT } from './statement-shape.ts';

/** Content type of a signed statement. */
export const STATEMENT_TYPE = 'application/vnd.hearthgate.statement+cbor';

/** Largest list that is taken out of a file, in bytes; what goes over MQTT to a gateway has the size of a message. */
export const LIST_SIZE = 64 * 1024 * 1024;

/** What a statement is opened against. */
export interface StatementContext {
  readonly environment: Environment;
  /** Whole seconds since 1970. */
  readonly now: number;
  /** Keys of the registration role, installed by the operator. */
  readonly anchors: readonly Signer[];
  /** The hub whose statements are wanted; left out where statements of many gateways are kept. */
  readonly gateway?: Eui64 | undefined;
  /** The version of this kind (and gateway) that is stored; undefined when none is, or when the stored one itself is opened. */
  readonly storedVersion: (kind: Statement['kind'], gateway: Eui64 | undefined) => number | undefined;
  /** Largest size in bytes; that of a message when left out. Lists out of files may be longer. */
  readonly maxSize?: number;
  /** The checks to ask; `STATEMENT_CHECKS` when left out. Tests leave one out to see that it matters. */
  readonly checks?: readonly StatementCheck[];
}

/** A statement, who signed it and the bytes as received. */
export interface SignedStatement<T extends Statement = Statement> {
  readonly statement: T;
  readonly signer: Signer;
  readonly bytes: Uint8Array;
}

interface Candidate {
  readonly message: SignedMessage;
  readonly statement: Statement;
  readonly signer: Signer;
}

/** One named check of a statement. */
export interface StatementCheck {
  readonly name: string;
  readonly requirements: readonly string[];
  readonly check: (candidate: Candidate, context: StatementContext) => Refusal | undefined;
}

/** The checks, in the order they are asked. `form` comes before them all and cannot be left out. */
export const STATEMENT_CHECKS: readonly StatementCheck[] = Object.freeze<StatementCheck[]>([
  {
    name: 'signature',
    requirements: ['R-SEP-01'],
    check: ({ message, signer }) =>
      genuine(message.body, signer) ? undefined : refuse('signature-invalid', `the signature is not that of ${signer.name}`),
  },
  {
    name: 'environment',
    requirements: ['R-SEP-01'],
    check: ({ statement }, { environment }) =>
      statement.environment === environment
        ? undefined
        : refuse(`${statement.environment}-in-${environment}`, `a ${statement.environment} statement in the ${environment} environment`),
  },
  {
    name: 'audience',
    requirements: ['R-LEAD-01'],
    check({ statement }, { gateway }) {
      const named = gatewayOf(statement);
      if (named === undefined || gateway === undefined || named === gateway) return undefined;
      return refuse('other-gateway', `the statement is about gateway ${named}, this is ${gateway}`);
    },
  },
  {
    name: 'validity',
    requirements: ['R-EPC-03'],
    check({ statement: { validFrom, validTo } }, { now }) {
      if (now < validFrom) return refuse('not-yet-valid', `valid from ${validFrom}, it is ${now}`);
      return now < validTo ? undefined : refuse('expired', `valid until ${validTo}, it is ${now}`);
    },
  },
  {
    name: 'version',
    requirements: ['R-EPC-03'],
    check({ statement }, { storedVersion }) {
      const stored = storedVersion(statement.kind, gatewayOf(statement));
      if (stored === undefined || statement.version > stored) return undefined;
      return refuse('older', `version ${statement.version} of ${statement.kind} is not above the stored ${stored}`);
    },
  },
  {
    name: 'lead-periods',
    requirements: ['R-PPMID-04', 'R-LEAD-01'],
    check: ({ statement }) => (statement.kind === 'suppliers' ? ambiguous(statement.lead) : undefined),
  },
  {
    name: 'signers',
    requirements: ['R-SIGN-01', 'R-SEP-01'],
    check: ({ statement }, { anchors }) => (statement.kind === 'signers' ? unsoundSigner(statement, anchors) : undefined),
  },
]);

/** Signs a statement. Throws Fault `input` for one that no reader would take for its form. */
export function signStatement(statement: Statement, key: SigningKey): Uint8Array {
  const payload = encode(STATEMENT.write(statement) ?? null);
  const read = readPayload(payload, LIST_SIZE);
  if (!read.ok) throw new Fault('input', `statement: ${read.detail}`);
  return sign1(payload, STATEMENT_TYPE, key);
}

/** Opens a statement. Refuses with the check's name and its requirements; the first refusal is the answer. */
export function openStatement(bytes: Uint8Array, context: StatementContext): Result<SignedStatement, MessageRefusal> {
  const candidate = readForm(bytes, context);
  if (!candidate.ok) return { ...candidate, check: 'form', requirements: ['R-SVC-02'] };
  for (const { name, requirements, check } of context.checks ?? STATEMENT_CHECKS) {
    const refusal = check(candidate.value, context);
    if (refusal !== undefined) return { ...refusal, check: name, requirements };
  }
  const { statement, signer } = candidate.value;
  return ok(Object.freeze({ statement, signer, bytes: Uint8Array.from(bytes) }));
}

/** Reads a statement without asking who signed it: for what was verified when it was taken, and for showing. */
export function readStatement(bytes: Uint8Array): Result<Statement> {
  const message = parseMessage(bytes, LIST_SIZE);
  if (!message.ok) return message;
  const { contentType, payload } = message.value;
  return contentType === STATEMENT_TYPE
    ? readPayload(payload, LIST_SIZE)
    : refuse('content-type', 'its content type is not that of a statement');
}

/** Looks keys up in the signers of a statement in force; nobody is known without one. Whether a key counts at a time is for the policy. */
export function signersBy(statement: SignersStatement | undefined): (kid: KeyId) => RegisteredKey | undefined {
  const known = new Map(statement?.signers.map((signer) => [signer.kid, signer]));
  return (kid) => known.get(kid);
}

/** The gateway that a statement is about; undefined for those about all. */
export const gatewayOf = (statement: Statement): Eui64 | undefined => ('gateway' in statement ? statement.gateway : undefined);

function readForm(bytes: Uint8Array, { anchors, maxSize = MAX_SIZE }: StatementContext): Result<Candidate> {
  const message = parseMessage(bytes, maxSize);
  if (!message.ok) return message;
  const { contentType, payload, body, countersignatures } = message.value;
  if (contentType !== STATEMENT_TYPE) return refuse('content-type', 'its content type is not that of a statement');
  if (countersignatures.length > 0) return refuse('countersigned', 'a statement carries no countersignature');
  const statement = readPayload(payload, maxSize);
  if (!statement.ok) return statement;
  const signer = anchors.find(({ kid, role }) => kid === body.kid && role === 'registration');
  if (signer === undefined) return refuse('unknown-signer', `no trust anchor has the key ${body.kid}`);
  return ok({ message: message.value, statement: statement.value, signer });
}

function readPayload(payload: Uint8Array, maxSize: number): Result<Statement> {
  const decoded = decode(payload, { maxSize });
  if (!decoded.ok) return decoded;
  const read = STATEMENT.read(decoded.value, '');
  return read.ok ? checkStatement(read.value) : read;
}

/** What the form of a statement cannot say by its fields: no validity and no period ends before it begins. Refuses `empty-window`. */
export function checkStatement(statement: Statement): Result<Statement> {
  if (statement.validTo <= statement.validFrom) return refuse('empty-window', 'validTo is not after validFrom');
  const periods = statement.kind === 'suppliers' ? [...statement.lead, ...statement.gas] : [];
  const empty = periods.find(({ from, to }) => to !== undefined && to <= from);
  return empty === undefined ? ok(statement) : refuse('empty-window', `the period of ${empty.party} ends before it begins`);
}

/** There is one Lead Supplier at a time: periods of lead supply must not overlap, whoever they name. */
function ambiguous(periods: readonly SupplierPeriod[]): Refusal | undefined {
  const ordered = periods.toSorted((a, b) => a.from - b.from);
  for (const [i, { party, to = Infinity }] of ordered.entries()) {
    const next = ordered[i + 1];
    if (next !== undefined && next.from < to)
      return refuse('ambiguous', `${party} and ${next.party} are both Lead Supplier at ${next.from}`);
  }
  return undefined;
}

/** One key identifier, one key, one role; registration keys are anchors and nothing else. */
function unsoundSigner({ signers }: SignersStatement, anchors: readonly Signer[]): Refusal | undefined {
  const seen = new Set<KeyId>();
  for (const { kid, key, role, name } of signers) {
    if (keyId(key) !== kid) return refuse('key-id', `${kid} is not the identifier of the key of ${name}`);
    const sound = checkPublicKey(key);
    if (!sound.ok) return sound;
    if (seen.has(kid)) return refuse('duplicate-key', `the key ${kid} is named twice`);
    if (role === 'registration') return refuse('registration-role', `a statement cannot name a registration key: ${kid}`);
    if (anchors.some((anchor) => anchor.kid === kid)) return refuse('registration-key', `the registration key ${kid} has no other role`);
    seen.add(kid);
  }
  return undefined;
}
