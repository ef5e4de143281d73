/** Orders over the socket of a data directory. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { askControl, controlPath, ControlSocket } from '../../../host/adapters/control-socket.ts';

let data: string;
let control: ControlSocket;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'hearthgate-control-'));
  control = new ControlSocket(data);
});
afterEach(async () => {
  await control.close();
  rmSync(data, { recursive: true, force: true });
});

describe('the control socket', () => {
  test('carries a request and its answer, and is for its owner alone', async () => {
    const heard: unknown[] = [];
    await control.listen(async (request) => {
      heard.push(request);
      return { ok: true, turned: { seq: 3 } };
    });
    expect(statSync(controlPath(data)).mode & 0o777).toBe(0o600);
    expect(await askControl(data, { kind: 'rotate' })).toEqual({ ok: true, turned: { seq: 3 } });
    expect(await Promise.all([askControl(data, 1), askControl(data, 2)])).toHaveLength(2);
    expect(heard).toEqual(expect.arrayContaining([{ kind: 'rotate' }, 1, 2]));
  });
  test('answers what went wrong, and goes on', async () => {
    await control.listen(() => Promise.reject(new Error('the disk is full')));
    expect(await askControl(data, {})).toEqual({ ok: false, code: 'failed', detail: 'the disk is full' });
    expect(await askControl(data, {})).toMatchObject({ ok: false });
  });
  test('is nobody where no gateway runs, also where one ended and left its socket', async () => {
    expect(await askControl(data, {})).toBeUndefined();
    writeFileSync(controlPath(data), '');
    expect(await askControl(data, {})).toBeUndefined();
    await control.listen(async () => 'again');
    expect(await askControl(data, {})).toBe('again');
  });
  test('does not take what is no request: too long, no JSON', async () => {
    await control.listen(async () => 'taken');
    const said = await new Promise<string>((done) => {
      const socket = connect(controlPath(data));
      let text = '';
      socket.on('data', (bytes) => (text += String(bytes))).on('close', () => done(text));
      socket.on('error', () => undefined);
      socket.write('x'.repeat(5_000));
    });
    expect(said).toBe('');
    const other = await new Promise<string>((done) => {
      const socket = connect(controlPath(data));
      let text = '';
      socket.on('data', (bytes) => (text += String(bytes))).on('end', () => done(text));
      socket.write('not json\n');
    });
    expect(JSON.parse(other)).toMatchObject({ ok: false, code: 'failed' });
  });
  test('has no path that is too long for it', async () => {
    await expect(new ControlSocket(join(data, 'x'.repeat(100))).listen(async () => 1)).rejects.toMatchObject({ code: 'config' });
  });
});
