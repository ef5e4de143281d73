/** What waits in an inbox; the flows over it are those of `register import` (test/cli/register.test.ts). */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inboxOf, waitingIn } from '../../../host/compose/statement-inbox.ts';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'hearthgate-inbox-'))));
afterAll(() => rmSync(folder, { recursive: true }));

test('nothing waits where nothing was ever put in', async () => {
  expect(await waitingIn(join(folder, 'new'))).toEqual([]);
});

test('statements wait in the order of their names, and nothing else does', async () => {
  const data = join(folder, 'used');
  mkdirSync(inboxOf(data), { recursive: true });
  for (const name of ['b-all-00000002.cose', 'a-all-00000010.cose', 'c.cose.part', 'note.txt'])
    writeFileSync(join(inboxOf(data), name), '');
  expect(await waitingIn(data)).toEqual(['a-all-00000010.cose', 'b-all-00000002.cose']);
});

test('an inbox that cannot be read is a fault, and not an empty one', async () => {
  const data = join(folder, 'broken');
  mkdirSync(data);
  writeFileSync(inboxOf(data), 'a file where the folder belongs');
  await expect(waitingIn(data)).rejects.toMatchObject({ code: 'store' });
});
