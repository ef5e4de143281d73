/** What must agree in a gateway's store at any moment, also right after its power was cut. Answers what does not. */
import { isEnd, type JobStage } from '../../../host/model/job.ts';
import type { Eui64 } from '../../../host/model/ids.ts';
import type { Clock } from '../../../host/ports/clock.ts';
import type { Store } from '../../../host/ports/store.ts';
import { Audit } from '../../../host/stores/audit.ts';
import { Jobs } from '../../../host/stores/jobs.ts';
import { Marks } from '../../../host/stores/marks.ts';
import { Outbox } from '../../../host/stores/outbox.ts';

/** Who ordered, for whom, with which counter. */
export interface Ordered {
  readonly originator: Eui64;
  readonly target: Eui64;
  readonly counter: bigint;
}

/** Violations of the agreement of audit, jobs, marks and reports, as lines; none is right. */
export function disagreements(store: Store, clock: Clock, { originator, target, counter }: Ordered): readonly string[] {
  const found: string[] = [];
  const audit = new Audit(store, clock);
  const verdict = audit.verify();
  if (!verdict.ok) found.push(`audit: ${verdict.detail}`);
  const entries = audit.entries();
  const jobs = new Jobs(store, () => true).all();
  const allows = entries.filter(({ type, body }) => type === 'decision' && body['verdict'] === 'allow');
  if (allows.length !== jobs.length) found.push(`${allows.length} decisions that allow, ${jobs.length} jobs`);
  for (const job of jobs) {
    if (!allows.some(({ id }) => id === job.id)) found.push(`job ${job.id} without its decision`);
    const stages = entries.filter(({ type, body }) => (type === 'stage' || type === 'end') && body['job'] === job.id);
    const last = (stages.at(-1)?.body['stage'] as JobStage | undefined) ?? 'accepted';
    if (last !== job.stage) found.push(`job ${job.id} stands at ${job.stage}, the audit at ${last}`);
    if (stages.filter(({ body }) => isEnd(body['stage'] as JobStage)).length > 1) found.push(`job ${job.id} ended twice`);
  }
  const mark = new Marks(store).highest(originator, target);
  if ((mark === counter) !== allows.length > 0) found.push(`mark ${mark}, ${allows.length} decisions that allow`);
  const reported = entries.filter(({ type }) => ['decision', 'authority', 'image', 'stage', 'end'].includes(type)).length;
  const next = new Outbox(store).next();
  if (next - 1 !== reported) found.push(`${reported} records to report, ${next - 1} reports`);
  return found;
}

/** What a gateway must have on record before it puts a command of the OTA cluster on the air. Undefined when it has. */
export function missingRecord(store: Store, clock: Clock, activates: boolean): string | undefined {
  const entries = new Audit(store, clock).entries();
  const has = (type: string, wanted: Readonly<Record<string, unknown>>): boolean =>
    entries.some((entry) => entry.type === type && Object.entries(wanted).every(([name, value]) => entry.body[name] === value));
  if (!has('decision', { verdict: 'allow' })) return 'a decision that allows';
  if (!has('authority', { verdict: 'allow' })) return 'the authority of this moment';
  if (!has('image', { verdict: 'accepted' })) return 'an image that was accepted';
  if (!activates) return undefined;
  if (!has('authority', { moment: 'activation', verdict: 'allow' })) return 'the authority to activate';
  return has('stage', { stage: 'activating' }) ? undefined : 'the stage activating';
}
