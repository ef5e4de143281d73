/**
 * The frame check sequence of IEEE 802.15.4 (2006 clause 7.2.1.9): ITU-T CRC-16, initial value 0, no final inversion, sent
 * least significant byte first.
 */
import { crc16 } from '../bytes/crc16.ts';

/** Bytes of an FCS. */
export const FCS_LEN: i32 = 2;

/** The FCS of `len` bytes. */
export function fcs(bytes: usize, len: i32): u16 {
  return <u16>crc16(0, bytes, len);
}
