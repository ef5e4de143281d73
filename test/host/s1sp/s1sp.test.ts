import { describe, expect, test } from 'vitest';
import { imageTopics, intakeReplyTopic, intakeTopic } from '../../../host/bridge/topics.ts';
import { seededStatement } from '../../../host/compose/register-seeds.ts';
import { openCountersigned } from '../../../host/messages/open.ts';
import { signStatement } from '../../../host/messages/statement.ts';
import type { Fingerprint } from '../../../host/model/ids.ts';
import type { Statement, SuppliersStatement } from '../../../host/model/register.ts';
import type { Threshold } from '../../../host/model/regulation.ts';
import { Heads } from '../../../host/stores/heads.ts';
import { imageDigest } from '../../../host/s1sp/image-shelf.ts';
import type { IntakeAnswer } from '../../../host/s1sp/s1sp.ts';
import { encodeSubmission } from '../../../host/s1sp/submission.ts';
import * as p from '../messages/parties.ts';
import { headAt, IMAGE, setUp, stage, turns, UPDATE, USER } from './side.ts';

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
    const { s1sp, dispatched, published } = await setUp();
    const answer = await s1sp.submit(request, image);
    expect([answer.verdict, answer.code !== undefined]).toEqual(['refused', true]);
    expect([dispatched(), published()]).toEqual([[], []]);
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

