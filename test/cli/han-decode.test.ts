/** `han decode` over captures of our own, and over one of a real home where the corpus is at hand. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pcapHeader, pcapRecord } from '../../host/capture/writer.ts';
import { register } from '../../host/cli/han-decode.ts';
import { ROOT } from '../kit/gates/source.ts';
import { call } from './terminal.ts';

/** An acknowledgement with the right FCS, one with a wrong FCS, and a frame of reserved type. */
const FRAMES = [
  [0x02, 0x00, 0x01, 0x31, 0xa4],
  [0x02, 0x00, 0x01, 0x00, 0x00],
  [0x07, 0x00, 0x01, 0x00, 0x00],
];

interface Shown {
  readonly frames: readonly {
    readonly number: number;
    readonly time: string;
    readonly verdict: string;
    readonly fields: readonly [string, string][];
  }[];
  readonly count: Readonly<Record<string, number>>;
}

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearthgate-decode-'));
  file = join(folder, 'home.pcap');
  writeFileSync(file, Buffer.concat([pcapHeader(), ...FRAMES.map((psdu, i) => pcapRecord(Uint8Array.from(psdu), 1000 + i))]));
});
afterAll(() => rmSync(folder, { recursive: true }));

const decode = (...argv: string[]) => call([register], ['han', 'decode', ...argv]);

describe('han decode', () => {
  test('shows a line a frame and counts them on standard error', async () => {
    const { code, out, err } = await decode(file);
    expect(code).toBe(0);
    expect(out.split('\n')).toHaveLength(3);
    expect(out.split('\n')[0]).toContain('acknowledgement');
    expect(out.split('\n')[2]).toContain('refused: ');
    expect(err).toBe('3 packets: 2 read, 0 closed, 1 refused');
  });
  test('with --fields shows every field', async () => {
    expect((await decode(file, '--fields')).out).toContain('wpan.seq_no 1');
  });
  test('gives one JSON document, also of an empty capture', async () => {
    const shown = (await decode(file, '--json')).json as Shown;
    expect(shown.frames.map(({ number, verdict }) => [number, verdict])).toEqual([
      [1, 'ok'],
      [2, 'ok'],
      [3, 'refused'],
    ]);
    expect(shown.count).toEqual({ ok: 2, closed: 0, refused: 1 });
    writeFileSync(join(folder, 'empty.pcap'), pcapHeader());
    expect((await decode(join(folder, 'empty.pcap'), '--json')).json).toEqual({ frames: [], count: { ok: 0, closed: 0, refused: 0 } });
  });
  test('of a capture that breaks off shows what stood before and ends with code 2', async () => {
    const { code, out, err } = await call([register], ['han', 'decode', '-'], {
      input: Buffer.concat([pcapHeader(), pcapRecord(Uint8Array.from(FRAMES[0] ?? []), 0), Uint8Array.of(1, 2, 3)]),
    });
    expect(code).toBe(2);
    expect(out).toContain('acknowledgement');
    expect(err).toMatch(/-: at byte \d+: .*\(truncated\)/);
  });
  test.each([
    [['x', '--key', '1234'], '--key is not a key of 32 hex digits'],
    [['nowhere.pcap'], 'nowhere.pcap: no such file'],
  ])('cannot use %j: code 2', async (argv, line) => {
    const { code, err } = await decode(...argv);
    expect(code).toBe(2);
    expect(err).toContain(line);
    expect(err).not.toContain('1234 ');
  });
  test('stops when it is asked to', async () => {
    expect(await call([register], ['han', 'decode', file], { interrupted: AbortSignal.abort() })).toMatchObject({ code: 130, out: '' });
  });
});

const capture = `${ROOT}../shared/corpus/captures/whsniff/zigbee_a.pcapng`;
describe.skipIf(!existsSync(capture))('a capture of a busy home (../shared/corpus/captures/whsniff)', { timeout: 60_000 }, () => {
  const keys = ['--key', '5a:69:67:42:65:65:41:6c:6c:69:61:6e:63:65:30:39', '--key', '01030507090b0d0f00020406080a0c0d'];

  test('is read to its end; what the keys do not open is said to be closed', async () => {
    const shown = (await decode(capture, ...keys, '--json')).json as Shown;
    expect(shown.frames).toHaveLength(6345);
    expect(shown.count['closed']).toBeLessThan(60);
    const closed = ((await decode(capture, '--json')).json as Shown).count['closed'] ?? 0;
    expect(closed).toBeGreaterThan(1000);
  });
  test('shows no key unless it is told to', async () => {
    const isKey = ([name]: readonly [string, string]): boolean => name === 'zbee.sec.key' || name === 'zbee_aps.cmd.key';
    const hidden = (await decode(capture, ...keys, '--json')).json as Shown;
    expect(hidden.frames.flatMap(({ fields }) => fields.filter(isKey))).toEqual([]);
    const shown = (await decode(capture, ...keys, '--show-keys', '--json')).json as Shown;
    expect(shown.frames.flatMap(({ fields }) => fields.filter(isKey)).length).toBeGreaterThan(0);
  });
});
