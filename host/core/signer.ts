/**
 * Loads signer.wasm: digests for those who build images. It is tooling, no part of a gateway, and holds no keys.
 * A module with imports or without its calls is refused with Fault `core`.
 */
import { IN, IN_SIZE, MEMORY_PAGES, OUT } from '../../assembly/abi/layout.ts';
import { Fault } from '../model/fault.ts';
import { compile, type Call, type CoreSource } from './module.ts';

const NAMES = ['mmoBegin', 'mmoUpdate', 'mmoFinish'] as const;
const DIGEST_LENGTH = 16;

/** The signer. */
export class Signer {
  readonly #calls: Record<(typeof NAMES)[number], Call>;
  readonly #memory: Uint8Array;

  private constructor(calls: Record<(typeof NAMES)[number], Call>, memory: Uint8Array) {
    this.#calls = calls;
    this.#memory = memory;
  }

  /** Loads signer.wasm, from its bytes or compiled. Rejects with Fault `core` when it is not the signer of this host. */
  static async load(wasm: CoreSource): Promise<Signer> {
    const module = await compile(wasm);
    if (WebAssembly.Module.imports(module).length > 0) throw new Fault('core', 'the signer imports something');
    const { exports } = new WebAssembly.Instance(module);
    const missing = NAMES.filter((name) => typeof exports[name] !== 'function');
    if (missing.length > 0) throw new Fault('core', `the signer does not export ${missing.join(', ')}`);
    const { memory } = exports;
    if (!(memory instanceof WebAssembly.Memory) || memory.buffer.byteLength !== MEMORY_PAGES * 65536) {
      throw new Fault('core', 'the signer does not export a memory of the agreed size');
    }
    return new Signer(exports as Record<(typeof NAMES)[number], Call>, new Uint8Array(memory.buffer));
  }

  /** AES-MMO digest of a message, 16 bytes, with the padding that its length asks for (ZigBee specification B.6). */
  mmo(message: Uint8Array): Uint8Array {
    this.#calls.mmoBegin();
    for (let at = 0; at < message.length; at += IN_SIZE) {
      const part = message.subarray(at, at + IN_SIZE);
      this.#memory.set(part, IN);
      this.#calls.mmoUpdate(part.length);
    }
    this.#calls.mmoFinish();
    return this.#memory.slice(OUT, OUT + DIGEST_LENGTH);
  }
}
