import { describe, expect, test } from 'vitest';
import { intakeTopic } from '../../../host/bridge/topics.ts';
import { isDecision, messageFactLines, replay } from '../../../host/compose/replay.ts';
import { signStatement } from '../../../host/messages/statement.ts';
import type { Statement } from '../../../host/model/register.ts';
import type { Threshold } from '../../../host/model/regulation.ts';
import { imageDigest } from '../../../host/s1sp/image-shelf.ts';
import { attemptFacts, trafficFacts } from '../../../host/policy/traffic-facts.ts';
import { Registers } from '../../../host/stores/registers.ts';
import * as p from '../messages/parties.ts';
import { IMAGE, setUp, turns, UPDATE, USER } from './side.ts';

type Side = Awaited<ReturnType<typeof setUp>>;
type Json = Readonly<Record<string, unknown>>;

const forged = p.signed(UPDATE, [], p.impostor(p.LEAD));
const expired = p.signed({ ...UPDATE, notBefore: p.NOW - 100, expires: p.NOW });
const order = (counter: bigint): Uint8Array => p.signed({ ...UPDATE, counter });
const bounded = (breach: Threshold['breach']): Statement => ({
  ...p.BASE,
  kind: 'thresholds',
  thresholds: [
    { setBy: 'dcc', of: 'request', what: '11.1', limit: 2, seconds: 60, breach, from: 0 },
    { setBy: 'dcc', of: 'request', what: 'cancel', limit: 9, seconds: 3_600, breach, from: 0 },
  ],
});
const outcomes = ({ audit, store }: Side): readonly string[] =>
  audit()
    .filter(isDecision)
    .map((entry) => replay(entry, new Registers(store)).outcome);
const last = ({ audit }: Side) => audit().at(-1)!;

/** What every refusal has on record, whatever refused it. */
const IN_FULL = {
  verdict: 'refuse',
  code: expect.any(String) as string,
  detail: expect.any(String) as string,
  rule: expect.any(String) as string,
  response: 'none',
  requirements: expect.arrayContaining([expect.stringMatching(/^R-/) as string]) as string[],
  documents: expect.arrayContaining([expect.objectContaining({ document: 'DUIS' })]) as object[],
  registers: expect.arrayContaining([expect.objectContaining({ kind: 'documents' })]) as object[],
};

