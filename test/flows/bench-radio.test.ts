/** The bench whose radio is not there: every run ends by itself, says which radio, and keeps what was done before. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectTcp, listenTcp } from '../../host/adapters/stream-tcp.ts';
import { benchTrust } from '../../host/compose/bench-trust.ts';
import { flash } from '../../host/compose/bench.ts';
import { EUI } from '../../host/compose/home.ts';
import { parseRadio, type RadioLocator } from '../../host/compose/locators.ts';
import { runHome } from '../../host/compose/run-home.ts';
import { sampleImages } from '../../host/compose/sample-images.ts';
import { benchPage } from '../../host/lab/bench-page.ts';
import type { ReportSigner } from '../../host/lab/signed-report.ts';
import { unhex } from '../../host/model/ids.ts';
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

const flashing = (radio: string): Hearthgate =>
  new Hearthgate(['bench', 'flash', image, '--radio', radio, '--device', EUI.ppmid, '--install-code', CODE, '--join-within', '2']);

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
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  return { url: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`, server, called };
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

  test('whose radio goes away between two devices keeps the record of the first, and says why it stopped', async () => {
    const home = await runHome({ listen: { host: '127.0.0.1', port: 0 }, seed: 1, loss: 0, channel: 15, log: silent });
    let gone: Promise<void> | undefined;
    const report = await flash({
      image: new Uint8Array(readFileSync(image)),
      name: 'v2.ota',
      radio: parseRadio(home.url) as RadioLocator,
      channel: 15,
      units: [unhex(CODE), undefined].map((installCode) => ({ eui: EUI.ppmid, installCode })),
      trust: await benchTrust(undefined),
      joinWithin: 1,
      stop: new AbortController().signal,
      tell: (event) => void (event.event === 'end' && (gone = home.stop())),
    });
    await gone;
    expect(report).toMatchObject({
      ...{ passed: 0, failed: 1, complete: false },
      units: [{ number: 1, outcome: 'failed', reason: { code: 'not-joined' } }],
      stopped: { code: 'radio', detail: expect.stringContaining(home.url) as string },
    });
    expect(benchPage(report, { name: 'x', role: 'gateway' } as ReportSigner, 'x.json')).toContain(
      `stopped: radio: cannot connect to ${home.url}`,
    );
    await expect(connectTcp(home.url)).rejects.toThrow('cannot connect');
  });
});
