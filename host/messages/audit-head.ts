/**
 * The head of an audit log, signed by the gateway or S1SP whose log it is: what an export of the log ends with, so that it can be verified by nothing but
 * itself and a public key.
 */
import { Fault, ok, refuse, type Result } from '../model/fault.ts';
import type { Digest, Eui64 } from '../model/ids.ts';
import type { Environment, Signer } from '../model/service-request.ts';
import { encode } from './cbor-writer.ts';
import { decode } from './cbor.ts';
import { parse, sign1 } from './cose.ts';
import type { SigningKey } from './ed25519.ts';
import { genuine } from './message-check.ts';
import { ENVIRONMENT } from './service-request.ts';
import { DIGEST, EUI64, record, whole } from './shape.ts';

/** Content type of a signed head. */
export const HEAD_TYPE = 'application/vnd.hearthgate.audit-head+cbor';

/** What is signed. */
export interface SignedHead {
  /** Whose log it is: the party of the key. */
  readonly party: Eui64;
  readonly environment: Environment;
  /** Records in the log; 0 for an empty one. */
  readonly count: number;
  /** SHA-256 of the last record. */
  readonly hash: Digest;
}

const HEAD = record<SignedHead>({ party: EUI64, environment: ENVIRONMENT, count: whole(0, Number.MAX_SAFE_INTEGER), hash: DIGEST });

/** Signs a head. Throws Fault `internal` for one that no reader would take. */
export function signHead(head: SignedHead, key: SigningKey): Uint8Array {
  const payload = encode(HEAD.write(head) ?? null);
  const read = HEAD.read(decodeOrNothing(payload), '');
  if (!read.ok) throw new Fault('internal', `audit head: ${read.detail}`);
  return sign1(payload, HEAD_TYPE, key);
}

/** Opens a signed head. Refuses with a code of `cose.ts` or `shape.ts`, `content-type`, `unknown-signer`, `signature-invalid`, `other-party`. */
export function openHead(bytes: Uint8Array, signer: Signer): Result<SignedHead> {
  const message = parse(bytes);
  if (!message.ok) return message;
  const { body, contentType, payload, countersignatures } = message.value;
  if (contentType !== HEAD_TYPE || countersignatures.length > 0) return refuse('content-type', 'not the head of an audit log');
  if (body.kid !== signer.kid) return refuse('unknown-signer', `signed by the key ${body.kid}, not by ${signer.kid}`);
  if (!genuine(body, signer)) return refuse('signature-invalid', `the signature is not that of ${signer.name}`);
  const head = HEAD.read(decodeOrNothing(payload), '');
  if (!head.ok) return head;
  return head.value.party === signer.party ? ok(head.value) : refuse('other-party', `the head is that of ${head.value.party}`);
}

function decodeOrNothing(payload: Uint8Array): unknown {
  const decoded = decode(payload);
  return decoded.ok ? decoded.value : undefined;
}
