/**
 * Whose image signatures a gateway believes, and what it asks of the images of each manufacturer. It is built once, out of the
 * configuration, and never changes.
 */
import { ok, refuse, type Result } from '../model/fault.ts';
import { hex } from '../model/ids.ts';
import type { ImageAuthority, ImageExpectation, ImagePolicy } from '../model/image.ts';
import type { Environment } from '../model/service-request.ts';

/** An authority and where it belongs. */
export interface TrustedAuthority extends ImageAuthority {
  readonly environment: Environment;
}

/** What a trust store is built from. */
export interface ImageTrustPlan {
  readonly environment: Environment;
  readonly authorities: readonly TrustedAuthority[];
  /** What is asked of manufacturers that are not listed. */
  readonly policy: ImagePolicy;
  readonly manufacturers: ReadonlyMap<number, ImagePolicy>;
}

/** What the operator's choice adds to the expectation of an image. */
export type ImageDemands = Required<Pick<ImageExpectation, 'trust' | 'signatureRequired' | 'integrityRequired' | 'body' | 'maximumSize'>>;

/** Authorities whose private keys are public knowledge, by their compressed public keys. */
const TEST_AUTHORITIES: Readonly<Record<string, string>> = {
  '0200fde8a7f3d1084224962a4e7c54e69ac3f04da6b8': 'the Smart Energy test CA of suite 1 (TESTSECA)',
  '0207a445022d9f39f49bdc38380026a27a9e0a1799313ab28c5c1a1c6b605154db1dff6752': 'the Smart Energy test CA of suite 2',
  '0304794da64c0b4a274d343442062af88a0ae9afc5e32f08f918919cf5c1ced2e60d01033a': 'the authority of the sample images of every lab',
};

/** What is asked where an operator says nothing. */
export const DEFAULT_POLICY: ImagePolicy = {
  signatureRequired: false,
  integrityRequired: true,
  body: 'tagged',
  maximumSize: 16 * 1024 * 1024,
  signers: undefined,
};

/** The trust store. */
export class ImageTrustStore {
  readonly #plan: ImageTrustPlan;

  private constructor(plan: ImageTrustPlan) {
    this.#plan = plan;
  }

  /**
   * Builds a store. Refuses `test-authority`, naming it: a test CA in production, by its key whatever its file says; and
   * `environment`, an authority of the other environment.
   */
  static of(plan: ImageTrustPlan): Result<ImageTrustStore> {
    for (const { name, key, environment } of plan.authorities) {
      const known = TEST_AUTHORITIES[hex(key)];
      if (known !== undefined && plan.environment === 'production') return refuse('test-authority', `${name} is ${known}`);
      if (environment !== plan.environment) return refuse('environment', `${name} is an authority of the ${environment} environment`);
    }
    return ok(new ImageTrustStore(plan));
  }

  /** A store that trusts nobody and asks `policy` of everybody. */
  static without(environment: Environment, policy: ImagePolicy = DEFAULT_POLICY): ImageTrustStore {
    return new ImageTrustStore({ environment, authorities: [], policy, manufacturers: new Map() });
  }

  /** What is asked of an image of a manufacturer. */
  demands(manufacturer: number): ImageDemands {
    const { authorities, manufacturers, policy } = this.#plan;
    const { signers, ...asked } = manufacturers.get(manufacturer) ?? policy;
    return { ...asked, trust: { authorities, signers } };
  }
}
