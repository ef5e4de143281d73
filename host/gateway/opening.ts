/** How a gateway opens requests, and how it words the refusal of one that a check of the message refused. */
import type { MessageContext, RequestRefusal } from '../messages/message-check.ts';
import type { Refused } from '../model/decision.ts';
import type { DocumentsStatement } from '../model/regulation.ts';
import { textId, textsInForce } from '../policy/texts.ts';
import { refusedBefore } from '../stores/decision-record.ts';

/** What a request is opened with; time and purpose come from the flow. */
export type OpenContext = Omit<MessageContext, 'now' | 'purpose'>;

/** A refusal of a message in the words of a decision, under the texts in force when it came. */
export const refusedMessage = (refusal: RequestRefusal, documents: DocumentsStatement | undefined): Refused =>
  refusedBefore(
    refusal,
    refusal.check,
    documents === undefined ? [] : textsInForce(documents, refusal.facts.now).map(textId),
    refusal.facts,
  );
