/** A pending product combination on the bench, by the verb: its test list, its end, and both lists afterwards. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildImage } from '../../firmware/image/build.ts';
import { staleVersion } from '../../firmware/ppmid/profiles/endings.ts';
import * as ppc from '../../host/cli/bench-ppc.ts';
import * as report from '../../host/cli/bench-report.ts';
import { benchTrust } from '../../host/compose/bench-trust.ts';
import { EUI, HOME_DEVICES, HUB_MODEL, VERSION } from '../../host/compose/home.ts';
import { testCombination, LABORATORY, type PpcPlan } from '../../host/compose/ppc.ts';
import { statementText } from '../../host/compose/register-files.ts';
import { runHome } from '../../host/compose/run-home.ts';
import { sampleImages } from '../../host/compose/sample-images.ts';
import { Seeded } from '../../firmware/air/seeded.ts';
import type { CombinationMember } from '../../host/model/dated.ts';
import { eui64 } from '../../host/model/ids.ts';
import type { CombinationsStatement } from '../../host/model/register.ts';
import type { PendingEntry, PendingStatement } from '../../host/model/regulation.ts';
import { silent } from '../../host/ports/log.ts';
import { call, type Outcome } from '../cli/terminal.ts';
import { Hearthgate } from '../kit/world-process.ts';

const MAKER = eui64('0200000000000501');
const NOW = 1_795_000_000;
const base = { version: 3, environment: 'lab' as const, issued: NOW, validFrom: NOW, validTo: NOW + 86_400 * 365 };
const member = (type: string, model: string, firmwareVersion: number): CombinationMember => ({
  ...{ type, manufacturer: 0x1ab3, model, hardwareVersion: 1, firmwareVersion },
});
const combination = (version: number): readonly CombinationMember[] => [
  member('chf', 'HUB', 1),
  member('esme', 'E', 4),
  member('ppmid', 'P', version),
];
const ENTRY: PendingEntry = {
  ...{ combination: combination(7), requester: MAKER, requesterIsParty: false, reason: 'upgrade', requested: NOW },
  ...{ forecast: true, status: 'requested', shared: false },
};
const image = (fileVersion = 7): Uint8Array =>
  buildImage({ manufacturer: 0x1ab3, imageType: 0x84, fileVersion, text: 'ppc', elements: [{ tag: 0, data: new Uint8Array(700) }] });

const ITEMS = [
  ...['join-esme', 'join-ppmid', 'image', 'version-ppmid'],
  ...['update-firmware-of-another-party', 'update-firmware-cancelled', 'update-firmware'],
  ...['ppmid-keys', 'device-not-in-log'],
];

let folder: string;
const at = (name: string): string => join(folder, name);
const textOf = (name: string): string => readFileSync(at(name), 'utf8');
const lists = (name: string, entries: readonly PendingEntry[] = [ENTRY]): readonly string[] => {
  const pending: PendingStatement = { ...base, kind: 'pending', pending: entries };
  const eligible: CombinationsStatement = { ...base, kind: 'combinations', combinations: [combination(6)] };
  writeFileSync(at(`${name}-pending.json`), statementText(pending));
  writeFileSync(at(`${name}-eligible.json`), statementText(eligible));
  return ['--pending', at(`${name}-pending.json`), '--combinations', at(`${name}-eligible.json`)];
};
const both = ['--acknowledge', LABORATORY, '--acknowledge', MAKER];
const tags = ['--release', 'IOC', '--approach', 'ETAD 2.0'];
const run = (...argv: readonly string[]): Promise<Outcome> => call([ppc.register, report.register], ['bench', ...argv]);
const tested = (...argv: readonly string[]): Promise<Outcome> => run('ppc', at('ppmid.ota'), ...tags, ...argv);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearthgate-ppc-'));
  writeFileSync(at('ppmid.ota'), image());
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The list, run without the command line. */
const plan = async (change: Partial<PpcPlan> = {}): Promise<PpcPlan> => ({
  radio: { kind: 'air', realtime: false, seed: 4, loss: 0 },
  ...{ channel: 15, certificates: [], units: new Map(), trust: await benchTrust(undefined) },
  ...{ release: 'MOC', approach: 'ETAD 2.0', acknowledged: [LABORATORY, MAKER], after: undefined },
  ...{ lists: { eligible: [], pending: [ENTRY] }, entry: ENTRY, image: image(), name: 'ppmid.ota', stop: new AbortController().signal },
  tell: () => undefined,
  ...change,
});

