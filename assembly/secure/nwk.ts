/**
 * NWK security of received frames (ZigBee specification 4.3.1.2).
 *
 * The network key is found by its sequence number; every key of that number is tried. The sender is the one of this hop:
 * named by the auxiliary header, else by the NWK header, else known by its MAC short address.
 */
import { At, KeyFlag, KeyKind, Layer, Rx, SecurityReason } from '../abi/code.ts';
import {
  AUX_CONTROL,
  AUX_EUI,
  AUX_KEY_SEQ,
  AUX_MIC,
  REC,
  REC_MAC_FCF,
  REC_MAC_SRC_SHORT,
  REC_NWK,
  REC_NWK_AUX,
  REC_NWK_FCF,
  REC_NWK_SRC,
  REC_NWK_SRC_EUI,
  SLOT_FLAGS,
  SLOT_SCHEDULE,
  SLOT_SEQ,
} from '../abi/layout.ts';
import { learn } from '../keys/addresses.ts';
import { after, first, slotOf } from '../keys/slots.ts';
import * as mac from '../wire/mac.ts';
import * as nwk from '../wire/nwk.ts';
import { refuse } from '../wire/refusal.ts';
import * as header from '../wire/security-header.ts';
import * as envelope from './envelope.ts';
import { knownAs, panOf } from './sender.ts';

const AUX: usize = REC + REC_NWK_AUX;

/**
 * Opens the payload of a secured frame, [start, end), in place and sets NWK_OPENED. Refusals: 1 auxiliary header and MIC do
 * not fit; 2 level bits not zero; 3 not the network key; 4 sender unknown; 5 key unknown; 6 MIC; 7 counter; 8 counter table. In passive
 * reception 2 to 8 do not arise: what no key opens stays closed.
 */
export function open(frame: usize, start: i32, end: i32, flags: i32): i32 {
  const passive = (flags & Rx.PASSIVE) != 0;
  envelope.mark(Layer.NWK_SECURED);
  const truncated = envelope.read(AUX, At.NWK_SECURITY, frame, start, end);
  if (truncated) return truncated;
  nwk.readPayload(envelope.bodyAt(AUX), <i32>load<u16>(AUX + AUX_MIC));
  const reason = tryKeys(frame, passive);
  return reason == 0 || passive ? 0 : refuse(At.NWK_SECURITY, reason, start);
}

function tryKeys(frame: usize, passive: bool): i32 {
  const control: u32 = load<u8>(AUX + AUX_CONTROL);
  if (!passive && control & header.LEVEL) return SecurityReason.LEVEL;
  if (header.keyIdOf(control) != header.KEY_ID_NETWORK) return SecurityReason.KEY_ID;
  if (!header.hasSource(control) && !findSender()) return SecurityReason.SOURCE_UNKNOWN;
  let reason: i32 = SecurityReason.KEY_UNKNOWN;
  for (let handle = first(KeyKind.NETWORK); handle != 0; handle = after(KeyKind.NETWORK, handle)) {
    const slot = slotOf(handle, KeyKind.NETWORK);
    if (!matches(slot, passive)) continue;
    reason = SecurityReason.MIC;
    if (!envelope.open(AUX, slot + SLOT_SCHEDULE, frame, <i32>load<u16>(REC + REC_NWK))) continue;
    const unadmitted = envelope.admit(AUX, handle, frame, passive);
    if (unadmitted) return unadmitted;
    envelope.mark(Layer.NWK_OPENED);
    learnSenders();
    return 0;
  }
  return reason;
}

/** A slot that may hold the key; one of flag ANY does for every sequence, in passive reception alone. */
function matches(slot: usize, passive: bool): bool {
  if (load<u8>(slot + SLOT_FLAGS) & KeyFlag.ANY) return passive;
  return load<u8>(slot + SLOT_SEQ) == load<u8>(AUX + AUX_KEY_SEQ);
}

function findSender(): bool {
  if (nwk.hasSrcEui(load<u16>(REC + REC_NWK_FCF))) {
    store<u64>(AUX + AUX_EUI, load<u64>(REC + REC_NWK_SRC_EUI));
    return true;
  }
  return mac.srcModeOf(load<u16>(REC + REC_MAC_FCF)) == mac.MODE_SHORT && knownAs(load<u16>(REC + REC_MAC_SRC_SHORT), AUX + AUX_EUI);
}

/** After the MIC verified: the NWK source, if it names its EUI-64, and the sender of this hop. */
function learnSenders(): void {
  const pan = panOf();
  if (nwk.hasSrcEui(load<u16>(REC + REC_NWK_FCF))) learn(pan, load<u16>(REC + REC_NWK_SRC), REC + REC_NWK_SRC_EUI);
  if (mac.srcModeOf(load<u16>(REC + REC_MAC_FCF)) != mac.MODE_SHORT) return;
  learn(pan, load<u16>(REC + REC_MAC_SRC_SHORT), AUX + AUX_EUI);
}
