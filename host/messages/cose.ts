/**
 * COSE_Sign1 (RFC 9052 §4.2, tag 18) with version-2 countersignatures (RFC 9338) in one narrow profile:
 *
 * - every signature is EdDSA over Ed25519 and its protected header is exactly {1: -8, 3: content type, 4: key identifier};
 * - the body's unprotected header is empty, or exactly {11: one countersignature, or an array of at least two};
 * - a countersignature names the content type of the body and has an empty unprotected header of its own.
 *
 * Everything else is refused, the older and the abbreviated countersignatures (labels 7, 9, 12) by name. A
 * countersignature covers protected header, payload and the first signature. External data is always empty; detached
 * payloads and other tags are not supported. This file knows no roles and does not verify: it says what was to be signed.
 */
import type { Result } from '../model/fault.ts';
import { Fault, ok, refuse } from '../model/fault.ts';
import type { KeyId } from '../model/ids.ts';
import { hex, unhex } from '../model/ids.ts';
import { decode } from './cbor.ts';
import type { CborValue, Encodable } from './cbor-writer.ts';
import { encode } from './cbor-writer.ts';
import type { SigningKey } from './ed25519.ts';
import { SIGNATURE_SIZE } from './ed25519.ts';

/** How many countersignatures a message may carry; each costs a verification. */
export const MAX_COUNTERSIGNATURES = 8;

const TAG_SIGN1 = 18;
const EDDSA = -8;
const LABEL = { algorithm: 1, contentType: 3, keyId: 4, countersignature: 11 } as const;
const KEY_ID_SIZE = 8;
/** Labels that mean other countersignatures, and what they are called. */
const OTHER_COUNTERSIGNATURES = new Map<CborValue, string>([
  [7, 'counter signature of RFC 8152'],
  [9, 'abbreviated counter signature of RFC 8152'],
  [12, 'abbreviated countersignature of RFC 9338'],
]);

/** One signature, the body's or a countersigner's, not yet verified. */
export interface SignatureBlock {
  readonly kid: KeyId;
  readonly contentType: string;
  /** The protected header as received. */
  readonly protectedHeader: Uint8Array;
  /** 64 bytes. */
  readonly signature: Uint8Array;
  /** The bytes that the signature must be over. */
  readonly signed: Uint8Array;
}

/** A message that keeps to the profile, not yet verified. */
export interface SignedMessage {
  readonly contentType: string;
  readonly payload: Uint8Array;
  readonly body: SignatureBlock;
  /** In the order received. */
  readonly countersignatures: readonly SignatureBlock[];
}

/** Sig_structure of a COSE_Sign1 (RFC 9052 §4.4); `protectedHeader` and `payload` are the contents of their byte strings. */
export const toBeSigned = (protectedHeader: Uint8Array, payload: Uint8Array, external: Uint8Array = EMPTY): Uint8Array =>
  encode(['Signature1', protectedHeader, external, payload]);

/** Countersign_structure over a COSE_Sign1 (RFC 9338 §3.3): version 2, so the body's signature is part of it. */
export const toBeCountersigned = (
  bodyProtected: Uint8Array,
  signProtected: Uint8Array,
  payload: Uint8Array,
  signature: Uint8Array,
  external: Uint8Array = EMPTY,
): Uint8Array => encode(['CounterSignatureV2', bodyProtected, signProtected, external, payload, [signature]]);

/** Signs a payload: a message of the profile without countersignatures. */
export function sign1(payload: Uint8Array, contentType: string, key: SigningKey): Uint8Array {
  const header = protectedHeader(contentType, key);
  return message(header, new Map(), payload, key.sign(toBeSigned(header, payload)));
}

/**
 * Adds a countersignature to a message of the profile, behind those it has. Refuses what `parse` refuses and a message
 * that is full (`countersignature-count`). Does not verify what it signs: open the message first.
 */
export function countersign(bytes: Uint8Array, key: SigningKey): Result<Uint8Array> {
  const parsed = parse(bytes);
  if (!parsed.ok) return parsed;
  const { body, payload, contentType, countersignatures } = parsed.value;
  if (countersignatures.length === MAX_COUNTERSIGNATURES) return tooMany();
  const header = protectedHeader(contentType, key);
  const signature = key.sign(toBeCountersigned(body.protectedHeader, header, payload, body.signature));
  const all: Encodable[] = [...countersignatures, { protectedHeader: header, signature }].map((one) => [
    one.protectedHeader,
    new Map(),
    one.signature,
  ]);
  const value = all.length === 1 ? (all[0] as Encodable) : all;
  return ok(message(body.protectedHeader, new Map([[LABEL.countersignature, value]]), payload, body.signature));
}

/**
 * Reads a message of the profile. Refuses with a code of `cbor.ts`, or `not-sign1`, `protected-header`, `algorithm`,
 * `content-type`, `key-id`, `signature-length`, `unprotected-header`, `label-7`, `label-9`, `label-12`,
 * `countersignature-form`, `countersignature-count`.
 */
