/** The S1SP side out of its parts. */
import { signersBy } from '../messages/statement.ts';
import { isCountersigned, isUserSigned } from '../messages/open.ts';
import type { SignersStatement } from '../model/register.ts';
import { createPolicy } from '../policy/decide.ts';
import { S1sp, type S1spSetup } from '../s1sp/s1sp.ts';

/** What the S1SP side is composed of. */
export type S1spPlan = Omit<S1spSetup, 'signers' | 'intake'> & {
  /** The signers register in force. */
  readonly signers: SignersStatement;
};

/** Composes the S1SP side; it begins to work at `start`. */
export function composeS1sp({ signers, ...setup }: S1spPlan): S1sp {
  const policy = createPolicy({ isCountersigned, isUserSigned });
  return new S1sp({ ...setup, signers: signersBy(signers), intake: (signed, situation) => policy.intake(signed, situation) });
}
