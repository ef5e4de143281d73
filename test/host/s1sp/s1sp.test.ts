import { describe, expect, test } from 'vitest';
import { MemoryStore } from '../../../host/adapters/store-memory.ts';
import { gatewayTopics, imageTopics, intakeReplyTopic, intakeTopic } from '../../../host/bridge/topics.ts';
import { openCountersigned } from '../../../host/messages/open.ts';
import { signReport } from '../../../host/messages/report.ts';
import { isCountersigned, isUserSigned } from '../../../host/messages/open.ts';
import type { Fingerprint, JobId, RequestId } from '../../../host/model/ids.ts';
import type { Report, ReportEvent } from '../../../host/model/job.ts';
import { createPolicy } from '../../../host/policy/decide.ts';
import { silent } from '../../../host/ports/log.ts';
import { imageDigest } from '../../../host/s1sp/image-shelf.ts';
import { S1sp, type IntakeAnswer } from '../../../host/s1sp/s1sp.ts';
import { encodeSubmission } from '../../../host/s1sp/submission.ts';
import { ManualClock, settle } from '../../kit/clock.ts';
import { MemoryBroker } from '../../resilience/kit/broker-memory.ts';
import * as p from '../messages/parties.ts';

const IMAGE = Uint8Array.from({ length: 9_000 }, (_, index) => index & 0xff);
const UPDATE = { ...p.UPDATE, image: { digest: imageDigest(IMAGE), length: IMAGE.length } };
const USER = p.LEAD.signer.party;
const JOB = '0123456789abcdef' as JobId;
const turns = async (): Promise<void> => {
  for (let n = 0; n < 30; n++) await settle();
};

async function setUp(broker = new MemoryBroker(), store = new MemoryStore()) {
  const policy = createPolicy({ isCountersigned, isUserSigned });
  const s1sp = new S1sp({
    environment: 'lab',
    broker: broker.connect('s1sp'),
    store,
    clock: new ManualClock(p.NOW * 1000),
    log: silent,
    countersigner: p.DCC.key,
    signers: p.signers,
    intake: (signed, situation) => policy.intake(signed, situation),
  });
  const reports: Report[] = [];
  s1sp.onReport((report) => void reports.push(report));
  await s1sp.start();
  const dispatched = (): Uint8Array[] =>
    broker.published.filter(({ topic }) => topic === gatewayTopics(p.GATEWAY).request).map(({ payload }) => payload);
  const tell = async (sequence: number, event: ReportEvent, by = p.HUB, topic = p.GATEWAY): Promise<void> => {
    broker.accept(gatewayTopics(topic).report, signReport({ kind: 'report', gateway: by.signer.party, sequence, time: 0, event }, by.key), {
      retain: true,
    });
    await turns();
  };
  return { broker, store, s1sp, reports, dispatched, tell };
}
const stage = (of: string | undefined, name: 'succeeded' | 'transferring'): ReportEvent => ({
  type: 'stage',
  job: JOB,
  requestId: of as RequestId,
  stage: name,
  reason: undefined,
  firmwareVersion: undefined,
});

