/** An MQTT connection as a port (MQTT 3.1.1 suffices). */

/** What comes in. */
export interface Message {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly retained: boolean;
}

/** How a message is to be published. */
export interface PublishOptions {
  readonly retain?: boolean;
  readonly qos?: 0 | 1;
}

/** A connection that reconnects by itself. */
export interface Broker {
  /** Resolves when the broker acknowledged (QoS 1), rejects with Fault `broker` when the connection is closed for good. */
  publish(topic: string, payload: Uint8Array, options?: PublishOptions): Promise<void>;
  /** Subscribes at QoS 1; again by itself after each reconnection. Resolves at the first acknowledgement. */
  subscribe(filter: string): Promise<void>;
  unsubscribe(filter: string): Promise<void>;
  /** Delivered in order, one at a time: the next waits for the promise. QoS 1 is acknowledged only after it resolved. */
  onMessage(handler: (message: Message) => void | Promise<void>): void;
  /** Told at each (re)connection and each loss. */
  onConnection(handler: (connected: boolean) => void): void;
  /** Disconnects; the will is not sent. */
  close(): Promise<void>;
}

/** The will and identity of a connection. */
export interface BrokerSettings {
  readonly url: string;
  readonly clientId: string;
  readonly username?: string;
  readonly password?: string;
  readonly will?: { readonly topic: string; readonly payload: Uint8Array; readonly retain: boolean };
  /** For mqtts: certificates and key as PEM text; `ca` replaces the machine's list of authorities. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
}
