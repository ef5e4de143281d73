/**
 * The two doors through which a service request comes in, and the only maker of UserSigned and Countersigned.
 *
 * `openUserSigned` is the S1SP's: a message with the User's signature alone. `openCountersigned` is the gateway's. Both
 * read the received bytes strictly, then ask the checks of `message-check.ts` in order; the first refusal is the answer.
 */
import type { Refusal, Result } from '../model/fault.ts';
import { ok, refuse } from '../model/fault.ts';
import { requestId } from '../model/ids.ts';
import type { MessageFacts } from '../model/message-facts.ts';
import type { Countersigned, Signer, UserSigned } from '../model/service-request.ts';
import { parse as parseMessage } from './cose.ts';
import type { SignatureBlock } from './cose.ts';
import type { Candidate, MessageCheck, MessageContext, MessageRefusal, RequestRefusal } from './message-check.ts';
import { MESSAGE_CHECKS, genuine } from './message-check.ts';
import { messageFacts, remembered, type Readable } from './message-facts.ts';
import { SERVICE_REQUEST_TYPE, parse as parseRequest } from './service-request.ts';

/** What the check `form` serves: nothing is available that no document provides for. */
const FORM_REQUIREMENTS: readonly string[] = ['R-SVC-02', 'R-SIGN-01'];

const userSigned = new WeakSet<UserSigned>();
const countersigned = new WeakSet<Countersigned>();

/** True for what a door of this file made from a valid User signature. A look-alike is not recognised. */
export const isUserSigned = (value: UserSigned): boolean => userSigned.has(value);

/**
 * True for what `openCountersigned` made from at least two valid signatures by different keys of different roles. What
 * was opened with a signature check left out is not recognised, nor is a look-alike.
 */
export const isCountersigned = (value: Countersigned): boolean => countersigned.has(value);

/** Opens a message that carries the User's signature and no other. */
export function openUserSigned(bytes: Uint8Array, context: MessageContext): Result<UserSigned, RequestRefusal> {
  const read = readForm(bytes, context);
  const refused = (refusal: MessageRefusal): RequestRefusal => withFacts('user', refusal, bytes, read, context);
  if (!read.ok) return refused(read);
  const candidate = read.candidate;
  const asked = checksOf(context).filter((check) => check.countersignedOnly !== true);
  const refusal = tooMany(candidate) ?? firstRefusal(asked, candidate, context);
  if (refusal !== undefined) return refused(refusal);
  const opened = Object.freeze(received(bytes, candidate));
  if (isAsked(asked, 'user-signature')) userSigned.add(opened);
  return ok(opened);
}

/** Opens a message that carries the User's signature and every countersignature that the context requires. */
export function openCountersigned(bytes: Uint8Array, context: MessageContext): Result<Countersigned, RequestRefusal> {
  const read = readForm(bytes, context);
  const refused = (refusal: MessageRefusal): RequestRefusal => withFacts('countersigned', refusal, bytes, read, context);
  if (!read.ok) return refused(read);
  const candidate = read.candidate;
  const asked = checksOf(context);
  const refusal = firstRefusal(asked, candidate, context);
  if (refusal !== undefined) return refused(refusal);
  const verified = isAsked(asked, 'countersigned');
  const countersigners = Object.freeze(validSigners(candidate, verified));
  const opened = Object.freeze({ ...received(bytes, candidate), countersigners });
  if (isAsked(asked, 'user-signature')) {
    userSigned.add(opened);
    if (verified) countersigned.add(opened);
  }
  return ok(opened);
}

/**
 * Asks the checks once more what they asked a refused message, by what its record kept of it. Undefined when none refuses; `needs-bytes` when the answer
 * rests on a signature or on a form, which nothing but the message itself shows.
 */
