/**
 * A TxFrame as the TX record of the core. Layers and security are asked for by what the frame has; the core refuses what
 * does not agree with the frame controls.
 */
import { Layer } from '../../assembly/abi/code.ts';
import {
  TX,
  TX_APS_ACK_BITS,
  TX_APS_BLOCK,
  TX_APS_CLUSTER,
  TX_APS_COUNTER,
  TX_APS_DST_EP,
  TX_APS_EXT,
  TX_APS_EXT_NONCE,
  TX_APS_FCF,
  TX_APS_GROUP,
  TX_APS_KEY,
  TX_APS_KEY_ID,
  TX_APS_PROFILE,
  TX_APS_SRC_EP,
  TX_CARRIED_KEY,
  TX_CARRIED_OFFSET,
  TX_LAYERS,
  TX_MAC_DST_EUI,
  TX_MAC_DST_PAN,
  TX_MAC_DST_SHORT,
  TX_MAC_FCF,
  TX_MAC_SEQ,
  TX_MAC_SRC_EUI,
  TX_MAC_SRC_PAN,
  TX_MAC_SRC_SHORT,
  TX_NWK_DST,
  TX_NWK_DST_EUI,
  TX_NWK_FCF,
  TX_NWK_KEY,
  TX_NWK_MULTICAST,
  TX_NWK_RADIUS,
  TX_NWK_RELAYS,
  TX_NWK_RELAY_COUNT,
  TX_NWK_RELAY_INDEX,
  TX_NWK_SEQ,
  TX_NWK_SRC,
  TX_NWK_SRC_EUI,
  TX_PAYLOAD_LEN,
  TX_SELF_EUI,
  TX_SIZE,
  TX_ZCL_COMMAND,
  TX_ZCL_FC,
  TX_ZCL_MANUFACTURER,
  TX_ZCL_SEQ,
} from '../../assembly/abi/layout.ts';
import { Fault } from '../model/fault.ts';
import type { TxFrame } from '../model/frame.ts';
import { euiToAir, type Eui64 } from '../model/ids.ts';
import { MAC } from './control.ts';
import type { Instance } from './module.ts';

/** Longest source route that TX has room for; no frame has room for it. */
const MAX_RELAYS = 60;

/**
 * Writes a frame to TX and its payload to IN. Throws Fault `internal` when an address is not of the form that the MAC frame
 * control announces, or when payload or source route exceed every frame.
 */
export function writeTx(core: Instance, frame: TxFrame): void {
  core.bytes.fill(0, TX, TX + TX_SIZE);
  const tx = new Fields(core);
  tx.u32(TX_LAYERS, layersOf(frame));
  tx.u16(TX_PAYLOAD_LEN, frame.payload.length);
  core.put(frame.payload);
  tx.eui(TX_SELF_EUI, frame.self);
  writeMac(tx, frame.mac);
  if (frame.nwk !== undefined) writeNwk(tx, frame.nwk);
  if (frame.aps !== undefined) writeAps(tx, frame.aps);
  if (frame.zcl !== undefined) {
    tx.u8(TX_ZCL_FC, frame.zcl.control);
    tx.u8(TX_ZCL_SEQ, frame.zcl.seq);
    tx.u16(TX_ZCL_MANUFACTURER, frame.zcl.manufacturer);
    tx.u8(TX_ZCL_COMMAND, frame.zcl.command);
  }
  tx.i32(TX_CARRIED_KEY, frame.carry?.key);
  tx.u16(TX_CARRIED_OFFSET, frame.carry?.offset);
}

function layersOf(frame: TxFrame): number {
  return (
    Layer.MAC |
    (frame.nwk === undefined ? 0 : Layer.NWK) |
    (frame.nwk?.key === undefined ? 0 : Layer.NWK_SECURED) |
    (frame.aps === undefined ? 0 : Layer.APS) |
    (frame.aps?.security === undefined ? 0 : Layer.APS_SECURED) |
    (frame.zcl === undefined ? 0 : Layer.ZCL)
  );
}

