/** What the register verbs tell of all homes of a store: the Deployed Products List, and who is concerned by a weakness. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LmdbStore } from '../../host/adapters/store-lmdb.ts';
import { register as verbs } from '../../host/cli/register-fleet.ts';
import { signStatement } from '../../host/messages/statement.ts';
import { eui64, type Eui64 } from '../../host/model/ids.ts';
import type { Statement } from '../../host/model/register.ts';
import { Registers } from '../../host/stores/registers.ts';
import { REGISTRATION } from '../host/messages/parties.ts';
import { call } from './terminal.ts';

const NOW = Math.floor(Date.now() / 1000);
const DAY = 86_400;
const [FIRST, SECOND, THIRD] = ['0200000000000201', '0200000000000202', '0200000000000203'].map(eui64) as [Eui64, Eui64, Eui64];
const [LEAD, GAS] = ['0200000000000101', '0200000000000102'].map(eui64) as [Eui64, Eui64];
const HUB = { manufacturer: 0x10aa, model: 'HUB-1', hardwareVersion: 1, firmwareVersion: 100 };
const base = { version: 1, environment: 'lab' as const, issued: NOW, validFrom: NOW - DAY, validTo: NOW + 90 * DAY };

/** A home of an electricity meter and a PPMID, as its registers have it. */
function home(gateway: Eui64, ppmid: number | undefined, last: string): readonly Statement[] {
  const device = (eui: string, type: string, model: string, firmwareVersion: number | undefined) => ({
    ...{ eui: eui64(eui), type, manufacturer: 0x10aa, model, hardwareVersion: 3, imageType: undefined, firmwareVersion },
  });
  return [
    {
      ...base,
      ...{ kind: 'inventory', gateway, hub: HUB, cohort: 'IOC', premises: 'domestic', stage: 'enrolled', tag: 'active', wan: 'lab' },
      ...{ otaServer: true, halfHourlyControl: true },
    },
    {
      ...{ ...base, kind: 'device-log', gateway },
      devices: [device(`02000000000003${last}`, 'esme', 'ESME-1', 1), device(`02000000000004${last}`, 'ppmid', 'PPMID-1', ppmid)],
    },
    {
      ...{ ...base, kind: 'suppliers', gateway },
      ...{ lead: [{ party: LEAD, from: 0, to: undefined }], gas: [{ party: GAS, from: 0, to: undefined }] },
    },
  ] as readonly Statement[];
}

let folder: string;
const fleet = (...argv: string[]) => call([verbs], ['register', ...argv, '--data', folder]);
const inDays = (days: number): string => new Date((NOW + days * DAY) * 1000).toISOString().slice(0, 10);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hearthgate-fleet-'));
  const store = new LmdbStore(folder);
  const registers = new Registers(store);
  const [, log] = home(SECOND, 8, '02');
  const upgraded = { ...log, version: 2, validFrom: NOW + 30 * DAY } as Statement;
  for (const statement of [...home(FIRST, 8, '01'), ...home(SECOND, 7, '02'), upgraded, ...home(THIRD, undefined, '03')]) {
    const gateway = 'gateway' in statement ? statement.gateway : undefined;
    const write = registers.put(statement.kind, statement.version, signStatement(statement, REGISTRATION.key), gateway);
    if (!write.ok) throw new Error(write.detail);
    await store.commit([write.value]);
  }
  await store.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a device', () => {
  const PPMID = '02-00-00-00-00-00-04-02';
  test('is shown with its model, home, suppliers, and every version that names it [R-INV-01]', async () => {
    const { code, json } = await fleet('device', PPMID, '--json');
    expect([code, json]).toMatchObject([
      0,
      {
        gateway: SECOND,
        device: { eui: '0200000000000402', type: 'ppmid', model: 'PPMID-1', firmwareVersion: 7 },
        installation: { stage: 'enrolled', cohort: 'IOC', premises: 'domestic', wan: 'lab' },
        suppliers: { electricity: [LEAD], gas: [GAS] },
        history: [
          { register: 'device-log', version: 1, firmwareVersion: 7 },
          { register: 'device-log', version: 2, firmwareVersion: 8 },
        ],
      },
    ]);
    expect((await fleet('device', PPMID, '--as-of', inDays(40), '--json')).json).toMatchObject({ device: { firmwareVersion: 8 } });
  });
  test('is shown with where its security duties stand, and without what binds SMETS2+ alone [R-LIC-01, R-DEV-06, R-DEV-07]', async () => {
    const { out } = await fleet('device', PPMID);
    expect(out).toContain('security duties: Smart Energy Code');
    expect(out).toContain('does not bind: licence conditions on PPMID, HCALCS and Alt HAN');
    const { out: hub } = await fleet('device', '02-00-00-00-00-00-02-02');
    expect(hub).toContain('does not bind: F5-F10 communications hubs of the DCC');
    expect(hub).not.toContain('licence conditions on PPMID');
  });
  test('that no register names is none', async () => {
    expect(await fleet('device', '02-00-00-00-00-00-09-09')).toMatchObject({ code: 1 });
    expect(await fleet('device', PPMID, '--as-of', inDays(100))).toMatchObject({ code: 1 });
    expect(await fleet('device', 'display')).toMatchObject({ code: 2, err: expect.stringContaining('not an EUI-64') as string });
  });
});

