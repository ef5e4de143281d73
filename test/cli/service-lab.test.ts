/**
 * A lab of separate processes as its operator runs it: `lab init`, then S1SP side, home and gateway, an upgrade issued, watched, asked
 * after and cancelled. Real time: the parts meet over TCP and MQTT alone.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EUI, VERSION } from '../../host/compose/home.ts';
import { unhex } from '../../host/model/ids.ts';
import { freePort } from '../kit/broker-mosquitto.ts';
import { Hearthgate, hearthgate } from '../kit/world-process.ts';

let folder: string;
let lab: string;
let broker: string;
const services: Hearthgate[] = [];
/** Everything that any process printed. */
const said: Hearthgate[] = [];

async function service(text: string, ...argv: readonly string[]): Promise<Hearthgate> {
  const process = new Hearthgate(argv);
  said.push(process);
  services.push(process);
  await process.says(text);
  return process;
}

async function verb(...argv: readonly string[]): Promise<{ readonly code: number | null; readonly process: Hearthgate }> {
  const outcome = await hearthgate(...argv);
  said.push(outcome.process);
  return outcome;
}

const issue = (...more: readonly string[]) => {
  const devices = ['--gateway', EUI.gateway, '--device', EUI.ppmid, '--broker', broker, '--json'];
  return verb('upgrade', 'issue', join(lab, 'images/ppmid-v2.ota'), '--key', join(lab, 'keys/lead.key'), ...devices, ...more);
};

