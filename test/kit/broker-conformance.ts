/** What MqttBroker must do with any MQTT 3.1.1 broker; the test of each broker runs this suite. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MqttBroker } from '../../host/adapters/broker-mqtt.ts';
import { SystemEntropy } from '../../host/adapters/system.ts';
import type { BrokerSettings, Message } from '../../host/ports/broker.ts';
import { silent } from '../../host/ports/log.ts';
import { startProxy, type Proxy } from './broker-proxy.ts';

/** A broker that can be started, again on the same port after it was closed. */
export type StartBroker = (port?: number) => Promise<{ readonly url: string; close(): Promise<void> }>;

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = ({ payload }: Message): string => new TextDecoder().decode(payload);

/** Describes the Broker port over one broker. */
export function describeBroker(name: string, start: StartBroker): void {
  describe(`MqttBroker with ${name}`, () => {
    let broker: Awaited<ReturnType<StartBroker>>;
    let proxy: Proxy;
    let open: MqttBroker[] = [];
    beforeEach(async () => {
      broker = await start();
      proxy = await startProxy(broker.url);
    });
    afterEach(async () => {
      await Promise.all(open.map((client) => client.close()));
      open = [];
      await proxy.close();
      await broker.close();
    });

    const client = (clientId: string, settings: Partial<BrokerSettings> = {}): MqttBroker => {
      const made = new MqttBroker({ url: broker.url, clientId, ...settings }, { entropy: new SystemEntropy(), log: silent });
      open.push(made);
      return made;
    };
    const connection = (made: MqttBroker, wanted: boolean): Promise<void> =>
      new Promise((done) => made.onConnection((connected) => connected === wanted && done()));
    /** Collects messages; `until` resolves when so many came. */
    const collect = (made: MqttBroker, handle: (message: Message) => unknown = () => undefined) => {
      const got: string[] = [];
      const waiting: { readonly count: number; readonly done: () => void }[] = [];
      made.onMessage(async (message) => {
        got.push(text(message));
        for (const { count, done } of waiting) if (got.length >= count) done();
        await handle(message);
      });
      const until = (count: number): Promise<void> => new Promise((done) => (got.length >= count ? done() : waiting.push({ count, done })));
      return { got, until };
    };

    test('carries a payload bit for bit and tells retained from live', async () => {
      const payload = Uint8Array.from({ length: 256 }, (_, index) => index);
      const sender = client('sender');
      await sender.publish('kept', payload, { retain: true });
      const receiver = client('receiver');
      const messages: Message[] = [];
      const both = new Promise<void>((done) => receiver.onMessage((message) => void (messages.push(message) === 2 && done())));
      await receiver.subscribe('kept');
      await receiver.subscribe('live/#');
      await sender.publish('live/1', new Uint8Array(), { qos: 0 });
      await both;
      expect(messages).toEqual([
        { topic: 'kept', payload, retained: true },
        { topic: 'live/1', payload: new Uint8Array(), retained: false },
      ]);
    });

    test('delivers in order, one at a time, the next only after the promise', async () => {
      const receiver = client('receiver');
      let busy = 0;
      let most = 0;
      const { got, until } = collect(receiver, async () => {
        most = Math.max(most, ++busy);
        await new Promise((done) => setImmediate(done));
        busy--;
      });
      await receiver.subscribe('t');
      const sender = client('sender');
      const numbers = Array.from({ length: 100 }, (_, index) => String(index));
      await Promise.all(numbers.map((number) => sender.publish('t', bytes(number))));
      await until(100);
      expect(got).toEqual(numbers);
      expect(most).toBe(1);
    });

    test('lets a handler wait for its own publish to be acknowledged', async () => {
      const node = client('node');
      const { got, until } = collect(node, (message) => (text(message) === 'question' ? node.publish('t', bytes('answer')) : undefined));
      await node.subscribe('t');
      await node.publish('t', bytes('question'));
      await until(2);
      expect(got).toEqual(['question', 'answer']);
    });

    test('gets a message again when the connection went before its handler was done', async () => {
      const receiver = client('receiver', { url: proxy.url });
      let first = true;
      const { got, until } = collect(receiver, () => {
        if (!first) return undefined;
        first = false;
        proxy.cut();
        return connection(receiver, true);
      });
      await receiver.subscribe('t');
      await client('sender').publish('t', bytes('a'));
      await until(2);
      expect(got).toEqual(['a', 'a']);
    });

    test('gets a message again, and what followed it in order, when its handler rejected', async () => {
      const receiver = client('receiver');
      let failures = 0;
      const { got, until } = collect(receiver, (message) => {
        if (text(message) === 'b' && failures++ === 0) throw new Error('planted');
      });
      await receiver.subscribe('t');
      const sender = client('sender');
      for (const letter of 'abc') await sender.publish('t', bytes(letter));
      await until(4);
      expect(got).toEqual(['a', 'b', 'b', 'c']);
    });

    test('does not get a message again once its handler was done', async () => {
      const receiver = client('receiver', { url: proxy.url });
      const { got, until } = collect(receiver);
      await receiver.subscribe('t');
      const sender = client('sender');
      await sender.publish('t', bytes('a'));
      await until(1);
      await sender.publish('t', bytes('b')); // b comes after the acknowledgement of a was written
      await until(2);
      const back = connection(receiver, true);
      await new Promise((done) => setTimeout(done, 50));
      proxy.cut();
      await back;
      await sender.publish('t', bytes('c'));
      await until(3);
      expect(got).toEqual(['a', 'b', 'c']);
    });

    test('publishes after the reconnection what was published without one', async () => {
      const receiver = client('receiver');
      const { got, until } = collect(receiver);
      await receiver.subscribe('t');
      const sender = client('sender', { url: proxy.url });
      await sender.publish('t', bytes('a'));
      const lost = connection(sender, false);
      proxy.cut(true);
      await lost;
      let acknowledged = false;
      const later = Promise.all(['b', 'c'].map((letter) => sender.publish('t', bytes(letter)))).then(() => (acknowledged = true));
      await new Promise((done) => setTimeout(done, 100));
      expect(acknowledged).toBe(false);
      proxy.mend();
      await later;
      await until(3);
      expect(got).toEqual(['a', 'b', 'c']);
    });

    test('gets after its return what was sent at QoS 1 while it was away', async () => {
      const before = client('receiver');
      await before.subscribe('t');
      await before.close();
      const sender = client('sender');
      await sender.publish('t', bytes('a'));
      await sender.publish('t', bytes('b'));
      const { got, until } = collect(client('receiver'));
      await until(2);
      expect(got).toEqual(['a', 'b']);
    });

    test('subscribes again by itself when the broker came back without its sessions', async () => {
      const receiver = client('receiver');
      const { got, until } = collect(receiver);
      await receiver.subscribe('t');
      const port = Number(new URL(broker.url).port);
      const lost = connection(receiver, false);
      await broker.close();
      await lost;
      const back = connection(receiver, true);
      broker = await start(port);
      await back;
      const sender = client('sender');
      const repeat = setInterval(() => void sender.publish('t', bytes('a')).catch(() => undefined), 50);
      await until(1);
      clearInterval(repeat);
      expect(got[0]).toBe('a');
    });

    test('leaves its will when the connection breaks and not when it is closed', async () => {
      const { got, until } = collect(await watching('state/#'));
      const will = (name: string) => ({ will: { topic: `state/${name}`, payload: bytes(`${name} is gone`), retain: true } });
      const closing = client('closing', will('closing'));
      await closing.publish('state/closing', bytes('closing is here'));
      await closing.close();
      const breaking = client('breaking', { url: proxy.url, ...will('breaking') });
      await breaking.publish('state/breaking', bytes('breaking is here'));
      proxy.cut(true);
      await until(3);
      expect(got).toEqual(['closing is here', 'breaking is here', 'breaking is gone']);
    });

    const watching = async (filter: string): Promise<MqttBroker> => {
      const made = client('watcher');
      await made.subscribe(filter);
      return made;
    };

    test('gets nothing more of a topic after unsubscribing', async () => {
      const receiver = await watching('t/#');
      const { got, until } = collect(receiver);
      await receiver.subscribe('u');
      const sender = client('sender');
      await sender.publish('t/1', bytes('a'));
      await until(1);
      await receiver.unsubscribe('t/#');
      await sender.publish('t/1', bytes('b'));
      await sender.publish('u', bytes('c'));
      await until(2);
      expect(got).toEqual(['a', 'c']);
    });

    test('rejects with Fault broker what waits or is asked for after it was closed for good', async () => {
      const sender = client('sender', { url: proxy.url });
      await sender.publish('t', bytes('a'));
      const lost = connection(sender, false);
      proxy.cut(true);
      await lost;
      const waiting = [sender.publish('t', bytes('b')), sender.subscribe('t')].map((promise) =>
        expect(promise).rejects.toMatchObject({ code: 'broker' }),
      );
      await sender.close();
      await Promise.all(waiting);
      await expect(sender.publish('t', bytes('c'))).rejects.toMatchObject({ code: 'broker' });
      await sender.close();
    });

    test('rejects with Fault broker a filter that is not one', async () => {
      await expect(client('sender').subscribe('a/#/b')).rejects.toMatchObject({ code: 'broker' });
    });
  });
}
