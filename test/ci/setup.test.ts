/** The set-up that `npm start` and `npm test` do first. */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { digestOf } from '../../.ci/files.mjs';
import { withLock } from '../../.ci/lock.mjs';
import { dependenciesDiffer } from '../../.ci/prepare.mjs';
import { ROOT } from '../kit/gates/source.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearthgate-setup-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('set-up', () => {
  test('has nothing to do, and says nothing, when all is up to date', { timeout: 120_000 }, () => {
    spawnSync(process.execPath, ['.ci/setup.mjs'], { cwd: ROOT });
    const { status, stdout, stderr } = spawnSync(process.execPath, ['.ci/setup.mjs'], { cwd: ROOT, encoding: 'utf8' });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('tells an old Node that it is too old, in one line and with code 3', () => {
    const old = join(folder, 'setup.mjs');
    writeFileSync(old, readFileSync(`${ROOT}.ci/setup.mjs`, 'utf8').replaceAll('process.versions.node', '"18.20.4"'));
    const { status, stdout, stderr } = spawnSync(process.execPath, [old], { encoding: 'utf8' });
    expect({ status, stdout, stderr }).toEqual({
      status: 3,
      stdout: '',
      stderr: 'setup: Node 20.19 or newer is needed, this is 18.20.4\n',
    });
  });
  test('is written in what an old Node can read', () => {
    expect(readFileSync(`${ROOT}.ci/setup.mjs`, 'utf8')).not.toMatch(/^import |=>|\bawait\b|\?\?|\?\./m);
  });
});

describe('dependencies', () => {
  const lock = { packages: { '': {}, 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '2.0.0', optional: true } } };

  test.each([
    ['all are there', lock, undefined],
    ['an optional one is not there', { packages: { 'node_modules/a': { version: '1.0.0' } } }, undefined],
    ['none are installed', undefined, 'none are installed'],
    ['one is missing', { packages: {} }, 'node_modules/a is missing'],
    ['one has another version', { packages: { 'node_modules/a': { version: '1.0.1' } } }, 'node_modules/a is 1.0.1, not 1.0.0'],
  ])('are judged by the lockfile: %s', (_, installed, expected) => expect(dependenciesDiffer(lock, installed)).toBe(expected));
});

describe('the lock', () => {
  test('lets one process in at a time', async () => {
    const script = `
      import { appendFileSync } from 'node:fs';
      import { withLock } from ${JSON.stringify(`${ROOT}.ci/lock.mjs`)};
      await withLock(async () => {
        appendFileSync(process.argv[1], 'in ');
        for (let i = 0; i < 50; i++) await new Promise(setImmediate);
        appendFileSync(process.argv[1], 'out ');
      }, process.argv[2]);`;
    const [log, path] = [join(folder, 'log'), join(folder, 'lock')];
    const run = () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, log, path]);
    await Promise.all([run(), run(), run()]);
    expect(readFileSync(log, 'utf8')).toBe('in out in out in out ');
    expect(existsSync(path)).toBe(false);
  });
  test('is taken over from a process that is gone', async () => {
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    writeFileSync(join(folder, 'lock'), `${gone}`);
    expect(await withLock(async () => 'done', join(folder, 'lock'))).toBe('done');
  });
  test('is given back when the work fails', async () => {
    const failing = withLock(async () => Promise.reject(new Error('no')), join(folder, 'lock'));
    await expect(failing).rejects.toThrow('no');
    expect(existsSync(join(folder, 'lock'))).toBe(false);
  });
});

describe('what a step was made from', () => {
  test('changes with any source, and with an output that is gone', () => {
    const before = digestOf(['assembly/abi'], ['dist/core.wasm']);
    expect(digestOf(['assembly/abi'], ['dist/core.wasm'])).toBe(before);
    expect(digestOf(['assembly/abi', 'package.json'], ['dist/core.wasm'])).not.toBe(before);
    expect(digestOf(['assembly/abi'], ['dist/missing.wasm'])).not.toBe(before);
  });
});
