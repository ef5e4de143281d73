/**
 * The Broker port over MQTT 3.1.1 (OASIS standard, 29 October 2014).
 *
 * The session is kept by the broker (clean session off, stable client identifier), so that what was published at QoS 1
 * while the connection was gone still comes. A message is acknowledged when its handler is done with it, and by this file
 * instead of the client library: the library would take in nothing else meanwhile, not even the acknowledgement that a
 * handler's own publish waits for.
 *
 * A handler that rejects leaves its message unacknowledged and ends the connection; after the reconnection the broker
 * sends it again, and all that followed it, in order [MQTT-4.4.0-1, MQTT-4.6.0-1].
 */
import { connect, type IClientOptions, type IPublishPacket, type MqttClient } from 'mqtt';
import { Fault } from '../model/fault.ts';
import type { Broker, BrokerSettings, Message, PublishOptions } from '../ports/broker.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Log } from '../ports/log.ts';
import { InOrder } from './in-order.ts';

/** Seconds between signs of life; a connection silent for one and a half times as long is given up [MQTT-3.1.2-24]. */
const KEEPALIVE_S = 30;
/** Milliseconds to wait for CONNACK; shorter fails on slow mobile links. */
const CONNECT_TIMEOUT_MS = 20_000;
/** Bounds of the time between attempts to reconnect; it doubles in between, and half of it is random, so that a fleet does not come back at once. */
const RECONNECT_MS = { first: 500, longest: 60_000 };

interface Inbound {
  readonly message: Message;
  /** Acknowledges a QoS 1 message; does nothing when the connection that it came over is gone. */
  readonly acknowledge?: () => void;
}

/** What the adapter needs besides its settings. */
export interface MqttParts {
  /** For the random part of the reconnection time. */
  readonly entropy: Entropy;
  readonly log: Log;
}

/** A connection to an MQTT broker. It begins to connect when it is made. */
export class MqttBroker implements Broker {
  readonly #client: MqttClient;
  readonly #log: Log;
  readonly #entropy: Entropy;
  readonly #url: string;
  readonly #inbound: InOrder<Inbound>;
  readonly #handlers: ((message: Message) => void | Promise<void>)[] = [];
  readonly #connectionHandlers: ((connected: boolean) => void)[] = [];
  /** Give up what waits for the broker. */
  readonly #pending = new Set<() => void>();
  /** Go on with what waits for a connection. */
  #waiting: (() => void)[] = [];
  #attempts = 0;
  #online = false;
  #closed = false;

