/**
 * A decision as the audit keeps it: the answer, everything that the rules looked at, and which statements that came from, so that it can be replayed
 * years later by nothing but its record [R-AUD-01, R-LEAD-06]. Instants at which it would change are not kept: they are part of the facts.
 * Numbers of supplies are withheld by the log that takes it [R-PRIV-01].
 */
import type { Answer, Decision, Facts, IntakeDecision, Objection, Refused } from '../model/decision.ts';
import type { MessageFacts } from '../model/message-facts.ts';
import { plain, type Plain } from '../model/plain.ts';
import type { RegisterReference } from '../model/register.ts';
import type { TextId } from '../model/regulation.ts';

/** The members of a record that say what was decided. */
export function decisionBody(
  decision: Decision | IntakeDecision,
  registers: readonly RegisterReference[],
): { readonly [name: string]: Plain } {
  const { verdict, response, requirements, documents, facts } = decision;
  const common = { verdict, response, requirements, documents, registers, ...(facts && { ...asked(facts), facts }) };
  if (decision.verdict !== 'refuse') return plain({ ...common, rules: decision.rules });
  const { code, detail, rule, family, message } = decision;
  const checked = message && { question: MESSAGE, facts: plain(message) };
  return plain({ ...common, ...checked, code, detail, rule, family });
}

/** The question of a record whose message a check refused: no rule was asked. */
export const MESSAGE = 'message';
/** The question of a record whose image was not the one ordered: the rules spoke for the request, the facts are theirs. */
export const IMAGE = 'image';

/**
 * A refusal by the rules of a question that is about no order, in the words of a decision. Its facts hold no documents: `documents` are the texts in force
 * beside them.
 */
export function answerBody(
  question: string,
  { verdict, response, requirements, code, detail, rule, family }: Extract<Answer, { readonly verdict: 'refuse' }>,
  facts: object,
  documents: readonly TextId[],
  registers: readonly RegisterReference[],
): { readonly [name: string]: Plain } {
  return plain({ question, verdict, response, requirements, documents, registers, facts, code, detail, rule, family });
}

/**
 * A refusal before any rule was asked, in the words of a decision: the check stands where the rule does. `documents` are the texts in force; nothing of
 * the request is verified, what it claims is in `message`.
 */
export const refusedBefore = (
  { code, detail, requirements }: Objection,
  check: string,
  documents: readonly TextId[],
  message?: MessageFacts,
): Refused => ({
  verdict: 'refuse',
  code,
  detail,
  rule: check,
  requirements,
  family: undefined,
  response: 'none',
  documents,
  boundaries: [],
  facts: undefined,
  ...(message && { message }),
});

/** The question that the rules were asked. */
const asked = ({ request, moment }: Facts): { readonly question: string } => {
  const cancel = request.kind === 'cancel-update';
  if (moment === 'intake') return { question: cancel ? 'intake-cancel' : 'intake' };
  return { question: cancel ? 'cancel' : 'upgrade' };
};
