/** The ByteStream port over TCP: to a radio on the network, or to the virtual home, `tcp://host:port`. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Fault } from '../model/fault.ts';
import type { ByteStream } from '../ports/byte-stream.ts';
import { duplexStream } from './stream-duplex.ts';

/** Milliseconds for the connection to come about. */
const CONNECT_MS = 10_000;

/** Connects to `tcp://host:port`. Rejects with Fault `radio`, naming the address. */
export async function connectTcp(url: string): Promise<ByteStream> {
  const { protocol, hostname, port } = URL.canParse(url) ? new URL(url) : { protocol: '', hostname: '', port: '' };
  if (protocol !== 'tcp:' || hostname === '' || port === '') throw new Fault('radio', `not an address like tcp://host:port: ${url}`);
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port), noDelay: true });
  try {
    await new Promise<void>((done, failed) => {
      socket.setTimeout(CONNECT_MS, () => failed(new Error(`no connection within ${CONNECT_MS} ms`)));
      socket.once('connect', done).once('error', failed);
    });
  } catch (cause) {
    socket.destroy();
    throw new Fault('radio', `cannot connect to ${url}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  socket.setTimeout(0);
  return duplexStream(socket, url);
}

/** A listening port. */
export interface TcpListener {
  /** Where to connect, as `tcp://host:port`. */
  readonly url: string;
  /** Ends every connection and stops listening. */
  close(): Promise<void>;
}

/** Listens, on the loopback interface and a free port unless told otherwise. Rejects with Fault `radio`, naming host and port. */
export async function listenTcp(onStream: (stream: ByteStream) => void, host = '127.0.0.1', port = 0): Promise<TcpListener> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    onStream(duplexStream(socket, `tcp://${socket.remoteAddress}:${socket.remotePort}`));
  });
  try {
    await new Promise<void>((done, failed) => server.once('error', failed).listen(port, host, done));
  } catch (cause) {
    throw new Fault('radio', `cannot listen on ${host}:${port}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  const close = (): Promise<void> => {
    const stopped = new Promise<void>((done) => server.close(() => done()));
    for (const socket of sockets) socket.destroy();
    return stopped;
  };
  return { url: `tcp://${host}:${(server.address() as AddressInfo).port}`, close };
}
