/**
 * The capture reader as a target: any bytes give packets and perhaps an error, never an exception; any split gives what one
 * piece gives; frames lie within the file; and what pcap can hold is written and read again.
 *
 * Head of an input: options, and two bytes that choose the split. The body is the file.
 */
import type { Captured, CaptureError } from '../../host/capture/captured.ts';
import { CaptureReader, readCapture } from '../../host/capture/reader.ts';
import { pcapHeader, pcapRecord } from '../../host/capture/writer.ts';
import { Random } from './random.ts';
import { Broken, mix, type Target } from './target.ts';

const HEAD = 3;
const LIMIT = HEAD + 1600;
const CODES: ReadonlySet<string> = new Set(['not-a-capture', 'link-type', 'truncated', 'malformed', 'too-long']);
/** Nanoseconds that the 32-bit seconds of pcap can tell. */
const LATEST = 0x1_0000_0000n * 1_000_000_000n;

/** What is read of a capture. */
export interface ReadCapture {
  readonly packets: readonly Captured[];
  readonly error: CaptureError | undefined;
}

/** How captures are read in pieces; a test puts a wrong one in its place. */
export type ReadPieces = (pieces: readonly Uint8Array[], tiMetadata: boolean) => ReadCapture;

/** Reads pieces with the reader of the product. */
export const readPieces: ReadPieces = (pieces, tiMetadata) => {
  const reader = new CaptureReader({ tiMetadata });
  const packets = pieces.flatMap((piece) => [...reader.push(piece)]);
  return { packets, error: reader.end() };
};

/** Captures under watch. */
export class CaptureTarget implements Target {
  readonly name = 'capture';
  readonly head = HEAD;
  readonly limit = LIMIT;
  readonly patience = 100;
  readonly #seeds: readonly Uint8Array[];
  readonly #pieces: ReadPieces;
  readonly #outcomes = new Map<string, number>();

  constructor(files: readonly Uint8Array[], pieces: ReadPieces = readPieces) {
    this.#seeds = files.map((file, i) => Uint8Array.from([i & 1, i & 255, 0, ...file.subarray(0, LIMIT - HEAD)]));
    this.#pieces = pieces;
  }

  seeds(): readonly Uint8Array[] {
    return this.#seeds;
  }

  check(input: Uint8Array): number {
    const file = input.slice(HEAD);
    const tiMetadata = ((input[0] ?? 0) & 1) === 1;
    const whole = readCapture(file, { tiMetadata });
    judge(whole, file);
    const random = new Random((input[1] ?? 0) + 256 * (input[2] ?? 0), 'split');
    const told = text(whole);
    for (const pieces of [split(file, random), [...file].map((byte) => Uint8Array.of(byte))]) {
      const read = this.#pieces(pieces, tiMetadata);
      if (text(read) !== told) throw new Broken('split', `${pieces.length} pieces give ${text(read)}, one gives ${told}`.slice(0, 400));
    }
    writeBack(whole.packets);
    const outcome = whole.error?.code ?? 'read';
    this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
    return signatureOf(whole);
  }

  outcomes(): ReadonlyMap<string, number> {
    return this.#outcomes;
  }
}

function judge({ packets, error }: ReadCapture, file: Uint8Array): void {
  if (error !== undefined && (!CODES.has(error.code) || error.detail === '')) throw new Broken('code', `an error ${JSON.stringify(error)}`);
  if (error !== undefined && !(error.offset >= 0 && error.offset <= file.length))
    throw new Broken('offset', `${error.code} at ${error.offset} of ${file.length}`);
  packets.forEach(({ number, psdu, time }, i) => {
    if (number !== i + 1) throw new Broken('number', `packet ${i + 1} has number ${number}`);
    if (typeof time !== 'bigint') throw new Broken('time', `packet ${number} has time ${String(time)}`);
    if (
      psdu !== undefined &&
      psdu.length > 0 &&
      (psdu.buffer !== file.buffer || psdu.byteOffset + psdu.length > file.byteOffset + file.length)
    )
      throw new Broken('reads-past', `the frame of packet ${number} is not of the file`);
  });
}

/** Packets with a time that pcap can tell are written, read again, and the same. */
function writeBack(packets: readonly Captured[]): void {
  const fit = packets.filter(({ psdu, time }) => psdu !== undefined && time >= 0n && time < LATEST);
  if (fit.length === 0) return;
  const records = fit.map(({ psdu, time }) => pcapRecord(psdu ?? new Uint8Array(0), Number(time / 1000n) / 1000));
  const { packets: again, error } = readCapture(Uint8Array.from(Buffer.concat([pcapHeader(), ...records])));
  const same = again.every(({ psdu, time }, i) => {
    const from = fit[i] as Captured;
    return time === from.time - (from.time % 1000n) && Buffer.compare(psdu ?? new Uint8Array(0), from.psdu ?? new Uint8Array(0)) === 0;
  });
  if (error !== undefined || again.length !== fit.length || !same) throw new Broken('write', `${fit.length} packets come back otherwise`);
}

function split(file: Uint8Array, random: Random): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < file.length;) {
    const size = random.below(random.of([2, 5, 17, 400]));
    pieces.push(file.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

const text = ({ packets, error }: ReadCapture): string =>
  JSON.stringify([
    packets.map(({ psdu, time, ...rest }) => ({ ...rest, time: `${time}`, psdu: psdu && Buffer.from(psdu).toString('hex') })),
    error ?? 0,
  ]);

function signatureOf({ packets, error }: ReadCapture): number {
  let signature = mix(Math.min(packets.length, 6), (error?.offset ?? 0) >> 4);
  for (const character of error?.code ?? '') signature = mix(signature, character.codePointAt(0) ?? 0);
  for (const { trailer, missing, channel, lqi, psdu } of packets.slice(0, 4)) {
    signature = mix(signature, trailer.length + (missing > 0 ? 32 : 0) + (channel === undefined ? 0 : 64) + (lqi === undefined ? 0 : 128));
    signature = mix(signature, psdu === undefined ? -1 : psdu.length >> 4);
  }
  return signature;
}