describe('the record of a refusal', () => {
  test('of a message says what was claimed, marked unverified, and is asked again [R-AUD-01, R-SIGN-01]', async () => {
    const side = await setUp();
    await side.s1sp.submit(expired, IMAGE, USER);
    const { type, body } = last(side);
    expect([type, body]).toMatchObject(['intake-refused', { ...IN_FULL, question: 'message', code: 'expired', user: USER }]);
    expect(body['facts']).toMatchObject({ door: 'user', now: p.NOW, unverified: { request: { originator: USER, expires: p.NOW } } });
    expect(body['requestDigest']).toBe(imageDigest(expired));
    expect(messageFactLines(body)).toContain('claimed, and not verified:');
    expect(outcomes(side)).toEqual(['same']);
    const later = { ...body, facts: { ...(body['facts'] as Json), now: p.NOW - 1 } };
    expect(replay({ ...last(side), body: later }, new Registers(side.store)).outcome).toBe('other-answer');
  });

  test.each([
    ['a signature', forged, 'user-signature-invalid'],
    ['a form', new Uint8Array(100).fill(9), undefined],
  ])('of a message for %s names that it needs the bytes, which are not kept', async (_, bytes, code) => {
    const side = await setUp();
    await side.s1sp.submit(bytes, IMAGE);
    expect(last(side).body).toMatchObject({ ...IN_FULL, ...(code && { code }) });
    expect(outcomes(side)).toEqual(['needs-bytes']);
  });

  test('of a submission that cannot be read has its digest, its length and its source [R-AUD-01, R-SVC-02]', async () => {
    const side = await setUp();
    const bytes = Uint8Array.of(0, 0, 1);
    await side.broker.connect('user').publish(intakeTopic(USER), bytes);
    await turns();
    expect(last(side)).toMatchObject({
      type: 'intake-refused',
      body: {
        ...IN_FULL,
        code: 'submission-form',
        rule: 'submission',
        user: USER,
        requestDigest: imageDigest(bytes),
        facts: { length: 3 },
      },
    });
    expect(outcomes(side)).toEqual(['needs-bytes']);
  });

  test('of an image that was not ordered has the order and what came, and the request counts [R-CPL-03, R-ANOM-01]', async () => {
    const side = await setUp(undefined, undefined, [bounded('delete')]);
    const other = IMAGE.map((byte) => byte ^ 1);
    expect(await side.s1sp.submit(order(1n), other)).toMatchObject({ code: 'image-not-ordered', requirements: ['R-CPL-03'] });
    const entry = last(side);
    expect(entry).toMatchObject({
      type: 'intake-refused',
      body: {
        ...IN_FULL,
        rule: 'image',
        detail: expect.stringContaining(imageDigest(other)) as string,
        facts: { user: { party: USER }, request: { image: { digest: UPDATE.image.digest } } },
      },
    });
    expect(messageFactLines(entry.body).join('\n')).toContain(UPDATE.image.digest);
    expect(outcomes(side)).toEqual(['needs-bytes']);
    const moved = { ...entry.body, facts: { ...(entry.body['facts'] as Json), products: undefined } };
    expect(replay({ ...entry, body: moved }, new Registers(side.store)).outcome).toBe('other-facts');
    await side.s1sp.submit(order(2n), other);
    expect(await side.s1sp.submit(order(3n), IMAGE)).toMatchObject({ code: 'over-threshold-delete' });
  });

  test.each(['delete', 'quarantine'] as const)(
    'over a threshold (%s) has what was counted, and is asked again [R-ANOM-01]',
    async (breach) => {
      const side = await setUp(undefined, undefined, [bounded(breach)]);
      for (const counter of [1n, 2n, 3n]) await side.s1sp.submit(order(counter), IMAGE);
      const entry = last(side);
      expect(entry).toMatchObject({
        type: breach === 'delete' ? 'deleted' : 'held',
        body: { ...IN_FULL, question: 'traffic', rule: 'anomaly', facts: { who: USER, what: '11.1', before: [p.NOW, p.NOW] } },
      });
      expect((entry.body['facts'] as { thresholds: { thresholds: Json[] } }).thresholds.thresholds).toHaveLength(1);
      expect(outcomes(side)).toEqual(['same', 'same', 'same']);
      const tampered = [
        { ...entry.body, facts: { ...(entry.body['facts'] as Json), before: [p.NOW] } },
        { ...entry.body, documents: [] },
        { ...entry.body, registers: [] },
      ];
      expect(tampered.map((body) => replay({ ...entry, body }, new Registers(side.store)).outcome)).toEqual([
        'other-answer',
        'other-facts',
        'other-facts',
      ]);
    },
  );

  test('of a held request that fails its checks when it is released is there, though nothing is held any more [R-AUD-01]', async () => {
    const side = await setUp(undefined, undefined, [bounded('quarantine')]);
    for (const counter of [1n, 2n]) await side.s1sp.submit(order(counter), IMAGE);
    const brief = p.signed({ ...UPDATE, counter: 3n, expires: p.NOW + 10 });
    const { requestDigest } = await side.s1sp.submit(brief, IMAGE);
    await side.clock.advance(20_000);
    expect(await side.s1sp.release(requestDigest)).toMatchObject({ verdict: 'refused', code: 'expired' });
    expect(last(side)).toMatchObject({ type: 'intake-refused', body: { ...IN_FULL, code: 'expired', requestDigest } });
    expect(side.audit().at(-2)).toMatchObject({ type: 'released', body: { requestDigest } });
    expect(outcomes(side)).toEqual(['same', 'same', 'same', 'same']);
  });
});

