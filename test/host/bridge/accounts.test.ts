/** The accounts of docs/messages.md in a real Mosquitto: who may write and read what. MQTT 3.1.1 tells nobody of a denial, so silence is what is looked for. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MqttBroker } from '../../../host/adapters/broker-mqtt.ts';
import { gatewayTopics, imageBlockTopic, imageTopics, intakeReplyTopic, intakeTopic } from '../../../host/bridge/topics.ts';
import { Seeded } from '../../../firmware/air/seeded.ts';
import { digest, eui64 } from '../../../host/model/ids.ts';
import type { Broker } from '../../../host/ports/broker.ts';
import { silent } from '../../../host/ports/log.ts';
import { mosquitto, startMosquitto } from '../../kit/broker-mosquitto.ts';
import { blocks, pages } from '../../kit/documents.ts';

const [GATEWAY, OTHER, USER] = [eui64('0200000000000201'), eui64('0200000000000202'), eui64('0200000000000103')];
const [OWN, FOREIGN] = [gatewayTopics(GATEWAY), gatewayTopics(OTHER)];
const IMAGE = digest(new Uint8Array(32).fill(1));
const BLOCK = imageBlockTopic(IMAGE, 0);
const inCi = process.env['CI'] !== undefined;

describe.skipIf(mosquitto === undefined && !inCi)('the accounts of docs/messages.md, in Mosquitto', () => {
  let broker: Awaited<ReturnType<typeof startMosquitto>>;
  const open: Broker[] = [];

  beforeAll(async () => {
    const page = pages().find(({ path }) => path === 'docs/messages.md');
    broker = await startMosquitto(undefined, page && blocks(page, 'acl').join('\n'));
  });
  afterAll(async () => {
    for (const each of open) await each.close();
    await broker.close();
  });

  function connect(username: string): Broker {
    const client = new MqttBroker(
      { url: broker.url, clientId: `${username}-${open.length}`, username },
      { entropy: new Seeded(open.length), log: silent },
    );
    open.push(client);
    return client;
  }

  /** Whether `reader` gets what `writer` publishes. The broker answers the reader's own publication after it has sent it everything before. */
  async function passes(writer: string, topic: string, reader: string, filter = topic): Promise<boolean> {
    const [from, to] = [connect(writer), connect(reader)];
    const heard: string[] = [];
    to.onMessage((message) => void heard.push(message.topic));
    await to.subscribe(filter).catch(() => undefined);
    await from.publish(topic, Uint8Array.of(1), { qos: 1 });
    await to.publish('hearthgate/nowhere', Uint8Array.of(0), { qos: 1 });
    return heard.includes(topic);
  }

  test.each([
    ['a gateway its state', GATEWAY, OWN.state, 'operator', OWN.state],
    ['a gateway its report', GATEWAY, OWN.report, 's1sp', OWN.report],
    ['a gateway its progress', GATEWAY, OWN.progress, 'operator', OWN.progress],
    ['the S1SP side a request', 's1sp', OWN.request, GATEWAY, OWN.request],
    ['the S1SP side a statement', 's1sp', OWN.register('suppliers'), GATEWAY, OWN.registers],
    ['the S1SP side an image', 's1sp', BLOCK, GATEWAY, imageTopics(IMAGE)],
    ['a User its submission', USER, intakeTopic(USER), 's1sp', intakeTopic(USER)],
    ['the S1SP side its answer', 's1sp', intakeReplyTopic(USER), USER, intakeReplyTopic(USER)],
  ])('let %s through', async (_, writer, topic, reader, filter) => expect(await passes(writer, topic, reader, filter)).toBe(true));

  test.each([
    ["a gateway another's state", GATEWAY, FOREIGN.state, 'operator'],
    ["a gateway another's report", GATEWAY, FOREIGN.report, 's1sp'],
    ['a gateway a request to itself', GATEWAY, OWN.request, GATEWAY],
    ['a gateway a statement', GATEWAY, FOREIGN.register('suppliers'), OTHER],
    ['a gateway an image', GATEWAY, BLOCK, OTHER],
    ['a User a request past the S1SP side', USER, OWN.request, GATEWAY],
    ['a User a submission as another', USER, intakeTopic(OTHER), 's1sp'],
    ['an operator anything', 'operator', OWN.request, GATEWAY],
    ["to a gateway another's requests", 's1sp', FOREIGN.request, GATEWAY],
    ["to a User another's answers", 's1sp', intakeReplyTopic(OTHER), USER],
  ])('keep %s', async (_, writer, topic, reader) => expect(await passes(writer, topic, reader)).toBe(false));
});
