/** Decodes a capture as it comes: from a file, a pipe, or one that still grows. */
import type { Captured, CaptureError } from '../capture/captured.ts';
import { CaptureReader, type CaptureOptions } from '../capture/reader.ts';
import type { Core } from '../core/core.ts';
import type { Decoded } from './decoded.ts';
import { Decoder, type DecodeOptions } from './decoder.ts';

/**
 * Gives the packets that each piece of the input completes, as soon as it came. The generator returns why reading ended early,
 * or undefined when the input ended between two packets. The core is taken over: keys are added to it.
 */
export async function* decodeStream(
  core: Core,
  input: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: DecodeOptions & CaptureOptions,
): AsyncGenerator<Iterable<Decoded>, CaptureError | undefined> {
  const decoder = new Decoder(core, options);
  const reader = new CaptureReader(options);
  for await (const chunk of input) {
    const packets = reader.push(chunk);
    yield decodeAll(decoder, packets);
    if (reader.error !== undefined) return reader.error;
  }
  return reader.end();
}

/** Each packet is decoded when it is asked for, so that no more of them than one is held. */
function* decodeAll(decoder: Decoder, packets: readonly Captured[]): Generator<Decoded> {
  for (const packet of packets) yield decoder.decode(packet);
}
