/** An S1SP side of its own for each test: registers taken, broker in memory. */
import { Seeded } from '../../../firmware/air/seeded.ts';
import { MemoryStore } from '../../../host/adapters/store-memory.ts';
import { gatewayTopics } from '../../../host/bridge/topics.ts';
import { makeLabMaterial } from '../../../host/compose/lab-material.ts';
import { composeS1sp } from '../../../host/compose/s1sp.ts';
import { signReport } from '../../../host/messages/report.ts';
import { signStatement } from '../../../host/messages/statement.ts';
import { digest, type JobId, type RequestId } from '../../../host/model/ids.ts';
import type { Report, ReportEvent } from '../../../host/model/job.ts';
import type { Statement } from '../../../host/model/register.ts';
import type { Store } from '../../../host/ports/store.ts';
import { imageDigest } from '../../../host/s1sp/image-shelf.ts';
import { Audit } from '../../../host/stores/audit.ts';
import { ManualClock, settle } from '../../kit/clock.ts';
import { MemoryBroker } from '../../resilience/kit/broker-memory.ts';
import * as p from '../messages/parties.ts';

/** An image of three blocks. */
export const IMAGE = Uint8Array.from({ length: 9_000 }, (_, index) => index & 0xff);
/** The order of it. */
export const UPDATE = { ...p.UPDATE, image: { digest: imageDigest(IMAGE), length: IMAGE.length } };
/** Who orders it. */
export const USER = p.LEAD.signer.party;
const JOB = '0123456789abcdef' as JobId;
/** Lets everything happen that needs no time. */
export const turns = async (): Promise<void> => {
  for (let n = 0; n < 30; n++) await settle();
};

const HARDWARE = { manufacturer: 0x10aa, model: 'PPMID-1', hardwareVersion: 3 };
const lab: Statement[] = [];
makeLabMaterial({
  gateway: p.GATEWAY,
  hub: { ...HARDWARE, model: 'HUB-1', eui: p.GATEWAY, type: 'chf', imageType: undefined, firmwareVersion: 1 },
  devices: [{ ...HARDWARE, eui: p.PPMID, type: 'ppmid', imageType: 0x84, firmwareVersion: 1 }],
  listed: [{ device: p.PPMID, versions: [p.UPDATE.firmwareVersion] }],
  now: p.NOW,
  entropy: new Seeded(1),
  revise: (statement) => (lab.push(statement), statement),
});

/** The statements that the S1SP of these tests knows. */
const STATEMENTS: readonly Statement[] = [
  p.SIGNERS,
  ...lab.filter(({ kind }) => !['signers', 'suppliers', 'users'].includes(kind)),
  {
    ...p.BASE,
    kind: 'users',
    users: [p.LEAD, p.GAS, p.RIVAL].map(({ signer: { party, role } }) => ({ party, role, from: 0 })),
  },
  {
    ...p.BASE,
    kind: 'suppliers',
    gateway: p.GATEWAY,
    lead: [{ party: USER, from: 0, to: undefined }],
    gas: [{ party: p.GAS.signer.party, from: 0, to: undefined }],
  },
];

/** An S1SP side on a broker and a store, with what it says and does. */
export async function setUp(broker = new MemoryBroker(), store: Store = new MemoryStore(), more: readonly Statement[] = []) {
  const log: string[] = [];
  const say = (event: string): void => void log.push(event);
  const clock = new ManualClock(p.NOW * 1000);
  const s1sp = composeS1sp({
    environment: 'lab',
    broker: broker.connect('s1sp'),
    store,
    clock,
    log: { debug: say, info: say, warn: say, error: say },
    countersigner: p.DCC.key,
    anchors: [p.REGISTRATION.signer],
  });
  const reports: Report[] = [];
  s1sp.onReport((report) => void reports.push(report));
  await s1sp.start();
  for (const statement of [...STATEMENTS, ...more]) p.must(await s1sp.take(signStatement(statement, p.REGISTRATION.key)));
  const statements = broker.published.length;
  const published = () => broker.published.slice(statements);
  const dispatched = (): Uint8Array[] =>
    broker.published.filter(({ topic }) => topic === gatewayTopics(p.GATEWAY).request).map(({ payload }) => payload);
  const tell = async (sequence: number, event: ReportEvent, by = p.HUB, topic = p.GATEWAY, head = headAt(sequence)): Promise<void> => {
    const report = signReport({ kind: 'report', gateway: by.signer.party, sequence, time: 0, head, event }, by.key);
    broker.accept(gatewayTopics(topic).report, report, { retain: true });
    await turns();
  };
  const audit = () => new Audit(store, clock).entries();
  return { broker, store, s1sp, reports, dispatched, published, tell, log, clock, audit };
}
/** A head of a gateway's log. */
export const headAt = (count: number) => ({ count, hash: digest(new Uint8Array(32).fill(count)) });
/** A report's event: a job came to a stage. */
export const stage = (of: string | undefined, name: 'succeeded' | 'transferring'): ReportEvent => ({
  type: 'stage',
  job: JOB,
  requestId: of as RequestId,
  stage: name,
  reason: undefined,
  firmwareVersion: undefined,
});
