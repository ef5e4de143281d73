/** One process at a time on a data directory: two processes, and what the end of one leaves behind. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { lockDirectory, openLockedStore, type LockKind } from '../../host/adapters/store-lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'hearthgate-lock-'));
const children: ChildProcess[] = [];
afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Starts a process that takes the directory; resolves with what it says. */
async function holder(path: string, kind: LockKind): Promise<{ readonly says: string; kill(): Promise<void> }> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/resilience/kit/lock-holder.ts', path, kind], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const ended = new Promise<void>((done) => child.on('exit', () => done()));
  const says = await new Promise<string>((done) => child.stdout.once('data', (bytes: Buffer) => done(bytes.toString().trim())));
  return { says, kill: () => (child.kill('SIGKILL'), ended) };
}

describe.each(['socket', 'file'] as const)('a directory held by %s', (kind) => {
  test.skipIf(kind === 'socket' && process.platform !== 'linux')(
    'is refused to a second process, naming directory and remedy, and free again after SIGKILL of the first',
    async () => {
      const path = join(folder, kind);
      const first = await holder(path, kind);
      expect(first.says).toBe('held');
      await expect(lockDirectory(path, kind)).rejects.toMatchObject({ code: 'store' });
      expect((await holder(path, kind)).says).toBe(
        `${path} is in use by another process: stop that one first, or give this one a data directory of its own`,
      );
      await first.kill();
      const release = await lockDirectory(path, kind);
      await release();
      await (
        await lockDirectory(path, kind)
      )();
    },
  );

  test('is one directory, by whatever path it is called', async () => {
    const path = join(folder, `${kind}-real`);
    const release = await lockDirectory(path, kind);
    const link = join(folder, `${kind}-link`);
    symlinkSync(path, link);
    await expect(lockDirectory(link, kind)).rejects.toMatchObject({ code: 'store' });
    const other = await lockDirectory(join(folder, `${kind}-other`), kind);
    await Promise.all([release(), other()]);
    await (
      await lockDirectory(link, kind)
    )();
  });
});

test('a lock file that its process never finished, or that names nobody alive, is taken over', async () => {
  for (const content of ['', 'nonsense', '4194999']) {
    const path = join(folder, `stale-${content.length}`);
    await (
      await lockDirectory(path, 'file')
    )();
    writeFileSync(join(path, 'lock'), content);
    await (
      await lockDirectory(path, 'file')
    )();
  }
});

test('a store opened under lock holds its directory until it is closed', async () => {
  const path = join(folder, 'store');
  const store = await openLockedStore(path);
  await expect(openLockedStore(path)).rejects.toThrow(`${path} is in use`);
  await store.commit([{ table: 'meta', key: 'boot', value: Uint8Array.of(7) }]);
  await store.close();
  const again = await openLockedStore(path);
  expect([again.get('meta', 'boot'), again.last('meta', '~')?.[0], again.range('meta', '', '~').length]).toEqual([
    Uint8Array.of(7),
    'boot',
    1,
  ]);
  await again.close();
});

test('a directory that cannot be made is refused by name and left unlocked', async () => {
  const file = join(folder, 'file-in-the-way');
  writeFileSync(file, '');
  await expect(openLockedStore(join(file, 'data'))).rejects.toMatchObject({
    code: 'store',
    message: expect.stringContaining(join(file, 'data')) as string,
  });
});
