/**
 * Keys that arrive in Transport-Key commands: put into a slot, blanked in the frame, answered as a handle.
 *
 * Not for passive reception, where the host reads them itself. A key is believed only under APS security by a key-transport
 * or key-load key (ZigBee specification 4.4.3.2), that is, from a partner with whom a link key is shared. A key that is
 * already held keeps its slot, so that a repeated command never sets its frame counter back.
 */
import { At, KeyFlag, KeyKind, Layer, TransportKeyReason } from '../abi/code.ts';
import { IN, IN_SIZE, REC, REC_APS_AUX_CONTROL, REC_CARRIED, REC_LAYERS, SLOT_EUI, SLOT_FLAGS, SLOT_RAW, SLOT_SEQ } from '../abi/layout.ts';
import { equal, wipe } from '../bytes/memory.ts';
import { KEY_LEN, after, alloc, first, put, slotOf } from '../keys/slots.ts';
import * as header from '../wire/security-header.ts';
import { refuse } from '../wire/refusal.ts';
import * as command from '../wire/transport-key.ts';

/**
 * Takes the key out of the command at [start, end). Whatever it answers, no key byte stays in the frame or in IN. Refusals:
 * 9 not secured as it must be; 10 too short; 11 key type; 12 no slot free.
 */
export function take(frame: usize, start: i32, end: i32): i32 {
  const reason = place(frame + <usize>start, end - start);
  const key = start + command.KEY;
  const blank = reason == 0 ? KEY_LEN : end - key;
  if (blank > 0) wipe(frame + <usize>key, blank);
  wipe(IN, IN_SIZE);
  return reason == 0 ? 0 : refuse(At.APS_SECURITY, reason, start);
}

function place(at: usize, len: i32): i32 {
  if (!isBelieved()) return TransportKeyReason.UNSECURED;
  if (!command.fits(at, len)) return TransportKeyReason.TRUNCATED;
  const type = command.typeOf(at);
  let handle: i32;
  if (type == command.TYPE_NETWORK) handle = hold(KeyKind.NETWORK, at, load<u8>(at + <usize>command.SEQUENCE), 0);
  else if (type == command.TYPE_APPLICATION) handle = hold(KeyKind.LINK, at, 0, load<u64>(at + <usize>command.PARTNER));
  else if (type == command.TYPE_TRUST_CENTRE) handle = hold(KeyKind.LINK, at, 0, load<u64>(at + <usize>command.TRUST_CENTRE));
  else return TransportKeyReason.KEY_TYPE;
  if (handle == 0) return TransportKeyReason.NO_SLOT;
  store<i32>(REC + REC_CARRIED, handle);
  return 0;
}

function isBelieved(): bool {
  if (!(load<u32>(REC + REC_LAYERS) & Layer.APS_OPENED)) return false;
  const keyId = header.keyIdOf(load<u8>(REC + REC_APS_AUX_CONTROL));
  return keyId == header.KEY_ID_TRANSPORT || keyId == header.KEY_ID_LOAD;
}

/** Handle of the slot that holds the command's key for this sequence or partner, old or new; 0 when no slot is free. */
function hold(kind: i32, at: usize, sequence: u8, partner: u64): i32 {
  const key = at + <usize>command.KEY;
  for (let held = first(kind); held != 0; held = after(kind, held)) {
    const slot = slotOf(held, kind);
    if (load<u8>(slot + SLOT_FLAGS) & KeyFlag.ANY) continue;
    if (load<u8>(slot + SLOT_SEQ) != sequence || load<u64>(slot + SLOT_EUI) != partner) continue;
    if (equal(slot + SLOT_RAW, key, KEY_LEN)) return held;
  }
  const handle = alloc(kind);
  if (handle == 0) return 0;
  const slot = slotOf(handle, kind);
  store<u8>(slot + SLOT_SEQ, sequence);
  store<u64>(slot + SLOT_EUI, partner);
  put(handle, key);
  return handle;
}