describe('a block', () => {
  test('is on record once, when it begins, with the attempts that it was made of; a flood during it adds nothing [R-ANOM-04]', async () => {
    const side = await setUp();
    for (let n = 0; n < 5; n++) await side.s1sp.submit(forged, IMAGE, USER);
    const entry = last(side);
    expect(entry).toMatchObject({
      type: 'blocked',
      body: { ...IN_FULL, question: 'access', code: 'blocked', user: USER, facts: { failures: Array<number>(5).fill(p.NOW) } },
    });
    const before = side.audit().length;
    for (let n = 0; n < 50; n++) expect(await side.s1sp.submit(forged, IMAGE, USER)).toMatchObject({ code: 'blocked' });
    await side.broker.connect('user').publish(intakeTopic(USER), Uint8Array.of(1));
    await turns();
    expect(side.audit()).toHaveLength(before);
    expect(outcomes(side)).toEqual([...Array<string>(5).fill('needs-bytes'), 'same']);
    const fewer = { ...entry.body, facts: { ...(entry.body['facts'] as Json), failures: [p.NOW] } };
    expect(replay({ ...entry, body: fewer }, new Registers(side.store)).outcome).toBe('other-answer');
  });

  test('is on record once also when attempts come at the same time', async () => {
    const side = await setUp();
    await Promise.all(Array.from({ length: 8 }, () => side.s1sp.submit(forged, IMAGE, USER)));
    expect(side.audit().filter(({ type }) => type === 'blocked')).toHaveLength(1);
  });

  test('comes of submissions that cannot be read, too, and anew after it ended', async () => {
    const side = await setUp();
    const user = side.broker.connect('user');
    const blocks = () => side.audit().filter(({ type }) => type === 'blocked').length;
    for (const expected of [1, 2]) {
      for (let n = 0; n < 7; n++) await user.publish(intakeTopic(USER), Uint8Array.of(0, 0, 1));
      await turns();
      expect(blocks()).toBe(expected);
      await side.clock.advance(900_000);
    }
  });

  test('is not lifted by a clock that was set back', async () => {
    const side = await setUp();
    await side.clock.advance(-3_600_000);
    for (let n = 0; n < 5; n++) await side.s1sp.submit(forged, IMAGE, USER);
    expect(last(side)).toMatchObject({ type: 'blocked', body: { code: 'blocked', facts: { now: p.NOW, latest: p.NOW } } });
    expect(outcomes(side).at(-1)).toBe('same');
    await side.clock.advance(1_800_000);
    expect(await side.s1sp.submit(forged, IMAGE, USER)).toMatchObject({ code: 'blocked' });
  });
});

test('facts are cut to what can matter, and the answer is the same: no flood makes a record long', () => {
  const before = Array.from({ length: 9_000 }, (_, second) => p.NOW - second);
  const thresholds = bounded('delete') as Extract<Statement, { kind: 'thresholds' }>;
  const facts = { now: p.NOW, of: 'request', what: '11.1', who: USER, before, thresholds } as const;
  expect(trafficFacts(facts).before).toEqual([p.NOW - 1, p.NOW]);
  expect(trafficFacts(trafficFacts(facts))).toEqual(trafficFacts(facts));
  expect(attemptFacts({ now: p.NOW, failures: [p.NOW - 1_500, p.NOW - 1_499, p.NOW] }).failures).toEqual([p.NOW - 1_499, p.NOW]);
});

test('a record outlives its registers: a threshold that was raised since changes no old answer [R-AUD-01]', async () => {
  const side = await setUp(undefined, undefined, [bounded('delete')]);
  for (const counter of [1n, 2n, 3n]) await side.s1sp.submit(order(counter), IMAGE);
  const raised = { ...bounded('delete'), version: 2, thresholds: [] } as Statement;
  p.must(await side.s1sp.take(signStatement(raised, p.REGISTRATION.key)));
  expect(outcomes(side)).toEqual(['same', 'same', 'same']);
});
