/**
 * The gateway's side of the MQTT contract: birth and will, requests and statements in, reports out of the durable outbox, progress.
 *
 * A report leaves the outbox only when the broker acknowledged it; after a crash or a lost connection it is published again with the
 * same sequence number, so the S1SP side sees every report at least once and can tell a gap from a repetition.
 */
import type { Eui64 } from '../model/ids.ts';
import type { Progress } from '../model/job.ts';
import type { Broker, Message } from '../ports/broker.ts';
import type { Log } from '../ports/log.ts';
import { Delivery, type Outgoing } from './delivery.ts';
import type { ImageFetch } from './image-fetch.ts';
import { gatewayTopics, type GatewayTopics } from './topics.ts';

/** What the bridge gives to the gateway. Each is awaited: MQTT acknowledges a message only after it resolved. */
export interface BridgeHandlers {
  request(bytes: Uint8Array): Promise<void>;
  statement(bytes: Uint8Array): Promise<void>;
}

/** What a bridge is made of. */
export interface BridgeParts {
  readonly broker: Broker;
  readonly gateway: Eui64;
  /** Reports that the broker has not acknowledged yet. */
  readonly outgoing: Outgoing;
  readonly images: ImageFetch;
  readonly log: Log;
  /** Told when the broker refuses what a gateway cannot do without: its subscriptions. */
  readonly fault: (cause: unknown) => void;
  /** What the birth message says: software version, boot number, environment. */
  readonly birth: Readonly<Record<string, string | number>>;
}

/** The will of a gateway's connection: its state topic says offline. */
export function gatewayWill(gateway: Eui64): { topic: string; payload: Uint8Array; retain: boolean } {
  return { topic: gatewayTopics(gateway).state, payload: text('offline'), retain: true };
}

/** The gateway's MQTT side. */
export class Bridge {
  readonly #parts: BridgeParts;
  readonly #topics: GatewayTopics;
  readonly #delivery: Delivery;
  #connected = false;
  #subscribed = false;
  #stopping = false;
  #lost: () => void = () => {};

  constructor(parts: BridgeParts) {
    this.#parts = parts;
    this.#topics = gatewayTopics(parts.gateway);
    const { outgoing, broker, log } = parts;
    const send = (bytes: Uint8Array): Promise<void> => broker.publish(this.#topics.report, bytes, { qos: 1, retain: true });
    this.#delivery = new Delivery({ outgoing, send, log, event: 'report-not-delivered' });
  }

  /**
   * Subscribes, says that the gateway is there, and delivers what waits; does so at whatever later time the broker can be reached.
   * Resolves when subscribed, or when stopped before; nothing else has to wait for it.
   */
  async start(handlers: BridgeHandlers): Promise<void> {
    const { broker, fault, log } = this.#parts;
    broker.onMessage((message) => this.#dispatch(message, handlers));
    broker.onConnection((connected) => {
      this.#connected = connected;
      log.info(connected ? 'bridge-connected' : 'bridge-disconnected');
      if (!connected) this.#lost();
      else if (this.#subscribed) void this.#greet();
    });
    try {
      await broker.subscribe(this.#topics.registers);
      await broker.subscribe(this.#topics.request);
    } catch (cause) {
      if (!this.#stopping) fault(cause);
      return;
    }
    this.#subscribed = true;
    this.#connected = true;
    await this.#greet();
  }

  /** Publishes what stands in the outbox, in order. Returns at once; a failure is tried again at the next connection. */
  deliver(): void {
    if (this.#connected) this.#delivery.deliver();
  }

  /** Resolves when no delivery is under way. */
  settled(): Promise<void> {
    return this.#delivery.settled();
  }

  /** Publishes progress, retained, at most once: what is lost is superseded by the next. */
  progress(progress: Progress): void {
    if (!this.#connected) return;
    const { broker, log } = this.#parts;
    broker
      .publish(this.#topics.progress, text(JSON.stringify(progress)), { qos: 0, retain: true })
      .catch((cause: unknown) => log.debug('progress-not-published', { reason: String(cause) }));
  }

  /** Says offline, if the broker hears it, and disconnects. What was not delivered stays in the outbox for the next start. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#delivery.stop();
    if (this.#connected) {
      const lost = new Promise<void>((done) => (this.#lost = done));
      await Promise.race([this.#farewell(), lost]);
    }
    await this.#parts.broker.close();
    await this.settled();
  }

  async #farewell(): Promise<void> {
    await this.settled();
    await this.#parts.broker
      .publish(this.#topics.state, text('offline'), { qos: 1, retain: true })
      .catch((cause: unknown) => this.#parts.log.debug('offline-not-said', { reason: String(cause) }));
  }

  /** Says that the gateway is there, then delivers what waits. */
  async #greet(): Promise<void> {
    const { broker, birth, gateway } = this.#parts;
    try {
      await broker.publish(this.#topics.birth, text(JSON.stringify({ gateway, ...birth })), { qos: 1, retain: true });
      await broker.publish(this.#topics.state, text('online'), { qos: 1, retain: true });
    } catch (cause) {
      this.#parts.log.warn('birth-not-published', { reason: String(cause) });
    }
    this.deliver();
  }

  async #dispatch(message: Message, handlers: BridgeHandlers): Promise<void> {
    if (await this.#parts.images.onMessage(message)) return;
    if (message.topic === this.#topics.request) return handlers.request(message.payload);
    if (message.topic.startsWith(this.#topics.register(''))) return handlers.statement(message.payload);
    this.#parts.log.warn('message-ignored', { topic: message.topic });
  }
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
