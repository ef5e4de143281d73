/**
 * APS security of received frames (ZigBee specification 4.4.1.2).
 *
 * The link key is found by the partner's EUI-64: named by the auxiliary header, else by the NWK header, else known by the
 * NWK source address. Key identifier 0 is the link key itself, 2 and 3 are the key-transport and key-load keys derived from
 * it (4.5.3). Identifier 1, the network key, shares its counter with the NWK layer, so that no receiver could tell a replay
 * from a frame secured twice: it is opened in passive reception alone.
 */
import { At, KeyFlag, KeyKind, Layer, Rx, SecurityReason } from '../abi/code.ts';
import {
  AUX_CONTROL,
  AUX_EUI,
  AUX_KEY_SEQ,
  AUX_MIC,
  REC,
  REC_APS,
  REC_APS_AUX,
  REC_NWK_FCF,
  REC_NWK_SRC,
  REC_NWK_SRC_EUI,
  SECURE_KEY,
  SECURE_SCHEDULE,
  SLOT_EUI,
  SLOT_FLAGS,
  SLOT_RAW,
  SLOT_SCHEDULE,
  SLOT_SEQ,
} from '../abi/layout.ts';
import { wipe } from '../bytes/memory.ts';
import { BLOCK_SIZE, SCHEDULE_SIZE, expand } from '../crypto/aes.ts';
import { keyLoadKey, keyTransportKey } from '../crypto/kdf.ts';
import { after, first, slotOf } from '../keys/slots.ts';
import * as aps from '../wire/aps.ts';
import * as nwk from '../wire/nwk.ts';
import { refuse } from '../wire/refusal.ts';
import * as header from '../wire/security-header.ts';
import * as envelope from './envelope.ts';
import { knownAs } from './sender.ts';

const AUX: usize = REC + REC_APS_AUX;

/** Bytes of a derived key and its schedule, which stand side by side. */
const DERIVED_LEN: i32 = BLOCK_SIZE + SCHEDULE_SIZE;

/**
 * Opens the payload of a secured frame, [start, end), in place and sets APS_OPENED. Refusals: 1 auxiliary header and MIC do
 * not fit; 2 level bits not zero; 3 the network key; 4 sender unknown; 5 key unknown; 6 MIC; 7 counter; 8 counter table. In passive reception
 * 2 to 8 do not arise: what no key opens stays closed.
 */
export function open(frame: usize, start: i32, end: i32, flags: i32): i32 {
  const passive = (flags & Rx.PASSIVE) != 0;
  envelope.mark(Layer.APS_SECURED);
  const truncated = envelope.read(AUX, At.APS_SECURITY, frame, start, end);
  if (truncated) return truncated;
  aps.readPayload(envelope.bodyAt(AUX), <i32>load<u16>(AUX + AUX_MIC));
  const reason = tryKeys(frame, passive);
  return reason == 0 || passive ? 0 : refuse(At.APS_SECURITY, reason, start);
}

function tryKeys(frame: usize, passive: bool): i32 {
  const control: u32 = load<u8>(AUX + AUX_CONTROL);
  const keyId = header.keyIdOf(control);
  if (!passive && control & header.LEVEL) return SecurityReason.LEVEL;
  if (!passive && keyId == header.KEY_ID_NETWORK) return SecurityReason.KEY_ID;
  if (!header.hasSource(control) && !findSender()) return SecurityReason.SOURCE_UNKNOWN;
  let reason: i32 = SecurityReason.KEY_UNKNOWN;
  const kind = keyId == header.KEY_ID_NETWORK ? KeyKind.NETWORK : KeyKind.LINK;
  for (let handle = first(kind); handle != 0; handle = after(kind, handle)) {
    const slot = slotOf(handle, kind);
    if (!matches(slot, keyId, passive)) continue;
    reason = SecurityReason.MIC;
    const verified = envelope.open(AUX, schedule(slot, keyId), frame, <i32>load<u16>(REC + REC_APS));
    forget();
    if (!verified) continue;
    const unadmitted = envelope.admit(AUX, handle, frame, passive);
    if (unadmitted) return unadmitted;
    envelope.mark(Layer.APS_OPENED);
    return 0;
  }
  return reason;
}

/** A slot that may hold the key; one of flag ANY does for every partner or sequence, in passive reception alone. */
function matches(slot: usize, keyId: u32, passive: bool): bool {
  if (load<u8>(slot + SLOT_FLAGS) & KeyFlag.ANY) return passive;
  if (keyId == header.KEY_ID_NETWORK) return load<u8>(slot + SLOT_SEQ) == load<u8>(AUX + AUX_KEY_SEQ);
  return load<u64>(slot + SLOT_EUI) == load<u64>(AUX + AUX_EUI);
}

/** Round keys for a key identifier: the slot's own, or those of a derived key, which `forget` wipes after use. */
export function schedule(slot: usize, keyId: u32): usize {
  if (keyId == header.KEY_ID_TRANSPORT) keyTransportKey(slot + SLOT_RAW, SECURE_KEY);
  else if (keyId == header.KEY_ID_LOAD) keyLoadKey(slot + SLOT_RAW, SECURE_KEY);
  else return slot + SLOT_SCHEDULE;
  expand(SECURE_KEY, SECURE_SCHEDULE);
  return SECURE_SCHEDULE;
}

/** Wipes a derived key. */
export function forget(): void {
  wipe(SECURE_KEY, DERIVED_LEN);
}

function findSender(): bool {
  if (nwk.hasSrcEui(load<u16>(REC + REC_NWK_FCF))) {
    store<u64>(AUX + AUX_EUI, load<u64>(REC + REC_NWK_SRC_EUI));
    return true;
  }
  return knownAs(load<u16>(REC + REC_NWK_SRC), AUX + AUX_EUI);
}