describe('a combination that works', { timeout: 90_000 }, () => {
  test('passes every item, and moves from the one list to the other in one step [R-PPC-02, R-PPC-04]', async () => {
    const { code, out } = await tested(...lists('good'), ...both, '--report', at('good.json'), '--out', at('next'), '--json');
    expect(code).toBe(0);
    const events = out.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events.filter(({ event }) => event === 'item').map(({ name, verdict }) => [name, verdict])).toEqual(
      ITEMS.map((name) => [name, 'passed']),
    );
    expect(events.find(({ name }) => name === 'update-firmware-of-another-party')?.['detail']).toBe('refused: gas-supplier');
    expect(events.find(({ event }) => event === 'result')).toMatchObject({
      ...{ result: 'passed', mayMove: true, warnings: [] },
      delta: [expect.stringMatching(/^- ppmid.*0x00000006$/), expect.stringMatching(/^\+ ppmid.*0x00000007$/)],
    });
    const [pending, eligible] = [JSON.parse(textOf('next/pending.json')), JSON.parse(textOf('next/combinations.json'))] as [
      PendingStatement,
      CombinationsStatement,
    ];
    expect(pending).toMatchObject({ version: 4, pending: [] });
    expect(eligible).toMatchObject({ version: 4, combinations: [combination(6), combination(7)] });
  });

  test('is told in a signed report with its tags and its requester [R-TEST-01, R-TEST-04, R-TEST-06, R-PPC-03]', async () => {
    expect(await run('verify', at('good.json'), '--key', at('good.json.pub'), '--json')).toMatchObject({
      code: 0,
      json: {
        report: {
          ...{ kind: 'bench-ppc', mode: 'simulated user and devices', release: 'IOC', approach: 'ETAD 2.0', mayMove: true },
          ...{ requester: MAKER, reason: 'upgrade', acknowledged: [LABORATORY, MAKER] },
        },
      },
    });
    const page = textOf('good.json.html');
    for (const told of ['may move to the eligible list', 'update-firmware-cancelled', MAKER, 'ETAD 2.0']) expect(page).toContain(told);
  });

  test('goes on to its test without a forecast, with a warning on record [R-PPC-08]', async () => {
    const { code, out } = await tested(...lists('late', [{ ...ENTRY, forecast: false }]), ...both);
    expect([code, out.includes('warning: use of the test was not announced beforehand [R-PPC-08]')]).toEqual([0, true]);
  });
});

test('a bench whose radio is not there ends by itself with code 3, and names the radio', async () => {
  const radio = 'tcp://127.0.0.1:1'; // tcpmux: nobody listens there
  const devices = [EUI.esme, EUI.ppmid].flatMap((eui, i) => ['--device', `${i === 0 ? 'esme' : 'ppmid'}=${eui}`]);
  const bench = new Hearthgate(['bench', 'ppc', at('ppmid.ota'), ...tags, ...lists('gone'), ...both, ...devices, '--radio', radio]);
  expect(await bench.code()).toBe(3);
  expect(bench.err).toContain(radio);
});

