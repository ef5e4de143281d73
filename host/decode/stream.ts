/** Decodes a capture as it comes: from a file, a pipe, or one that still grows. */
import type { CaptureError } from '../capture/captured.ts';
import { CaptureReader, type CaptureOptions } from '../capture/reader.ts';
import type { Core } from '../core/core.ts';
import type { Decoded } from './decoded.ts';
import { Decoder, type DecodeOptions } from './decoder.ts';

/**
 * Gives each packet as soon as its last byte came. The generator returns why reading ended early, or undefined when the
 * input ended between two packets. The core is taken over: keys and addresses are added to it.
 */
export async function* decodeStream(
  core: Core,
  input: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: DecodeOptions & CaptureOptions,
): AsyncGenerator<Decoded, CaptureError | undefined> {
  const decoder = new Decoder(core, options);
  const reader = new CaptureReader(options);
  for await (const chunk of input) {
    for (const packet of reader.push(chunk)) yield decoder.decode(packet);
    if (reader.error !== undefined) return reader.error;
  }
  return reader.end();
}