function watch(...more: readonly string[]): Hearthgate {
  const key = join(lab, 'keys/gateway.key.pub');
  const process = new Hearthgate(['upgrade', 'watch', '--gateway-key', key, '--broker', broker, '--json', ...more]);
  said.push(process);
  return process;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hearthgate-lab-'));
  lab = join(folder, 'lab');
  const [mqtt, radio] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`];
  broker = `mqtt://${mqtt}`;
  const { code, process } = await verb('lab', 'init', lab, '--broker', mqtt, '--radio', radio);
  expect({ code, err: process.err }).toEqual({ code: 0, err: '' });
  await Promise.all([
    service('S1SP side runs (lab', 's1sp', 'run', '--config', join(lab, 's1sp.yaml')),
    service('virtual home: radio at', 'home', 'run', '--listen', radio, '--verbose'),
  ]);
  await service(`gateway ${EUI.gateway} runs (lab)`, 'gateway', 'run', '--config', join(lab, 'gateway.yaml'));
}, 60_000);
afterAll(async () => {
  for (const each of services.toReversed()) await each.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('lab init', () => {
  test('writes what the three services run with, its secrets for their owner alone', () => {
    const files = readdirSync(lab, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
    const secrets = files.filter(({ name }) => name.endsWith('.key') || name === 'install-codes.yaml');
    expect(secrets).toHaveLength(10);
    for (const { parentPath, name } of secrets) expect(statSync(join(parentPath, name)).mode & 0o077).toBe(0);
  });
  test('touches nothing that exists: a second time it refuses, naming the file', async () => {
    const before = readFileSync(join(lab, 'keys/lead.key'), 'utf8');
    const { code, process } = await verb('lab', 'init', lab);
    expect({ code, out: process.out }).toEqual({ code: 2, out: '' });
    expect(process.err).toMatch(/^hearthgate: .*\.key: exists already, and is left as it is\n$/);
    expect(readFileSync(join(lab, 'keys/lead.key'), 'utf8')).toBe(before);
  });
});

describe('an upgrade in a lab of processes', { timeout: 60_000 }, () => {
  let requestId: string;

  test('is turned away at intake when the gas supplier orders it: no gateway hears of it [R-PPMID-02]', async () => {
    const { code, process } = await issue('--key', join(lab, 'keys/gas.key'));
    expect(code).toBe(1);
    expect(process.json).toMatchObject([{ verdict: 'refused', code: 'gas-supplier', requirements: ['R-PPMID-02'] }]);
  });

  test('issued by the Lead Supplier succeeds, and who watches it ends with code 0 [R-PPMID-01, R-PPMID-06]', async () => {
    const watching = watch();
    await watching.says('following gateway');
    const { code, process } = await issue();
    expect({ code, err: process.err }).toEqual({ code: 0, err: '' });
    expect(process.json).toMatchObject([{ verdict: 'forwarded' }]);
    expect(await watching.code()).toBe(0);
    const reports = watching.json.flatMap(({ event }) => (event === undefined ? [] : [event as { type: string; stage?: string }]));
    const stages = reports.flatMap(({ stage }) => stage ?? []);
    expect(stages).toEqual(['fetching', 'verified', 'offered', 'transferring', 'activating', 'succeeded']);
    expect(reports.at(-1)).toMatchObject({ firmwareVersion: VERSION.v2 });
    expect(watching.json.some(({ progress }) => progress !== undefined)).toBe(true);
  });

  test('is told by status afterwards: the gateway online, its last report, the whole image', async () => {
    const { code, process } = await verb(
      'upgrade',
      'status',
      '--gateway-key',
      join(lab, 'keys/gateway.key.pub'),
      '--broker',
      broker,
      '--json',
    );
    expect(code).toBe(0);
    const [status] = process.json as unknown as [{ progress: { offset: number; total: number } }];
    expect(status).toMatchObject({ gateway: EUI.gateway, state: 'online', birth: { environment: 'lab', boot: 1 } });
    expect(status).toMatchObject({ report: { event: { stage: 'succeeded', firmwareVersion: VERSION.v2 } } });
    expect(status.progress.offset).toBe(status.progress.total);
  });

  test('that ended before somebody watches is no news to the watcher: it waits its time out', async () => {
    const watching = watch('--timeout', '1');
    expect(await watching.code()).toBe(1);
  });

  test('can be cancelled before its activation, and who watches it ends with code 1', async () => {
    await Promise.all(services.splice(1, 1).map((home) => home.stop()));
    const watching = watch();
    const { process } = await issue('--purpose', 'to be cancelled');
    ({ requestId } = process.json[0] as { requestId: string });
    await watching.says('"offered"');
    const lead = ['--key', join(lab, 'keys/lead.key'), '--gateway', EUI.gateway, '--broker', broker];
    const cancelled = await verb('upgrade', 'cancel', requestId, ...lead, '--json');
    expect(cancelled.code).toBe(0);
    expect(await watching.code()).toBe(1);
    expect(watching.json.at(-1)).toMatchObject({ event: { stage: 'cancelled', reason: { code: 'cancelled' } } });
  });
});

describe('what the processes printed', () => {
  test('holds no key of the lab, in no spelling [R-PRIV-01]', async () => {
    for (const each of services.splice(0).toReversed()) expect(await each.stop()).toBe(0);
    const text = said.map(({ out, err }) => out + err).join('\n');
    expect(text).toContain('gateway-started');
    const secrets = secretsOf(lab);
    expect(secrets).toHaveLength(11);
    for (const [name, bytes] of secrets) {
      for (const spelling of spellings(bytes)) expect(text.includes(spelling), `${name} as ${spelling.length} characters`).toBe(false);
    }
  });
  test('every store is left closed and whole', async () => {
    expect(existsSync(join(lab, 'data/gateway'))).toBe(true);
    expect(await verb('audit', 'verify', '--data', join(lab, 'data/gateway'))).toMatchObject({ code: 0 });
  });
});

/** Every secret of a lab's folder: private keys, the wrapping key, install codes. */
function secretsOf(lab: string): readonly (readonly [name: string, bytes: Uint8Array])[] {
  const keys = readdirSync(join(lab, 'keys')).filter((name) => name.endsWith('.key'));
  const read = (name: string): string => readFileSync(join(lab, name), 'utf8').trim();
  const codes = Object.entries(parseYaml(read('install-codes.yaml')) as Record<string, string>);
  return [
    ...keys.map((name) => {
      const text = read(`keys/${name}`);
      const digits = text.startsWith('{') ? (JSON.parse(text) as { private: string }).private : text;
      return [name, unhex(digits)] as const;
    }),
    ...codes.map(([device, code]) => [`install code of ${device}`, unhex(code)] as const),
  ];
}

function spellings(bytes: Uint8Array): readonly string[] {
  const buffer = Buffer.from(bytes);
  const hex = buffer.toString('hex');
  const pairs = hex.replace(/(..)(?=.)/g, '$1:');
  return [hex, hex.toUpperCase(), pairs, pairs.toUpperCase(), buffer.toString('base64').replace(/=+$/, ''), buffer.toString('base64url')];
}
