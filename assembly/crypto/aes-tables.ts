/**
 * Tables of the vector-permute AES: sixteen bytes each, asked by `i8x16.swizzle`, so that no address depends on a secret.
 *
 * They follow from writing AES's field (FIPS 197 clause 4) as pairs over GF(16) = GF(2)[w]/(w⁴ + w + 1): x = k + i·θ with
 * θ² = a·θ + a, a = 2, w = 0x5c, θ = 0xb2. The *tower byte* of x is `16·i + k`. 0x80 stands for 1/0: a swizzle answers 0
 * for it, whatever is xored into its low bits. test/assembly/crypto/aes-field.ts derives every number from these choices.
 */

/** AES byte → tower byte, by low and by high nibble. */
export const ENTER_LOW: usize = memory.data<u8>(
  [0x00, 0x01, 0x1c, 0x1d, 0x2d, 0x2c, 0x31, 0x30, 0x27, 0x26, 0x3b, 0x3a, 0x0a, 0x0b, 0x16, 0x17],
  16,
);
/** The high nibble of `ENTER_LOW`. */
export const ENTER_HIGH: usize = memory.data<u8>(
  [0x00, 0x86, 0xfd, 0x7b, 0x8e, 0x08, 0x73, 0xf5, 0x77, 0xf1, 0x8a, 0x0c, 0xf9, 0x7f, 0x04, 0x82],
  16,
);

/** Tower byte → AES byte, by low and by high nibble. */
export const LEAVE_LOW: usize = memory.data<u8>(
  [0x00, 0x01, 0x5c, 0x5d, 0xe0, 0xe1, 0xbc, 0xbd, 0x50, 0x51, 0x0c, 0x0d, 0xb0, 0xb1, 0xec, 0xed],
  16,
);
/** See `LEAVE_LOW`. */
export const LEAVE_HIGH: usize = memory.data<u8>(
  [0x00, 0xb2, 0xb5, 0x07, 0x3a, 0x88, 0x8f, 0x3d, 0xac, 0x1e, 0x19, 0xab, 0x96, 0x24, 0x23, 0x91],
  16,
);

/** 1/n in GF(16). */
export const INVERSE: usize = memory.data<u8>(
  [0x80, 0x01, 0x09, 0x0e, 0x0d, 0x0b, 0x07, 0x06, 0x0f, 0x02, 0x0c, 0x05, 0x0a, 0x04, 0x03, 0x08],
  16,
);
/** a/n in GF(16). */
export const A_OVER: usize = memory.data<u8>(
  [0x80, 0x02, 0x01, 0x0f, 0x09, 0x05, 0x0e, 0x0c, 0x0d, 0x04, 0x0b, 0x0a, 0x07, 0x08, 0x06, 0x03],
  16,
);

/** What io and jo add to the S-box (without its constant 0x63), as a tower byte. */
export const SUB_IO: usize = memory.data<u8>(
  [0x00, 0xc3, 0x4f, 0x0c, 0xfc, 0x7c, 0x43, 0x80, 0xcf, 0x33, 0x3f, 0x70, 0xbf, 0xb3, 0xf0, 0x8c],
  16,
);
/** See `SUB_IO`. */
export const SUB_JO: usize = memory.data<u8>(
  [0x00, 0xe6, 0x72, 0xb7, 0xe5, 0xc6, 0xc5, 0x23, 0x51, 0xb4, 0x03, 0x71, 0x20, 0x97, 0x52, 0x94],
  16,
);
/** As `SUB_IO`, times two in AES's field: what MixColumns needs. */
export const SUB2_IO: usize = memory.data<u8>(
  [0x00, 0x7c, 0x20, 0xcf, 0x92, 0x01, 0xef, 0x93, 0xb3, 0x21, 0xee, 0xce, 0x7d, 0xb2, 0x5d, 0x5c],
  16,
);
/** See `SUB2_IO`. */
export const SUB2_JO: usize = memory.data<u8>(
  [0x00, 0xd1, 0xe5, 0xf7, 0xe6, 0x25, 0x12, 0xc3, 0x26, 0xc0, 0x37, 0xd2, 0xf4, 0x03, 0x11, 0x34],
  16,
);

/** The S-box constant 0x63 as a tower byte. */
export const SUB_CONSTANT: i32 = 0x6e;
/** Rcon of rounds 1 to 10 xor 0x63, as tower bytes. */
export const ROUND_CONSTANTS: usize = memory.data<u8>([0x6f, 0x72, 0x43, 0x49, 0xe8, 0x93, 0xe0, 0x19, 0xd2, 0x24], 16);

/** ShiftRows (FIPS 197 clause 5.1.2): byte n comes from here. */
export const SHIFT: v128 = i8x16(0, 5, 10, 15, 4, 9, 14, 3, 8, 13, 2, 7, 12, 1, 6, 11);
/**
 * ShiftRows, then each column turned up by one byte. The three turned orders are loaded: as literals V8 makes them anew in every
 * round, for want of registers, which cost AES-MMO a twentieth.
 */
export const SHIFT_TURN1: usize = memory.data<u8>([5, 10, 15, 0, 9, 14, 3, 4, 13, 2, 7, 8, 1, 6, 11, 12], 16);
/** ShiftRows, then each column turned up by two bytes. */
export const SHIFT_TURN2: usize = memory.data<u8>([10, 15, 0, 5, 14, 3, 4, 9, 2, 7, 8, 13, 6, 11, 12, 1], 16);
/** ShiftRows, then each column turned up by three bytes. */
export const SHIFT_TURN3: usize = memory.data<u8>([15, 0, 5, 10, 3, 4, 9, 14, 7, 8, 13, 2, 11, 12, 1, 6], 16);

/** RotWord of the last word, in every word (key expansion, FIPS 197 clause 5.2). */
export const LAST_WORD_TURNED: v128 = i8x16(13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12, 13, 14, 15, 12);
/** Words moved up by one, zero below. */
export const UP1: v128 = i8x16(-1, -1, -1, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
/** Words moved up by two, zero below. */
export const UP2: v128 = i8x16(-1, -1, -1, -1, -1, -1, -1, -1, 0, 1, 2, 3, 4, 5, 6, 7);