describe('a submission', () => {
  test('that may go on is countersigned, goes to its gateway alone, and its image lies on the broker [R-SIGN-01]', async () => {
    const { s1sp, dispatched, broker } = await setUp();
    const answer = await s1sp.submit(p.signed(UPDATE), IMAGE);
    expect(answer).toMatchObject({ verdict: 'forwarded', code: undefined });
    const [bytes] = dispatched();
    const opened = openCountersigned(bytes!, { ...p.CONTEXT, countersigners: ['dcc-countersigner'] } as never);
    expect(opened).toMatchObject({ ok: true, value: { requestId: answer.requestId, countersigners: [{ kid: p.DCC.key.kid }] } });
    expect(broker.retained(imageTopics(UPDATE.image.digest))).toHaveLength(3);
  });

  test.each([
    ['with the signature of another', p.signed(UPDATE, [], p.impostor(p.LEAD)), IMAGE],
    ['signed by nobody known', p.signed({ ...UPDATE, originator: p.STRANGER.signer.party }, [], p.STRANGER), IMAGE],
    ['in a role that orders nothing', p.signed({ ...UPDATE, originator: p.S1SP_XML.signer.party }, [], p.S1SP_XML), IMAGE],
    ['that has expired', p.signed({ ...UPDATE, notBefore: p.NOW - 100, expires: p.NOW }), IMAGE],
    ['for production', p.signed({ ...UPDATE, environment: 'production' }), IMAGE],
    ['with another image than it orders', p.signed(UPDATE), IMAGE.map((byte) => byte ^ 1)],
    ['with an image cut short', p.signed(UPDATE), IMAGE.subarray(1)],
    ['of noise', new Uint8Array(100).fill(9), IMAGE],
    ['of nothing', new Uint8Array(0), new Uint8Array(0)],
  ])('%s is refused: nothing is countersigned, nothing published, its counter stays free', async (_, request, image) => {
    const { s1sp, dispatched, broker } = await setUp();
    const answer = await s1sp.submit(request, image);
    expect([answer.verdict, answer.code !== undefined]).toEqual(['refused', true]);
    expect([dispatched(), broker.published]).toEqual([[], []]);
    expect((await s1sp.submit(p.signed(UPDATE), IMAGE)).verdict).toBe('forwarded');
  });

  test('is taken once; another of the same counter is a replay, over restarts too [R-ANOM-04]', async () => {
    const { s1sp, broker, store, dispatched } = await setUp();
    await s1sp.submit(p.signed(UPDATE), IMAGE);
    expect(await s1sp.submit(p.signed(UPDATE), IMAGE)).toMatchObject({ verdict: 'refused', code: 'replayed' });
    const again = await setUp(broker, store);
    expect(await again.s1sp.submit(p.signed({ ...UPDATE, purpose: 'another' }), IMAGE)).toMatchObject({ code: 'replayed' });
    expect(dispatched()).toHaveLength(1);
  });

  test('that could not be put on its way may come again: it was not marked as taken', async () => {
    const { s1sp, store } = await setUp();
    const broken = await setUp(new MemoryBroker(), store);
    broken.s1sp.dispatch = () => Promise.reject(new Error('cut off'));
    await expect(broken.s1sp.submit(p.signed(UPDATE), IMAGE)).rejects.toThrow('cut off');
    expect((await s1sp.submit(p.signed(UPDATE), IMAGE)).verdict).toBe('forwarded');
  });

  test('over MQTT is answered to its User, whatever it holds', async () => {
    const { broker } = await setUp();
    const user = broker.connect('user');
    const answers: IntakeAnswer[] = [];
    user.onMessage(({ payload }) => void answers.push(JSON.parse(new TextDecoder().decode(payload)) as IntakeAnswer));
    await user.subscribe(intakeReplyTopic(USER));
    await user.publish(intakeTopic(USER), encodeSubmission({ request: p.signed(UPDATE), image: IMAGE }));
    await user.publish(intakeTopic(USER), Uint8Array.of(0, 0, 1));
    await turns();
    expect(answers.map(({ verdict, code }) => [verdict, code])).toEqual([
      ['forwarded', undefined],
      ['refused', 'submission-form'],
    ]);
  });
});

describe('a report', () => {
  test('is told once, however often it comes', async () => {
    const { tell, reports } = await setUp();
    for (const sequence of [1, 1, 2, 2, 1]) await tell(sequence, stage(requestOf(), 'transferring'));
    expect(reports.map(({ sequence }) => sequence)).toEqual([1, 2]);
  });

  test('with a wrong signature, of another role, or of a gateway on the topic of another is dropped', async () => {
    const { tell, reports } = await setUp();
    await tell(1, stage(requestOf(), 'transferring'), p.impostor(p.HUB));
    await tell(1, stage(requestOf(), 'transferring'), p.LEAD);
    await tell(1, stage(requestOf(), 'transferring'), p.HUB, p.OTHER_GATEWAY);
    expect(reports).toEqual([]);
  });

  test('of the keys of a PPMID is in the ledger, once, and nothing of any other report is [R-KEYS-01] [R-KEYS-03]', async () => {
    const { s1sp, tell } = await setUp();
    const keys = { type: 'ppmid-keys', device: p.PPMID, cohort: 'IOC', attempts: 0, reason: undefined } as const;
    await tell(1, stage(requestOf(), 'transferring'));
    await tell(2, { ...keys, state: 'retrying', attempts: 2, reason: 'no-answer', fingerprint: undefined });
    await tell(3, { ...keys, state: 'present', fingerprint: '00112233445566aa' as Fingerprint });
    await tell(3, { ...keys, state: 'missing', fingerprint: undefined });
    await tell(4, { ...keys, state: 'missing', fingerprint: undefined }, p.impostor(p.HUB));
    const print = '00112233445566aa';
    expect(s1sp.keys.entries()).toMatchObject([
      { gateway: p.GATEWAY, device: p.PPMID, state: 'present', fingerprint: print, failedBefore: true },
    ]);
  });

  test('of an end takes the image off the broker, also when the S1SP side was restarted in between', async () => {
    const { s1sp, broker, store } = await setUp();
    const { requestId } = await s1sp.submit(p.signed(UPDATE), IMAGE);
    const again = await setUp(broker, store);
    await again.tell(1, stage(requestId, 'transferring'));
    expect(broker.retained(imageTopics(UPDATE.image.digest))).toHaveLength(3);
    await again.tell(2, stage(requestId, 'succeeded'));
    expect(broker.retained(imageTopics(UPDATE.image.digest))).toEqual([]);
  });
});

function requestOf(): string {
  return '02-00-00-00-00-00-01-01:02-00-00-00-00-00-00-B1:1000';
}