function writeMac(tx: Fields, mac: TxFrame['mac']): void {
  tx.u16(TX_MAC_FCF, mac.fcf);
  tx.u8(TX_MAC_SEQ, mac.seq);
  tx.u16(TX_MAC_DST_PAN, mac.dstPan);
  tx.u16(TX_MAC_SRC_PAN, mac.srcPan);
  writeAddress(tx, 'destination', (mac.fcf & MAC.DST_MODE) >> 10, mac.dst, TX_MAC_DST_SHORT, TX_MAC_DST_EUI);
  writeAddress(tx, 'source', (mac.fcf & MAC.SRC_MODE) >> 14, mac.src, TX_MAC_SRC_SHORT, TX_MAC_SRC_EUI);
}

function writeAddress(tx: Fields, name: string, mode: number, address: number | Eui64 | undefined, short: number, eui: number): void {
  const announced = mode === 0 ? 'undefined' : mode === 2 ? 'number' : mode === 3 ? 'string' : typeof address;
  if (typeof address !== announced)
    throw new Fault('internal', `the MAC ${name} is ${typeof address}, the frame control says mode ${mode}`);
  if (typeof address === 'number') tx.u16(short, address);
  if (typeof address === 'string') tx.eui(eui, address);
}

function writeNwk(tx: Fields, nwk: NonNullable<TxFrame['nwk']>): void {
  tx.u16(TX_NWK_FCF, nwk.fcf);
  tx.u16(TX_NWK_DST, nwk.dst);
  tx.u16(TX_NWK_SRC, nwk.src);
  tx.u8(TX_NWK_RADIUS, nwk.radius);
  tx.u8(TX_NWK_SEQ, nwk.seq);
  tx.eui(TX_NWK_DST_EUI, nwk.dstEui);
  tx.eui(TX_NWK_SRC_EUI, nwk.srcEui);
  tx.u8(TX_NWK_MULTICAST, nwk.multicast);
  const relays = nwk.sourceRoute?.relays ?? [];
  if (relays.length > MAX_RELAYS) throw new Fault('internal', `${relays.length} relays fit into no frame`);
  tx.u8(TX_NWK_RELAY_COUNT, relays.length);
  tx.u8(TX_NWK_RELAY_INDEX, nwk.sourceRoute?.index);
  relays.forEach((relay, i) => tx.u16(TX_NWK_RELAYS + 2 * i, relay));
  tx.i32(TX_NWK_KEY, nwk.key);
}

function writeAps(tx: Fields, aps: NonNullable<TxFrame['aps']>): void {
  tx.u8(TX_APS_FCF, aps.fcf);
  tx.u8(TX_APS_DST_EP, aps.dstEndpoint);
  tx.u16(TX_APS_GROUP, aps.group);
  tx.u16(TX_APS_CLUSTER, aps.cluster);
  tx.u16(TX_APS_PROFILE, aps.profile);
  tx.u8(TX_APS_SRC_EP, aps.srcEndpoint);
  tx.u8(TX_APS_COUNTER, aps.counter);
  tx.u8(TX_APS_EXT, aps.extended?.control);
  tx.u8(TX_APS_BLOCK, aps.extended?.block);
  tx.u8(TX_APS_ACK_BITS, aps.extended?.ackBits);
  tx.u8(TX_APS_KEY_ID, aps.security?.keyId);
  tx.u8(TX_APS_EXT_NONCE, aps.security?.extendedNonce ? 1 : 0);
  tx.i32(TX_APS_KEY, aps.security?.key);
}

/** Fields of TX by their offset; an undefined value leaves the field zero. */
class Fields {
  readonly #core: Instance;

  constructor(core: Instance) {
    this.#core = core;
  }

  u8 = (field: number, value: number | undefined): void => this.#core.view.setUint8(TX + field, value ?? 0);
  u16 = (field: number, value: number | undefined): void => this.#core.view.setUint16(TX + field, value ?? 0, true);
  u32 = (field: number, value: number | undefined): void => this.#core.view.setUint32(TX + field, value ?? 0, true);
  i32 = (field: number, value: number | undefined): void => this.#core.view.setInt32(TX + field, value ?? 0, true);
  eui = (field: number, value: Eui64 | undefined): void => {
    if (value !== undefined) this.#core.bytes.set(euiToAir(value), TX + field);
  };
}
