/** Asking for the test of a pending combination, and what a party sees of the list, on lists in JSON. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { register as verbs } from '../../host/cli/ppc.ts';
import { call } from './terminal.ts';

const MAKER = '02-00-00-00-00-00-05-01';
const OTHER = '02-00-00-00-00-00-05-02';
const base = { version: 3, environment: 'lab', issued: '2026-01-01', validFrom: '2026-01-01', validTo: '2100-01-01' };
const member = (type: string, firmwareVersion: number) => ({
  ...{ type, manufacturer: 0x10aa, model: `${type.toUpperCase()}-1`, hardwareVersion: 1, firmwareVersion },
});
const combination = (ppmid: number) => [member('chf', 100), member('esme', 1), member('ppmid', ppmid)];

let folder: string;
const path = (name: string): string => join(folder, name);
const file = (name: string, value: unknown): string => {
  writeFileSync(path(name), JSON.stringify(value));
  return path(name);
};
const ppc = (...argv: string[]) => call([verbs], ['ppc', ...argv]);
const lists = (): string[] => ['--pending', path('pending.json'), '--combinations', path('combinations.json')];
const ask = (name: string, ...argv: string[]) =>
  ppc('request', path(name), ...lists(), '--requester', MAKER, '--reason', 'upgrade', ...argv);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearthgate-ppc-'));
  const entry = {
    requester: MAKER.replaceAll('-', ''),
    requesterIsParty: false,
    reason: 'upgrade',
    requested: '2026-01-02',
    forecast: true,
  };
  file('pending.json', {
    ...base,
    kind: 'pending',
    pending: [
      { ...entry, combination: combination(7), status: 'failed', findings: 'no answer to 11.1', shared: false },
      { ...entry, combination: combination(8), status: 'modification-required', findings: 'needs a new request', shared: true },
      { ...entry, combination: combination(9), status: 'testing', shared: false },
    ],
  });
  file('combinations.json', { ...base, kind: 'combinations', combinations: [combination(1)] });
  for (const version of [1, 2, 7, 9]) file(`c${version}.json`, combination(version));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('ppc request', () => {
  test('lists a combination of a maker with who asked and when, as pending and not as eligible [R-PPC-01, R-PPC-03]', async () => {
    const { code, out } = await ask('c2.json', '--announced', '--out', path('next'));
    expect([code, out.trimEnd()]).toEqual([0, 'requested: 4 combinations are pending, none of them eligible']);
    const next = JSON.parse(readFileSync(path('next/pending.json'), 'utf8')) as { version: number; pending: { requested: string }[] };
    expect(next).toMatchObject({ kind: 'pending', version: 4 });
    expect(next.pending.at(-1)).toMatchObject({
      ...{ combination: combination(2), requester: MAKER.replaceAll('-', ''), requesterIsParty: false, reason: 'upgrade' },
      ...{ status: 'requested', forecast: true, shared: false },
    });
    expect(Math.abs(Date.parse(next.pending.at(-1)?.requested ?? '') - Date.now())).toBeLessThan(600_000);
    expect(existsSync(path('next/combinations.json'))).toBe(false);
  });
  test('is open again after a failed test, and warns of one that nobody announced [R-PPC-05, R-PPC-08]', async () => {
    const { code, json } = await ask('c7.json', '--json');
    expect([code, json]).toEqual([0, { status: 'requested', pending: 3, warning: 'use of the test was not announced beforehand' }]);
  });
  test.each([
    ['c1.json', 'already-eligible'],
    ['c9.json', 'already-pending'],
  ])('refuses %s: %s', async (name, why) => {
    const { code, out } = await ask(name, '--out', path('none'));
    expect([code, out]).toEqual([1, expect.stringContaining(`refused ${why}`)]);
    expect(existsSync(path('none'))).toBe(false);
  });
  test('names what is wrong with a combination by its place', async () => {
    file('bad.json', [{ ...member('chf', 100), firmwareVersion: 'new' }]);
    const { code, err } = await ask('bad.json');
    expect([code, err]).toEqual([2, expect.stringContaining('combinations[0][0].firmwareVersion')]);
    writeFileSync(path('no.json'), '{');
    expect(await ask('no.json')).toMatchObject({ code: 2, err: expect.stringContaining('is no JSON') as string });
  });
});

describe('ppc show', () => {
  const seen = async (as: string): Promise<unknown> => {
    const { json } = await ppc('show', '--pending', path('pending.json'), '--as', as, '--json');
    const { pending } = json as { readonly pending: readonly { status: string; findings?: string; route?: string }[] };
    return pending.map(({ status, findings, route }) => [status, findings, route]);
  };
  test('tells who asked what went wrong and which way leads to the change; a maker goes through a supplier [R-PPC-07, R-PPC-09]', async () => {
    expect(await seen(MAKER)).toEqual([
      ['failed', 'no answer to 11.1', undefined],
      ['modification-required', 'needs a new request', 'have a supplier raise a Modification Proposal'],
      ['testing', undefined, undefined],
    ]);
  });
  test('tells others the status alone, unless who asked shares more [R-PPC-07]', async () => {
    expect(await seen(OTHER)).toEqual([
      ['failed', undefined, undefined],
      ['modification-required', 'needs a new request', undefined],
      ['testing', undefined, undefined],
    ]);
    const { out } = await ppc('show', '--pending', path('pending.json'), '--as', OTHER);
    expect(out).toMatch(/^1: failed\n {2}chf {3}manufacturer 0x10aa model CHF-1 hardware 1 firmware 0x00000064$/m);
    expect(out).not.toContain('no answer');
  });
  test('says that device tests are for eligible combinations, and which way there is for others [R-TEST-02]', async () => {
    expect(await ppc('show', '--combination', path('c1.json'), ...lists(), '--as', MAKER)).toMatchObject({ code: 0 });
    const { code, out } = await ppc('show', '--combination', path('c7.json'), ...lists(), '--as', MAKER);
    expect([code, out]).toEqual([1, expect.stringContaining('ask for a test of the pending combination')]);
  });
});