describe('the judgement at intake', () => {
  const gasOrder = p.signed({ ...UPDATE, originator: p.GAS.signer.party }, [], p.GAS);

  test('is by the rules on the registers: the gas supplier is turned away before a gateway hears of it [R-PPMID-02, R-CHFW-02]', async () => {
    const { s1sp, dispatched, audit } = await setUp();
    const answer = await s1sp.submit(gasOrder, IMAGE);
    expect(answer).toMatchObject({ verdict: 'refused', code: 'gas-supplier', requirements: ['R-PPMID-02'] });
    expect(dispatched()).toEqual([]);
    expect(audit().at(-1)).toMatchObject({
      type: 'intake',
      body: { question: 'intake', verdict: 'refuse', code: 'gas-supplier', response: 'E4', facts: { user: { role: 'gas-supplier' } } },
    });
  });

  test('is on record with every fact and statement when a request goes on [R-AUD-01, R-LEAD-06]', async () => {
    const { s1sp, audit } = await setUp();
    await s1sp.submit(p.signed(UPDATE), IMAGE);
    const { body } = audit().findLast(({ type }) => type === 'intake')!;
    expect(body).toMatchObject({
      verdict: 'forward',
      response: 'I0',
      facts: { suppliers: { version: 1 }, signatures: [{ role: 'import-supplier' }] },
    });
    const kinds = (body['registers'] as { kind: string; digest: string }[]).map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['signers', 'products', 'documents', 'suppliers', 'inventory']));
  });

  test('turns away what holds a meter point number, and keeps it out of the record and the log [R-PRIV-01]', async () => {
    const { s1sp, audit, log } = await setUp();
    const purpose = 'display of 2000012345672 is blank, MPRN 7654321';
    expect(await s1sp.submit(p.signed({ ...UPDATE, purpose }), IMAGE)).toMatchObject({
      code: 'personal-data',
      requirements: ['R-PRIV-01'],
    });
    const kept = JSON.stringify([audit(), log]);
    for (const number of ['2000012345672', '7654321']) expect(kept).not.toContain(number);
  });

  test('is made at no second before the latest on record: a clock that was set back lets nothing pass [R-AUD-01]', async () => {
    const { s1sp, clock, dispatched } = await setUp();
    await clock.advance(-60_000);
    expect(await s1sp.submit(p.signed({ ...UPDATE, notBefore: p.NOW - 600 }), IMAGE)).toMatchObject({
      verdict: 'refused',
      code: 'clock-behind',
    });
    expect(dispatched()).toEqual([]);
  });

  test('turns away what no steps are defined for, and forwards 11.1 for a model that has them [R-SVC-05]', async () => {
    const { s1sp, dispatched, audit } = await setUp();
    const matrix = seededStatement('equivalent-steps', p.BASE);
    const only = (model: string) => [{ srv: '11.1', devices: { model }, instructions: ['image-notify'] }];
    p.must(await s1sp.take(signStatement({ ...matrix, version: 2, steps: only('PPMID-2') }, p.REGISTRATION.key)));
    expect(await s1sp.submit(p.signed(UPDATE), IMAGE)).toMatchObject({ verdict: 'refused', code: 'no-equivalent-steps' });
    expect(dispatched()).toEqual([]);
    expect(audit().at(-1)).toMatchObject({ type: 'intake', body: { rule: 'order-steps', facts: { steps: { version: 2 } } } });
    p.must(await s1sp.take(signStatement({ ...matrix, version: 3, steps: only('PPMID-1') }, p.REGISTRATION.key)));
    expect(await s1sp.submit(p.signed(UPDATE), IMAGE)).toMatchObject({ verdict: 'forwarded' });
  });

  test('turns away a party that does not hold the role in which it signs [R-CHFW-02]', async () => {
    const { s1sp } = await setUp();
    const users: Statement = { ...p.BASE, kind: 'users', version: 2, users: [{ party: USER, role: 'gas-supplier', from: 0 }] };
    p.must(await s1sp.take(signStatement(users, p.REGISTRATION.key)));
    expect(await s1sp.submit(p.signed(UPDATE), IMAGE)).toMatchObject({ verdict: 'refused', code: 'role-not-held' });
  });

  test('follows the registers without a restart: a new Lead Supplier is heard from the statement on [R-CHURN-01, R-EPC-03]', async () => {
    const { s1sp } = await setUp();
    const suppliers = { ...p.BASE, kind: 'suppliers' as const, gateway: p.GATEWAY, version: 2, gas: [] };
    const rival = p.signed({ ...UPDATE, originator: p.RIVAL.signer.party }, [], p.RIVAL);
    expect(await s1sp.submit(rival, IMAGE)).toMatchObject({ code: 'not-lead-supplier' });
    const lead = [{ party: p.RIVAL.signer.party, from: 0, to: undefined }];
    p.must(await s1sp.take(signStatement({ ...suppliers, lead }, p.REGISTRATION.key)));
    expect(await s1sp.submit(rival, IMAGE)).toMatchObject({ verdict: 'forwarded' });
    expect(await s1sp.submit(p.signed(UPDATE), IMAGE)).toMatchObject({ code: 'not-lead-supplier' });
  });

  test('refuses a key from its revocation on [R-SIGN-01, R-SEP-01]', async () => {
    const { s1sp } = await setUp();
    const signers = p.SIGNERS.signers.map((key) => (key.kid === p.LEAD.key.kid ? { ...key, revoked: p.NOW } : key));
    p.must(await s1sp.take(signStatement({ ...p.SIGNERS, version: 2, signers }, p.REGISTRATION.key)));
    expect(await s1sp.submit(p.signed(UPDATE), IMAGE)).toMatchObject({ verdict: 'refused', code: 'key-revoked' });
  });
});

