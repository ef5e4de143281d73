/** Bare MAC frames for tests of the air. */
import { euiToAir, type Eui64 } from '../../../host/model/ids.ts';
import { fcs } from '../../../firmware/air/fcs.ts';

/** Appends the FCS. */
export function withFcs(...bytes: number[]): Uint8Array {
  const psdu = Uint8Array.from([...bytes, 0, 0]);
  new DataView(psdu.buffer).setUint16(bytes.length, fcs(psdu, bytes.length), true);
  return psdu;
}

const u16 = (value: number): number[] => [value & 0xff, value >> 8];

/** A data frame between short addresses of PAN 0x1234, `length` bytes long with its FCS. */
export function data(seq: number, dst: number, src: number, length: number, ack = dst !== 0xffff): Uint8Array {
  const header = [0x41 | (ack ? 0x20 : 0), 0x88, seq, ...u16(0x1234), ...u16(dst), ...u16(src)];
  return withFcs(...header, ...Array.from({ length: length - header.length - 2 }, (_, i) => i & 0xff));
}

/** A data request from an extended address to short address `dst`. */
export const dataRequest = (seq: number, dst: number, src: Eui64): Uint8Array =>
  withFcs(0x63, 0xc8, seq, ...u16(0x1234), ...u16(dst), ...euiToAir(src), 4);

/** A command to an extended address. */
export const toEui = (seq: number, dst: Eui64, src: Eui64): Uint8Array =>
  withFcs(0x63, 0xcc, seq, ...u16(0x1234), ...euiToAir(dst), ...euiToAir(src), 2, 0, 0, 0);

/** A beacon of short address 0 on a PAN. */
export const beacon = (seq: number, pan: number): Uint8Array => withFcs(0x00, 0x80, seq, ...u16(pan), 0, 0, 0xff, 0xcf, 0, 0);
