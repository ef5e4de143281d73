/**
 * What the checks of a message looked at. A request that is refused before any rule is asked leaves this on record: what it claimed, of which nothing is
 * verified, and what it was held against.
 */
import type { Eui64, KeyId } from './ids.ts';
import type { Environment, Role, ServiceRequest } from './service-request.ts';

/** What a request says of itself, without what only the rules look at. */
export type Claims = Pick<
  ServiceRequest,
  'kind' | 'originator' | 'target' | 'counter' | 'gateway' | 'environment' | 'notBefore' | 'expires'
>;

/** A signature that a message carries. */
export interface SignatureClaim {
  readonly kid: KeyId;
  /** Whose key that is, by the signers register; undefined for a key that is not known. */
  readonly role: Role | undefined;
  readonly party: Eui64 | undefined;
  /** Whether it verified; undefined when nobody came to ask. */
  readonly genuine: boolean | undefined;
}

/** Everything that the checks of a message look at. */
export interface MessageFacts {
  /** `user`: the S1SP's door, for a User's signature alone; `countersigned`: a gateway's. */
  readonly door: 'user' | 'countersigned';
  /** Whether it had just come, or a job rests on it. */
  readonly purpose: 'accept' | 'resume';
  /** Whole seconds since 1970. */
  readonly now: number;
  /** The gateway that was asked; undefined at the S1SP, which serves many. */
  readonly gateway: Eui64 | undefined;
  readonly environment: Environment;
  /** Roles that must have countersigned. */
  readonly required: readonly Role[];
  /** Length of the message in bytes. */
  readonly length: number;
  /** The highest counter accepted of the originator and target that are claimed. */
  readonly highest: bigint | undefined;
  /** What it claims; undefined when it could not even be read. The User's signature is the first. */
  readonly unverified: { readonly request: Claims; readonly signatures: readonly SignatureClaim[] } | undefined;
}
