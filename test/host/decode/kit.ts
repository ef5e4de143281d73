/** Frames decoded one after the other, as from a capture with FCS. */
import type { Trailer } from '../../../host/capture/captured.ts';
import type { Decoded } from '../../../host/decode/decoded.ts';
import { Decoder, type DecodeOptions } from '../../../host/decode/decoder.ts';
import { freshCore } from '../../kit/core.ts';
import { withFcs } from '../../kit/frame-oracle.ts';

/** How frames are decoded: with no keys, learning and showing them unless told otherwise. */
export type Options = Partial<DecodeOptions> & { readonly trailer?: Trailer; readonly missing?: number };

/** Decodes frames, to which their FCS is added unless the trailer is another. */
export async function decodeAll(
  frames: readonly Uint8Array[],
  { trailer = 'fcs', missing = 0, ...options }: Options = {},
): Promise<Decoded[]> {
  const decoder = new Decoder(await freshCore(), { keys: [], learn: true, showKeys: true, ...options });
  return frames.map((frame, i) =>
    decoder.decode({
      ...{ number: i + 1, time: 0n, psdu: trailer === 'fcs' ? withFcs(frame) : frame, trailer, missing },
      ...{ header: undefined, channel: undefined, lqi: undefined },
    }),
  );
}

/** Decodes one frame. */
export async function decodeOne(frame: Uint8Array, options?: Options): Promise<Decoded> {
  const [decoded] = await decodeAll([frame], options);
  return decoded as Decoded;
}

/** The values of a field, as often as it is shown. */
export const valuesOf = ({ fields }: Decoded, name: string): string[] => fields.filter(([field]) => field === name).map(([, show]) => show);

/** Whether a remark is made. */
export const remarks = ({ fields }: Decoded, name: string): boolean => fields.some(([field, show]) => field === name && show === '');
