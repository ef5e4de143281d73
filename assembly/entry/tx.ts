/**
 * `tx`: emits the frame that TX describes, its payload in IN, to OUT: headers, security, FCS.
 *
 * What `rx` would refuse is not emitted: the headers pass the same `check`, with the same codes. No frame counter is taken
 * before everything else is known to be right. A carried key goes from its slot into OUT and is encrypted there; neither
 * IN nor SCRATCH ever holds it.
 */
import { At, KeyKind, Layer, Rx, TxReason } from '../abi/code.ts';
import {
  IN,
  OUT,
  OUT_SIZE,
  TX,
  TX_APS_EXT,
  TX_APS_EXT_NONCE,
  TX_APS_FCF,
  TX_APS_KEY,
  TX_APS_KEY_ID,
  TX_APS_PROFILE,
  TX_CARRIED_KEY,
  TX_CARRIED_OFFSET,
  TX_FRAME_LEN,
  TX_LAYERS,
  TX_MAC_FCF,
  TX_NWK_FCF,
  TX_NWK_KEY,
  TX_NWK_RELAY_COUNT,
  TX_PAYLOAD_LEN,
  TX_SELF_EUI,
  SLOT_RAW,
  SLOT_SCHEDULE,
  SLOT_SEQ,
} from '../abi/layout.ts';
import { copy, wipe } from '../bytes/memory.ts';
import { takeOutgoing } from '../keys/counters.ts';
import { KEY_LEN, slotOf } from '../keys/slots.ts';
import * as apsSecurity from '../secure/aps.ts';
import * as envelope from '../secure/envelope.ts';
import * as aps from '../wire/aps.ts';
import { FCS_LEN } from '../wire/fcs.ts';
import * as mac from '../wire/mac.ts';
import * as nwk from '../wire/nwk.ts';
import { refuse } from '../wire/refusal.ts';
import * as header from '../wire/security-header.ts';
import * as zcl from '../wire/zcl.ts';

/** Where the frame is built. */
const FRAME: usize = OUT;

/** Every network key is announced by its sequence number and the sender by its EUI-64 (4.3.1.1). */
const NWK_CONTROL: u32 = 0x28;
const PROFILE_ZDP: u16 = 0x0000;

/** Emits a frame. Answers 0 and its length, FCS included, in TX_FRAME_LEN; or a code, an untouched counter and an empty OUT. */
export function tx(): i32 {
  store<u16>(TX + TX_FRAME_LEN, 0);
  const code = emit();
  if (code) wipe(FRAME, OUT_SIZE);
  return code;
}

function emit(): i32 {
  const wrong = checkRequest();
  if (wrong) return wrong;

  // Headers and payload, secured layers with room for header and MIC but not yet secured.
  const payloadLen = <i32>load<u16>(TX + TX_PAYLOAD_LEN);
  const nwkAt = mac.emit(FRAME);
  const nwkAux = asks(Layer.NWK) ? nwk.emit(FRAME, nwkAt) : nwkAt;
  const apsAt = asks(Layer.NWK_SECURED) ? nwkAux + header.headerLen(NWK_CONTROL) : nwkAux;
  const apsAux = asks(Layer.APS) ? aps.emit(FRAME, apsAt) : apsAt;
  const zclAt = asks(Layer.APS_SECURED) ? apsAux + header.headerLen(apsControl()) : apsAux;
  const payload = asks(Layer.ZCL) ? zcl.emit(FRAME, zclAt) : zclAt;
  const plainEnd = payload + payloadLen;
  const apsEnd = plainEnd + (asks(Layer.APS_SECURED) ? header.MIC_LEN : 0);
  const nwkEnd = apsEnd + (asks(Layer.NWK_SECURED) ? header.MIC_LEN : 0);
  if (nwkEnd + FCS_LEN > mac.MAX_LEN) return refuse(At.TX, TxReason.TOO_LONG, mac.MAX_LEN);
  copy(FRAME + <usize>payload, IN, payloadLen);
  const malformed = checkHeaders(nwkAt, apsAt, apsEnd, nwkEnd);
  if (malformed) return malformed;

  const nwkSlot = slotOf(load<i32>(TX + TX_NWK_KEY), KeyKind.NETWORK);
  const apsSlot = slotOf(load<i32>(TX + TX_APS_KEY), KeyKind.LINK);
  if (asks(Layer.NWK_SECURED) && nwkSlot == 0) return refuse(At.TX, TxReason.NWK_KEY, nwkAux);
  if (asks(Layer.APS_SECURED) && apsSlot == 0) return refuse(At.TX, TxReason.APS_KEY, apsAux);
  const uncarried = carry(payload, payloadLen);
  if (uncarried) return uncarried;

  // From here on counters are used up: inner layer first, as its bytes are the outer one's payload.
  if (asks(Layer.APS_SECURED)) {
    const counter = takeOutgoing(apsSlot);
    if (counter < 0) return refuse(At.TX, TxReason.COUNTER, apsAux);
    header.emit(FRAME, apsAux, apsControl(), <u32>counter, TX + TX_SELF_EUI, 0);
    envelope.seal(apsSecurity.schedule(apsSlot, apsKeyId()), TX + TX_SELF_EUI, FRAME, apsAt, apsAux, plainEnd);
    apsSecurity.forget();
  }
  if (asks(Layer.NWK_SECURED)) {
    const counter = takeOutgoing(nwkSlot);
    if (counter < 0) return refuse(At.TX, TxReason.COUNTER, nwkAux);
    header.emit(FRAME, nwkAux, NWK_CONTROL, <u32>counter, TX + TX_SELF_EUI, load<u8>(nwkSlot + SLOT_SEQ));
    envelope.seal(nwkSlot + SLOT_SCHEDULE, TX + TX_SELF_EUI, FRAME, nwkAt, nwkAux, apsEnd);
  }
  store<u16>(TX + TX_FRAME_LEN, <u16>mac.emitFcs(FRAME, nwkEnd));
  return 0;
}

