/** The configuration: what it accepts, what it says about what it refuses, and that docs/operate.md describes all of it. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { gatewaySchema, loadGatewayConfig, loadS1spConfig, parseConfig, s1spSchema } from '../../../host/compose/config.ts';
import { Fault } from '../../../host/model/fault.ts';

const GATEWAY = `
environment: lab
gateway: 02-00-00-00-00-00-00-01
data: data
broker:
  url: mqtts://broker.example.invalid:8883
  username: hub
  passwordFile: broker.password
radio: serial:///dev/ttyACM0?baud=115200
channel: 15
panId: 0x1a2b
hub: { manufacturer: 0x1ab1, model: HUB, hardwareVersion: 1, firmwareVersion: 0x100 }
installCodes: install-codes.yaml
statements: [suppliers.cose]
keys:
  wrapping: wrapping.key
  signing: /etc/hearthgate/gateway.key
trust:
  registration: [registration.pub]
`;

const S1SP = `
environment: lab
data: data
broker: { url: 'mqtt://127.0.0.1:1883' }
embeddedBroker: { listen: 127.0.0.1:1883 }
keys: { countersigning: s1sp.key }
trust: { registration: [registration.pub] }
`;

describe('the gateway configuration', () => {
  test('is read with its defaults', () => {
    expect(parseConfig(gatewaySchema, 'g.yaml', GATEWAY)).toEqual({
      environment: 'lab',
      gateway: '0200000000000001',
      data: 'data',
      broker: { url: 'mqtts://broker.example.invalid:8883', username: 'hub', passwordFile: 'broker.password' },
      radio: { kind: 'serial', path: '/dev/ttyACM0', baud: 115200 },
      channel: 15,
      panId: 0x1a2b,
      hub: { manufacturer: 0x1ab1, model: 'HUB', hardwareVersion: 1, firmwareVersion: 0x100 },
      installCodes: 'install-codes.yaml',
      statements: ['suppliers.cose'],
      images: {
        integrityRequired: true,
        signatureRequired: false,
        body: 'tagged',
        maximumSize: 16 * 1024 * 1024,
        authorities: [],
        manufacturers: [],
      },
      keys: { wrapping: 'wrapping.key', signing: '/etc/hearthgate/gateway.key', certificates: [] },
      trust: { registration: ['registration.pub'], countersigners: ['dcc-countersigner'] },
      log: { level: 'info' },
    });
  });

  test.each([
    ['environment: lab', 'environment: staging', 'g.yaml: environment is not one of lab, production'],
    [
      'gateway: 02-00-00-00-00-00-00-01',
      'gateway: hub',
      'g.yaml: gateway is not an EUI-64: write 16 hex digits, best in pairs joined by "-"',
    ],
    ['gateway: 02-00-00-00-00-00-00-01', 'gateway: 0200000000000001', 'g.yaml: gateway is not a text (write it in quotes)'],
    ['data: data\n', '', 'g.yaml: data is missing'],
    ['data: data', 'data: ""', 'g.yaml: data is empty'],
    ['  username: hub', '  user: hub', 'g.yaml: broker.user is not a setting'],
    ['channel: 15', 'channel: 15\nchanel: 16', 'g.yaml: chanel is not a setting'],
    ['channel: 15', 'channel: 27', 'g.yaml: channel is above 26'],
    ['channel: 15', 'channel: 10', 'g.yaml: channel is below 11'],
    ['channel: 15', 'channel: 15.5', 'g.yaml: channel is not a whole number'],
    ['panId: 0x1a2b', 'panId: 0xffff', 'g.yaml: panId is above 65534'],
    ['mqtts://broker', 'http://broker', 'g.yaml: broker.url is not mqtt://host:port or mqtts://host:port'],
    [
      'mqtts://broker',
      'mqtts://me:word@broker',
      'g.yaml: broker.url must not hold credentials: use broker.username and broker.passwordFile',
    ],
    [
      'serial:///dev/ttyACM0?baud=115200',
      'air',
      'g.yaml: radio "air" is the virtual medium inside `hearthgate demo`: use tcp://host:port or serial:///dev/…',
    ],
    ['serial:///dev/ttyACM0?baud=115200', 'serial://ttyACM0', 'g.yaml: radio is not tcp://host:port or serial:///dev/…?baud=N'],
    ['?baud=115200', '?baud=1', 'g.yaml: radio has a baud rate outside 1200 to 4000000'],
    ['?baud=115200', '?parity=odd', 'g.yaml: radio knows baud alone, not parity'],
    ['[registration.pub]', '[]', 'g.yaml: trust.registration is below 1'],
    [
      '[registration.pub]',
      '[registration.pub]\n  countersigners: [gas-supplier]',
      'g.yaml: trust.countersigners.0 is not one of dcc-countersigner',
    ],
    ['channel: 15', 'channel: 15\nchannel: 16', 'g.yaml:11:1: Map keys must be unique'],
    ['channel: 15', 'channel: [15', 'g.yaml:11:1: Flow sequence in block collection must be sufficiently indented and end with a ]'],
  ])('refuses %j → %j and says why', (from, to, message) => {
    expect(GATEWAY).toContain(from);
    expect(() => parseConfig(gatewaySchema, 'g.yaml', GATEWAY.replace(from, to))).toThrow(new Fault('config', message));
  });

  test('names every wrong key at once, in one line', () => {
    const broken = GATEWAY.replace('channel: 15', 'channel: 9').replace('data: data\n', '');
    expect(() => parseConfig(gatewaySchema, 'g.yaml', broken)).toThrow('g.yaml: data is missing; channel is below 11');
  });
  test('refuses an empty file, a list and a chain of aliases', () => {
    for (const source of ['', '- a', 'a: &a [x]\nb: *a']) expect(() => parseConfig(gatewaySchema, 'g.yaml', source)).toThrow(Fault);
  });
});

describe('the configuration of the S1SP', () => {
  test('is read with its defaults', () => {
    expect(parseConfig(s1spSchema, 's.yaml', S1SP)).toMatchObject({
      embeddedBroker: { listen: { host: '127.0.0.1', port: 1883 } },
      statements: [],
      log: { level: 'info' },
    });
  });
  test.each(['127.0.0.1', 'host:70000', ':80', 'a b:80'])('refuses to listen on %j', (listen) => {
    expect(() => parseConfig(s1spSchema, 's.yaml', S1SP.replace('127.0.0.1:1883 }', `'${listen}' }`))).toThrow(
      's.yaml: embeddedBroker.listen is not host:port',
    );
  });
});

describe('a configuration file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hearthgate-config-'));
    for (const name of ['wrapping.key', 'gateway.key', 's1sp.key', 'broker.password', 'install-codes.yaml'])
      writeFileSync(join(folder, name), 'x', { mode: 0o600 });
    writeFileSync(join(folder, 'g.yaml'), GATEWAY.replace('/etc/hearthgate/', ''));
    writeFileSync(join(folder, 's.yaml'), S1SP);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('has paths that count from its own folder', async () => {
    const gateway = await loadGatewayConfig(join(folder, 'g.yaml'));
    expect(gateway.data).toBe(join(folder, 'data'));
    expect(gateway.keys).toEqual({ wrapping: join(folder, 'wrapping.key'), signing: join(folder, 'gateway.key'), certificates: [] });
    expect(gateway.broker.passwordFile).toBe(join(folder, 'broker.password'));
    expect(gateway.trust.registration).toEqual([join(folder, 'registration.pub')]);
    expect(gateway.statements).toEqual([join(folder, 'suppliers.cose')]);
    expect((await loadS1spConfig(join(folder, 's.yaml'))).keys.countersigning).toBe(join(folder, 's1sp.key'));
  });

  test.skipIf(process.platform === 'win32').each([
    ['wrapping.key', 'keys.wrapping', 0o640],
    ['gateway.key', 'keys.signing', 0o604],
    ['install-codes.yaml', 'installCodes', 0o644],
    ['broker.password', 'broker.passwordFile', 0o622],
  ])('is refused when others may read or write %s', async (name, key, mode) => {
    chmodSync(join(folder, name), mode);
    const line = `${join(folder, 'g.yaml')}: ${key}: ${join(folder, name)} may be read or changed by others (mode 0${mode.toString(8)}): chmod 600 it`;
    await expect(loadGatewayConfig(join(folder, 'g.yaml'))).rejects.toThrow(new Fault('config', line));
  });
  test('is refused when a file of secrets is not there', async () => {
    rmSync(join(folder, 's1sp.key'));
    await expect(loadS1spConfig(join(folder, 's.yaml'))).rejects.toThrow(`keys.countersigning: ${join(folder, 's1sp.key')}: no such file`);
  });
  test('that is not there, is a folder or is not UTF-8 is named', async () => {
    writeFileSync(join(folder, 'bad.yaml'), Uint8Array.of(0x61, 0x3a, 0x20, 0xff));
    await expect(loadGatewayConfig(join(folder, 'no.yaml'))).rejects.toThrow(
      new Fault('config', `${join(folder, 'no.yaml')}: no such file`),
    );
    await expect(loadGatewayConfig(folder)).rejects.toThrow(new Fault('config', `${folder}: is a directory`));
    await expect(loadGatewayConfig(join(folder, 'bad.yaml'))).rejects.toThrow(
      new Fault('config', `${join(folder, 'bad.yaml')}: not UTF-8 at byte 3`),
    );
  });
});

describe('docs/operate.md', () => {
  const page = readFileSync(new URL('../../../docs/operate.md', import.meta.url), 'utf8');
  const rows = (heading: string): string[] => {
    const section = page.split(/^### /m).find((part) => part.startsWith(heading)) ?? '';
    return [...section.matchAll(/^\| `([\w.]+)` +\|.*\| *([^|]*?) *\|$/gm)].map(([, key, fallback]) => `${key} = ${fallback}`);
  };

  test.each([
    ['The gateway', gatewaySchema],
    ['The S1SP', s1spSchema],
  ])('describes every setting of %s with its default, and no other', (heading, schema) => {
    expect(rows(heading).sort()).toEqual(settings(schema).sort());
  });
  test('would be found wanting when a setting is not described', () => {
    expect(settings(gatewaySchema.extend({ extra: z.int().default(3) }))).toContain('extra = `3`');
  });
});

/** `key = default` of every setting of a schema; the default as the page writes it. */
function settings(schema: z.ZodType, path = '', fallback = 'required'): string[] {
  if (schema instanceof z.ZodObject) {
    const group = fallback === 'required' ? undefined : fallback;
    return Object.entries(schema.shape).flatMap(([key, each]) =>
      settings(each as z.ZodType, path === '' ? key : `${path}.${key}`, group === 'none' ? 'none' : 'required'),
    );
  }
  if (schema instanceof z.ZodDefault) return [`${path} = \`${JSON.stringify(schema.def.defaultValue).replaceAll('"', '')}\``];
  if (schema instanceof z.ZodPrefault) return settings(schema.def.innerType as z.ZodType, path);
  if (schema instanceof z.ZodOptional) return settings(schema.def.innerType as z.ZodType, path, 'none');
  return [`${path} = ${fallback}`];
}
