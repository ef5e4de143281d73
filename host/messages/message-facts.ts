/** The facts of a message that was refused: how they are taken, told, read back from a record, and held against the checks once more. */
import { refuse, type Refusal } from '../model/fault.ts';
import type { KeyId } from '../model/ids.ts';
import { requestId } from '../model/ids.ts';
import type { Claims, MessageFacts, SignatureClaim } from '../model/message-facts.ts';
import type { Role, ServiceRequest, Signer } from '../model/service-request.ts';
import { ENVIRONMENT, REQUEST_BASE } from './service-request.ts';
import type { SignatureBlock } from './cose.ts';
import { instant } from '../model/calendar.ts';
import { DEFAULT_COUNTERSIGNERS, type Candidate, type MessageContext } from './message-check.ts';
import { BOOLEAN, EUI64, KEY_ID, SECONDS, UINT32, UINT64, list, oneOf, optional, record, text, type Shape } from './shape.ts';

/** A message as far as it could be read; whose keys its signatures name is looked up here. */
export interface Readable {
  readonly request: ServiceRequest;
  readonly signatures: readonly SignatureBlock[];
  /** Signatures that were asked about so far, and whether they verified. */
  readonly asked: ReadonlyMap<SignatureBlock, boolean>;
}

/** The facts of a message of `length` bytes, at the moment at which it is refused. */
export function messageFacts(
  door: MessageFacts['door'],
  length: number,
  readable: Readable | undefined,
  context: MessageContext,
): MessageFacts {
  const { gateway, environment, now, marks, signers, purpose, countersigners = DEFAULT_COUNTERSIGNERS } = context;
  const claim = (block: SignatureBlock): SignatureClaim => {
    const signer = signers(block.kid);
    return { kid: block.kid, role: signer?.role, party: signer?.party, genuine: readable?.asked.get(block) };
  };
  return {
    door,
    purpose,
    now,
    gateway,
    environment,
    required: door === 'user' ? [] : countersigners,
    length,
    highest: readable && marks.highest(readable.request.originator, readable.request.target),
    unverified: readable && { request: claimsOf(readable.request), signatures: readable.signatures.map(claim) },
  };
}

const claimsOf = ({ kind, originator, target, counter, gateway, environment, notBefore, expires }: ServiceRequest): Claims => ({
  kind,
  originator,
  target,
  counter,
  gateway,
  environment,
  notBefore,
  expires,
});

/** The facts as lines for people. */
export function messageLines({ door, now, gateway, environment, required, length, highest, unverified }: MessageFacts): readonly string[] {
  const asked = `${length} bytes at ${instant(now)}, for ${gateway === undefined ? 'any gateway' : `gateway ${gateway}`} of the ${environment} environment`;
  if (unverified === undefined) return [asked, 'could not be read'];
  const { request, signatures } = unverified;
  const { originator, target, counter } = request;
  return [
    asked,
    'claimed, and not verified:',
    `${request.kind} ${requestId(originator, target, counter)} for gateway ${request.gateway}, ${request.environment}`,
    `acceptable from ${instant(request.notBefore)} until ${instant(request.expires)}`,
    ...signatures.map(signatureLine),
    'held against:',
    highest === undefined ? 'no counter accepted before' : `the highest accepted, ${requestId(originator, target, highest)}`,
    ...(door === 'user' ? [] : [`countersignatures that are required: ${required.join(', ')}`]),
  ];
}

const signatureLine = ({ kid, role, party, genuine }: SignatureClaim): string =>
  `signed with ${kid}, ${role === undefined ? 'which nobody is known by' : `${role} ${party}`}${genuine === undefined ? '' : genuine ? ', genuine' : ', not genuine'}`;

/** Facts may name a role of another version of this program. */
const ROLE = text(1, 64) as unknown as Shape<Role>;

/** Message facts in a record. */
export const MESSAGE_FACTS: Shape<MessageFacts> = record<MessageFacts>({
  door: oneOf('user', 'countersigned'),
  purpose: oneOf('accept', 'resume'),
  now: SECONDS,
  gateway: optional(EUI64),
  environment: ENVIRONMENT,
  required: list(ROLE, 16),
  length: UINT32,
  highest: optional(UINT64),
  unverified: optional(
    record<NonNullable<MessageFacts['unverified']>>({
      request: record<Claims>({ kind: oneOf('update-firmware', 'cancel-update'), ...REQUEST_BASE }),
      signatures: list(
        record<SignatureClaim>({ kid: KEY_ID, role: optional(ROLE), party: optional(EUI64), genuine: optional(BOOLEAN) }),
        16,
      ),
    }),
  ),
});

/** A message as the facts have it: to be asked the checks that need no bytes. */
export interface Remembered {
  readonly candidate: Candidate;
  readonly context: MessageContext;
  /** Whether an answer of the checks rested on a signature, whose bytes are not kept. */
  readonly restsOnBytes: () => boolean;
}

/** What the facts say of a message. Refused `bytes-not-kept` when it could not be read, `unknown-signer` when its User was not known. */
export function remembered({ unverified, now, gateway, environment, required, highest, purpose }: MessageFacts): Remembered | Refusal {
  if (unverified === undefined) return refuse('bytes-not-kept', 'the message could not be read, and its bytes are not kept');
  const blocks = unverified.signatures.map((claim) => ({ claim, block: blockOf(claim.kid), signer: signerOf(claim) }));
  const [first, ...others] = blocks;
  if (first?.signer === undefined) return refuse('unknown-signer', `nobody is known by the key ${first?.claim.kid}`);
  let rests = false;
  const verified = (block: SignatureBlock): boolean => {
    const genuine = blocks.find((each) => each.block === block)?.claim.genuine;
    rests ||= genuine !== true;
    return genuine === true;
  };
  return {
    candidate: {
      message: { contentType: '', payload: new Uint8Array(), body: first.block, countersignatures: others.map(({ block }) => block) },
      request: unverified.request as ServiceRequest,
      user: first.signer,
      countersigners: others,
      verified,
    },
    context: { gateway, environment, now, marks: { highest: () => highest }, signers: () => undefined, countersigners: required, purpose },
    restsOnBytes: () => rests,
  };
}

const EMPTY = new Uint8Array();
const blockOf = (kid: KeyId): SignatureBlock => ({ kid, contentType: '', protectedHeader: EMPTY, signature: EMPTY, signed: EMPTY });
const signerOf = ({ kid, role, party }: SignatureClaim): Signer | undefined =>
  role === undefined || party === undefined ? undefined : { kid, key: EMPTY, role, party, name: party };
