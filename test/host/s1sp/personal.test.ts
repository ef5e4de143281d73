/** Numbers of supplies in what a User hands over: in no record of the S1SP side, and in no answer [R-PRIV-01]. */
import { describe, expect, test } from 'vitest';
import { gatewayTopics, intakeReplyTopic, intakeTopic } from '../../../host/bridge/topics.ts';
import { encode, type Encodable } from '../../../host/messages/cbor-writer.ts';
import { sign1 } from '../../../host/messages/cose.ts';
import { REQUEST, SERVICE_REQUEST_TYPE } from '../../../host/messages/service-request.ts';
import { encodeSubmission } from '../../../host/s1sp/submission.ts';
import { leaked, planted } from '../../kit/planted.ts';
import * as p from '../messages/parties.ts';
import { setUp, turns, UPDATE, USER } from './side.ts';

const signed = (change: { readonly [name: string]: Encodable }, type = SERVICE_REQUEST_TYPE): Uint8Array =>
  sign1(encode({ ...(REQUEST.write(UPDATE) as Record<string, Encodable>), ...change }), type, p.LEAD.key);

const FIELDS: readonly (readonly [string, (text: string, n: number) => Uint8Array])[] = [
  ['the purpose', (text, n) => signed({ counter: n, purpose: `display of ${text} blank` })],
  ['the version of DUIS', (text) => signed({ duis: { version: text, effectiveFrom: 0 } })],
  ['the environment', (environment) => signed({ environment })],
  ['a member that nobody knows', (text) => signed({ [text]: text })],
  ['the content type', (text) => signed({}, text)],
];

describe('a submission with a number of a supply', () => {
  test.each(FIELDS.map(([field, make], place) => [field, make, planted(place)] as const))(
    'in %s is turned away, and the number stands in no record and no answer',
    async (_, make, numbers) => {
      const { broker, s1sp, audit } = await setUp();
      const user = broker.connect('user');
      const replies: Uint8Array[] = [];
      user.onMessage(({ payload }) => void replies.push(payload));
      await user.subscribe(intakeReplyTopic(USER));
      for (const [i, { text }] of numbers.entries()) {
        expect([text, (await s1sp.submit(make(text, 2_000 + i), new Uint8Array(0))).verdict]).toEqual([text, 'refused']);
        await user.publish(intakeTopic(USER), encodeSubmission({ request: make(text, 3_000 + i), image: new Uint8Array(0) }));
        await turns();
      }
      expect(replies).toHaveLength(numbers.length);
      expect(replies.flatMap((reply) => leaked(numbers, reply))).toEqual([]);
      expect(leaked(numbers, JSON.stringify(audit()))).toEqual([]);
      expect(broker.published.filter(({ topic }) => topic === gatewayTopics(p.GATEWAY).request)).toEqual([]);
    },
  );
});
