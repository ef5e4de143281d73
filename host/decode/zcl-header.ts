/** ZCL headers (ZCL 2.4.1), also of payloads that were put together from fragments. */
import type { ZclHeader } from '../model/frame.ts';

const MANUFACTURER_SPECIFIC = 0x04;

/** A header that stands at `offset` of its frame and the payload behind it; undefined when the header does not fit. */
export function readZclHeader(bytes: Uint8Array, offset: number): { readonly header: ZclHeader; readonly payload: Uint8Array } | undefined {
  const control = bytes[0] ?? 0;
  const specific = (control & MANUFACTURER_SPECIFIC) !== 0;
  const length = specific ? 5 : 3;
  if (bytes.length < length) return undefined;
  const at = (index: number): number => bytes[index] ?? 0;
  const manufacturer = specific ? at(1) + 256 * at(2) : undefined;
  return {
    header: { offset, control, manufacturer, seq: at(length - 2), command: at(length - 1) },
    payload: bytes.subarray(length),
  };
}
