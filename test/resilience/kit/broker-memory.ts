/**
 * An MQTT broker in memory with the promises of the Broker port: retained messages, sessions that outlive a connection, QoS 1 acknowledged
 * only when handled, and sent again, in order, when its handler rejected. What it does takes microtasks alone, so simulated time can be
 * driven over it.
 */
import { Fault } from '../../../host/model/fault.ts';
import type { Broker, Message, PublishOptions } from '../../../host/ports/broker.ts';

interface Session {
  readonly filters: Set<string>;
  readonly queue: Message[];
  client: MemoryConnection | undefined;
}

/** The broker. */
export class MemoryBroker {
  readonly #retained = new Map<string, Uint8Array>();
  readonly #sessions = new Map<string, Session>();
  /** Everything published, in order. */
  readonly published: { readonly topic: string; readonly payload: Uint8Array }[] = [];
  #up = true;

  /** Connects under a client identifier; the session is kept over connections. `online` false: the broker is away at first. */
  connect(clientId: string): MemoryConnection {
    const session = this.#sessions.get(clientId) ?? { filters: new Set(), queue: [], client: undefined };
    this.#sessions.set(clientId, session);
    const connection = new MemoryConnection(this, session);
    session.client = connection;
    if (this.#up) connection.turn(true);
    return connection;
  }

  /** Goes away or comes back, for everybody. */
  turn(up: boolean): void {
    this.#up = up;
    for (const { client } of this.#sessions.values()) client?.turn(up);
  }

  get up(): boolean {
    return this.#up;
  }

  /** Takes a message in and hands it to whoever subscribed. */
  accept(topic: string, payload: Uint8Array, { retain = false, qos = 1 }: PublishOptions = {}): void {
    const copy = payload.slice();
    this.published.push({ topic, payload: copy });
    if (retain && copy.length === 0) this.#retained.delete(topic);
    else if (retain) this.#retained.set(topic, copy);
    for (const session of this.#sessions.values()) {
      if (![...session.filters].some((filter) => matches(filter, topic))) continue;
      if (qos === 0 && session.client === undefined) continue;
      session.queue.push({ topic, payload: copy, retained: false });
      session.client?.pump();
    }
  }

  /** Retained messages that a new subscription brings. */
  retained(filter: string): readonly Message[] {
    const found = [...this.#retained].filter(([topic]) => matches(filter, topic));
    return found.map(([topic, payload]) => ({ topic, payload, retained: true }));
  }

  retainedAt(topic: string): Uint8Array | undefined {
    return this.#retained.get(topic);
  }
}

/** One connection. */
export class MemoryConnection implements Broker {
  readonly #broker: MemoryBroker;
  readonly #session: Session;
  readonly #handlers: ((message: Message) => void | Promise<void>)[] = [];
  readonly #connectionHandlers: ((connected: boolean) => void)[] = [];
  readonly #waiting = new Set<{ readonly go: () => void; readonly giveUp: () => void }>();
  #online = false;
  #closed = false;
  #pumping = false;

  constructor(broker: MemoryBroker, session: Session) {
    this.#broker = broker;
    this.#session = session;
  }

  async publish(topic: string, payload: Uint8Array, options: PublishOptions = {}): Promise<void> {
    const copy = payload.slice();
    if (options.qos === 0 && !this.#online) return;
    await this.#reach();
    this.#broker.accept(topic, copy, options);
  }

  async subscribe(filter: string): Promise<void> {
    await this.#reach();
    this.#session.filters.add(filter);
    this.#session.queue.push(...this.#broker.retained(filter));
    this.pump();
  }

  async unsubscribe(filter: string): Promise<void> {
    await this.#reach();
    this.#session.filters.delete(filter);
  }

  onMessage(handler: (message: Message) => void | Promise<void>): void {
    this.#handlers.push(handler);
    this.pump();
  }

  onConnection(handler: (connected: boolean) => void): void {
    this.#connectionHandlers.push(handler);
  }

  async close(): Promise<void> {
    this.drop();
    for (const { giveUp } of [...this.#waiting]) giveUp();
  }

  /** Ends the connection as a process that dies does: nothing is said any more and nothing answered. */
  drop(): void {
    this.#closed = true;
    this.#online = false;
    if (this.#session.client === this) this.#session.client = undefined;
  }

  /** Told by the broker that it is there or away. */
  turn(online: boolean): void {
    if (this.#closed || this.#online === online) return;
    this.#online = online;
    for (const handler of this.#connectionHandlers) handler(online);
    if (!online) return;
    for (const { go } of [...this.#waiting]) go();
    this.pump();
  }

  /** Hands over what waits, one at a time. */
  pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    void this.#hand().finally(() => (this.#pumping = false));
  }

  async #hand(): Promise<void> {
    await Promise.resolve();
    while (this.#online && this.#handlers.length > 0 && this.#session.queue.length > 0) {
      const message = this.#session.queue[0]!;
      try {
        for (const handler of this.#handlers) await handler(message);
      } catch {
        await new Promise((done) => setImmediate(done)); // the connection ends and comes back: it is sent again
        continue;
      }
      if (!this.#closed) this.#session.queue.splice(this.#session.queue.indexOf(message), 1);
    }
  }

  async #reach(): Promise<void> {
    await Promise.resolve();
    while (!this.#online && !this.#closed) {
      await new Promise<void>((done) => {
        const entry = { go: () => (this.#waiting.delete(entry), done()), giveUp: () => (this.#waiting.delete(entry), done()) };
        this.#waiting.add(entry);
      });
    }
    if (this.#closed) throw new Fault('broker', 'the connection in memory is closed');
  }
}

function matches(filter: string, topic: string): boolean {
  const [wanted, given] = [filter.split('/'), topic.split('/')];
  return wanted.length === given.length && wanted.every((level, index) => level === '+' || level === given[index]);
}
