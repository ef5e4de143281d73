/**
 * Loads the core's WebAssembly and shows its memory.
 *
 * A module that imports anything, that lacks a call, whose memory could grow or whose ABI version is another is refused
 * with Fault `core`: it is not the core that this host was built with.
 */
import { ABI_VERSION, IN, IN_SIZE, KEY, KEY_SIZE, MEMORY_PAGES } from '../../assembly/abi/layout.ts';
import { Fault } from '../model/fault.ts';

/** A call of the core: i32 in, i32 out. */
export type Call = (...args: number[]) => number;

/** Calls that every build of the core exports. */
export const CALLS = [
  'abiVersion',
  'wipeAll',
  'rx',
  'rxBatch',
  'envelopeOpen',
  'tx',
  'keyImport',
  'keyInstallCode',
  'keyErase',
  'keyFingerprint',
  'keySeal',
  'keyUnseal',
  'keyVerifyHash',
  'keyReserve',
  'keyOutgoing',
  'counterSet',
  'counterAt',
  'addressSet',
  'addressAt',
  'imageBegin',
  'imageUpdate',
  'imageFinish',
  'pointCheck',
  'certificateKey',
  'ecdsaPrepare',
  'ecdsaVerify',
  'certificateImport',
  'certificateOf',
  'cbkeBegin',
  'cbkeAgree',
  'cbkeConfirm',
] as const;

/** Name of a call that every build exports. */
export type CallName = (typeof CALLS)[number];

/** What can be loaded: the bytes of a module, or one already compiled (compile once, instantiate often). */
export type CoreSource = BufferSource | WebAssembly.Module;

/** An instance of the core: its calls and fixed views of its memory, which never grows. */
export class Instance {
  /** The whole memory as bytes. */
  readonly bytes: Uint8Array;
  /** The whole memory, for numbers; the core is little-endian. */
  readonly view: DataView;
  readonly #calls: Record<string, Call>;

  constructor(module: WebAssembly.Module, extra: readonly string[] = []) {
    if (WebAssembly.Module.imports(module).length > 0) throw new Fault('core', 'the core imports something');
    const { exports } = new WebAssembly.Instance(module);
    const missing = [...CALLS, ...extra].filter((name) => typeof exports[name] !== 'function');
    if (missing.length > 0) throw new Fault('core', `the core does not export ${missing.join(', ')}`);
    const { memory } = exports;
    if (!(memory instanceof WebAssembly.Memory)) throw new Fault('core', 'the core does not export its memory');
    if (memory.buffer.byteLength !== MEMORY_PAGES * 65536)
      throw new Fault('core', `the core has ${memory.buffer.byteLength} bytes of memory`);
    this.bytes = new Uint8Array(memory.buffer);
    this.view = new DataView(memory.buffer);
    this.#calls = exports as Record<string, Call>;
    const version = this.call('abiVersion');
    if (version !== ABI_VERSION) throw new Fault('core', `the core has ABI version ${version}, this host ${ABI_VERSION}`);
  }

  /**
   * Makes a call and gives its answer. A trap is a fault of the core: all of its memory is wiped, so that no key outlives
   * it, and Fault `core` is thrown. The instance holds nothing any more.
   */
  call(name: CallName | 'keyExport', ...args: number[]): number {
    try {
      return (this.#calls[name] as Call)(...args);
    } catch (cause) {
      this.bytes.fill(0);
      throw new Fault('core', `the core trapped in ${name}`, { cause });
    }
  }

  /** Puts bytes at an offset of the IN window. Throws Fault `internal` for more than it holds. */
  put(bytes: Uint8Array, offset = 0): void {
    if (offset + bytes.length > IN_SIZE)
      throw new Fault('internal', `${offset + bytes.length} bytes do not fit into the core's window of ${IN_SIZE}`);
    this.bytes.set(bytes, IN + offset);
  }

  /** Runs `action` with a clean parameter window and wipes IN's first `secret` bytes and the window afterwards. */
  withKeyWindow<T>(secret: number, action: () => T): T {
    this.bytes.fill(0, KEY, KEY + KEY_SIZE);
    try {
      return action();
    } finally {
      this.bytes.fill(0, KEY, KEY + KEY_SIZE);
      this.bytes.fill(0, IN, IN + Math.min(secret, IN_SIZE));
    }
  }
}

/** Compiles a source. Throws Fault `core` when it is not WebAssembly. */
export async function compile(source: CoreSource): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  try {
    return await WebAssembly.compile(source);
  } catch (cause) {
    throw new Fault('core', 'the core is not a WebAssembly module of this platform', { cause });
  }
}
