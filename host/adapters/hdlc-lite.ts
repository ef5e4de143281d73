/**
 * HDLC-Lite: frames on a byte stream (Spinel protocol draft-rquattle-spinel-unified, appendix A.1.2).
 *
 * A frame stands between flags (7e), followed by its CRC-16/X-25, least significant byte first. Flag, escape (7d), XON,
 * XOFF and f8 are sent as 7d and the byte xor 20. What is between flags and has a wrong CRC is noise and is dropped.
 */
import { crcX25 } from './crc16.ts';

const FLAG = 0x7e;
const ESCAPE = 0x7d;
const ESCAPED = new Set([FLAG, ESCAPE, 0x11, 0x13, 0xf8]);
const CRC_SIZE = 2;

/** Longest frame with its CRC: far above any Spinel frame used here. Longer ones are dropped, so noise never fills memory. */
export const MAX_FRAME = 2048;

/** A frame as it goes on the stream, both flags included. */
export function encodeHdlc(frame: Uint8Array): Uint8Array {
  const crc = crcX25(frame);
  const out = [FLAG];
  for (const byte of [...frame, crc & 0xff, crc >> 8]) {
    if (ESCAPED.has(byte)) out.push(ESCAPE, byte ^ 0x20);
    else out.push(byte);
  }
  return Uint8Array.from([...out, FLAG]);
}

/** Finds frames in a stream, however it is cut into pieces. */
export class HdlcDecoder {
  #frame: number[] = [];
  #escaped = false;
  #dropped = 0;

  /** Frames that were dropped: wrong CRC, too long or broken off. Silence between flags is none. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Takes the next piece and answers the frames that it completes, without CRC. */
  push(bytes: Uint8Array): Uint8Array[] {
    const frames: Uint8Array[] = [];
    for (const byte of bytes) {
      if (byte === FLAG) {
        const frame = this.#end();
        if (frame !== undefined) frames.push(frame);
      } else if (byte === ESCAPE) {
        this.#escaped = true;
      } else {
        if (this.#frame.length <= MAX_FRAME) this.#frame.push(this.#escaped ? byte ^ 0x20 : byte);
        this.#escaped = false;
      }
    }
    return frames;
  }

  #end(): Uint8Array | undefined {
    const found = Uint8Array.from(this.#frame);
    const brokenOff = this.#escaped;
    this.#frame = [];
    this.#escaped = false;
    if (found.length === 0 && !brokenOff) return undefined;
    const frame = found.subarray(0, -CRC_SIZE);
    const crc = found.length < CRC_SIZE ? -1 : found.at(-2)! | (found.at(-1)! << 8);
    if (!brokenOff && found.length > CRC_SIZE && found.length <= MAX_FRAME && crc === crcX25(frame)) return frame;
    this.#dropped++;
    return undefined;
  }
}
