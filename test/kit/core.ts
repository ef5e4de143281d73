/** The built cores for tests: real WebAssembly, a fresh instance for whoever asks. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Core, LabCore } from '../../host/core/core.ts';
import { compile, Instance, type CallName, type CoreSource } from '../../host/core/module.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The bytes of a built module, built first when it is missing. */
export function wasm(name: 'core' | 'lab' | 'signer'): Uint8Array<ArrayBuffer> {
  const path = `${ROOT}dist/${name}.wasm`;
  if (!existsSync(path)) execFileSync(process.execPath, [`${ROOT}.ci/setup.mjs`], { stdio: ['ignore', 'inherit', 'inherit'] });
  return Uint8Array.from(readFileSync(path));
}

/** A fresh core with no keys. */
export const freshCore = (): Promise<Core> => Core.load(wasm('core'));

/** A fresh lab core with no keys. */
export const freshLab = (): Promise<LabCore> => LabCore.load(wasm('lab'));

/** A core whose memory a test looks into. */
export class OpenCore extends LabCore {
  static override async load(wasm: CoreSource): Promise<OpenCore> {
    return new OpenCore(new Instance(await compile(wasm), ['keyExport']));
  }

  /** Every byte of its memory. */
  get memory(): Uint8Array {
    return this.instance.bytes;
  }

  /** A raw call, past the Core class. */
  call(name: CallName, ...args: number[]): number {
    return this.instance.call(name, ...args);
  }

  /** Where `needle` stands in memory, every position. */
  positions(needle: Uint8Array): number[] {
    const found: number[] = [];
    for (let at = this.memory.indexOf(needle[0] as number); at >= 0; at = this.memory.indexOf(needle[0] as number, at + 1)) {
      if (needle.every((byte, i) => this.memory[at + i] === byte)) found.push(at);
    }
    return found;
  }
}

/** A fresh lab core whose memory can be looked into. */
export const openCore = (): Promise<OpenCore> => OpenCore.load(wasm('lab'));
