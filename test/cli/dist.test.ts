/** The built programs: what is in them, that `dist/` alone runs anywhere, and how they behave as processes. */
import { execFile, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Script } from 'node:vm';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleOptions } from '../../.ci/bundle.mjs';
import { pcapHeader, pcapRecord } from '../../host/capture/writer.ts';
import { VERSION } from '../../host/model/version.ts';
import { ROOT } from '../kit/gates/source.ts';

const run = promisify(execFile);
let alone: string;

beforeAll(() => {
  alone = mkdtempSync(join(tmpdir(), 'hearthgate-alone-'));
  cpSync(`${ROOT}dist`, join(alone, 'dist'), { recursive: true });
});
afterAll(() => rmSync(alone, { recursive: true }));

/** Runs a program of the copy, in the copy's folder, without the environment of this process. */
const start = (program: string, ...argv: string[]) =>
  run(process.execPath, [join('dist', program), ...argv], { cwd: alone, env: { PATH: process.env['PATH'] } });

async function inputsOf(entry: string): Promise<string[]> {
  const { metafile } = await build(bundleOptions(entry));
  return Object.keys(metafile.inputs);
}

describe('what a hub runs', () => {
  test('holds no lab, no virtual device, no S1SP, no console and no embedded broker', async () => {
    const inputs = await inputsOf('host/cli/gateway.ts');
    const foreign = inputs.filter(
      (path) => /^(firmware|host\/(lab|s1sp|web)|node_modules\/aedes)\//.test(path) || path.endsWith('broker-embedded.ts'),
    );
    expect(foreign).toEqual([]);
    expect(inputs).toContain('host/adapters/store-lmdb.ts');
  });
  test('and what people run load no worker threads and no native code but the store', async () => {
    const inputs = [...(await inputsOf('host/cli/gateway.ts')), ...(await inputsOf('host/cli/main.ts'))];
    expect(inputs.filter((path) => /^node_modules\/(thread-stream|cbor-extract|msgpackr-extract|serialport)\//.test(path))).toEqual([]);
  });
});

describe('dist/ alone, in an empty folder', () => {
  test.each(['gateway.mjs', 'hearthgate.mjs'])('%s answers its version', async (program) => {
    expect((await start(program, '--version')).stdout).toBe(`${VERSION}\n`);
  });
  test('finds the machine fit, with its own core and its own native store', async () => {
    const { stdout } = await start('hearthgate.mjs', 'doctor', '--json');
    const report = JSON.parse(stdout) as { ok: boolean; checks: { name: string; ok: boolean }[] };
    expect(report.checks.map(({ name, ok }) => [name, ok])).toEqual([
      ['node', true],
      ['clock', true],
      ['core', true],
      ['store', true],
    ]);
    expect(report.ok).toBe(true);
  });
  test('tells the whole way of an upgrade, and refuses what must be refused', { timeout: 120_000 }, async () => {
    const { stdout } = await start('hearthgate.mjs', 'demo', '--json');
    const last = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as { event: string };
    expect(last).toMatchObject({ event: 'end', ok: true });
  });
  test('says which licences its parts stand under', () => {
    const text = readFileSync(join(alone, 'dist/LICENSES.txt'), 'utf8');
    for (const name of ['lmdb', 'commander', 'zod', 'yaml', '@noble/ed25519']) expect(text).toContain(`==== ${name} `);
  });
  test('without its core it says so in one line', async () => {
    const broken = join(alone, 'broken');
    cpSync(join(alone, 'dist'), broken, { recursive: true });
    writeFileSync(join(broken, 'core.wasm'), 'not a module');
    const failure = await run(process.execPath, [join(broken, 'hearthgate.mjs'), 'doctor']).catch(
      (error: { code: number; stdout: string }) => error,
    );
    expect(failure).toMatchObject({ code: 1 });
    expect(failure.stdout).toContain('FAIL  core');
    expect(failure.stdout).not.toContain('    at ');
  });
});

describe('han decode, a script with its compiled code', () => {
  const script = (): string => join(alone, 'dist/han-decode.js');
  const code = (): string => join(alone, 'dist/han-decode.code');
  const fresh = () => new Script(readFileSync(script(), 'latin1'), { cachedData: readFileSync(code()) });

  test('is run from that code by the engine that made it, which takes no other', () => {
    expect(fresh().cachedDataRejected).toBe(false);
    const other = readFileSync(code());
    other.fill(0xff, 0, 16);
    expect(new Script(readFileSync(script(), 'latin1'), { cachedData: other }).cachedDataRejected).toBe(true);
  });
  test('answers the same without it, and with what no engine made', async () => {
    const capture = join(alone, 'home.pcap');
    writeFileSync(capture, Buffer.concat([pcapHeader(), pcapRecord(Uint8Array.from([0x02, 0x00, 0x01, 0x31, 0xa4]), 1000)]));
    const decode = async () => (await start('hearthgate.mjs', 'han', 'decode', capture, '--json')).stdout;
    const answer = await decode();
    expect(JSON.parse(answer)).toMatchObject({ frame: 1, verdict: 'ok' });
    const kept = readFileSync(code());
    try {
      rmSync(code());
      expect(await decode()).toBe(answer);
      writeFileSync(code(), 'no code');
      expect(await decode()).toBe(answer);
    } finally {
      writeFileSync(code(), kept);
    }
  });
  test('tells wrong usage as every verb does', async () => {
    const failure = await start('hearthgate.mjs', 'han', 'decode').catch((error: { code: number; stderr: string }) => error);
    expect(failure).toMatchObject({ code: 2, stderr: expect.stringContaining("hearthgate: missing required argument 'file'") });
  });
});

describe('a process', () => {
  test('whose reader goes away ends quietly', async () => {
    const child = spawn(process.execPath, [join(alone, 'dist/hearthgate.mjs'), '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const code = await new Promise((done) => child.on('exit', done));
    expect({ code, said }).toEqual({ code: 0, said: '' });
  });
  test('writes nothing into the folder it is started in', () => expect(existsSync(join(alone, 'data.mdb'))).toBe(false));
});
