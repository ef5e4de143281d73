/**
 * The way down: a countersigned Service Request from MQTT to a job.
 *
 * Received bytes → strict reading, two signatures, freshness → the rules on the facts of this moment → one commit of decision, replay
 * mark, job and report → and only then anything is done. A refusal takes the same way to the record and ends there.
 */
import { createHash } from 'node:crypto';
import { openCountersigned } from '../messages/open.ts';
import { digest } from '../model/ids.ts';
import { asksUpdate, asksCancel } from '../model/service-request.ts';
import { seconds } from '../ports/clock.ts';
import { refusedMessage, type OpenContext } from './opening.ts';
import type { GatewayParts } from './parts.ts';
import type { Asked } from './records.ts';
import type { Upgrades } from './upgrades.ts';

/** Takes one countersigned request. Resolves when the answer is on record and, if allowed, under way. */
export async function takeRequest(g: GatewayParts, context: OpenContext, upgrades: Upgrades, bytes: Uint8Array): Promise<void> {
  const requestDigest = digest(createHash('sha256').update(bytes).digest());
  const opened = openCountersigned(bytes, { ...context, now: seconds(g.clock), purpose: 'accept' });
  if (!opened.ok) {
    g.log.warn('request-refused', { code: opened.code, check: opened.check });
    await g.records.refused({ requestDigest, requestId: undefined }, refusedMessage(opened, g.registers.newest('documents')));
    return;
  }
  const countersigned = opened.value;
  const asked: Asked = { requestDigest, requestId: countersigned.requestId };
  if (asksUpdate(countersigned)) {
    const decision = g.decide(countersigned, 'issue');
    g.log.info('request-decided', { verdict: decision.verdict, requestId: countersigned.requestId });
    if (decision.verdict === 'refuse') return g.records.refused(asked, decision);
    upgrades.begin(await g.records.start(asked, decision), countersigned);
  } else if (asksCancel(countersigned)) {
    const decision = g.decide(countersigned, 'issue');
    if (decision.verdict === 'refuse') return g.records.refused(asked, decision);
    const upgrade = upgrades.of(countersigned.request.cancels);
    await g.records.cancelAllowed(asked, decision, upgrade?.job.id);
    const cancelled = upgrade?.cancel({
      stage: 'cancelled',
      code: 'cancelled',
      detail: `cancelled by ${countersigned.user.name} with ${countersigned.requestId}`,
      requirements: decision.requirements,
    });
    if (cancelled !== true) g.log.warn('cancel-too-late', { requestId: countersigned.requestId });
  }
}
