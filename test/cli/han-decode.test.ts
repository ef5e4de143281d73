/** `han decode` over captures of our own, and over one of a real home where the corpus is at hand. */
import { appendFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pcapHeader, pcapRecord } from '../../host/capture/writer.ts';
import { register } from '../../host/cli/han-decode.ts';
import { unhex } from '../../host/model/ids.ts';
import { Home, NETWORK_KEY } from '../host/decode/home.ts';
import { ROOT } from '../kit/gates/source.ts';
import { call } from './terminal.ts';

/** An acknowledgement with the right FCS, one with a wrong FCS, and a frame of reserved type. */
const FRAMES = [
  [0x02, 0x00, 0x01, 0x31, 0xa4],
  [0x02, 0x00, 0x01, 0x00, 0x00],
  [0x07, 0x00, 0x01, 0x00, 0x00],
];

interface Shown {
  readonly frame: number;
  readonly time: string;
  readonly verdict: string;
  readonly code?: string;
  readonly fields: readonly (readonly [string, string])[];
}

const shown = (out: string): Shown[] => out.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Shown]));

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
    expect(out.split('\n')[0]).toContain('Acknowledgement');
    expect(out.split('\n')[2]).toContain('[refused: ');
    expect(err).toBe('3 frames: 2 ok, 1 refused');
  });
  test('with -v shows every field below its frame', async () => {
    expect((await decode(file, '-v')).out).toContain('wpan.seq_no: 1');
  });
  test('gives one JSON object a line, nothing of an empty capture', async () => {
    const frames = shown((await decode(file, '--json')).out);
    expect(frames.map(({ frame, verdict, code }) => [frame, verdict, code])).toEqual([
      [1, 'ok', undefined],
      [2, 'ok', undefined],
      [3, 'refused', 'mac-frame-type'],
    ]);
    expect(frames[0]?.time).toBe('1.000000000');
    expect(frames[0]?.fields).toContainEqual(['wpan.seq_no', '1']);
    writeFileSync(join(folder, 'empty.pcap'), pcapHeader());
    expect((await decode(join(folder, 'empty.pcap'), '--json')).out).toBe('');
  });
  test('shows the frames that are asked for, and counts them alone', async () => {
    expect(shown((await decode(file, '--json', '--verdict', 'refused')).out).map(({ frame }) => frame)).toEqual([3]);
    expect((await decode(file, '--json', '--device', '0x1234')).out).toBe('');
    const counted = JSON.parse((await decode(file, '--json', '--summary')).out) as { frames: number; verdicts: object; codes: object };
    expect(counted).toMatchObject({ frames: 3, verdicts: { ok: 2, refused: 1 }, codes: { 'mac-frame-type': 1 } });
    expect((await decode(file, '--summary')).out).toContain('by verdict');
  });
  test('takes the last two bytes as CC24xx metadata when it is told to', async () => {
    const names = async (...more: string[]) => shown((await decode(file, '--json', ...more)).out)[0]?.fields.map(([name]) => name) ?? [];
    expect(await names()).not.toContain('wpan.correlation');
    expect(await names('--fcs', 'ti')).toContain('wpan.correlation');
  });
  test('follows a file that grows until it is interrupted', async () => {
    const growing = join(folder, 'growing.pcap');
    const [first, second] = [0, 1].map((i) => pcapRecord(Uint8Array.from(FRAMES[0] ?? []), 1000 + i)) as [Uint8Array, Uint8Array];
    writeFileSync(growing, Buffer.concat([pcapHeader(), first, second.subarray(0, 7)]));
    const stop = new AbortController();
    const following = call([register], ['han', 'decode', growing, '--follow', '--json'], { interrupted: stop.signal });
    await new Promise((done) => setTimeout(done, 300));
    appendFileSync(growing, second.subarray(7));
    await new Promise((done) => setTimeout(done, 600));
    stop.abort();
    const { code, out } = await following;
    expect([code, shown(out).map(({ frame }) => frame)]).toEqual([0, [1, 2]]);
  });
  test('of a capture that breaks off shows what stood before and ends with code 2', async () => {
    const { code, out, err } = await call([register], ['han', 'decode', '-'], {
      input: Buffer.concat([pcapHeader(), pcapRecord(Uint8Array.from(FRAMES[0] ?? []), 0), Uint8Array.of(1, 2, 3)]),
    });
    expect(code).toBe(2);
    expect(out).toContain('Acknowledgement');
    expect(err).toMatch(/-: at byte \d+: .*\(truncated\)/);
  });
  test.each([
    [['x', '--key', '1234'], '--key is not a key of 32 hex digits'],
    [['x', '--fcs', 'crc'], '--fcs crc is not itu or ti'],
    [['x', '--se', '1.2'], '--se 1.2 is not 1.1b or 1.4'],
    [['x', '--install-code', '83FE D340 7A93 9723'], '--install-code: the CRC'],
    [['x', '--install-code', '83FE D340 7A93'], '--install-code: 6 bytes: an install code has'],
    [['x', '--install-code', '83GE'], '--install-code: character 3 of the install code is no hex digit'],
    [['x', '--verdict', 'good'], '--verdict good is not one of ok, closed, refused'],
    [['x', '--device', 'hub'], '--device hub is not a whole number from 0 to 65535'],
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
    const frames = shown((await decode(capture, ...keys, '--json')).out);
    expect(frames).toHaveLength(6345);
    expect(frames.filter(({ verdict }) => verdict === 'closed').length).toBeLessThan(60);
    expect(shown((await decode(capture, '--json', '--verdict', 'closed')).out).length).toBeGreaterThan(1000);
  });
  test('shows which key opened a frame, and none when it is told not to', async () => {
    const isKey = ([name]: readonly [string, string]): boolean => name === 'zbee.sec.key' || name === 'zbee_aps.cmd.key';
    const keysIn = async (...more: string[]): Promise<number> =>
      shown((await decode(capture, ...keys, '--json', ...more)).out).flatMap(({ fields }) => fields.filter(isKey)).length;
    expect(await keysIn()).toBeGreaterThan(1000);
    expect(await keysIn('--hide-keys')).toBe(0);
  });
});

