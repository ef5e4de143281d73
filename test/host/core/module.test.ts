/** Loading the core, and what the built module is made of. */
import { describe, expect, test } from 'vitest';
import { ABI_VERSION, MAP_END } from '../../../assembly/abi/layout.ts';
import { Core, LabCore } from '../../../host/core/core.ts';
import { CALLS, compile, Instance } from '../../../host/core/module.ts';
import { wasm } from '../../kit/core.ts';
import { moduleFacts } from '../../kit/gates/wasm.ts';
import { unhex } from '../../../host/model/ids.ts';

const KEY = '00112233445566778899aabbccddeeff';

/** A module with a memory of two pages and one call, `abiVersion`. */
const POOR = unhex(
  '0061736d01000000' + // magic, version
    '0105016000017f' + // type: () → i32
    '03020100' + // one function
    '0503010002' + // memory
    '0717' + '02' + '066d656d6f7279' + '0200' + '0a61626956657273696f6e' + '0000' + // exports memory, abiVersion
    '0a06010400' + '41010b', // i32.const 1
); // prettier-ignore

describe('core.wasm', () => {
  const facts = moduleFacts(wasm('core'));

  test('imports nothing and never grows its memory', () => {
    expect(facts.imports).toEqual([]);
    expect(facts.grows).toBe(false);
  });
  test('exports the written calls and its memory, nothing else', () =>
    expect([...facts.exports].sort()).toEqual(['memory', ...CALLS].sort()));
  test('has at most 64 KiB', () => expect(facts.size).toBeLessThanOrEqual(65536));
  test('keeps its static data above the memory map', () => expect(Math.min(...facts.dataAt)).toBeGreaterThanOrEqual(MAP_END));
});

test('lab.wasm exports one call more: the export of keys', () => {
  expect([...moduleFacts(wasm('lab')).exports].sort()).toEqual(['keyExport', 'memory', ...CALLS].sort());
});

test('signer.wasm imports nothing and holds no call of the gateway but its version', () => {
  const facts = moduleFacts(wasm('signer'));
  expect(facts.imports).toEqual([]);
  expect(facts.exports.filter((name) => (CALLS as readonly string[]).includes(name))).toEqual(['abiVersion']);
});

describe('a module is refused', () => {
  const load = (bytes: Uint8Array<ArrayBuffer>): Promise<Core> => Core.load(bytes);

  test('that is no WebAssembly', async () =>
    await expect(load(Uint8Array.of(1, 2, 3))).rejects.toMatchObject({ code: 'core', message: /not a WebAssembly module/ }));

  test('that imports anything', async () => {
    const importing = unhex('0061736d0100000001040160000002070101610162' + '0000');
    await expect(load(Uint8Array.from(importing))).rejects.toMatchObject({ code: 'core', message: 'the core imports something' });
  });

  test('that lacks calls', async () =>
    await expect(load(Uint8Array.from(POOR))).rejects.toMatchObject({ code: 'core', message: /does not export .*rx, tx/ }));

  test('that has the calls of the gateway where the laboratory needs its own', async () =>
    await expect(LabCore.load(wasm('core'))).rejects.toMatchObject({ code: 'core', message: 'the core does not export keyExport' }));

  test('that has another ABI version', async () => {
    const bytes = wasm('core');
    const patched = patchVersion(bytes);
    await expect(load(patched)).rejects.toMatchObject({ code: 'core', message: /has ABI version 9/ });
  });
});

/** The core with the constant that `abiVersion` answers replaced by 9: the one function body `i32.const ABI_VERSION`. */
function patchVersion(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const body = [0x04, 0x00, 0x41, ABI_VERSION, 0x0b];
  const at = bytes.findIndex((_, i) => body.every((byte, j) => bytes[i + j] === byte));
  expect(at).toBeGreaterThan(0);
  const patched = bytes.slice();
  patched[at + 3] = 9;
  return patched;
}

test('a compiled module serves for many instances', async () => {
  const module = await compile(wasm('core'));
  const [one, two] = [await Core.load(module), await Core.load(module)];
  one.keys.importNetwork(unhex(KEY), 0);
  expect(two.keys.outgoing(256).ok).toBe(false);
});

test('a call that ends in an exception wipes the whole memory and is a fault', async () => {
  const instance = new Instance(await compile(wasm('core')));
  instance.put(unhex(KEY));
  expect(() => instance.call('keyExport')).toThrow('the core trapped in keyExport'); // core.wasm has no such call
  expect(instance.bytes.every((byte) => byte === 0)).toBe(true);
});

test('bytes that do not fit into the window are a fault', async () => {
  const instance = new Instance(await compile(wasm('core')));
  expect(() => instance.put(new Uint8Array(4097))).toThrow('do not fit');
});
