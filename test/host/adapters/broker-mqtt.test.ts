import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { startBroker } from '../../../host/adapters/broker-embedded.ts';
import { MqttBroker } from '../../../host/adapters/broker-mqtt.ts';
import { SystemEntropy } from '../../../host/adapters/system.ts';
import { silent, type Log } from '../../../host/ports/log.ts';
import { describeBroker } from '../../kit/broker-conformance.ts';
import { mosquitto, startMosquitto } from '../../kit/broker-mosquitto.ts';

describeBroker('the embedded broker', (port) => startBroker({ ...(port !== undefined && { port }) }));

if (mosquitto !== undefined) describeBroker('Mosquitto', startMosquitto);
else test.skipIf(process.env['CI'] !== 'true')('Mosquitto is installed', () => expect(mosquitto).toBeDefined());

/** Whether certificates can be made here. */
const openssl = spawnSync('openssl', ['version']).status === 0;
if (!openssl && process.env['CI'] === 'true') test('OpenSSL is installed', () => expect(openssl).toBe(true));

describe.skipIf(!openssl)('MqttBroker over TLS', () => {
  /** A broker behind TLS, with the certificate that it shows. */
  const secured = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hearthgate-tls-'));
    const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const request = [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=127.0.0.1',
      '-addext',
      'subjectAltName=IP:127.0.0.1',
    ];
    execFileSync('openssl', [...request, '-keyout', keyFile, '-out', certFile], { stdio: 'ignore' });
    const [key, cert] = await Promise.all([keyFile, certFile].map((file) => readFile(file, 'utf8')));
    await rm(folder, { recursive: true });
    const broker = await startBroker();
    const server = createServer({ key: key!, cert: cert! }, (near) => {
      const far = connect(Number(new URL(broker.url).port), '127.0.0.1');
      near.on('error', () => far.destroy()).pipe(far);
      far.on('error', () => near.destroy()).pipe(near);
    });
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const close = async (): Promise<void> => {
      await broker.close();
      await new Promise<void>((done) => server.close(() => done()));
    };
    return { url: `mqtts://127.0.0.1:${(server.address() as AddressInfo).port}`, ca: cert!, close };
  };

  test('connects where the certificate is of the authority it was given', async () => {
    const { url, ca, close } = await secured();
    const broker = new MqttBroker({ url, clientId: 'a', tls: { ca } }, { entropy: new SystemEntropy(), log: silent });
    await broker.publish('t', Uint8Array.of(1));
    await broker.close();
    await close();
  });

  test('does not connect where it is not, and says so', async () => {
    const { url, close } = await secured();
    const warned = new Promise<string>((done) => {
      const log: Log = { ...silent, warn: (_, fields) => done(String(fields?.['reason'])) };
      const broker = new MqttBroker({ url, clientId: 'a' }, { entropy: new SystemEntropy(), log });
      broker.onConnection((connected) => connected && done('connected'));
      closers.push(() => broker.close());
    });
    expect(await warned).toMatch(/self-signed certificate/);
    for (const end of closers.splice(0)) await end();
    await close();
  });
});

const closers: (() => Promise<void>)[] = [];

describe('MqttBroker', () => {
  test('refuses a URL of another protocol', () => {
    const make = (): MqttBroker =>
      new MqttBroker({ url: 'http://broker.example.invalid', clientId: 'a' }, { entropy: new SystemEntropy(), log: silent });
    expect(make).toThrowError(expect.objectContaining({ code: 'broker' }));
  });
});

describe('the embedded broker', () => {
  test('faults with host and port when it cannot listen there', async () => {
    const first = await startBroker();
    const port = Number(new URL(first.url).port);
    await expect(startBroker({ port })).rejects.toMatchObject({ code: 'broker', message: expect.stringContaining(`127.0.0.1:${port}`) });
    await first.close();
  });
});