/**
 * The clauses that concern the request as a whole: the payload's length, layers that stand in one another, security bits
 * that agree, the key identifier.
 */
function checkRequest(): i32 {
  if (<i32>load<u16>(TX + TX_PAYLOAD_LEN) > mac.MAX_LEN || <i32>load<u8>(TX + TX_NWK_RELAY_COUNT) > nwk.MAX_RELAYS) {
    return refuse(At.TX, TxReason.TOO_LONG, mac.MAX_LEN);
  }
  if (!areLayersNested()) return refuse(At.TX, TxReason.LAYERS, 0);
  if (mac.isSecured(load<u16>(TX + TX_MAC_FCF))) return refuse(At.TX, TxReason.SECURITY_BIT, 0);
  if (asks(Layer.NWK) && nwk.isSecured(load<u16>(TX + TX_NWK_FCF)) != asks(Layer.NWK_SECURED))
    return refuse(At.TX, TxReason.SECURITY_BIT, 0);
  if (asks(Layer.APS) && aps.isSecured(load<u8>(TX + TX_APS_FCF)) != asks(Layer.APS_SECURED))
    return refuse(At.TX, TxReason.SECURITY_BIT, 0);
  if (asks(Layer.APS_SECURED) && (apsKeyId() == header.KEY_ID_NETWORK || apsKeyId() > header.KEY_ID_LOAD))
    return refuse(At.TX, TxReason.KEY_ID, 0);
  return 0;
}

/** Each layer needs the one below it, of the type that carries it; a ZCL header never stands in ZDP or in a fragment. */
function areLayersNested(): bool {
  const fcf: u32 = load<u8>(TX + TX_APS_FCF);
  if (!asks(Layer.MAC)) return false;
  if (asks(Layer.NWK) && mac.typeOf(load<u16>(TX + TX_MAC_FCF)) != mac.TYPE_DATA) return false;
  if (asks(Layer.NWK_SECURED) && !asks(Layer.NWK)) return false;
  if (asks(Layer.APS) && (!asks(Layer.NWK) || nwk.typeOf(load<u16>(TX + TX_NWK_FCF)) != nwk.TYPE_DATA)) return false;
  if (asks(Layer.APS_SECURED) && !asks(Layer.APS)) return false;
  if (!asks(Layer.ZCL)) return true;
  if (!asks(Layer.APS) || aps.typeOf(fcf) != aps.TYPE_DATA || load<u16>(TX + TX_APS_PROFILE) == PROFILE_ZDP) return false;
  return !aps.isFragment(fcf, load<u8>(TX + TX_APS_EXT));
}

/** The emitted headers pass the gates of reception. */
function checkHeaders(nwkAt: i32, apsAt: i32, apsEnd: i32, nwkEnd: i32): i32 {
  const atMac = mac.check(FRAME, nwkEnd, Rx.NO_FCS);
  if (atMac || !asks(Layer.NWK)) return atMac;
  const atNwk = nwk.check(FRAME, nwkAt, nwkEnd);
  return atNwk || !asks(Layer.APS) ? atNwk : aps.check(FRAME, apsAt, apsEnd);
}

/** Copies the carried key, if there is one, into the payload that is about to be encrypted. */
function carry(payload: i32, payloadLen: i32): i32 {
  const handle = load<i32>(TX + TX_CARRIED_KEY);
  if (handle == 0) return 0;
  const keyId = apsKeyId();
  if (!asks(Layer.APS_SECURED) || (keyId != header.KEY_ID_TRANSPORT && keyId != header.KEY_ID_LOAD)) {
    return refuse(At.TX, TxReason.CARRIED_UNSECURED, payload);
  }
  const offset = <i32>load<u16>(TX + TX_CARRIED_OFFSET);
  if (offset + KEY_LEN > payloadLen) return refuse(At.TX, TxReason.CARRIED_OFFSET, payload);
  const networkKey = slotOf(handle, KeyKind.NETWORK);
  const slot = networkKey != 0 ? networkKey : slotOf(handle, KeyKind.LINK);
  if (slot == 0) return refuse(At.TX, TxReason.CARRIED_KEY, payload);
  copy(FRAME + <usize>(payload + offset), slot + SLOT_RAW, KEY_LEN);
  return 0;
}

function asks(layer: u32): bool {
  return (load<u32>(TX + TX_LAYERS) & layer) != 0;
}

function apsKeyId(): u32 {
  return load<u8>(TX + TX_APS_KEY_ID);
}

function apsControl(): u32 {
  return header.controlOf(apsKeyId(), load<u8>(TX + TX_APS_EXT_NONCE) != 0);
}
