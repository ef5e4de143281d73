/** The bench whose radio is not there: every run ends by itself, says which radio, and keeps what was done before. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listenTcp } from '../../host/adapters/stream-tcp.ts';
import { EUI } from '../../host/compose/home.ts';
import { runHome } from '../../host/compose/run-home.ts';
import { sampleImages } from '../../host/compose/sample-images.ts';
import { silent } from '../../host/ports/log.ts';
import { Hearthgate } from '../kit/world-process.ts';

/** An install code of nobody here, from the ZigBee base device behaviour specification, 10.1. */
const CODE = '83fed3407a939723a5c639b26916d505c3b5';

let folder: string;
let image: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hearthgate-bench-radio-'));
  image = join(folder, 'v2.ota');
  writeFileSync(image, (await sampleImages()).v2);
});
afterAll(() => rmSync(folder, { recursive: true }));

const flashing = (radio: string, ...more: readonly string[]): Hearthgate =>
  new Hearthgate(['bench', 'flash', image, '--radio', radio, '--device', EUI.ppmid, '--install-code', CODE, '--join-within', '2', ...more]);

/** Where nobody listens: a port that was free a moment ago. */
async function nobody(): Promise<string> {
  const listener = await listenTcp(() => undefined);
  await listener.close();
  return listener.url;
}

/** A radio that takes the connection and never answers. */
async function deaf(): Promise<{ readonly url: string; readonly server: Server; readonly called: Promise<void> }> {
  const server = createServer((socket) => void socket.on('error', () => socket.destroy()).resume());
  const called = new Promise<void>((done) => void server.once('connection', () => done()));
  return { url: await listening(server), server, called };
}

/** The way to a radio that can be gone once: nobody listens there afterwards. */
async function once(url: string): Promise<string> {
  const { hostname: host, port } = new URL(url);
  const server = createServer((socket) => {
    server.close();
    const onward = connect({ host, port: Number(port) });
    socket.on('error', () => onward.destroy()).pipe(onward).on('error', () => socket.destroy()).pipe(socket); // prettier-ignore
  });
  return listening(server);
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('bench flash', () => {
  test('ends with code 3 and names the radio that nobody answers for, over TCP and on a serial line', async () => {
    for (const radio of [await nobody(), `serial://${join(folder, 'no-such-line')}`]) {
      const bench = flashing(radio);
      expect(await bench.code()).toBe(3);
      expect(bench.err).toContain(radio);
    }
  });

  test('gives up a radio that takes the connection and never answers: code 3', async () => {
    const { url, server } = await deaf();
    const bench = flashing(url);
    expect(await bench.code()).toBe(3);
    expect(bench.err).toContain('the radio does not answer within 2000 ms');
    server.close();
  });

  test('ends when it is told to while it waits for a radio: code 130', async () => {
    const { url, server, called } = await deaf();
    const bench = flashing(url);
    await called;
    bench.signal('SIGTERM');
    expect(await bench.code()).toBe(130);
    server.close();
  });

  test('whose radio goes away between two devices keeps the record of the first, and says why it stopped: code 3', async () => {
    const home = await runHome({ listen: { host: '127.0.0.1', port: 0 }, seed: 1, loss: 0, channel: 15, log: silent });
    const radio = await once(home.url);
    const report = join(folder, 'report.json');
    const bench = flashing(radio, '--repeat', '2', '--report', report);
    expect(await bench.code()).toBe(3);
    await home.stop();
    expect(bench.err).toBe(`hearthgate: cannot connect to ${radio}: connect ECONNREFUSED ${radio.slice(6)}\n`);
    expect((JSON.parse(readFileSync(report, 'utf8')) as { report: unknown }).report).toMatchObject({
      ...{ passed: 0, failed: 1, complete: false },
      units: [{ number: 1, outcome: 'failed', reason: { code: 'not-joined' } }],
      stopped: { code: 'radio', detail: expect.stringContaining(radio) as string },
    });
    expect(readFileSync(`${report}.html`, 'utf8')).toContain(`0 passed, 1 failed, stopped: radio: cannot connect to ${radio}`);
  });
});