export function parse(bytes: Uint8Array, maxSize?: number): Result<SignedMessage> {
  const decoded = decode(bytes, { tag: TAG_SIGN1, ...(maxSize === undefined ? {} : { maxSize }) });
  if (!decoded.ok) return decoded;
  const parts = decoded.value;
  if (!isList(parts) || parts.length !== 4) return refuse('not-sign1', 'a COSE_Sign1 is an array of four');
  const [header, unprotected, payload, signature] = parts;
  if (!(unprotected instanceof Map)) return refuse('not-sign1', 'the second part of a COSE_Sign1 is a map');
  if (!(payload instanceof Uint8Array)) return refuse('not-sign1', 'the payload is a byte string, not detached');
  const body = block('the body', header, signature, (own) => toBeSigned(own, payload));
  if (!body.ok) return body;
  const counters = countersignatures(unprotected);
  if (!counters.ok) return counters;
  const blocks: SignatureBlock[] = [];
  for (const counter of counters.value) {
    const one = countersignature(counter, body.value, payload);
    if (!one.ok) return one;
    blocks.push(one.value);
  }
  return ok({ contentType: body.value.contentType, payload, body: body.value, countersignatures: blocks });
}

const EMPTY = new Uint8Array();

const protectedHeader = (contentType: string, key: SigningKey): Uint8Array =>
  encode(
    new Map<number, Encodable>([
      [LABEL.algorithm, EDDSA],
      [LABEL.contentType, contentType],
      [LABEL.keyId, unhex(key.kid)],
    ]),
  );

function message(header: Uint8Array, unprotected: ReadonlyMap<number, Encodable>, payload: Uint8Array, signature: Uint8Array): Uint8Array {
  if (signature.length !== SIGNATURE_SIZE) throw new Fault('internal', `a signature has ${SIGNATURE_SIZE} bytes, not ${signature.length}`);
  const content = encode([header, unprotected, payload, signature]);
  const tagged = new Uint8Array(1 + content.length);
  tagged[0] = 0xc0 | TAG_SIGN1;
  tagged.set(content, 1);
  return tagged;
}

/** The countersignatures that the body's unprotected header holds: none, one, or an array of two and more. */
function countersignatures(unprotected: ReadonlyMap<CborValue, CborValue>): Result<readonly CborValue[]> {
  for (const label of unprotected.keys()) {
    if (label === LABEL.countersignature) continue;
    const other = OTHER_COUNTERSIGNATURES.get(label);
    if (other !== undefined) return refuse(`label-${String(label)}`, `label ${String(label)} is the ${other}; only label 11 is taken`);
    return refuse('unprotected-header', 'the unprotected header holds countersignatures (label 11) and nothing else');
  }
  const value = unprotected.get(LABEL.countersignature);
  if (value === undefined) return ok([]);
  if (!isList(value)) return refuse('countersignature-form', 'a countersignature is an array');
  if (!isList(value[0])) return ok([value]);
  if (value.length < 2) return refuse('countersignature-form', 'one countersignature stands alone, not in an array');
  return value.length > MAX_COUNTERSIGNATURES ? tooMany() : ok(value);
}

/** Reads one countersignature (RFC 9338 §3.1) over a body. */
function countersignature(parts: CborValue, body: SignatureBlock, payload: Uint8Array): Result<SignatureBlock> {
  if (!isList(parts) || parts.length !== 3) return refuse('countersignature-form', 'a countersignature is an array of three');
  const [header, unprotected, signature] = parts;
  if (!(unprotected instanceof Map) || unprotected.size !== 0) {
    return refuse('unprotected-header', 'a countersignature has an empty unprotected header');
  }
  const read = block('a countersignature', header, signature, (own) =>
    toBeCountersigned(body.protectedHeader, own, payload, body.signature),
  );
  if (!read.ok || read.value.contentType === body.contentType) return read;
  return refuse('content-type', 'a countersignature names another content type than the body');
}

/** Reads the protected header of a signature and says, by `signed`, what it must be over. */
function block(
  whose: string,
  header: CborValue | undefined,
  signature: CborValue | undefined,
  signed: (protectedHeader: Uint8Array) => Uint8Array,
): Result<SignatureBlock> {
  if (!(header instanceof Uint8Array)) return refuse('protected-header', `the protected header of ${whose} is a byte string`);
  if (!(signature instanceof Uint8Array) || signature.length !== SIGNATURE_SIZE) {
    return refuse('signature-length', `the signature of ${whose} is a byte string of ${SIGNATURE_SIZE}`);
  }
  const fields = decode(header);
  if (!fields.ok) return fields;
  const map = fields.value;
  if (!(map instanceof Map) || map.size !== 3) return refuse('protected-header', `the protected header of ${whose} holds 1, 3 and 4`);
  const contentType: unknown = map.get(LABEL.contentType);
  const kid: unknown = map.get(LABEL.keyId);
  if (map.get(LABEL.algorithm) !== EDDSA) return refuse('algorithm', `the algorithm of ${whose} is EdDSA (-8)`);
  if (typeof contentType !== 'string') return refuse('content-type', `the content type of ${whose} is a text`);
  if (!(kid instanceof Uint8Array) || kid.length !== KEY_ID_SIZE) {
    return refuse('key-id', `the key identifier of ${whose} has ${KEY_ID_SIZE} bytes`);
  }
  return ok({ kid: hex(kid) as KeyId, contentType, protectedHeader: header, signature, signed: signed(header) });
}

const tooMany = () => refuse('countersignature-count', `more than ${MAX_COUNTERSIGNATURES} countersignatures`);
const isList = (value: CborValue | undefined): value is readonly CborValue[] => Array.isArray(value);
