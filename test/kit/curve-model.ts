/**
 * The two curves from their definition, in BigInts and without a thought of speed: the independent model that the core is held
 * against. Polynomials over GF(2) are their bits; points are affine, or undefined for infinity; scalars are multiplied bit by bit.
 */

/** An affine point. */
export interface AffinePoint {
  readonly x: bigint;
  readonly y: bigint;
}

/** A point of a curve; undefined is infinity. */
export type Point = AffinePoint | undefined;

/** A curve y² + xy = x³ + ax² + 1 over GF(2^m), as SEC 2 prints it. */
export interface CurveParameters {
  readonly suite: 1 | 2;
  /** The name that OpenSSL has for it. */
  readonly name: string;
  readonly m: number;
  /** The field's polynomial. */
  readonly polynomial: bigint;
  readonly a: bigint;
  readonly n: bigint;
  readonly cofactor: bigint;
  readonly base: AffinePoint;
  /** Bytes of a field element and of a scalar. */
  readonly length: number;
}

const power = (...exponents: number[]): bigint => exponents.reduce((sum, exponent) => sum | (1n << BigInt(exponent)), 0n);

/** sect163k1, SEC 2 version 2, clause 3.2.1. */
export const SECT163K1: CurveParameters = {
  suite: 1,
  name: 'sect163k1',
  m: 163,
  polynomial: power(163, 7, 6, 3, 0),
  a: 1n,
  n: 0x04000000000000000000020108a2e0cc0d99f8a5efn,
  cofactor: 2n,
  base: { x: 0x02fe13c0537bbc11acaa07d793de4e6d5e5c94eee8n, y: 0x0289070fb05d38ff58321f2e800536d538ccdaa3d9n },
  length: 21,
};

/** sect283k1, SEC 2 version 2, clause 3.4.1. */
export const SECT283K1: CurveParameters = {
  suite: 2,
  name: 'sect283k1',
  m: 283,
  polynomial: power(283, 12, 7, 5, 0),
  a: 0n,
  n: 0x01ffffffffffffffffffffffffffffffffffe9ae2ed07577265dff7f94451e061e163c61n,
  cofactor: 4n,
  base: {
    x: 0x0503213f78ca44883f1a3b8162f188e553cd265f23c1567a16876913b0c2ac2458492836n,
    y: 0x01ccda380f1c9e318d90f95d07e5426fe87e45c0e8184698e45962364e34116177dd2259n,
  },
  length: 36,
};

/** Both curves. */
export const CURVES: readonly CurveParameters[] = [SECT163K1, SECT283K1];

/** Arithmetic on one curve. */
export class CurveModel {
  readonly curve: CurveParameters;

  constructor(curve: CurveParameters) {
    this.curve = curve;
  }

  /** The remainder of a polynomial: x^m is the sum of the lower powers. */
  reduce(x: bigint): bigint {
    const m = BigInt(this.curve.m);
    const lower = this.curve.polynomial ^ (1n << m);
    for (let high = x >> m; high !== 0n; high = x >> m) {
      x = BigInt.asUintN(this.curve.m, x);
      for (let rest = lower, shifted = high; rest !== 0n; rest >>= 1n, shifted <<= 1n) if (rest & 1n) x ^= shifted;
    }
    return x;
  }

  /** The product of two elements. */
  mul(x: bigint, y: bigint): bigint {
    let product = 0n;
    for (let rest = y, shifted = x; rest !== 0n; rest >>= 1n, shifted <<= 1n) if (rest & 1n) product ^= shifted;
    return this.reduce(product);
  }

  /** The inverse of an element other than 0, by Euclid. */
  inverse(x: bigint): bigint {
    let [a, b, u, v] = [this.curve.polynomial, x, 0n, 1n];
    while (b !== 0n) {
      for (let shift = degreeOf(a) - degreeOf(b); shift >= 0; shift = degreeOf(a) - degreeOf(b)) {
        a ^= b << BigInt(shift);
        u ^= v << BigInt(shift);
      }
      [a, b, u, v] = [b, a, v, u];
    }
    return this.reduce(u);
  }

