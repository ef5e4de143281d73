/**
 * The part of the WebAssembly interface that this program uses (WebAssembly JavaScript Interface, W3C): Node has it, its
 * type declarations do not, and those for browsers would let the host name things that it does not have.
 */
declare namespace WebAssembly {
  /** A compiled module: immutable, may be shared and instantiated often. */
  class Module {
    constructor(bytes: BufferSource);
    static imports(module: Module): { module: string; name: string; kind: string }[];
    static exports(module: Module): { name: string; kind: string }[];
  }

  /** An instance with memory of its own. */
  class Instance {
    constructor(module: Module, imports?: object);
    readonly exports: Record<string, unknown>;
  }

  /** A memory that an instance exports. */
  class Memory {
    constructor(descriptor: { initial: number; maximum?: number });
    readonly buffer: ArrayBuffer;
  }

  /** Thrown when an instance traps. */
  class RuntimeError extends Error {}

  /** Thrown when bytes are no valid module. */
  class CompileError extends Error {}

  function compile(bytes: BufferSource): Promise<Module>;
}

/** Bytes as the WebAssembly interface takes them. */
type BufferSource = ArrayBufferView<ArrayBuffer> | ArrayBuffer;
