import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { LmdbStore } from '../../../host/adapters/store-lmdb.ts';
import { describeStore } from '../../kit/store-conformance.ts';

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'hearthgate-lmdb-'));
const discard = (path: string): Promise<void> => rm(path, { recursive: true, force: true });

const underTest = async () => {
  const path = await folder();
  return { store: new LmdbStore(path), reopen: async () => new LmdbStore(path), remove: () => discard(path) };
};
describeStore('LmdbStore', underTest, true);

describe('LmdbStore', () => {
  test('makes its directory, readable by its owner alone', async () => {
    const parent = await folder();
    const store = new LmdbStore(join(parent, 'new', 'data'));
    await store.commit([{ table: 'meta', key: 'a', value: Uint8Array.of(1) }]);
    expect((await stat(join(parent, 'new', 'data'))).mode & 0o777).toBe(0o700);
    await store.close();
    await discard(parent);
  });

  test('faults with the path when the directory cannot be one', async () => {
    const parent = await folder();
    const path = join(parent, 'file');
    await writeFile(path, 'not a directory');
    expect(() => new LmdbStore(path)).toThrowError(expect.objectContaining({ code: 'store', message: expect.stringContaining(path) }));
    await discard(parent);
  });

  test('refuses with the path, and keeps what it had, when the disk takes no more', async () => {
    const path = await folder();
    const script = fileURLToPath(new URL('../../kit/store-filler.ts', import.meta.url));
    const limited = 'ulimit -f 600; exec "$0" --import tsx "$1" "$2"'; // files of 600 KiB at most
    const { stdout } = await promisify(execFile)('bash', ['-c', limited, process.execPath, script, path]);
    const { kept, code, message } = JSON.parse(stdout) as { kept: number; code: string; message: string };
    expect({ code, message }).toEqual({ code: 'store', message: `${path}: Input/output error` });
    const store = new LmdbStore(path);
    expect(store.range('images', '', '~')).toHaveLength(kept);
    await store.close();
    await discard(path);
  });

  test('has every commit that was reported durable by a process that was killed, and half of none', async () => {
    const path = await folder();
    const script = fileURLToPath(new URL('../../kit/store-writer.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    child.stdout.on('data', (part) => {
      printed += part;
      if (printed.length > 1_000) child.kill('SIGKILL');
    });
    await new Promise((done) => child.on('close', done));
    const reported = Number(printed.trim().split('\n').at(-1));
    const store = new LmdbStore(path);
    const last = Number(new TextDecoder().decode(store.get('jobs', 'last')));
    expect(reported).toBeGreaterThan(100);
    expect(last).toBeGreaterThanOrEqual(reported);
    expect(store.range('audit', '', '~')).toHaveLength(last);
    await store.close();
    await discard(path);
  });
});
