/**
 * The two curves of ZigBee Smart Energy, y² + xy = x³ + ax² + 1 over a binary field: sect163k1 and sect283k1 of SEC 2. What
 * differs between them stands here and in their fields; everything else is written once, over `Curve`, and compiled twice.
 *
 * `curve<C>()` is no object: it is a null pointer whose methods are all known at compile time and put in place.
 */
import { BASE_TABLE_163, BASE_TABLE_283 } from '../abi/layout.ts';
import * as table from './curve-tables.ts';
import * as gf163 from './gf163.ts';
import * as gf283 from './gf283.ts';

/** What a curve is to those who calculate on it. */
export abstract class Curve {
  /** Bytes of a field element in memory, a multiple of 16. */
  abstract get size(): usize;
  /** Degree m of the field; odd. */
  abstract get degree(): i32;
  /** The coefficient a, 0 or 1. */
  abstract get a(): i32;
  /** Bits of the order n of the base point. */
  abstract get orderBits(): i32;
  /** n, little-endian. */
  abstract get order(): usize;
  /** See `RECIPROCAL_163`. */
  abstract get reciprocal(): usize;
  /** See `SPLIT_163`. */
  abstract get split(): usize;
  /** The even root of t² - μt + 2 modulo 64, which is what τ counts for there (tau.ts). */
  abstract get tau(): u32;
  /** The base point, x then y. */
  abstract get base(): usize;
  /** Where its window table stands, once somebody has needed it. */
  abstract get baseTable(): usize;
  /** z = x · y. */
  abstract mul(z: usize, x: usize, y: usize): void;
  /** z = x². */
  abstract sqr(z: usize, x: usize): void;
  /** The trace of x: 0 or 1. */
  abstract trace(x: usize): u32;
}

/** The curve C. */
export function curve<C extends Curve>(): C {
  return changetype<C>(0);
}

/** Bytes of a field element and of a scalar on the wire. */
export function lengthOf<C extends Curve>(): i32 {
  return (curve<C>().degree + 7) >> 3;
}

/** 32-bit words of a scalar. */
export function wordsOf<C extends Curve>(): i32 {
  return (curve<C>().orderBits + 31) >> 5;
}

/** μ, where τ² + 2 = μτ: 1 for a = 1, -1 for a = 0. τ is the map that squares both coordinates. */
export function muOf<C extends Curve>(): i32 {
  return curve<C>().a === 1 ? 1 : -1;
}

/** sect163k1 (SEC 2 clause 3.2.1), suite 1, cofactor 2. */
@final
export class K163 extends Curve {
  get size(): usize {
    return gf163.SIZE;
  }
  get degree(): i32 {
    return 163;
  }
  get a(): i32 {
    return 1;
  }
  get orderBits(): i32 {
    return 163;
  }
  get order(): usize {
    return table.ORDER_163;
  }
  get reciprocal(): usize {
    return table.RECIPROCAL_163;
  }
  get split(): usize {
    return table.SPLIT_163;
  }
  get tau(): u32 {
    return 38;
  }
  get base(): usize {
    return table.BASE_163;
  }
  get baseTable(): usize {
    return BASE_TABLE_163;
  }
  mul(z: usize, x: usize, y: usize): void {
    gf163.mul(z, x, y);
  }
  sqr(z: usize, x: usize): void {
    gf163.sqr(z, x);
  }
  trace(x: usize): u32 {
    return gf163.trace(x);
  }
}

/** sect283k1 (SEC 2 clause 3.4.1), suite 2, cofactor 4. Its order has 281 bits, two fewer than the field. */
@final
export class K283 extends Curve {
  get size(): usize {
    return gf283.SIZE;
  }
  get degree(): i32 {
    return 283;
  }
  get a(): i32 {
    return 0;
  }
  get orderBits(): i32 {
    return 281;
  }
  get order(): usize {
    return table.ORDER_283;
  }
  get reciprocal(): usize {
    return table.RECIPROCAL_283;
  }
  get split(): usize {
    return table.SPLIT_283;
  }
  get tau(): u32 {
    return 26;
  }
  get base(): usize {
    return table.BASE_283;
  }
  get baseTable(): usize {
    return BASE_TABLE_283;
  }
  mul(z: usize, x: usize, y: usize): void {
    gf283.mul(z, x, y);
  }
  sqr(z: usize, x: usize): void {
    gf283.sqr(z, x);
  }
  trace(x: usize): u32 {
    return gf283.trace(x);
  }
}
