/**
 * A decision as the audit keeps it: the answer, everything that the rules looked at, and which statements that came from, so that it can be replayed
 * years later by nothing but its record [R-AUD-01, R-LEAD-06]. Instants at which it would change are not kept: they are part of the facts.
 * Numbers of supplies are withheld by the log that takes it [R-PRIV-01].
 */
import type { Decision, Facts, IntakeDecision } from '../model/decision.ts';
import { plain, type Plain } from '../model/plain.ts';
import type { RegisterReference } from '../model/register.ts';

/** The members of a record that say what was decided. */
export function decisionBody(
  decision: Decision | IntakeDecision,
  registers: readonly RegisterReference[],
): { readonly [name: string]: Plain } {
  const { verdict, response, requirements, documents, facts } = decision;
  const common = { verdict, response, requirements, documents, registers, ...(facts && { ...asked(facts), facts }) };
  if (decision.verdict !== 'refuse') return plain({ ...common, rules: decision.rules });
  const { code, detail, rule, family } = decision;
  return plain({ ...common, code, detail, rule, family });
}

/** The question that the rules were asked. */
const asked = ({ request, moment }: Facts): { readonly question: string } => {
  const cancel = request.kind === 'cancel-update';
  if (moment === 'intake') return { question: cancel ? 'intake-cancel' : 'intake' };
  return { question: cancel ? 'cancel' : 'upgrade' };
};