describe('a key made from an install code', () => {
  /** The published example of 16 bytes (ZigBee base device behaviour 10.1.1). */
  const PRINTED = '83fe-d340-7a93-9723-a5c6-39b2-6916-d505-c3b5';

  test('opens what the trust centre sends to the device that has the code, and what its network says afterwards', async () => {
    const home = await Home.open(unhex('66b6900981e1ee3ca4206b6b861c02bb'));
    const joining = join(folder, 'joining.pcap');
    const [key, status] = [home.transportKey(NETWORK_KEY), home.nwkCommand(unhex('0861000013'))];
    writeFileSync(joining, Buffer.concat([pcapHeader(), pcapRecord(key, 1000), pcapRecord(status, 1001)]));
    const verdicts = async (...more: string[]) => shown((await decode(joining, '--json', ...more)).out).map(({ verdict }) => verdict);
    expect(await verdicts()).toEqual(['closed', 'closed']);
    expect(await verdicts('--install-code', PRINTED)).toEqual(['ok', 'closed']);
    expect(await verdicts('--install-code', PRINTED, '--learn')).toEqual(['ok', 'ok']);
  });
});

describe('the key that everybody knows', () => {
  test('is tried unless it is left out', async () => {
    const home = await Home.open(unhex('5a6967426565416c6c69616e63653039'));
    const joining = join(folder, 'well-known.pcap');
    writeFileSync(joining, Buffer.concat([pcapHeader(), pcapRecord(home.transportKey(NETWORK_KEY), 1000)]));
    const verdicts = async (...more: string[]) => shown((await decode(joining, '--json', ...more)).out).map(({ verdict }) => verdict);
    expect([await verdicts(), await verdicts('--no-well-known')]).toEqual([['ok'], ['closed']]);
  });
});

const zbtk = `${ROOT}../shared/corpus/captures/zbtk/frames_zep.pcap`;
describe.skipIf(!existsSync(zbtk))('a Transport-Key under an install code (../shared/corpus/captures/zbtk)', () => {
  const keys = ['52f0fe8052ebb35907daa243c95a2ff4', '75d76b7488a97eca4de4a363fabd9377'].flatMap((key) => ['--key', key]);

  test('stays closed under every other key of that capture, and opens under the key made from the code', async () => {
    const closed = async (...more: string[]) =>
      shown((await decode(zbtk, '--json', '--verdict', 'closed', ...keys, ...more)).out).map(({ frame }) => frame);
    expect(await closed()).toEqual([3]);
    expect(await closed('--install-code', 'EE91 7C25 E941 23C2 27B9 3F4D 50A0 C34F 373D')).toEqual([]);
  });
});
