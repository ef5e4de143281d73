/**
 * What a signed service request is asked before anybody acts on it: an ordered list of named checks.
 *
 * A check answers undefined or why it refuses. The checks are independent: a message with one defect trips exactly one
 * of them, and with that one left out it would be accepted. Tests rely on this to show that no check is idle.
 */
import { requestId } from '../model/ids.ts';
import type { Eui64, KeyId } from '../model/ids.ts';
import type { Refusal } from '../model/fault.ts';
import { refuse } from '../model/fault.ts';
import type { MessageFacts } from '../model/message-facts.ts';
import type { Environment, Role, ServiceRequest, Signer } from '../model/service-request.ts';
import type { ReplayMarks } from '../ports/replay-marks.ts';
import type { SignatureBlock, SignedMessage } from './cose.ts';
import { verify } from './ed25519.ts';
import { instant } from '../model/calendar.ts';

/** A refusal of a message: which check refused, and the requirements it rests on. */
export interface MessageRefusal extends Refusal {
  /** Name of the check. */
  readonly check: string;
  readonly requirements: readonly string[];
}

/** A refusal of a request, with everything that it rests on. */
export interface RequestRefusal extends MessageRefusal {
  readonly facts: MessageFacts;
}

/** What a message is checked against. */
export interface MessageContext {
  /** The Communications Hub that the message must be for; left out at the S1SP, which serves many. */
  readonly gateway?: Eui64 | undefined;
  readonly environment: Environment;
  /** Whole seconds since 1970. */
  readonly now: number;
  readonly marks: ReplayMarks;
  /** The party whose key this is, from a signers statement in force. */
  readonly signers: (kid: KeyId) => Signer | undefined;
  /** Roles of which each must have countersigned and no other may; `DEFAULT_COUNTERSIGNERS` when left out. */
  readonly countersigners?: readonly Role[];
  /**
   * `accept`: the message has just come. `resume`: it was accepted before and a job rests on it; its window of
   * acceptance and its counter are not asked again, for they bound acceptance alone.
   */
  readonly purpose: 'accept' | 'resume';
  /** The checks to ask; `MESSAGE_CHECKS` when left out. Tests leave one out to see that it matters. */
  readonly checks?: readonly MessageCheck[];
}

/** A message that can be read, from a signer who is known; nothing is verified yet. */
export interface Candidate {
  readonly message: SignedMessage;
  readonly request: ServiceRequest;
  readonly user: Signer;
  /** Who the countersignatures claim to be from; `signer` is undefined when the key is not known. */
  readonly countersigners: readonly { readonly signer: Signer | undefined; readonly block: SignatureBlock }[];
  /** Whether a signature is the signer's: `genuine`, or what is remembered of it. */
  readonly verified: (block: SignatureBlock, signer: Signer) => boolean;
}

/** One named check. */
export interface MessageCheck {
  /** Stable kebab-case name. */
  readonly name: string;
  readonly requirements: readonly string[];
  /** Asked of countersigned messages only. */
  readonly countersignedOnly?: true;
  /** Asked at acceptance only. */
  readonly acceptanceOnly?: true;
  readonly check: (candidate: Candidate, context: MessageContext) => Refusal | undefined;
}

/** Who must countersign when a context does not say. */
export const DEFAULT_COUNTERSIGNERS: readonly Role[] = ['dcc-countersigner'];

/** True when a signature is the signer's. */
export const genuine = (block: SignatureBlock, signer: Signer): boolean => verify(block.signature, block.signed, signer.key);

/** The checks, in the order they are asked. `form` comes before them all and cannot be left out (`open.ts`). */
export const MESSAGE_CHECKS: readonly MessageCheck[] = [
  {
    name: 'user-signature',
    requirements: ['R-SIGN-01'],
    check: ({ message, user, verified }) =>
      verified(message.body, user) ? undefined : refuse('user-signature-invalid', `the signature is not that of ${user.name}`),
  },
  { name: 'countersigned', requirements: ['R-SIGN-01', 'R-SIGN-02'], countersignedOnly: true, check: countersigned },
  {
    name: 'originator',
    requirements: ['R-PPMID-01'],
    check: ({ request, user }) =>
      request.originator === user.party
        ? undefined
        : refuse('other-originator', `originator ${request.originator} is not the signing party ${user.party}`),
  },
  {
    name: 'audience',
    requirements: ['R-PPMID-01'],
    check({ request }, { gateway, environment }) {
      if (gateway !== undefined && request.gateway !== gateway) {
        return refuse('other-gateway', `the request is for gateway ${request.gateway}, this is ${gateway}`);
      }
      if (request.environment === environment) return undefined;
      return refuse(`${request.environment}-in-${environment}`, `a ${request.environment} request in the ${environment} environment`);
    },
  },
  {
    name: 'not-before',
    requirements: ['R-ANOM-04'],
    acceptanceOnly: true,
    check: ({ request }, { now }) =>
      now >= request.notBefore
        ? undefined
        : refuse('not-yet-valid', `acceptable from ${instant(request.notBefore)}, it is ${instant(now)}`),
  },
  {
    name: 'expiry',
    requirements: ['R-ANOM-04'],
    acceptanceOnly: true,
    check: ({ request }, { now }) =>
      now < request.expires ? undefined : refuse('expired', `acceptable until ${instant(request.expires)}, it is ${instant(now)}`),
  },
  {
    name: 'replay',
    requirements: ['R-ANOM-04'],
    acceptanceOnly: true,
    check({ request }, { marks }) {
      const highest = marks.highest(request.originator, request.target);
      if (highest === undefined || request.counter > highest) return undefined;
      const id = requestId(request.originator, request.target, request.counter);
      return refuse('replayed', `${id} is not above the highest accepted, ${requestId(request.originator, request.target, highest)}`);
    },
  },
];

/**
 * At least two valid signatures by different keys of different roles: the User's and that of each required role. The
 * role `s1sp-xml` signs documents between S1SP and DCC and never countersigns, whatever a context asks [R-SIGN-02].
 */
function countersigned({ user, countersigners, verified }: Candidate, context: MessageContext): Refusal | undefined {
  if (countersigners.length === 0) return refuse('one-signature', 'the request carries the signature of its User alone');
  const required: readonly Role[] = (context.countersigners ?? DEFAULT_COUNTERSIGNERS).filter((role) => role !== 's1sp-xml');
  const keys = new Set([user.kid]);
  const roles = new Set([user.role]);
  for (const { signer, block } of countersigners) {
    if (signer === undefined) return refuse('unknown-countersigner', `no countersigner has the key ${block.kid}`);
    if (keys.has(signer.kid)) return refuse('same-key-twice', `the key ${signer.kid} signs twice`);
    if (roles.has(signer.role)) return refuse('same-role-twice', `two signatures are of the role ${signer.role}`);
    if (!required.includes(signer.role)) return refuse('countersigner-role', `the role ${signer.role} does not countersign requests`);
    if (!verified(block, signer)) return refuse('countersignature-invalid', `the countersignature is not that of ${signer.name}`);
    keys.add(signer.kid);
    roles.add(signer.role);
  }
  const missing = required.find((role) => !roles.has(role));
  return missing === undefined ? undefined : refuse('countersigner-missing', `no countersignature of the role ${missing}`);
}
