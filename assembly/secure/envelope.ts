/**
 * What NWK and APS security have in common (ZigBee specification 4.3.1, 4.4.1): nonce, authenticated data, and the order
 * MIC before counter, counter before use.
 *
 * Nonce = sender's EUI-64 as on the air || frame counter, little-endian || control byte. Authenticated = header and
 * auxiliary header. In both, the level bits of the control byte read 5 although they are zero on the air.
 * `aux` is the address of REC_NWK_AUX or REC_APS_AUX. An opened payload waits in SECURE_PLAIN until the counter was asked.
 */
import { Layer, SecurityReason } from '../abi/code.ts';
import {
  AUX_CONTROL,
  AUX_COUNTER,
  AUX_EUI,
  AUX_KEY,
  AUX_KEY_SEQ,
  AUX_MIC,
  AUX_REPLAY,
  REC,
  REC_LAYERS,
  REC_NWK_AUX,
  SECURE_NONCE,
  SECURE_PLAIN,
} from '../abi/layout.ts';
import { copyShort, wipeShort } from '../bytes/memory.ts';
import * as ccm from '../crypto/ccm.ts';
import { accepted, mayAccept } from '../keys/counters.ts';
import { refuse } from '../wire/refusal.ts';
import * as header from '../wire/security-header.ts';

/** Offsets in the nonce. */
const NONCE_COUNTER: i32 = 8;
const NONCE_CONTROL: i32 = 12;

/** Reads the auxiliary header at `start` into the record. Refuses, for `layer`, what does not fit into [start, end). */
export function read(aux: usize, layer: i32, frame: usize, start: i32, end: i32): i32 {
  if (!header.fits(frame, start, end)) return refuse(layer, SecurityReason.TRUNCATED, end);
  const at = frame + <usize>start;
  const control: u32 = load<u8>(at);
  store<u16>(aux, <u16>start);
  store<u8>(aux + AUX_CONTROL, <u8>control);
  store<u32>(aux + AUX_COUNTER, load<u32>(at + <usize>header.COUNTER));
  if (header.hasSource(control)) store<u64>(aux + AUX_EUI, load<u64>(at + <usize>header.SOURCE));
  if (header.keyIdOf(control) == header.KEY_ID_NETWORK) store<u8>(aux + AUX_KEY_SEQ, header.keySeq(at));
  store<u16>(aux + AUX_MIC, <u16>(end - header.MIC_LEN));
  return 0;
}

/** Position of the secured payload; it ends where the MIC begins. */
export function bodyAt(aux: usize): i32 {
  return <i32>load<u16>(aux) + header.headerLen(load<u8>(aux + AUX_CONTROL));
}

/** Whether the MIC of the frame whose header begins at `start` verifies under a key. Changes nothing in the frame. */
export function open(aux: usize, schedule: usize, frame: usize, start: i32): bool {
  const body = bodyAt(aux);
  const mic = <i32>load<u16>(aux + AUX_MIC);
  const control = frame + <usize>load<u16>(aux);
  const received = load<u8>(control);
  store<u8>(control, restored(received));
  nonce(aux + AUX_EUI, load<u32>(aux + AUX_COUNTER), received);
  const verified = ccm.open(
    schedule,
    SECURE_NONCE,
    frame + <usize>start,
    body - start,
    frame + <usize>body,
    mic - body,
    frame + <usize>mic,
    header.MIC_LEN,
    SECURE_PLAIN,
  );
  store<u8>(control, received);
  return verified;
}

/**
 * After `open`: asks the counter and, if it may be accepted, notes it and puts the payload into the frame. Answers 0 or the
 * reason why not, COUNTER or COUNTERS_FULL; passive reception shows a replay all the same. No payload stays in scratch.
 */
export function admit(aux: usize, handle: i32, frame: usize, passive: bool): i32 {
  const body = bodyAt(aux);
  const len = <i32>load<u16>(aux + AUX_MIC) - body;
  const counter = load<u32>(aux + AUX_COUNTER);
  let reason: i32 = 0;
  if (!mayAccept(aux + AUX_EUI, handle, counter)) {
    reason = SecurityReason.COUNTER;
    store<u8>(aux + AUX_REPLAY, 1);
    mark(aux == REC + REC_NWK_AUX ? Layer.NWK_REPLAY : Layer.APS_REPLAY);
  } else if (!accepted(aux + AUX_EUI, handle, counter)) {
    reason = SecurityReason.COUNTERS_FULL;
  }
  if (passive) reason = 0;
  if (reason == 0) {
    copyShort(frame + <usize>body, SECURE_PLAIN, len);
    store<i32>(aux + AUX_KEY, handle);
  }
  wipeShort(SECURE_PLAIN, len);
  return reason;
}

/** Secures a frame in place: [body, end) is encrypted, the MIC written behind it. Gives the position behind the MIC. */
export function seal(schedule: usize, source: usize, frame: usize, start: i32, auxStart: i32, end: i32): i32 {
  const control = frame + <usize>auxStart;
  const sent = load<u8>(control);
  const body = auxStart + header.headerLen(sent);
  store<u8>(control, restored(sent));
  nonce(source, load<u32>(control + <usize>header.COUNTER), sent);
  ccm.seal(schedule, SECURE_NONCE, frame + <usize>start, body - start, frame + <usize>body, end - body, frame + <usize>end, header.MIC_LEN);
  store<u8>(control, sent);
  return end + header.MIC_LEN;
}

/** Adds bits of `Layer` to the record. */
export function mark(layer: u32): void {
  store<u32>(REC + REC_LAYERS, load<u32>(REC + REC_LAYERS) | layer);
}

function nonce(source: usize, counter: u32, control: u8): void {
  store<u64>(SECURE_NONCE, load<u64>(source));
  store<u32>(SECURE_NONCE + NONCE_COUNTER, counter);
  store<u8>(SECURE_NONCE + NONCE_CONTROL, restored(control));
}

/** 4.3.1.1 step 3: the level bits as the security level of the network has them. */
function restored(control: u8): u8 {
  return <u8>(((<u32>control) & ~header.LEVEL) | header.LEVEL_ENC_MIC_32);
}
