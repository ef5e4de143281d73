/**
 * What a User hands to the S1SP side: its signed request, and the image that the request orders.
 *
 * Form: 4 bytes big-endian length of the request, the request (a COSE_Sign1), then the whole ZigBee OTA file; nothing when the request
 * orders none. The form carries no claim of its own: digest and length stand in the signed request.
 */
import { refuse, ok, type Result } from '../model/fault.ts';

/** A User's hand-over. */
export interface Submission {
  /** The request as the User signed it. */
  readonly request: Uint8Array;
  /** The image file; empty when none. */
  readonly image: Uint8Array;
}

/** Largest image that is taken, in bytes. DUIS limits are not public; this is ours. */
export const IMAGE_LIMIT = 4 * 1024 * 1024;

const LENGTH_SIZE = 4;

/** The bytes of a submission. */
export function encodeSubmission({ request, image }: Submission): Uint8Array {
  const bytes = new Uint8Array(LENGTH_SIZE + request.length + image.length);
  new DataView(bytes.buffer).setUint32(0, request.length);
  bytes.set(request, LENGTH_SIZE);
  bytes.set(image, LENGTH_SIZE + request.length);
  return bytes;
}

/** Reads a submission. Refuses `submission-form` when the length lies, `image-too-large`. */
export function decodeSubmission(bytes: Uint8Array): Result<Submission> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length < LENGTH_SIZE ? Infinity : view.getUint32(0);
  if (length > bytes.length - LENGTH_SIZE) return refuse('submission-form', `${bytes.length} bytes cannot hold a request of ${length}`);
  const image = bytes.subarray(LENGTH_SIZE + length);
  if (image.length > IMAGE_LIMIT) return refuse('image-too-large', `the image has ${image.length} bytes, at most ${IMAGE_LIMIT} are taken`);
  return ok({ request: bytes.subarray(LENGTH_SIZE, LENGTH_SIZE + length), image });
}
