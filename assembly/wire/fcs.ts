/**
 * The frame check sequence of IEEE 802.15.4 (2006 clause 7.2.1.9): ITU-T CRC-16, initial value 0, no final inversion, sent
 * least significant byte first.
 *
 * The frame is a polynomial over GF(2) of which the remainder by G = x^16 + x^12 + x^5 + 1 is asked. Squaring is additive
 * over GF(2), so that x^n = x^(3n/4) + x^(5n/16) + 1 modulo G not only for n = 16 but for 32 and 64 as well: eight bytes are
 * folded into the next eight by a few shifts, without a table. Bits stand reflected, the highest power in bit 0.
 */
import { Rx } from '../abi/code.ts';

/** Bytes of an FCS. */
export const FCS_LEN: i32 = 2;

/** Value of REC_MAC_FCS_OK for a wrong FCS; the others are right and not present. */
export const VERDICT_WRONG: u8 = 0;
const VERDICT_RIGHT: u8 = 1;
const VERDICT_ABSENT: u8 = 255;

const WORD_LEN: i32 = 8;

/**
 * Whether the FCS of a PSDU of `len` bytes is right; `flags` are those of enum Rx. In CC24xx metadata the receiver left its
 * verdict in the highest bit. Inlined, so that a batch whose FCS is not computed makes no call a frame.
 */
// @ts-ignore: decorator
@inline
export function verdict(frame: usize, len: i32, flags: i32): u8 {
  if (flags & Rx.NO_FCS) return VERDICT_ABSENT;
  const trailer = frame + <usize>(len - FCS_LEN);
  if (flags & Rx.TI_METADATA) return load<u8>(trailer + 1) >> 7 ? VERDICT_RIGHT : VERDICT_WRONG;
  return load<u16>(trailer) == fcs(frame, len - FCS_LEN) ? VERDICT_RIGHT : VERDICT_WRONG;
}

/** The FCS of `len` bytes. Reads up to 7 bytes behind them, which do not matter. */
export function fcs(bytes: usize, len: i32): u16 {
  // Zeros before a frame change nothing: what is left over of whole words goes first.
  const over = len & (WORD_LEN - 1);
  const end = bytes + <usize>len;
  let rest: u64 = over ? load<u64>(bytes) << (64 - 8 * over) : 0;
  for (let at = bytes + <usize>over; at < end; at += WORD_LEN) rest = raise64(rest) ^ load<u64>(at);
  const rest32 = raise32(<u32>rest) ^ (<u32>(rest >> 32));
  const rest16 = raise16(rest32 & 0xffff) ^ (rest32 >> 16);
  return <u16>raise16(rest16);
}

/** a · x^64, modulo G: a plus what a · (x^48 + x^20) loses above x^63, again and again (that is t), times x^48 + x^20 + 1. */
// @ts-ignore: decorator
@inline
function raise64(a: u64): u64 {
  const u = a ^ (a << 16) ^ (a << 44);
  const t = u ^ (u << 32);
  return t ^ (t >> 20) ^ (t >> 48);
}

/** a · x^32, modulo G, for a of 32 bits. */
// @ts-ignore: decorator
@inline
function raise32(a: u32): u32 {
  const u = a ^ (a << 8) ^ (a << 22);
  const t = u ^ (u << 16);
  return t ^ (t >> 10) ^ (t >> 24);
}

/** a · x^16, modulo G, for a of 16 bits. */
// @ts-ignore: decorator
@inline
function raise16(a: u32): u32 {
  const u = a ^ (a << 4) ^ (a << 11);
  const t = (u ^ (u << 8)) & 0xffff;
  return t ^ (t >> 5) ^ (t >> 12);
}