describe('premises without a Lead Supplier', () => {
  const suppliers = {
    ...p.BASE,
    kind: 'suppliers' as const,
    gateway: p.GATEWAY,
    gas: [{ party: p.GAS.signer.party, from: 0, to: undefined }],
  };
  const order = (counter: bigint, by = p.LEAD): Uint8Array => p.signed({ ...UPDATE, counter, originator: by.signer.party }, [], by);

  test('are told of once for each cause, whoever asks and however often; the gas supplier does not step in [R-PPMID-04]', async () => {
    const { s1sp, audit, log, dispatched } = await setUp();
    const take = async (version: number, lead: SuppliersStatement['lead']) =>
      p.must(await s1sp.take(signStatement({ ...suppliers, version, lead }, p.REGISTRATION.key)));
    const alerts = () => audit().flatMap(({ type, body }) => (type === 'alert' ? [body] : []));
    await take(2, []);
    for (const by of [p.LEAD, p.GAS, p.LEAD]) expect(await s1sp.submit(order(1n, by), IMAGE)).toMatchObject({ code: 'no-lead-supplier' });
    const told = { code: 'no-lead-supplier', gateway: p.GATEWAY, requirements: ['R-PPMID-04'] };
    expect(alerts()).toMatchObject([{ ...told, detail: expect.stringContaining('version 2 names no Lead Supplier now') as string }]);
    await take(3, [{ party: USER, from: 0, to: p.NOW }]);
    expect(await s1sp.submit(order(1n), IMAGE)).toMatchObject({ code: 'no-lead-supplier' });
    expect(alerts()).toHaveLength(2);
    await take(4, [{ party: USER, from: 0, to: undefined }]);
    expect(await s1sp.submit(order(1n), IMAGE)).toMatchObject({ verdict: 'forwarded' });
    expect([alerts().length, log.filter((event) => event === 'no-lead-supplier').length, dispatched().length]).toEqual([2, 2, 1]);
  });
});

