/** `doctor`: each check passes on a fit machine and fails on what it is there to find. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { check, clock, node, register } from '../../host/cli/doctor.ts';
import { RELEASED } from '../../host/model/version.ts';
import { call } from './terminal.ts';

describe('doctor', () => {
  test('finds this machine fit, one line a check', async () => {
    const { code, out } = await call([register], ['doctor']);
    expect(code).toBe(0);
    expect(out.split('\n').map((line) => line.slice(0, 12).trim())).toEqual(['ok    node', 'ok    clock', 'ok    core', 'ok    store']);
  });
  test('names what is wrong with a configuration and answers code 1', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hearthgate-doctor-'));
    writeFileSync(join(folder, 'g.yaml'), 'environment: staging\n');
    const { code, json } = await call([register], ['doctor', '--config', join(folder, 'g.yaml'), '--json']);
    rmSync(folder, { recursive: true });
    expect(code).toBe(1);
    const { ok, checks } = json as { ok: boolean; checks: { name: string; ok: boolean; detail: string }[] };
    expect(ok).toBe(false);
    expect(checks.filter((each) => !each.ok)).toMatchObject([
      { name: 'configuration', detail: expect.stringContaining('environment is not one of') as string },
    ]);
  });

  test.each([
    ['20.19.0', true],
    ['24.1.0', true],
    ['20.18.3', false],
    ['18.20.0', false],
  ])('judges Node %s as fit: %s', async (version, ok) => expect((await node(version)).ok).toBe(ok));
  test('does not believe a clock that stands before this release', async () => {
    expect((await clock(RELEASED)).ok).toBe(true);
    expect(await clock(RELEASED - 1)).toMatchObject({ ok: false, detail: expect.stringContaining('set the clock') as string });
  });
  test('a check that throws is one that failed', async () => {
    const failing = check('core', async () => {
      throw new Error('gone');
    });
    expect(await failing).toEqual({ name: 'core', ok: false, detail: 'gone' });
  });
});