describe('a combination that does not work', { timeout: 90_000 }, () => {
  const staleAfterUpgrade = { habits: staleVersion(6).habits(new Seeded(1)) };

  test('stays pending with its findings: here one whose PPMID says the old version after its upgrade', async () => {
    const outcome = await testCombination(await plan(staleAfterUpgrade));
    if (!outcome.ok) throw new Error(outcome.detail);
    const { report: found, lists: after } = outcome.value;
    expect(found).toMatchObject({ result: 'failed', mayMove: false });
    expect(found.items.filter(({ verdict }) => verdict !== 'passed').map(({ name }) => name)).toEqual(['update-firmware']);
    expect(after).toMatchObject({
      eligible: [],
      pending: [{ status: 'failed', findings: expect.stringContaining('version-not-changed') as string }],
    });
  });

  test('stays pending when its cohort has no PPMID firmware service: what the gateway refuses is no pass [R-PPMID-09]', async () => {
    const outcome = await testCombination(await plan({ release: 'FOC' }));
    if (!outcome.ok) throw new Error(outcome.detail);
    expect(outcome.value.report).toMatchObject({ mayMove: false, findings: expect.stringContaining('cohort-not-in-scope') as string });
  });

  test('and cannot without a change of systems or Code ends its testing; no slot is opened for it again [R-PPC-06]', async () => {
    const ended = await testCombination(await plan({ ...staleAfterUpgrade, needsChange: 'the DCC cannot carry it' }));
    if (!ended.ok) throw new Error(ended.detail);
    const after = ended.value.lists;
    expect(after.pending[0]).toMatchObject({
      status: 'modification-required',
      findings: expect.stringMatching(/^the DCC cannot carry it; /) as string,
    });
    expect(await testCombination(await plan({ lists: after, entry: after.pending[0]! }))).toMatchObject({
      ok: false,
      code: 'modification-required',
    });
  });
});

describe('no test is made', () => {
  test('before both sides have acknowledged their obligations [R-TEST-06]', async () => {
    const { code, out } = await tested(...lists('one'), '--acknowledge', LABORATORY, '--out', at('none'));
    expect([code, out]).toEqual([1, `refused (not-acknowledged): ${MAKER} did not acknowledge the obligations of ETAD 2.0`]);
    expect(existsSync(at('none'))).toBe(false);
  });
  test('to its end when the user stops it: then it has no result, and the lists stay as they are', async () => {
    const stop = new AbortController();
    const seen: string[] = [];
    const tell: PpcPlan['tell'] = ({ name, verdict }) => {
      seen.push(verdict);
      if (name === 'join-ppmid') stop.abort();
    };
    expect(await testCombination(await plan({ stop: stop.signal, tell }))).toMatchObject({ ok: false, code: 'interrupted' });
    expect(seen.slice(2)).toEqual(ITEMS.slice(2).map(() => 'not-run'));
  });
  test('with an image of another version than that of the combination', async () => {
    expect(await testCombination(await plan({ image: image(8) }))).toMatchObject({ ok: false, code: 'other-image' });
  });
  test.each([
    [[{ ...ENTRY, combination: [member('esme', 'E', 4), member('ppmid', 'P', 7)] }], 'has no hub'],
    [[{ ...ENTRY, combination: [member('chf', 'HUB', 1), member('esme', 'E', 4)] }], 'has no PPMID'],
    [[ENTRY, { ...ENTRY, combination: combination(8) }], '--entry is missing: 2 combinations are pending'],
    [[], 'no combination is pending'],
  ] as const)('of a list that names none: code 2', async (entries, line) => {
    expect(await tested(...lists('odd', entries), ...both)).toMatchObject({ code: 2, err: expect.stringContaining(line) as string });
  });
});

test(
  'real devices behind a radio are tested by the same list; what needs a virtual one does not apply [R-TEST-01]',
  { timeout: 120_000 },
  async () => {
    const home = await runHome({ listen: { host: '127.0.0.1', port: 0 }, seed: 1, loss: 0, channel: 15, log: silent });
    try {
      writeFileSync(at('v2.ota'), (await sampleImages()).v2);
      const real = [HUB_MODEL, ...HOME_DEVICES].map(({ eui: _e, imageType: _i, firmwareVersion = 1, ...each }) => ({
        ...each,
        firmwareVersion: each.type === 'ppmid' ? VERSION.v2 : firmwareVersion,
      }));
      const devices = ['--device', `ppmid=${EUI.ppmid}`, '--device', `esme=${EUI.esme}`];
      const given = [
        ...lists('real', [{ ...ENTRY, combination: real }]),
        ...both,
        ...tags,
        ...devices,
        '--radio',
        home.url,
        '--join-within',
        '30',
      ];
      const { out, code } = await run('ppc', at('v2.ota'), ...given);
      expect({ code, out }).toMatchObject({ code: 0, out: expect.stringMatching(/not-applicable alert +device-not-in-log/) as string });
    } finally {
      await home.stop();
    }
  },
);
