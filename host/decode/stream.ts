/** Decodes a capture as it comes: from a file, a pipe, or one that still grows. */
import type { CaptureError } from '../capture/captured.ts';
import { CaptureReader, type CaptureOptions } from '../capture/reader.ts';
import type { Core } from '../core/core.ts';
import type { Decoded } from './decoded.ts';
import { Decoder, type DecodeOptions } from './decoder.ts';

/** Packets that are read together live together, and what lives long costs the collector most. */
const PIECE = 4096;

/**
 * Gives the packets that each chunk of the input completes, as soon as it came; they must be gone through to their end before
 * the next are asked for. The generator returns why reading ended early, or undefined when the input ended between two packets.
 * The core is taken over: keys are added to it.
 */
export async function* decodeStream(
  core: Core,
  input: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: DecodeOptions & CaptureOptions,
): AsyncGenerator<Iterable<Decoded>, CaptureError | undefined> {
  const decoder = new Decoder(core, options);
  const reader = new CaptureReader(options);
  for await (const chunk of input) {
    yield decodeAll(decoder, reader, chunk);
    if (reader.error !== undefined) return reader.error;
  }
  return reader.end();
}

/** Each packet is decoded when it is asked for, and a chunk is read piece by piece, so that few of them are held. */
function* decodeAll(decoder: Decoder, reader: CaptureReader, chunk: Uint8Array): Generator<Decoded> {
  for (let at = 0; at < chunk.length; at += PIECE) {
    for (const packet of reader.push(chunk.subarray(at, at + PIECE))) yield decoder.decode(packet);
  }
}
