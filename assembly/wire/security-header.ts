/**
 * The auxiliary security header that NWK and APS frames share (ZigBee specification 4.5.1): control, frame counter, the
 * sender's EUI-64 when the extended-nonce bit is set, the key sequence number when the key is a network key. Behind the
 * secured payload stands a MIC of 4 bytes: ZigBee uses security level 5 (ENC-MIC-32) alone.
 */

// ---- offsets -------------------------------------------------------------------------------------------------------

/** Offset of the frame counter; control stands at 0. */
export const COUNTER: i32 = 1;
/** Offset of the sender's EUI-64, where there is one. */
export const SOURCE: i32 = 5;

const FIXED_LEN: i32 = 5;
const EUI_LEN: i32 = 8;
const KEY_SEQ_LEN: i32 = 1;

/** Bytes of the MIC. */
export const MIC_LEN: i32 = 4;

/** Level bits of the control byte. */
export const LEVEL: u32 = 0x07;
/** What they are in nonce and authenticated data; on the air they are zero (4.3.1.1). */
export const LEVEL_ENC_MIC_32: u32 = 5;
const EXTENDED_NONCE: u32 = 0x20;

/** Key identifier: a network key, with its sequence number. (0 is the link key itself.) */
export const KEY_ID_NETWORK: u32 = 1;
/** Key identifier: the key-transport key of a link key. */
export const KEY_ID_TRANSPORT: u32 = 2;
/** Key identifier: the key-load key of a link key. */
export const KEY_ID_LOAD: u32 = 3;

/** Key identifier of a control byte. */
export function keyIdOf(control: u32): u32 {
  return (control >> 3) & 3;
}
/** Whether a control byte announces the sender's EUI-64. */
export function hasSource(control: u32): bool {
  return (control & EXTENDED_NONCE) != 0;
}
/** The control byte as it stands on the air. */
export function controlOf(keyId: u32, extendedNonce: bool): u32 {
  return (keyId << 3) | (extendedNonce ? EXTENDED_NONCE : 0);
}

// ---- check ---------------------------------------------------------------------------------------------------------

/** The length gate: whether header and MIC fit into [start, end). */
export function fits(frame: usize, start: i32, end: i32): bool {
  return end - start >= FIXED_LEN + MIC_LEN && end - start >= headerLen(load<u8>(frame + <usize>start)) + MIC_LEN;
}

/** Length of the header that a control byte announces. */
export function headerLen(control: u32): i32 {
  return FIXED_LEN + (hasSource(control) ? EUI_LEN : 0) + (keyIdOf(control) == KEY_ID_NETWORK ? KEY_SEQ_LEN : 0);
}

// ---- read ----------------------------------------------------------------------------------------------------------

/** Key sequence number of a header that has passed `fits` and whose key identifier is the network key's. */
export function keySeq(header: usize): u8 {
  return load<u8>(header + <usize>(headerLen(load<u8>(header)) - KEY_SEQ_LEN));
}

// ---- emit ----------------------------------------------------------------------------------------------------------

/** Writes a header at `start` and gives the position behind it. `source` points to the sender's EUI-64. */
export function emit(frame: usize, start: i32, control: u32, counter: u32, source: usize, sequence: u8): i32 {
  const header = frame + <usize>start;
  const len = headerLen(control);
  store<u8>(header, <u8>control);
  store<u32>(header + <usize>COUNTER, counter);
  if (hasSource(control)) store<u64>(header + <usize>SOURCE, load<u64>(source));
  if (keyIdOf(control) == KEY_ID_NETWORK) store<u8>(header + <usize>(len - KEY_SEQ_LEN), sequence);
  return start + len;
}
