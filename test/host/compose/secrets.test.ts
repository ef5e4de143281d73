/** Files of secrets: which are opened, what is said of the others, and that their buffers are wiped. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { requirePrivate, secretPath, withSecret } from '../../../host/compose/secrets.ts';

let folder: string;
const before = process.env['CREDENTIALS_DIRECTORY'];
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'hearthgate-secret-'))));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  if (before === undefined) delete process.env['CREDENTIALS_DIRECTORY'];
  else process.env['CREDENTIALS_DIRECTORY'] = before;
});

function write(name: string, content: string, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

describe('a file of secrets', () => {
  test('is given as bytes that are wiped when they have been used, also by a use that fails', async () => {
    const path = write('a.key', 'secret');
    let kept: Uint8Array = new Uint8Array(0);
    expect(await withSecret(path, (bytes) => new TextDecoder().decode((kept = bytes)))).toBe('secret');
    expect(kept).toEqual(new Uint8Array(6));
    await expect(withSecret(path, (bytes) => Promise.reject(new Error(String((kept = bytes).length))))).rejects.toThrow('6');
    expect(kept).toEqual(new Uint8Array(6));
  });
  test.each([0o640, 0o604, 0o620, 0o602, 0o610, 0o601, 0o644, 0o666])('of mode %o is refused, and the mode said', async (mode) => {
    const path = write('open.key', 'secret', mode);
    const said = `${path} may be read or changed by others (mode 0${mode.toString(8)}): chmod 600 it`;
    await expect(withSecret(path, () => undefined)).rejects.toMatchObject({ code: 'config', message: said });
    await expect(requirePrivate(path, 'keys.wrapping')).rejects.toMatchObject({ code: 'config', message: `keys.wrapping: ${said}` });
  });
  test('is judged where a link leads to', async () => {
    const link = join(folder, 'link.key');
    symlinkSync(write('behind.key', 'secret', 0o644), link);
    await expect(withSecret(link, () => undefined)).rejects.toThrow('may be read or changed by others');
  });
  test('that is missing, a directory or too long is refused by name', async () => {
    await expect(withSecret(join(folder, 'none.key'), () => undefined)).rejects.toThrow('none.key: no such file');
    mkdirSync(join(folder, 'd.key'), { mode: 0o700 });
    await expect(withSecret(join(folder, 'd.key'), () => undefined)).rejects.toThrow(/d\.key: is (a directory|not a plain file)/);
    await expect(withSecret(write('long.key', 'x'.repeat(101)), () => undefined, 100)).rejects.toThrow('longer than it may be');
    expect(await withSecret(write('just.key', 'x'.repeat(100)), (bytes) => bytes.length, 100)).toBe(100);
  });
});

describe('a credential of systemd', () => {
  test('is found in the directory of the service, and its mode is systemd’s to see to', async () => {
    process.env['CREDENTIALS_DIRECTORY'] = folder;
    const path = write('wrapping', 'secret', 0o440);
    expect(secretPath('/etc', 'credential:wrapping', 'keys.wrapping')).toBe(path);
    expect(await withSecret(path, (bytes) => bytes.length)).toBe(6);
  });
  test('is refused where systemd hands none to this process', () => {
    delete process.env['CREDENTIALS_DIRECTORY'];
    expect(() => secretPath('/etc', 'credential:wrapping', 'keys.wrapping')).toThrow(
      'keys.wrapping: credential:wrapping needs a service of systemd with LoadCredential=wrapping:…',
    );
  });
  test.each(['credential:../wrapping', 'credential:a/b', 'credential:', 'credential:..'])(
    'never leads out of its directory: %s',
    (value) => {
      process.env['CREDENTIALS_DIRECTORY'] = folder;
      const path = ((): string | undefined => {
        try {
          return secretPath('/etc/hearthgate', value, 'keys.wrapping');
        } catch {
          return undefined;
        }
      })();
      // what is no name of a credential is a path beside the configuration, like any other
      expect(path === undefined || path.startsWith('/etc')).toBe(true);
    },
  );
});

test('a path counts from the folder of the configuration', () => {
  expect(secretPath('/etc/hearthgate', 'keys/wrapping.key', 'keys.wrapping')).toBe('/etc/hearthgate/keys/wrapping.key');
  expect(secretPath('/etc/hearthgate', '/run/wrapping.key', 'keys.wrapping')).toBe('/run/wrapping.key');
});
