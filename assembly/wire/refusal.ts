/**
 * How a wire or secure file refuses: the code is answered, the position goes into the record.
 */
import { REC, REC_LAYERS, REC_OFFSET, REC_PAYLOAD } from '../abi/layout.ts';

/** Notes the byte position of a refusal and gives its code, `layer * 256 + reason`. */
export function refuse(layer: i32, reason: i32, offset: i32): i32 {
  store<u16>(REC + REC_OFFSET, <u16>offset);
  return layer * 256 + reason;
}

/** Notes that a layer was read completely and that its payload, [start, end), is the innermost so far. */
// @ts-ignore: decorator
@inline
export function reached(layer: u32, start: i32, end: i32): void {
  store<u32>(REC + REC_LAYERS, load<u32>(REC + REC_LAYERS) | layer);
  span(REC_PAYLOAD, start, end);
}

/** Notes the span [start, end) in a field and the one behind it: u16 offset, u16 length. */
// @ts-ignore: decorator
@inline
export function span(field: i32, start: i32, end: i32): void {
  store<u32>(REC + field, <u32>(start | ((end - start) << 16)));
}