describe('anomaly thresholds', () => {
  const thresholds = (...list: readonly Partial<Threshold>[]): Statement => ({
    ...p.BASE,
    kind: 'thresholds',
    thresholds: list.map((each) => ({
      setBy: 'dcc',
      of: 'request',
      what: '11.1',
      limit: 2,
      seconds: 60,
      breach: 'delete',
      from: 0,
      ...each,
    })),
  });
  const order = (counter: bigint): Uint8Array => p.signed({ ...UPDATE, counter });

  test('delete what is over them for good: hash and reason stay on record, and nothing that could be released [R-ANOM-01, R-ANOM-02]', async () => {
    const { s1sp, store, audit, dispatched, log } = await setUp(undefined, undefined, [thresholds({})]);
    for (const counter of [1n, 2n]) expect((await s1sp.submit(order(counter), IMAGE)).verdict).toBe('forwarded');
    const third = order(3n);
    const answer = await s1sp.submit(third, IMAGE);
    expect(answer).toMatchObject({ verdict: 'refused', code: 'over-threshold-delete' });
    expect(dispatched()).toHaveLength(2);
    const { type, body } = audit().at(-1)!;
    const { facts, ...rest } = body as { facts: Record<string, unknown> };
    expect([type, rest]).toMatchObject(['deleted', { verdict: 'refuse', code: 'over-threshold-delete', rule: 'anomaly', user: USER }]);
    expect(Object.keys(facts).toSorted()).toEqual(['before', 'latest', 'now', 'of', 'thresholds', 'what', 'who']);
    expect(store.range('held', '', '~')).toEqual([]);
    expect(await s1sp.release(answer.requestDigest)).toBeUndefined();
    expect(log).toContain('anomalous-event');
  });

  test('let pass again when the time is over', async () => {
    const { s1sp, clock } = await setUp(undefined, undefined, [thresholds({})]);
    for (const counter of [1n, 2n, 3n]) await s1sp.submit(order(counter), IMAGE);
    await clock.advance(60_000);
    expect((await s1sp.submit(order(4n), IMAGE)).verdict).toBe('forwarded');
  });

  test('hold what is over them where they say so, until somebody releases it: then the rules are asked once more [R-ANOM-01]', async () => {
    const { s1sp, dispatched, audit } = await setUp(undefined, undefined, [
      thresholds({ breach: 'quarantine', setBy: 'user', user: USER }),
    ]);
    for (const counter of [1n, 2n]) await s1sp.submit(order(counter), IMAGE);
    const held = await s1sp.submit(order(3n), IMAGE);
    expect(held).toMatchObject({ code: 'over-threshold-quarantine' });
    expect(dispatched()).toHaveLength(2);
    expect(await s1sp.release(held.requestDigest)).toMatchObject({ verdict: 'forwarded' });
    expect(dispatched()).toHaveLength(3);
    expect(audit().map(({ type }) => type)).toEqual(expect.arrayContaining(['held', 'released']));
    expect(await s1sp.release(held.requestDigest)).toBeUndefined();
  });

  test('count Instructions to a device too, though each request was right [R-ANOM-03]', async () => {
    const few = thresholds({ of: 'instruction', what: 'image-notify', limit: 1 });
    const { s1sp } = await setUp(undefined, undefined, [few]);
    expect((await s1sp.submit(order(1n), IMAGE)).verdict).toBe('forwarded');
    expect(await s1sp.submit(order(2n), IMAGE)).toMatchObject({
      code: 'over-threshold-delete',
      requirements: expect.arrayContaining(['R-ANOM-03']),
    });
  });

  test('are passed by nobody while the matrix of steps is not that of the S1SR in force: nothing goes on uncounted [R-ANOM-03, R-SVC-05, R-DMVES-02]', async () => {
    const few = thresholds({ of: 'instruction', what: 'image-notify', limit: 1 });
    const { s1sp, dispatched } = await setUp(undefined, undefined, [few]);
    const take = async (statement: Statement) => p.must(await s1sp.take(signStatement(statement, p.REGISTRATION.key)));
    expect((await s1sp.submit(order(1n), IMAGE)).verdict).toBe('forwarded');
    const { documents, ...rest } = seededStatement('documents', { ...p.BASE, version: 2 });
    const now = documents.find(({ document, version }) => document === 'S1SR' && version === '11.0')!;
    await take({ ...rest, documents: [...documents, { ...now, version: '12.0', effectiveFrom: p.NOW, replaces: undefined }] });
    const refused = { verdict: 'refused', code: 'no-equivalent-steps', requirements: ['R-SVC-05'] };
    expect(await s1sp.submit(order(2n), IMAGE)).toMatchObject(refused);
    await take({ ...seededStatement('equivalent-steps', { ...p.BASE, version: 2 }), alignedTo: '12.0' });
    expect(await s1sp.submit(order(3n), IMAGE)).toMatchObject({ code: 'over-threshold-delete' });
    expect(dispatched()).toHaveLength(1);
  });

  test('count over a restart', async () => {
    const { s1sp, broker, store } = await setUp(undefined, undefined, [thresholds({})]);
    for (const counter of [1n, 2n]) await s1sp.submit(order(counter), IMAGE);
    const again = await setUp(broker, store);
    expect(await again.s1sp.submit(order(3n), IMAGE)).toMatchObject({ code: 'over-threshold-delete' });
  });
});

test('a source that fails five times is not listened to for a quarter of an hour, and somebody is told [R-ANOM-04]', async () => {
  const { s1sp, log, clock } = await setUp();
  const forged = p.signed(UPDATE, [], p.impostor(p.LEAD));
  for (let n = 0; n < 5; n++) expect(await s1sp.submit(forged, IMAGE, USER)).toMatchObject({ code: 'user-signature-invalid' });
  expect(log.filter((event) => event === 'source-blocked')).toHaveLength(1);
  expect(await s1sp.submit(p.signed(UPDATE), IMAGE, USER)).toMatchObject({ code: 'blocked' });
  expect((await s1sp.submit(p.signed(UPDATE), IMAGE, p.RIVAL.signer.party)).verdict).toBe('forwarded');
  await clock.advance(900_000);
  expect((await s1sp.submit(p.signed({ ...UPDATE, counter: 2_000n }), IMAGE, USER)).verdict).toBe('forwarded');
});

