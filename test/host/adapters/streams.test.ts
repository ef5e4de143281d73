import { Duplex } from 'node:stream';
import { afterEach, describe, expect, test } from 'vitest';
import { openStream } from '../../../host/adapters/stream-open.ts';
import { openSerial, type SerialPackage } from '../../../host/adapters/stream-serial.ts';
import { connectTcp, listenTcp } from '../../../host/adapters/stream-tcp.ts';
import type { ByteStream } from '../../../host/ports/byte-stream.ts';
import { freePort } from '../../kit/broker-mosquitto.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Both ends of a TCP connection. */
async function tcpPair(): Promise<readonly [ByteStream, ByteStream]> {
  let accepted: (stream: ByteStream) => void = () => undefined;
  const far = new Promise<ByteStream>((done) => (accepted = done));
  const listener = await listenTcp((stream) => accepted(stream));
  const near = await connectTcp(listener.url);
  closers.push(listener.close, near.close);
  return [near, await far];
}

const collect = (stream: ByteStream, length: number): Promise<Uint8Array> =>
  new Promise((done) => {
    let got = Buffer.alloc(0);
    stream.onBytes((bytes) => {
      got = Buffer.concat([got, bytes]);
      if (got.length >= length) done(new Uint8Array(got));
    });
  });

describe('a TCP stream', () => {
  test('carries bytes both ways, in order, with what came before anybody listened', async () => {
    const [near, far] = await tcpPair();
    const all = Uint8Array.from({ length: 256 }, (_, index) => index);
    near.write(all.subarray(0, 100));
    near.write(all.subarray(100));
    await new Promise((done) => setImmediate(done));
    expect(await collect(far, 256)).toEqual(all);
    far.write(all);
    expect(await collect(near, 256)).toEqual(all);
  });

  test('tells each end once that it is over, and drops what is written afterwards', async () => {
    const [near, far] = await tcpPair();
    const reasons: string[] = [];
    const over = new Promise<void>((done) => far.onClosed((reason) => (reasons.push(reason), done())));
    far.onBytes(() => undefined);
    await near.close();
    await over;
    far.write(Uint8Array.of(1));
    near.write(Uint8Array.of(1));
    const late: string[] = [];
    near.onClosed((reason) => void late.push(reason));
    expect(reasons).toEqual([expect.stringContaining('closed by the other side')]);
    expect(late).toEqual([expect.stringMatching(/^tcp:.*: closed$/)]);
    await near.close();
  });

  test('faults with the address when nobody listens there', async () => {
    const url = `tcp://127.0.0.1:${await freePort()}`;
    await expect(connectTcp(url)).rejects.toMatchObject({ code: 'radio', message: expect.stringContaining(url) });
  });

  test('faults with host and port when they are taken', async () => {
    const listener = await listenTcp(() => undefined);
    closers.push(listener.close);
    const port = Number(new URL(listener.url).port);
    await expect(listenTcp(() => undefined, '127.0.0.1', port)).rejects.toMatchObject({
      code: 'radio',
      message: expect.stringContaining(`127.0.0.1:${port}`),
    });
  });
});

describe('a serial stream', () => {
  const opened: { path: string; baudRate: number }[] = [];
  /** A line that answers what is written to it. */
  class EchoPort extends Duplex {
    constructor(options: { path: string; baudRate: number }) {
      super();
      opened.push({ path: options.path, baudRate: options.baudRate });
    }
    open(done: (error: Error | null) => void): void {
      setImmediate(() => done(opened.at(-1)!.path === '/dev/absent' ? new Error('No such file') : null));
    }
    override _read(): void {}
    override _write(bytes: Uint8Array, _: string, done: () => void): void {
      this.push(bytes);
      done();
    }
  }
  const load = async (): Promise<SerialPackage> => ({ SerialPort: EchoPort });

  test('opens the line of its address at its baud rate', async () => {
    const stream = await openSerial('serial:///dev/ttyACM0?baud=115200', load);
    closers.push(stream.close);
    await openSerial('serial:///dev/ttyUSB1', load);
    expect(opened).toEqual([
      { path: '/dev/ttyACM0', baudRate: 115_200 },
      { path: '/dev/ttyUSB1', baudRate: 460_800 },
    ]);
    const answer = collect(stream, 3);
    stream.write(Uint8Array.of(1, 2, 3));
    expect(await answer).toEqual(Uint8Array.of(1, 2, 3));
  });

  test('faults with the address when the line cannot be opened', async () => {
    await expect(openSerial('serial:///dev/absent', load)).rejects.toMatchObject({
      code: 'radio',
      message: 'cannot open serial:///dev/absent: No such file',
    });
  });

  test('says what to install when the package is not there', async () => {
    const absent = (): Promise<SerialPackage> => Promise.reject(new Error('Cannot find package'));
    await expect(openSerial('serial:///dev/ttyACM0', absent)).rejects.toMatchObject({
      code: 'radio',
      message: expect.stringContaining('npm install serialport'),
    });
  });

  test.each([
    'serial://',
    'serial:///',
    'serial:///dev/a?baud=fast',
    'serial:///dev/a?baud=0',
    'serial:///dev/a?baud=1.5',
    'file:///dev/a',
  ])('does not take %s for an address', async (url) => {
    await expect(openSerial(url, load)).rejects.toMatchObject({ code: 'radio', message: expect.stringContaining(url) });
  });
});

describe('openStream', () => {
  test.each(['', 'tcp://', 'tcp://host', 'udp://127.0.0.1:1', '/dev/ttyACM0', 'serial:///'])(
    'faults with code radio on %j, which is no address of a radio',
    async (url) => {
      await expect(openStream(url)).rejects.toMatchObject({ code: 'radio' });
    },
  );

  test('connects to a TCP address', async () => {
    const listener = await listenTcp(() => undefined);
    closers.push(listener.close);
    const stream = await openStream(listener.url);
    await stream.close();
  });
});