  /** Throws Fault `broker` for a URL that is not mqtt:, mqtts: or tcp:. */
  constructor(settings: BrokerSettings, { entropy, log }: MqttParts) {
    const { url, clientId, username, password, will, tls } = settings;
    this.#url = url;
    this.#log = log;
    this.#entropy = entropy;
    this.#inbound = new InOrder((error, { acknowledge }) => this.#failed(error, acknowledge !== undefined));
    this.#client = connect({
      ...serverOf(url),
      protocolVersion: 4,
      clean: false,
      clientId,
      keepalive: KEEPALIVE_S,
      connectTimeout: CONNECT_TIMEOUT_MS,
      reconnectPeriod: RECONNECT_MS.first,
      reconnectOnConnackError: true,
      queueQoSZero: false,
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      ...(will && { will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1 as const, retain: will.retain } }),
      ...tls,
    });
    this.#client.handleMessage = (packet, done) => this.#receive(packet, done);
    this.#client.on('connect', () => this.#connected());
    this.#client.on('close', () => this.#lost());
    this.#client.on('error', (error) => log.warn('broker-connection', { url, reason: error.message }));
  }

  /** At QoS 0 it resolves when the message was handed to the connection, or dropped because there is none. */
  async publish(topic: string, payload: Uint8Array, { retain = false, qos = 1 }: PublishOptions = {}): Promise<void> {
    const publish = (): Promise<unknown> => this.#client.publishAsync(topic, Buffer.from(payload), { qos, retain });
    if (qos === 1) return this.#untilDone(publish);
    if (this.#client.connected) await publish().catch(() => undefined);
  }

  async subscribe(filter: string): Promise<void> {
    await this.#untilDone(() => this.#client.subscribeAsync(filter, { qos: 1 }));
  }

  async unsubscribe(filter: string): Promise<void> {
    await this.#untilDone(() => this.#client.unsubscribeAsync(filter));
  }

  onMessage(handler: (message: Message) => void | Promise<void>): void {
    this.#handlers.push(handler);
    if (this.#handlers.length === 1) this.#inbound.handle((inbound) => this.#handle(inbound));
  }

  onConnection(handler: (connected: boolean) => void): void {
    this.#connectionHandlers.push(handler);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#inbound.clear();
    for (const giveUp of this.#pending) giveUp();
    for (const id of Object.keys(this.#client.outgoing)) this.#client.removeOutgoingMessage(Number(id));
    await this.#client.endAsync(!this.#client.connected);
  }

  #connected(): void {
    this.#online = true;
    this.#attempts = 0;
    this.#setReconnection();
    this.#log.info('broker-connected', { url: this.#url });
    for (const goOn of this.#waiting.splice(0)) goOn();
    for (const handler of this.#connectionHandlers) handler(true);
  }

  #lost(): void {
    this.#inbound.clear(); // what was not acknowledged comes again
    this.#attempts++;
    this.#setReconnection();
    if (this.#online) for (const handler of this.#connectionHandlers) handler(false);
    this.#online = false;
  }

  #setReconnection(): void {
    const full = Math.min(RECONNECT_MS.first * 2 ** this.#attempts, RECONNECT_MS.longest);
    const random = this.#entropy.bytes(1)[0]! / 255;
    this.#client.options.reconnectPeriod = Math.round((full / 2) * (1 + random));
  }

  /** Takes a message and lets the library go on. An error given to `done` keeps it from acknowledging; it does nothing else with it. */
  #receive(packet: IPublishPacket, done: (error?: Error) => void): void {
    const payload = typeof packet.payload === 'string' ? new TextEncoder().encode(packet.payload) : new Uint8Array(packet.payload);
    const stream = this.#client.stream;
    const { messageId = 0, qos } = packet;
    const message = { topic: packet.topic, payload, retained: packet.retain };
    if (qos === 0) this.#inbound.push({ message });
    else this.#inbound.push({ message, acknowledge: () => void (stream.destroyed || stream.write(puback(messageId))) });
    done(qos === 0 ? undefined : NOT_YET);
  }

  async #handle({ message, acknowledge }: Inbound): Promise<void> {
    for (const handler of this.#handlers) await handler(message);
    if (!this.#closed) acknowledge?.();
  }

  #failed(error: unknown, comesAgain: boolean): void {
    this.#log.error('message-handler-failed', { url: this.#url, reason: String(error) });
    if (!comesAgain || this.#closed) return;
    this.#inbound.clear();
    this.#client.stream.destroy();
  }

  /** Does what a lost connection interrupts as often as it takes. Rejects with Fault `broker` at once when the connection is closed for good. */
  #untilDone(action: () => Promise<unknown>): Promise<void> {
    return new Promise((done, failed) => {
      const giveUp = (): void => failed(this.#fault('is closed'));
      this.#pending.add(giveUp);
      void this.#repeat(action)
        .then(done, failed)
        .finally(() => this.#pending.delete(giveUp));
    });
  }

  async #repeat(action: () => Promise<unknown>): Promise<void> {
    while (!this.#closed) {
      try {
        await action();
        return;
      } catch (cause) {
        if (this.#client.connected && !this.#closed) throw this.#fault(`refuses: ${String(cause)}`, cause);
      }
      if (!this.#closed && !this.#client.connected) await new Promise<void>((goOn) => this.#waiting.push(goOn));
    }
    throw this.#fault('is closed');
  }

  #fault(what: string, cause?: unknown): Fault {
    return new Fault('broker', `the connection to ${this.#url} ${what}`, { cause });
  }
}

/** Keeps the client library from acknowledging by itself. */
const NOT_YET = new Error('acknowledged when handled');

/** PUBACK (MQTT 3.1.1 clause 3.4): type 4, remaining length 2, packet identifier most significant byte first. */
const puback = (id: number): Uint8Array => Uint8Array.of(0x40, 2, id >> 8, id & 0xff);

const DEFAULT_PORTS: Readonly<Record<string, number>> = { mqtt: 1883, tcp: 1883, mqtts: 8883 };

/** Where a URL leads. Taken apart here: the library does it by a function of Node that warns every user of Node 24. */
function serverOf(url: string): Pick<IClientOptions, 'protocol' | 'hostname' | 'port'> {
  const { protocol: scheme, hostname, port } = URL.canParse(url) ? new URL(url) : { protocol: '', hostname: '', port: '' };
  const protocol = scheme.slice(0, -1);
  const usual = DEFAULT_PORTS[protocol];
  if (usual === undefined || hostname === '') throw new Fault('broker', `not the URL of an MQTT broker: ${url}`);
  return {
    protocol: protocol as NonNullable<IClientOptions['protocol']>,
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? usual : Number(port),
  };
}
