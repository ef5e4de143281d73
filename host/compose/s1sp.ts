/** The S1SP side out of its parts. */
import { isCountersigned, isUserSigned } from '../messages/open.ts';
import type { Signer } from '../model/service-request.ts';
import { createPolicy, type PolicyParts } from '../policy/decide.ts';
import { S1spRegisters } from '../s1sp/registers.ts';
import { S1sp, type S1spSetup } from '../s1sp/s1sp.ts';
import { Audit } from '../stores/audit.ts';

/** What the S1SP side is composed of. */
export type S1spPlan = Omit<S1spSetup, 'audit' | 'registers' | 'intake'> & {
  /** Keys of the registration role. */
  readonly anchors: readonly Signer[];
  /** Other rules at intake; tests leave one out to see that it matters. */
  readonly rules?: PolicyParts['rules'];
};

/** Composes the S1SP side on what its store holds; it begins to work at `start`. */
export function composeS1sp({ anchors, rules, ...setup }: S1spPlan): S1sp {
  const { environment, store, clock, log } = setup;
  const audit = new Audit(store, clock);
  const registers = new S1spRegisters({ environment, anchors, store, audit, clock, log });
  const policy = createPolicy({ isCountersigned, isUserSigned, ...(rules && { rules }) });
  return new S1sp({ ...setup, audit, registers, intake: (signed, situation) => policy.intake(signed, situation) });
}
