/**
 * Numbers of the two curves, 64-bit words least significant first, and field elements likewise. ORDER and BASE are those of
 * SEC 2 (clauses 3.2.1 and 3.4.1); everything else follows from them, and test/assembly/crypto/curve-tables.test.ts derives it.
 */

/** The order n of sect163k1's base point; a word of zeros follows in either. */
export const ORDER_163: usize = memory.data<u64>([0xa2e0cc0d99f8a5ef, 0x20108, 0x400000000, 0]);
/** The order n of sect283k1's base point. */
export const ORDER_283: usize = memory.data<u64>([
  0x94451e061e163c61, 0x2ed07577265dff7f, 0xffffffffffffe9ae, 0xffffffffffffffff, 0x1ffffff,
]);

/** The quotient of 2^384 by n (Barrett's reduction with six words of 32 bits). */
export const RECIPROCAL_163: usize = memory.data<u64>([0x20108e744e1df22e, 0x75d1f33f266075a1, 0xffffffffffffdfef, 0x3fffffff]);
/** The quotient of 2^576 by n (nine words). */
export const RECIPROCAL_283: usize = memory.data<u64>([0xb87e787a70e7fe45, 0xe2a2366880201aee, 0x594744b, 0, 0x8000000000]);

/** The base point of sect163k1, x then y, each as an element of gf163.ts. */
export const BASE_163: usize = memory.data<u64>(
  [0xde4e6d5e5c94eee8, 0x7bbc11acaa07d793, 0x2fe13c053, 0, 0x536d538ccdaa3d9, 0x5d38ff58321f2e80, 0x289070fb0, 0],
  16,
);
/** The base point of sect283k1, x then y, each as an element of gf283.ts. */
export const BASE_283: usize = memory.data<u64>(
  [
    0xb0c2ac2458492836, 0x23c1567a16876913, 0x62f188e553cd265f, 0x78ca44883f1a3b81, 0x503213f, 0, 0x4e34116177dd2259, 0xe8184698e4596236,
    0x7e5426fe87e45c0, 0xf1c9e318d90f95d, 0x1ccda38, 0,
  ],
  16,
);

/**
 * What splits a scalar k modulo δ = (τ^m - 1) / (τ - 1) = d0 + d1·τ, whose norm is n: six rows of 192 bits. With s0 = d0 + μ·d1
 * and s1 = -d1, the quotient k/δ is (s0 + s1·τ)·k/n. Rows 0 and 1 are |s0| and |s1| times 2^(32·words) / n, rounded; with q0, q1 for
 * the rounded products by k, the remainder is k + row2·q0 + row3·q1 and row4·q0 + row5·q1 of τ, modulo 2^192. Rows 2 and 4
 * together are δ or -δ.
 */
export const SPLIT_163: usize = memory.data<u64>([
  0x9cef72d3fb961bab, 0x888d346b4909, 0, 0x10044ab66bf72591, 0x27fd09ac5eff, 0, 0x550457d5cc535f89, 0xfffffffffffe7dbf, 0xffffffffffffffff,
  0xb29d08077fddaa4c, 0xfffffffffffec017, 0xffffffffffffffff, 0xd94e8403bfeed526, 0xffffffffffff600b, 0xffffffffffffffff,
  0xd1ad242673bdcb51, 0x22234, 0,
]);
/** See `SPLIT_163`. */
export const SPLIT_283: usize = memory.data<u64>([
  0x8284055d4f058cab, 0x68c1402a8762cf56, 0x3d292, 0xfc7193ef2e17b84a, 0x3a904370bc5e83c3, 0x6a262, 0xcb0214cd6705c577, 0x16b95cf8c9787d59,
  0xffffffffffffeb16, 0xf00e39b04347a120, 0x7715bef23d0e85f0, 0xffffffffffffe576, 0x78071cd821a3d090, 0x3b8adf791e8742f8,
  0xfffffffffffff2bb, 0xad05080aba9e0b19, 0x24d18280550ec59e, 0x7a5,
]);
