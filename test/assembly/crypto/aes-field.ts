/**
 * The field maths behind the tables of assembly/crypto/aes-tables.ts, from first principles.
 *
 * GF(16) = GF(2)[w] / (w⁴ + w + 1). AES's GF(256) is written over it as x = k + i·θ with θ² = a·θ + a, i and k in GF(16).
 * The norm of x is N = k² + a·i·k + a·i², and 1/x = (k + a·i)/N + θ·i/N. The vector-permute inversion finds io and jo with
 * 1/io = (k + a·i)/N and 1/jo = ((1 + a)·k + a·i)/N, from which both halves of 1/x follow linearly:
 * k/N = (1/io + 1/jo)/a and i/N = (1/io + k/N)/a. Every choice (a, the image of w, θ) is the smallest that works.
 */

/** Marks 1/0: bit 7 makes a byte shuffle answer 0, whatever is xored into the low bits. */
export const INFINITY = 0x80;

/** Product in GF(2)[x] reduced by `modulus`, whose top bit is `1 << degree`. */
const multiply = (a: number, b: number, modulus: number, degree: number): number => {
  let product = 0;
  for (let bit = 0; bit < degree; bit++) if ((b >> bit) & 1) product ^= a << bit;
  for (let bit = 2 * degree - 2; bit >= degree; bit--) if ((product >> bit) & 1) product ^= modulus << (bit - degree);
  return product;
};
/** Product in GF(16). */
export const mul16 = (a: number, b: number): number => multiply(a, b, 0x13, 4);
/** Product in AES's GF(256) (FIPS 197 clause 4.2). */
export const mul256 = (a: number, b: number): number => multiply(a, b, 0x11b, 8);

/** Inverse in GF(16) of a non-zero element. */
export const inv16 = (n: number): number => range(16).find((m) => mul16(n, m) === 1) ?? INFINITY;
/** Inverse in GF(256), 0 for 0 as AES has it. */
export const inv256 = (n: number): number => range(256).find((m) => mul256(n, m) === 1) ?? 0;

/** The linear part of AES's affine map (FIPS 197 clause 5.1.1), without the constant 0x63. */
export const affine = (b: number): number => {
  const doubled = (b << 8) | b;
  return (b ^ (doubled >> 7) ^ (doubled >> 6) ^ (doubled >> 5) ^ (doubled >> 4)) & 0xff;
};
/** AES's S-box. */
export const sbox = (b: number): number => affine(inv256(b)) ^ 0x63;

/** 0, 1, … n-1. */
export const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** The smallest number below `end` that fits. */
function smallest(end: number, fits: (n: number) => boolean): number {
  const found = range(end).find(fits);
  if (found === undefined) throw new Error('nothing fits');
  return found;
}

const power = (w: number, e: number): number => (e === 0 ? 1 : mul256(w, power(w, e - 1)));
/** The image of w in GF(256): the smallest root of w⁴ + w + 1. */
export const W = smallest(256, (w) => (power(w, 4) ^ w ^ 1) === 0);
/** A GF(16) element as the AES byte it stands for. */
export const embed = (n: number): number => range(4).reduce((sum, bit) => ((n >> bit) & 1 ? sum ^ power(W, bit) : sum), 0);

/** The smallest a other than 0 and 1 for which y² + a·y + a has no root in GF(16), so that it defines GF(256). */
export const A = smallest(16, (a) => a > 1 && range(16).every((y) => (mul16(y, y) ^ mul16(a, y) ^ a) !== 0));
/** θ: the smallest byte with θ² = a·θ + a. */
export const THETA = smallest(256, (t) => (mul256(t, t) ^ mul256(embed(A), t) ^ embed(A)) === 0);

/** The AES byte that the tower byte `16·i + k` stands for. */
export const leave = (tower: number): number => embed(tower & 15) ^ mul256(embed(tower >> 4), THETA);
/** The tower byte of an AES byte: inverse of `leave`. */
export const enter = (byte: number): number => smallest(256, (tower) => leave(tower) === byte);

/** The AES byte of 1/x, given u = 1/io and v = 1/jo. */
export const inverseFrom = (u: number, v: number): number => {
  const kOverN = mul16(u ^ v, inv16(A));
  const iOverN = mul16(u ^ kOverN, inv16(A));
  return embed(mul16(A, iOverN) ^ kOverN) ^ mul256(embed(iOverN), THETA);
};

const outputs = (factor: number, of: 'io' | 'jo'): number[] =>
  range(16).map((n) => {
    if (n === 0) return 0; // never asked: io and jo are non-zero or infinite
    return enter(mul256(factor, affine(of === 'io' ? inverseFrom(inv16(n), 0) : inverseFrom(0, inv16(n)))));
  });

/** The ten round constants: 0x63 in every byte (the S-box tables leave it out) and rcon in the first byte of each word. */
const constants = (): number[] => {
  const bytes: number[] = [];
  for (let round = 1, rcon = 1; round <= 10; round++, rcon = mul256(rcon, 2)) {
    for (const column of range(16)) bytes.push(enter(0x63 ^ (column % 4 === 0 ? rcon : 0)));
  }
  return bytes;
};

/** Position after ShiftRows: byte n comes from here (state in columns of four, FIPS 197 clause 5.1.2). */
export const shiftRows = (n: number): number => (n + 4 * (n % 4)) % 16;

/** Every table, by the name that assembly/crypto/aes-tables.ts gives it. */
export const derive = (): Readonly<Record<string, readonly number[]>> => ({
  ENTER_LOW: range(16).map((n) => enter(n)),
  ENTER_HIGH: range(16).map((n) => enter(n << 4)),
  LEAVE_LOW: range(16).map((n) => leave(n)),
  LEAVE_HIGH: range(16).map((n) => leave(n << 4)),
  INVERSE: range(16).map((n) => inv16(n)),
  A_OVER: range(16).map((n) => (n === 0 ? INFINITY : mul16(A, inv16(n)))),
  SUB_IO: outputs(1, 'io'),
  SUB_JO: outputs(1, 'jo'),
  SUB2_IO: outputs(2, 'io'),
  SUB2_JO: outputs(2, 'jo'),
  ROUND_CONSTANTS: constants(),
});
