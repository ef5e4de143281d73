/** `doctor`: whether this machine can run Hearthgate, one line a check. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { Fault } from '../model/fault.ts';
import { hex } from '../model/ids.ts';
import { EXIT } from './io.ts';
import type { Io } from './io.ts';
import type { Program } from './program.ts';
import { RELEASED } from '../model/version.ts';

/** What one check found; `detail` says what was found or what to do. */
export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** The oldest Node that the programs run on. */
export const OLDEST_NODE = [20, 19] as const;

/** Where systemd-timesyncd notes that the clock was set from the network. */
const SYNCHRONISED = '/run/systemd/timesync/synchronized';

/** Registers the verb. */
export function register(program: Program): void {
  program.add({
    call: 'doctor',
    summary: 'Checks that this machine can run Hearthgate.',
    examples: ['hearthgate doctor', 'hearthgate doctor --config /etc/hearthgate/gateway.yaml --json'],
    codes: ['Code 0: every check passed. Code 1: at least one did not.'],
    options: (command) => void command.option('--config <file>', "also check the gateway's configuration and its key files"),
    action: async (io, options) => {
      const config = options['config'] as string | undefined;
      const checks = [node(process.versions.node), clock(Date.now()), check('core', core), check('store', store)];
      if (config !== undefined) checks.push(check('configuration', () => configuration(config)));
      const findings = await Promise.all(checks);
      show(io, findings, options.json);
      return findings.every((finding) => finding.ok) ? EXIT.done : EXIT.refused;
    },
  });
}

/** Turns a question that answers a detail, or throws, into a finding. */
export async function check(name: string, ask: () => Promise<string>): Promise<Finding> {
  try {
    return { name, ok: true, detail: await ask() };
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

/** The version of Node against the oldest supported one. */
export async function node(version: string): Promise<Finding> {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const ok = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  return { name: 'node', ok, detail: ok ? version : `${version}, but ${OLDEST_NODE.join('.')} or newer is needed` };
}

/** The clock: requests and statements are bounded in time, so one that stands before this release cannot be right. */
export async function clock(now: number): Promise<Finding> {
  const ok = now >= RELEASED;
  const source = existsSync(SYNCHRONISED) ? 'set from the network' : 'whether it was set from the network is not known';
  const stands = new Date(now).toISOString();
  return { name: 'clock', ok, detail: ok ? `${stands}, ${source}` : `${stands} is before this release: set the clock` };
}

/** An acknowledgement frame (IEEE 802.15.4-2006 clause 7.2.2.3) for sequence number 1, with its FCS. */
const ACKNOWLEDGEMENT = [0x02, 0x00, 0x01, 0x31, 0xa4];

/** Loads core.wasm as a gateway does (a core of another ABI is refused) and lets it read a frame. */
async function core(): Promise<string> {
  const [{ Core }, { artefact, readFileBytes }] = await Promise.all([import('../core/core.ts'), import('../compose/files.ts')]);
  const path = fileURLToPath(artefact('core.wasm'));
  const wasm = await readFileBytes(path, undefined, 'core');
  const answer = (await Core.load(wasm)).rx(Uint8Array.from(ACKNOWLEDGEMENT));
  if (!answer.ok) throw new Fault('core', `${path} refuses a right frame: ${answer.detail}`);
  return `${path}, ${wasm.length} bytes, reads frames`;
}

/** Writes to a native store in a folder of its own, and finds it there after opening it again. */
async function store(): Promise<string> {
  const { LmdbStore } = await import('../adapters/store-lmdb.ts');
  const folder = await mkdtemp(join(tmpdir(), 'hearthgate-doctor-'));
  try {
    const first = new LmdbStore(folder);
    await first.commit([{ table: 'meta', key: 'doctor', value: Uint8Array.of(1, 2, 3) }]).finally(() => first.close());
    const second = new LmdbStore(folder);
    const found = second.get('meta', 'doctor');
    await second.close();
    if (found === undefined || hex(found) !== '010203') throw new Fault('store', `${folder} does not give back what was written`);
    return `LMDB for ${process.platform}-${process.arch} writes and reads in ${tmpdir()}`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function configuration(path: string): Promise<string> {
  const { loadGatewayConfig } = await import('../compose/config.ts');
  return `${path} is valid for ${(await loadGatewayConfig(path)).gateway}`;
}

function show(io: Io, findings: readonly Finding[], json: boolean): void {
  if (json) return io.out(JSON.stringify({ ok: findings.every((finding) => finding.ok), checks: findings }));
  for (const { name, ok, detail } of findings)
    io.out(`${ok ? io.paint('good', 'ok  ') : io.paint('bad', 'FAIL')}  ${name.padEnd(14)} ${detail}`);
}
