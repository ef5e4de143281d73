/**
 * An MQTT 3.1.1 broker in this process, on a TCP port: for the demo, the lab and tests. It keeps sessions, retained and
 * queued messages in memory and asks nobody for a password: it listens on the loopback interface unless told otherwise.
 */
import { createServer, type AddressInfo } from 'node:net';
import { Aedes } from 'aedes';
import { Fault } from '../model/fault.ts';

/** A running broker. */
export interface EmbeddedBroker {
  /** Where to connect, as `mqtt://host:port`. */
  readonly url: string;
  /** Drops every connection and stops listening. */
  close(): Promise<void>;
}

/** Where to listen; a free port when none is given. */
export interface EmbeddedBrokerSettings {
  readonly host?: string;
  readonly port?: number;
}

/** Starts a broker. Rejects with Fault `broker`, naming host and port, when they cannot be listened on. */
export async function startBroker({ host = '127.0.0.1', port = 0 }: EmbeddedBrokerSettings = {}): Promise<EmbeddedBroker> {
  const aedes = await Aedes.createBroker();
  const server = createServer((socket) => void aedes.handle(socket));
  try {
    await new Promise<void>((done, failed) => server.once('error', failed).listen(port, host, done));
  } catch (cause) {
    await new Promise<void>((done) => aedes.close(done));
    throw new Fault('broker', `cannot listen on ${host}:${port}`, { cause });
  }
  const { port: bound } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    const stopped = new Promise<void>((done) => server.close(() => done()));
    await new Promise<void>((done) => aedes.close(done));
    await stopped;
  };
  return { url: `mqtt://${host}:${bound}`, close };
}