describe('the Deployed Products List [R-DPL-01]', () => {
  const versions = async (...argv: string[]): Promise<unknown> => {
    const { json } = await fleet('deployed', '--json', ...argv);
    const { entries, unknown } = json as {
      readonly entries: readonly { readonly count: number; readonly combination: readonly { readonly firmwareVersion: number }[] }[];
      readonly unknown: number;
    };
    return [entries.map(({ count, combination }) => [count, combination.map((each) => each.firmwareVersion)]), unknown];
  };

  test('has each combination that exists once, and says of how many systems nobody knows it', async () => {
    expect(await versions()).toEqual([
      [
        [1, [100, 1, 8]],
        [1, [100, 1, 7]],
      ],
      1,
    ]);
  });
  test('is that of a day, when one is given: what was upgraded counts as what it was upgraded to', async () => {
    expect(await versions('--as-of', inDays(40))).toEqual([[[2, [100, 1, 8]]], 1]);
    expect(await versions('--as-of', inDays(100))).toEqual([[], 0]);
  });
  test('is printed for people with every field of each Device Model', async () => {
    const { code, out } = await fleet('deployed', '--as-of', inDays(40));
    expect([code, out.trimEnd().split('\n')]).toEqual([
      0,
      [
        '2 of',
        '  chf   manufacturer 0x10aa model HUB-1 hardware 1 firmware 0x00000064',
        '  esme  manufacturer 0x10aa model ESME-1 hardware 3 firmware 0x00000001',
        '  ppmid manufacturer 0x10aa model PPMID-1 hardware 3 firmware 0x00000008',
        '1 combinations; 1 systems with a device of unknown firmware version',
      ],
    ]);
  });
});

describe('who is concerned by a weakness [R-VULN-01]', () => {
  test('is every device of the Device Model, with the suppliers of its premises', async () => {
    const { code, json } = await fleet('affected', '--model', 'PPMID-1', '--firmware-version', '0x08', '--json');
    expect([code, json]).toEqual([0, { affected: [{ gateway: FIRST, device: '0200000000000401', tell: [LEAD, GAS] }] }]);
    const { out } = await fleet('affected', '--manufacturer', '0x10aa', '--model', 'HUB-1');
    expect(out.trimEnd().split('\n')).toEqual([
      ...[FIRST, SECOND, THIRD].map((each) => `device ${each} of gateway ${each}: tell ${LEAD}, ${GAS}`),
      '3 devices',
    ]);
  });
  test('is nobody for a version that nobody runs', async () => {
    const { code, out } = await fleet('affected', '--firmware-version', '9');
    expect([code, out.trimEnd()]).toEqual([0, '0 devices']);
  });
  test('is not asked without a Device Model', async () => {
    expect(await fleet('affected')).toMatchObject({ code: 2, err: expect.stringContaining('say which Device Model') as string });
  });
});
