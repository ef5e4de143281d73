/** Gate 3: what the built core is made of, read from the module itself and from its text form. */
import { execFileSync } from 'node:child_process';
import { ROOT } from './source.ts';

/** What a WebAssembly module shows of itself. */
export interface ModuleFacts {
  readonly imports: readonly string[];
  /** Names of exported functions and memories, in order. */
  readonly exports: readonly string[];
  /** True when the text form contains the instruction that grows memory. */
  readonly grows: boolean;
  /** Offsets of the active data segments. */
  readonly dataAt: readonly number[];
  readonly size: number;
}

/** Reads a module. `bytes` must be a valid module whose data segments have constant offsets. */
export function moduleFacts(bytes: Uint8Array<ArrayBuffer>): ModuleFacts {
  const module = new WebAssembly.Module(bytes);
  const text = execFileSync(process.execPath, [`${ROOT}node_modules/binaryen/bin/wasm-dis`, '-', '--all-features'], {
    input: bytes,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return {
    imports: WebAssembly.Module.imports(module).map((each) => `${each.module}.${each.name}`),
    exports: WebAssembly.Module.exports(module).map((each) => each.name),
    grows: /\bmemory\.grow\b/.test(text),
    dataAt: [...text.matchAll(/\(data(?: \$\S+)? \(i32\.const (-?\d+)\)/g)].map((match) => Number(match[1])),
    size: bytes.length,
  };
}