  /** The trace of an element: the sum of its m conjugates. */
  trace(x: bigint): bigint {
    let [sum, conjugate] = [x, x];
    for (let i = 1; i < this.curve.m; i++) {
      conjugate = this.mul(conjugate, conjugate);
      sum ^= conjugate;
    }
    return sum;
  }

  /** The half-trace of an element. */
  halfTrace(x: bigint): bigint {
    let [sum, conjugate] = [x, x];
    for (let i = 1; i <= (this.curve.m - 1) / 2; i++) {
      for (let twice = 0; twice < 2; twice++) conjugate = this.mul(conjugate, conjugate);
      sum ^= conjugate;
    }
    return sum;
  }

  /** Whether a point fulfils the curve's equation. */
  isOnCurve({ x, y }: AffinePoint): boolean {
    const xx = this.mul(x, x);
    return (this.mul(y, y) ^ this.mul(x, y)) === (this.mul(xx, x) ^ (this.curve.a * xx) ^ 1n);
  }

  /** Whether n times the point is infinity. */
  isInSubgroup(point: AffinePoint): boolean {
    return this.multiply(this.curve.n, point) === undefined;
  }

  /** -p. */
  negate(p: Point): Point {
    return p === undefined ? undefined : { x: p.x, y: p.x ^ p.y };
  }

  /** p + q. */
  add(p: Point, q: Point): Point {
    if (p === undefined || q === undefined) return p ?? q;
    const { a } = this.curve;
    if (p.x === q.x && p.y !== q.y) return undefined;
    if (p.x === q.x) {
      if (p.x === 0n) return undefined;
      const slope = p.x ^ this.mul(p.y, this.inverse(p.x));
      const x = this.mul(slope, slope) ^ slope ^ a;
      return { x, y: this.mul(p.x, p.x) ^ this.mul(slope ^ 1n, x) };
    }
    const slope = this.mul(p.y ^ q.y, this.inverse(p.x ^ q.x));
    const x = this.mul(slope, slope) ^ slope ^ p.x ^ q.x ^ a;
    return { x, y: this.mul(slope, p.x ^ x) ^ x ^ p.y };
  }

  /** k · p, for k of 0 and above. */
  multiply(k: bigint, p: Point): Point {
    let sum: Point;
    for (let rest = k, term = p; rest > 0n; rest >>= 1n, term = this.add(term, term)) if (rest & 1n) sum = this.add(sum, term);
    return sum;
  }

  /** A point of that x, if the curve has one; the other one is its negative. */
  lift(x: bigint): Point {
    if (x === 0n) return { x, y: 1n };
    const inverse = this.inverse(x);
    const c = x ^ this.curve.a ^ this.mul(inverse, inverse);
    const slope = this.halfTrace(c);
    return (this.mul(slope, slope) ^ slope) === c ? { x, y: this.mul(slope, x) } : undefined;
  }

  /** The compressed form of a point. */
  compress({ x, y }: AffinePoint): Uint8Array {
    const low = x === 0n ? 0n : this.mul(y, this.inverse(x)) & 1n;
    return Uint8Array.of(2 + Number(low), ...bytesOf(x, this.curve.length));
  }

  /** The point of a compressed form, which must be good. */
  decompress(bytes: Uint8Array): AffinePoint {
    const point = this.lift(numberOf(bytes.subarray(1)));
    if (point === undefined) throw new RangeError('no such point');
    return this.compress(point)[0] === bytes[0] ? point : (this.negate(point) as AffinePoint);
  }
}

/** Degree of a polynomial; -1 for 0. */
function degreeOf(x: bigint): number {
  const digits = x.toString(16);
  return x === 0n ? -1 : 4 * digits.length - 1 - (Math.clz32(Number.parseInt(digits.charAt(0), 16)) - 28);
}

/** A number as bytes, big-endian. */
export function bytesOf(x: bigint, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => Number((x >> BigInt(8 * (length - 1 - i))) & 0xffn));
}

/** The number that bytes are, big-endian. */
export function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

/** base^exponent modulo `modulus`; with the exponent modulus - 2, and a prime modulus, the inverse. */
export function powerModulo(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (let square = base % modulus, rest = exponent; rest > 0n; rest >>= 1n, square = (square * square) % modulus) {
    if (rest & 1n) result = (result * square) % modulus;
  }
  return result;
}
