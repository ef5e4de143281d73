/** A TCP relay in front of a broker: tests cut connections with it. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A running relay. */
export interface Proxy {
  readonly url: string;
  /** Breaks every connection; with `refuse` new ones are broken too until `mend`. */
  cut(refuse?: boolean): void;
  mend(): void;
  /** Connections made so far. */
  readonly connections: number;
  close(): Promise<void>;
}

/** Starts a relay on a free loopback port to the broker at `url`. */
export async function startProxy(url: string): Promise<Proxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let refusing = false;
  let connections = 0;
  const server = createServer((near) => {
    if (refusing) return void near.destroy();
    connections++;
    const far = connect(Number(target.port), target.hostname);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => (sockets.delete(socket), other.destroy()));
      socket.pipe(other);
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const cut = (refuse = false): void => {
    refusing = refuse;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    mend: () => void (refusing = false),
    get connections() {
      return connections;
    },
    close: () => (cut(true), new Promise<void>((done) => server.close(() => done()))),
  };
}
