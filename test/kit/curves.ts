/**
 * The curves' inner parts for tests: test/kit/curves.as.ts over the very sources, with numbers and points of the model going in and coming
 * out. One object is one curve with a module instance of its own.
 */
import { readFileSync } from 'node:fs';
import { CURVE, CURVE_SIZE } from '../../assembly/abi/layout.ts';
import { compiledFile } from './compiled.ts';
import { bytesOf, CurveModel, CURVES, type AffinePoint, type CurveParameters, type Point } from './curve-model.ts';

type Call = (...args: number[]) => number;
type Names =
  | 'curveTable'
  | `field${'Mul' | 'Sqr' | 'Invert' | 'HalfTrace' | 'Trace'}`
  | `scalar${'Mul' | 'Add' | 'Sub' | 'ReadWide' | 'ReadHash' | 'IsInRange' | 'Invert'}`
  | `tau${'Describe' | 'Split' | 'Sparse' | 'Regular'}`
  | `point${'Decode' | 'Encode' | 'Place' | 'Add' | 'Multiply' | 'MultiplyBase' | 'MultiplyVarTime' | 'SumVarTime'}`
  | 'tableBuild'
  | 'nonceAt'
  | `ecdsa${'SignWith' | 'Verify'}`
  | 'certificateKey'
  | 'certifiedVerify'
  | 'mqvAgree'
  | 'kdfAgreedKey'
  | 'repeat';

/** Bytes of a scalar in memory, with room. */
const SCALAR = 48;
const TABLE = 1600;
/** What fresh memory is filled with, so that nothing is right by being zero. */
const FILLING = 0xa5;

/** One curve of the core. */
export class CurveParts {
  readonly curve: CurveParameters;
  readonly model: CurveModel;
  readonly call: Readonly<Record<Names, Call>>;
  readonly memory: Uint8Array;
  /** Bytes of a field element in memory. */
  readonly size: number;
  readonly #bottom: number;
  #top: number;

  constructor(curve: CurveParameters, instance: WebAssembly.Instance) {
    const exports = instance.exports as unknown as Record<Names, Call> & {
      readonly memory: WebAssembly.Memory;
      readonly FREE: { readonly value: number };
    };
    this.curve = curve;
    this.model = new CurveModel(curve);
    this.call = exports;
    this.memory = new Uint8Array(exports.memory.buffer);
    this.memory.fill(FILLING, CURVE, CURVE + CURVE_SIZE);
    this.size = curve.suite === 1 ? 32 : 48;
    this.#bottom = exports.FREE.value;
    this.#top = this.#bottom;
  }

  /** Address of fresh bytes, filled with 0xa5 and at no round address. */
  room(length: number): number {
    const at = this.#top + 1;
    this.#top = at + length;
    if (this.#top > this.memory.length) throw new RangeError(`no room for ${length} bytes`);
    this.memory.fill(FILLING, at, this.#top);
    return at;
  }

  /** Does something with room of its own, which is free again afterwards. */
  inRoom<T>(work: () => T): T {
    const top = this.#top;
    try {
      return work();
    } finally {
      this.#top = top;
    }
  }

  /** Address of a copy of bytes. */
  put(bytes: Uint8Array): number {
    const at = this.room(bytes.length);
    this.memory.set(bytes, at);
    return at;
  }

  /** A copy of bytes. */
  read(at: number, length: number): Uint8Array {
    return this.memory.slice(at, at + length);
  }

  /** Address of a number, little-endian in `length` bytes. */
  number(value: bigint, length: number): number {
    return this.put(littleEndian(value, length));
  }

  /** The number at an address. */
  numberAt(at: number, length: number): bigint {
    return this.read(at, length).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  }

  /** Address of a field element. */
  element(value: bigint): number {
    return this.number(value, this.size);
  }

  /** The field element at an address, of which every byte counts. */
  elementAt(at: number): bigint {
    return this.numberAt(at, this.size);
  }

  /** Address of a scalar. */
  scalar(value: bigint): number {
    return this.number(value, SCALAR);
  }

  /** The scalar at an address. */
  scalarAt(at: number): bigint {
    return this.numberAt(at, this.curve.suite === 1 ? 24 : 36);
  }

  /** Address of an affine point. */
  point({ x, y }: AffinePoint): number {
    return this.put(Uint8Array.of(...littleEndian(x, this.size), ...littleEndian(y, this.size)));
  }

  /** The affine point at an address. */
  pointAt(at: number): AffinePoint {
    return { x: this.elementAt(at), y: this.elementAt(at + this.size) };
  }

  /** Address of the table of an affine point, as verification has it. */
  table(point: AffinePoint): number {
    const table = this.room(TABLE);
    this.call.tableBuild(this.curve.suite, table, this.point(point));
    return table;
  }

  /** What a multiplication that answers an affine point, or 0 for infinity, makes of a scalar and a point. */
  multiply(name: 'pointMultiply' | 'pointMultiplyBase' | 'pointMultiplyVarTime', k: bigint, point: AffinePoint): Point {
    return this.inRoom(() => {
      const q = this.room(2 * this.size);
      const finite = this.call[name](this.curve.suite, q, this.scalar(k), this.point(point), this.room(3 * this.size));
      return finite === 1 ? this.pointAt(q) : undefined;
    });
  }
}

/** Both curves, each with a fresh instance. */
export async function curveParts(): Promise<readonly CurveParts[]> {
  const module = new WebAssembly.Module(readFileSync(await compiledFile('test/kit/curves.as.ts')));
  return CURVES.map((curve) => new CurveParts(curve, new WebAssembly.Instance(module)));
}

const littleEndian = (value: bigint, length: number): Uint8Array => bytesOf(value, length).reverse();