describe('the heads of audit logs that reports carry', () => {
  const turn = stage(requestOf(), 'transferring');

  test('are all kept, per gateway [R-AUD-01]', async () => {
    const { tell, store } = await setUp();
    for (const sequence of [1, 2, 3]) await tell(sequence, turn);
    expect(new Heads(store).all(p.GATEWAY)).toEqual([1, 2, 3].map(headAt));
    expect(new Heads(store).gateways()).toEqual([p.GATEWAY]);
  });

  test.each([
    ['a log that is shorter than it was', 'shorter', { ...headAt(9), count: 1 }],
    ['another record where one was known', 'other', { ...headAt(9), count: 2 }],
  ])('find out at once: %s', async (_, contradiction, head) => {
    const { tell, audit, log } = await setUp();
    for (const sequence of [1, 2]) await tell(sequence, turn, p.HUB, p.GATEWAY, headAt(sequence + 0));
    if (contradiction === 'shorter') await tell(3, turn, p.HUB, p.GATEWAY, headAt(5));
    const before = audit().length;
    await tell(4, turn, p.HUB, p.GATEWAY, head);
    const last = audit().at(-1)!;
    expect([audit().length, last.type]).toEqual([before + 1, 'audit-contradicted']);
    expect(['shorter', 'other']).toContain(last.body['contradiction']);
    expect(log).toContain('audit-contradicted');
  });

  test('of a gateway whose key was revoked are not taken', async () => {
    const { s1sp, tell, reports } = await setUp();
    const signers = p.SIGNERS.signers.map((key) => (key.kid === p.HUB.key.kid ? { ...key, revoked: p.NOW } : key));
    p.must(await s1sp.take(signStatement({ ...p.SIGNERS, version: 2, signers }, p.REGISTRATION.key)));
    await tell(1, turn);
    expect(reports).toEqual([]);
  });
});

describe('a statement', () => {
  test('is handed to the gateways that it is for, and only once', async () => {
    const { s1sp, published } = await setUp();
    const kinds = () => published().map(({ topic }) => topic.split('/').at(-1));
    const cohorts = seededStatement('cohorts', { ...p.BASE, version: 2 });
    const bytes = signStatement(cohorts, p.REGISTRATION.key);
    expect(await s1sp.take(bytes)).toMatchObject({ ok: true, value: { news: true } });
    expect(kinds()).toEqual(['cohorts']);
    expect(await s1sp.take(bytes)).toMatchObject({ ok: true, value: { news: false } });
    expect(kinds()).toEqual(['cohorts']);
    p.must(await s1sp.take(signStatement(seededStatement('response-times', p.BASE), p.REGISTRATION.key)));
    expect(kinds()).toEqual(['cohorts']);
  });

  test.each<[string, Statement, string]>([
    ['of an older version', { ...p.SIGNERS, version: 1, validTo: p.NOW + 5 }, 'older'],
    ['that ended', { ...p.SIGNERS, version: 2, validTo: p.NOW }, 'expired'],
    [
      'with a key that signs abroad',
      { ...p.SIGNERS, version: 2, signers: p.SIGNERS.signers.map((key) => ({ ...key, place: 'FR' })) },
      'place-not-allowed',
    ],
  ])('%s is refused, and that is on record [R-SIGN-04, R-AUD-01]', async (_, statement, code) => {
    const { s1sp, audit } = await setUp();
    const bytes = signStatement(statement, p.REGISTRATION.key);
    expect(await s1sp.take(bytes)).toMatchObject({ ok: false, code });
    expect(audit().at(-1)).toMatchObject({ type: 'statement-refused', body: { digest: imageDigest(bytes), code } });
  });

  test('signed by another than the registration role is refused', async () => {
    const { s1sp, audit } = await setUp();
    expect(await s1sp.take(signStatement({ ...p.SIGNERS, version: 2 }, p.DCC.key))).toMatchObject({ ok: false, code: 'unknown-signer' });
    expect(audit().at(-1)).toMatchObject({ type: 'statement-refused', body: { code: 'unknown-signer', check: 'form' } });
  });
});
