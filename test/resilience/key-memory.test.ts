/**
 * Where keys stand in the memory of a gateway that runs: the product's own process, its secrets out of files, with a home that has joined.
 * A heap snapshot and every ArrayBuffer are searched; only the core's memory may hold keys, and each of them as often as it should.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MEMORY_PAGES } from '../../assembly/abi/layout.ts';
import { Seeded } from '../../firmware/air/seeded.ts';
import { askControl } from '../../host/adapters/control-socket.ts';
import { EUI, exportKeys } from '../../host/compose/home.ts';
import { loadWrappingKey } from '../../host/compose/load.ts';
import { labFactory } from '../../host/compose/run-home.ts';
import { until } from '../../host/compose/watch.ts';
import type { LabCore } from '../../host/core/core.ts';
import { hex, unhex } from '../../host/model/ids.ts';
import { findKeys, formsOf } from '../kit/key-search.ts';
import { Lab } from './kit/lab.ts';

const CORE_MEMORY = MEMORY_PAGES * 65_536;

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'hearthgate-memory-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Found {
  readonly found: readonly { readonly name: string; readonly size: number }[];
  readonly buffers: number;
}

/** Has a process that the probe is in searched for keys. */
async function searched(
  keys: ReadonlyMap<string, Uint8Array>,
  signal: (signal: NodeJS.Signals) => void,
): Promise<Found & { heap: readonly string[] }> {
  const [needles, answer, heap] = ['needles.json', 'buffers.json', 'heap.heapsnapshot'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const forms = [...keys].map(([name, key]) => [name, formsOf(key).map(({ needle }) => needle.toString('hex'))]);
  writeFileSync(needles, JSON.stringify(Object.fromEntries(forms)), { mode: 0o600 });
  rmSync(answer, { force: true });
  signal('SIGUSR2');
  await until('the probe', () => existsSync(answer), 120_000);
  return { ...(JSON.parse(readFileSync(answer, 'utf8')) as Found), heap: findKeys(readFileSync(heap), keys) };
}

const PROBED = ['--import', './test/kit/memory-probe.mjs', '--heap-snapshot-string-limit=10000000'];

test('the probe finds a key in a buffer, in a pooled buffer, and in a text, also a long one', async () => {
  const keys = new Map([1, 2, 3, 4].map((name) => [`planted ${name}`, new Seeded(name).bytes(16)]));
  const [a, b, c, d] = [...keys.values()].map(hex);
  const plant = `globalThis.planted = [new Uint8Array(Buffer.from('${a}'.split('').reverse().join(''), 'hex').reverse().map((x) => (x >> 4) | ((x & 15) << 4))),
    Buffer.from('${b}', 'hex'), '${c}'.toUpperCase(), 'x'.repeat(50000) + '${d}']; console.log('planted'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, [...PROBED, '-e', plant], {
    env: { ...process.env, PROBE_DIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await new Promise((done) => child.stdout.once('data', done));
    const { found, heap } = await searched(keys, (signal) => child.kill(signal));
    expect(new Set(found.map(({ name }) => name))).toEqual(new Set(['planted 1', 'planted 2']));
    expect(heap).toEqual(expect.arrayContaining(['planted 3 HEX', 'planted 4 hex']));
  } finally {
    child.kill('SIGKILL');
  }
}, 60_000);

test('a heap snapshot and every array buffer hold no key, but the core its own: each once, an install code never, and none once it is erased', async () => {
  const lab = await Lab.start();
  try {
    const { home } = lab.home.onAir;
    await lab.startGateway({ PROBE_DIR: folder }, PROBED);
    await until('the devices joining', () => home.joined, 60_000);
    await until('the shared key', () => home.ppmid.partners.size > 0, 60_000);
    const keys = await keysOf(lab);
    expect(keys.size).toBe(4 + 1 + 2 + 2 + 2);
    const copies = async (): Promise<Readonly<Record<string, number>>> => {
      const { found, buffers, heap } = await searched(keys, (signal) => lab.signal(signal));
      expect([heap, found.filter(({ size }) => size !== CORE_MEMORY), buffers > 100]).toEqual([[], [], true]);
      console.log(`${buffers} array buffers, ${keys.size} keys: outside the core 0`);
      return Object.fromEntries([...keys.keys()].map((name) => [name, found.filter((each) => each.name === name).length]));
    };
    const none = Object.fromEntries([...keys.keys()].map((name) => [name, 0]));
    const own = { wrapping: 1, 'private 1': 1, 'private 2': 1 };
    expect(await copies()).toEqual({ ...none, ...own, network: 1, 'link PPMID': 1, 'link ESME': 1 });

    const data = join(lab.folder, 'data/gateway');
    for (const device of [EUI.ppmid, EUI.esme]) await askControl(data, { kind: 'erase', device });
    await askControl(data, { kind: 'rotate' });
    expect(await copies()).toEqual({ ...none, ...own, network: 1 }); // the one before, which is heard for an hour
  } finally {
    await lab.stop();
  }
}, 240_000);

/** Every key that a lab has used, by name. */
async function keysOf({ folder: path, home }: Lab): Promise<Map<string, Uint8Array>> {
  const { ppmid, esme } = home.onAir.home;
  const factory = await labFactory();
  const privates = (factory.certificates.get(EUI.gateway) ?? []).map(({ suite, privateKey }) => [`private ${suite}`, privateKey] as const);
  const keys = new Map<string, Uint8Array>([
    ['network', value(ppmid.core, ppmid.membership?.networkKey)],
    ['link PPMID', value(ppmid.core, ppmid.membership?.linkKey)],
    ['link ESME', value(esme.core, esme.membership?.linkKey)],
    ['shared', value(ppmid.core, ppmid.partners.get(EUI.esme))],
    ['wrapping', await loadWrappingKey(join(path, 'keys/wrapping.key'))],
    ...privates,
    ...[...factory.installCodes].map(([device, code]) => [`code ${device}`, code.slice(0, -2)] as const),
  ]);
  const known = new Set([...keys.values()].map(hex));
  const install = exportKeys([ppmid, esme], factory).filter((key) => !known.has(key));
  for (const [at, key] of install.entries()) keys.set(`install key ${at}`, unhex(key));
  return keys;
}

function value(core: LabCore | undefined, handle = 0): Uint8Array {
  const key = core?.exportKey(handle);
  if (key?.ok !== true) throw new Error('the device does not hold that key');
  return key.value;
}