export function recheck(facts: MessageFacts): MessageRefusal | 'needs-bytes' | undefined {
  const known = remembered(facts);
  if ('code' in known) return known.code === 'bytes-not-kept' ? 'needs-bytes' : form(known);
  const { candidate, context, restsOnBytes } = known;
  const asked = checksOf(context).filter((check) => facts.door === 'countersigned' || check.countersignedOnly !== true);
  const refusal = (facts.door === 'user' ? tooMany(candidate) : undefined) ?? firstRefusal(asked, candidate, context);
  return restsOnBytes() ? 'needs-bytes' : refusal;
}

/** What could be read of a message: all of it, or why no more. */
type Read =
  | { readonly ok: true; readonly candidate: Candidate; readonly readable: Readable }
  | (MessageRefusal & { readonly readable: Readable | undefined });

/** The check `form`: envelope, payload and a User who is known. */
function readForm(bytes: Uint8Array, context: MessageContext): Read {
  const unreadable = (refusal: Refusal, readable?: Readable): Read => ({ ...form(refusal), readable });
  const message = parseMessage(bytes);
  if (!message.ok) return unreadable(message);
  const { body, contentType, payload, countersignatures } = message.value;
  if (contentType !== SERVICE_REQUEST_TYPE) return unreadable(refuse('content-type', 'its content type is not that of a service request'));
  const request = parseRequest(payload);
  if (!request.ok) return unreadable(request);
  const asked = new Map<SignatureBlock, boolean>();
  const readable: Readable = { request: request.value, signatures: [body, ...countersignatures], asked };
  const user = context.signers(body.kid);
  if (user === undefined) return unreadable(refuse('unknown-signer', `nobody is known by the key ${body.kid}`), readable);
  const countersigners = countersignatures.map((block) => ({ signer: context.signers(block.kid), block }));
  const verified = (block: SignatureBlock, signer: Signer): boolean => {
    const is = genuine(block, signer);
    asked.set(block, is);
    return is;
  };
  return { ok: true, candidate: { message: message.value, request: request.value, user, countersigners, verified }, readable };
}

const withFacts = (
  door: MessageFacts['door'],
  { code, detail, check, requirements }: MessageRefusal,
  { length }: Uint8Array,
  { readable }: Read,
  context: MessageContext,
): RequestRefusal => ({ ok: false, code, detail, check, requirements, facts: messageFacts(door, length, readable, context) });

const tooMany = ({ countersigners }: Candidate): MessageRefusal | undefined =>
  countersigners.length === 0 ? undefined : form(refuse('already-countersigned', 'the request is countersigned already'));

const form = ({ code, detail }: Refusal): MessageRefusal => ({ ok: false, code, detail, check: 'form', requirements: FORM_REQUIREMENTS });

const checksOf = ({ checks = MESSAGE_CHECKS, purpose }: MessageContext): readonly MessageCheck[] =>
  checks.filter((check) => purpose === 'accept' || check.acceptanceOnly !== true);

/** True when the very check of that name was asked, not another in its place. */
const isAsked = (asked: readonly MessageCheck[], name: string): boolean =>
  asked.some((check) => check.name === name && MESSAGE_CHECKS.includes(check));

function firstRefusal(checks: readonly MessageCheck[], candidate: Candidate, context: MessageContext): MessageRefusal | undefined {
  for (const { name, requirements, check } of checks) {
    const refusal = check(candidate, context);
    if (refusal !== undefined) return { ...refusal, check: name, requirements };
  }
  return undefined;
}

/** What both doors give; the bytes are a copy that nobody else can change. */
const received = (bytes: Uint8Array, { request, user }: Candidate): UserSigned => ({
  request,
  requestId: requestId(request.originator, request.target, request.counter),
  user,
  bytes: Uint8Array.from(bytes),
});

/** The countersigners whose signatures hold: all there are once the check has verified them, otherwise those that verify now. */
const validSigners = ({ countersigners }: Candidate, verified: boolean): Signer[] =>
  countersigners.flatMap(({ signer, block }) => (signer !== undefined && (verified || genuine(block, signer)) ? [signer] : []));
