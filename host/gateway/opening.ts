/** How a gateway opens requests, and how it words the refusal of one that it could not open. */
import type { MessageContext, MessageRefusal } from '../messages/message-check.ts';
import type { Refused } from '../model/decision.ts';

/** What a request is opened with; time and purpose come from the flow. */
export type OpenContext = Omit<MessageContext, 'now' | 'purpose'>;

/** A refusal of a message in the words of a decision: the check stands where the rule does, and no facts were looked at. */
export function refusedMessage({ code, detail, check, requirements }: MessageRefusal): Refused {
  return {
    verdict: 'refuse',
    code,
    detail,
    rule: check,
    requirements,
    family: undefined,
    response: 'none',
    documents: [],
    boundaries: [],
    facts: undefined,
  };
}
