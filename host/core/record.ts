/**
 * The record of `rx` as frozen objects. Reads what assembly/abi/layout.ts describes, judges nothing.
 */
import { Layer, MacField } from '../../assembly/abi/code.ts';
import {
  AUX_CONTROL,
  AUX_COUNTER,
  AUX_EUI,
  AUX_KEY,
  AUX_KEY_SEQ,
  AUX_MIC,
  AUX_REPLAY,
  PLAIN,
  REC,
  REC_APS,
  REC_APS_ACK_BITS,
  REC_APS_AUX,
  REC_APS_BLOCK,
  REC_APS_CLUSTER,
  REC_APS_COMMAND,
  REC_APS_COUNTER,
  REC_APS_DST_EP,
  REC_APS_EXT,
  REC_APS_FCF,
  REC_APS_GROUP,
  REC_APS_PAYLOAD,
  REC_APS_PROFILE,
  REC_APS_SRC_EP,
  REC_CARRIED,
  REC_LAYERS,
  REC_MAC_COMMAND,
  REC_MAC_DST_EUI,
  REC_MAC_DST_PAN,
  REC_MAC_DST_SHORT,
  REC_MAC_FCF,
  REC_MAC_FCS,
  REC_MAC_FCS_OK,
  REC_MAC_FIELDS,
  REC_MAC_PAYLOAD,
  REC_MAC_SEQ,
  REC_MAC_SRC_EUI,
  REC_MAC_SRC_PAN,
  REC_MAC_SRC_SHORT,
  REC_NWK,
  REC_NWK_AUX,
  REC_NWK_COMMAND,
  REC_NWK_DST,
  REC_NWK_DST_EUI,
  REC_NWK_FCF,
  REC_NWK_MULTICAST,
  REC_NWK_PAYLOAD,
  REC_NWK_RADIUS,
  REC_NWK_RELAYS,
  REC_NWK_RELAY_COUNT,
  REC_NWK_RELAY_INDEX,
  REC_NWK_SEQ,
  REC_NWK_SRC,
  REC_NWK_SRC_EUI,
  REC_PAYLOAD,
  REC_PAYLOAD_LEN,
  REC_ZCL,
  REC_ZCL_COMMAND,
  REC_ZCL_FC,
  REC_ZCL_MANUFACTURER,
  REC_ZCL_SEQ,
} from '../../assembly/abi/layout.ts';
import type { ApsHeader, Frame, MacHeader, NwkHeader, SecurityHeader, Span, ZclHeader } from '../model/frame.ts';
import { euiFromAir, type Eui64 } from '../model/ids.ts';
import { APS, KEY_ID, MAC, NWK, ZCL } from './control.ts';
import type { Instance } from './module.ts';

const MIC_LEN = 4;
/** Bit of an auxiliary header's control byte: the sender's EUI-64 is there. */
const EXTENDED_NONCE = 0x20;
/** Fragmentation bits of the extended APS frame control. */
const FRAGMENTATION = 0x03;
const FCS_ABSENT = 255;

/** Reads the record of one core. */
export class RecordReader {
  readonly #rec: Fields;
  readonly #bytes: Uint8Array;

  constructor(core: Instance) {
    this.#rec = new Fields(core);
    this.#bytes = core.bytes;
  }

  /** What `rx` read of a frame of `length` bytes: every layer that was complete; at least the MAC when the frame was accepted. */
  frame(length: number): Partial<Frame> {
    const rec = this.#rec;
    const layers = rec.u32(REC_LAYERS);
    if (!(layers & Layer.MAC)) return Object.freeze({});
    const bytes = this.#bytes.slice(PLAIN, PLAIN + length);
    const start = rec.u16(REC_PAYLOAD);
    return Object.freeze({
      mac: macHeader(rec),
      nwk: layers & Layer.NWK ? nwkHeader(rec, layers, bytes) : undefined,
      aps: layers & Layer.APS ? apsHeader(rec, layers, bytes) : undefined,
      zcl: layers & Layer.ZCL ? zclHeader(rec) : undefined,
      bytes,
      payload: bytes.subarray(start, start + rec.u16(REC_PAYLOAD_LEN)),
      carried: rec.i32(REC_CARRIED) || undefined,
    });
  }

  /** Whether every layer that was secured was opened. */
  isOpened(): boolean {
    const layers = this.#rec.u32(REC_LAYERS);
    return !(layers & Layer.NWK_SECURED && !(layers & Layer.NWK_OPENED)) && !(layers & Layer.APS_SECURED && !(layers & Layer.APS_OPENED));
  }
}

function macHeader(rec: Fields): MacHeader {
  const fcf = rec.u16(REC_MAC_FCF);
  const fields = rec.u8(REC_MAC_FIELDS);
  const good = rec.u8(REC_MAC_FCS_OK);
  const address = (mode: number, short: number, extended: number): number | Eui64 | undefined =>
    mode === 2 ? rec.u16(short) : mode === 3 ? rec.eui(extended) : undefined;
  return Object.freeze({
    fcf,
    seq: fields & MacField.SEQ ? rec.u8(REC_MAC_SEQ) : undefined,
    dstPan: fields & MacField.DST_PAN ? rec.u16(REC_MAC_DST_PAN) : undefined,
    srcPan: fields & MacField.SRC_PAN ? rec.u16(REC_MAC_SRC_PAN) : undefined,
    dst: address((fcf & MAC.DST_MODE) >> 10, REC_MAC_DST_SHORT, REC_MAC_DST_EUI),
    src: address((fcf & MAC.SRC_MODE) >> 14, REC_MAC_SRC_SHORT, REC_MAC_SRC_EUI),
    command: (fcf & MAC.TYPE) === MAC.COMMAND && !(fcf & MAC.SECURED) ? rec.u8(REC_MAC_COMMAND) : undefined,
    fcs: good === FCS_ABSENT ? undefined : Object.freeze({ value: rec.u16(REC_MAC_FCS), good: good === 1 }),
    payload: rec.span(REC_MAC_PAYLOAD),
  });
}

function nwkHeader(rec: Fields, layers: number, bytes: Uint8Array): NwkHeader {
  const fcf = rec.u16(REC_NWK_FCF);
  const clear = !(layers & Layer.NWK_SECURED) || (layers & Layer.NWK_OPENED) !== 0;
  const payload = rec.span(REC_NWK_PAYLOAD);
  return Object.freeze({
    offset: rec.u16(REC_NWK),
    fcf,
    dst: rec.u16(REC_NWK_DST),
    src: rec.u16(REC_NWK_SRC),
    radius: rec.u8(REC_NWK_RADIUS),
    seq: rec.u8(REC_NWK_SEQ),
    dstEui: fcf & NWK.DST_EUI ? rec.eui(REC_NWK_DST_EUI) : undefined,
    srcEui: fcf & NWK.SRC_EUI ? rec.eui(REC_NWK_SRC_EUI) : undefined,
    multicast: fcf & NWK.MULTICAST ? rec.u8(REC_NWK_MULTICAST) : undefined,
    sourceRoute: fcf & NWK.SOURCE_ROUTE ? sourceRoute(rec) : undefined,
    security: layers & Layer.NWK_SECURED ? securityHeader(rec, REC_NWK_AUX, bytes, (layers & Layer.NWK_OPENED) !== 0) : undefined,
    command: clear && payload.length > 0 && (fcf & NWK.TYPE) === 1 ? rec.u8(REC_NWK_COMMAND) : undefined,
    payload,
  });
}

function sourceRoute(rec: Fields): { readonly index: number; readonly relays: readonly number[] } {
  const from = PLAIN + rec.u16(REC_NWK_RELAYS);
  const relays = Array.from({ length: rec.u8(REC_NWK_RELAY_COUNT) }, (_, i) => rec.view.getUint16(from + 2 * i, true));
  return Object.freeze({ index: rec.u8(REC_NWK_RELAY_INDEX), relays: Object.freeze(relays) });
}

function apsHeader(rec: Fields, layers: number, bytes: Uint8Array): ApsHeader {
  const fcf = rec.u8(REC_APS_FCF);
  const type = fcf & APS.TYPE;
  const clear = !(layers & Layer.APS_SECURED) || (layers & Layer.APS_OPENED) !== 0;
  const addressed = type === APS.DATA || (type === APS.ACK && !(fcf & APS.ACK_FORMAT));
  const group = addressed && (fcf & APS.DELIVERY) === APS.GROUP;
  const payload = rec.span(REC_APS_PAYLOAD);
  return Object.freeze({
    offset: rec.u16(REC_APS),
    fcf,
    dstEndpoint: addressed && !group ? rec.u8(REC_APS_DST_EP) : undefined,
    group: group ? rec.u16(REC_APS_GROUP) : undefined,
    cluster: addressed ? rec.u16(REC_APS_CLUSTER) : undefined,
    profile: addressed ? rec.u16(REC_APS_PROFILE) : undefined,
    srcEndpoint: addressed ? rec.u8(REC_APS_SRC_EP) : undefined,
    counter: rec.u8(REC_APS_COUNTER),
    extended: fcf & APS.EXTENDED ? extended(rec, type) : undefined,
    security: layers & Layer.APS_SECURED ? securityHeader(rec, REC_APS_AUX, bytes, (layers & Layer.APS_OPENED) !== 0) : undefined,
    command: clear && payload.length > 0 && type === APS.COMMAND ? rec.u8(REC_APS_COMMAND) : undefined,
    payload,
  });
}

function extended(rec: Fields, type: number): NonNullable<ApsHeader['extended']> {
  const control = rec.u8(REC_APS_EXT);
  const fragment = (control & FRAGMENTATION) !== 0;
  return Object.freeze({
    control,
    block: fragment ? rec.u8(REC_APS_BLOCK) : undefined,
    ackBits: fragment && type === APS.ACK ? rec.u8(REC_APS_ACK_BITS) : undefined,
  });
}

function securityHeader(rec: Fields, aux: number, bytes: Uint8Array, opened: boolean): SecurityHeader {
  const control = rec.u8(aux + AUX_CONTROL);
  const mic = rec.u16(aux + AUX_MIC);
  return Object.freeze({
    offset: rec.u16(aux),
    control,
    counter: rec.u32(aux + AUX_COUNTER),
    keySeq: ((control >> 3) & 3) === KEY_ID.NETWORK ? rec.u8(aux + AUX_KEY_SEQ) : undefined,
    source: control & EXTENDED_NONCE ? rec.eui(aux + AUX_EUI) : rec.knownEui(aux + AUX_EUI),
    mic: bytes.slice(mic, mic + MIC_LEN),
    opened,
    key: opened ? rec.i32(aux + AUX_KEY) : undefined,
    replay: rec.u8(aux + AUX_REPLAY) === 1,
  });
}

function zclHeader(rec: Fields): ZclHeader {
  const control = rec.u8(REC_ZCL_FC);
  return Object.freeze({
    offset: rec.u16(REC_ZCL),
    control,
    manufacturer: control & ZCL.MANUFACTURER_SPECIFIC ? rec.u16(REC_ZCL_MANUFACTURER) : undefined,
    seq: rec.u8(REC_ZCL_SEQ),
    command: rec.u8(REC_ZCL_COMMAND),
  });
}

/** Fields of the record by their offset. */
class Fields {
  readonly view: DataView;
  readonly #bytes: Uint8Array;

  constructor(core: Instance) {
    this.view = core.view;
    this.#bytes = core.bytes;
  }

  u8(field: number): number {
    return this.view.getUint8(REC + field);
  }
  u16(field: number): number {
    return this.view.getUint16(REC + field, true);
  }
  u32(field: number): number {
    return this.view.getUint32(REC + field, true);
  }
  i32(field: number): number {
    return this.view.getInt32(REC + field, true);
  }
  eui(field: number): Eui64 {
    return euiFromAir(this.#bytes.subarray(REC + field, REC + field + 8));
  }
  /** As `eui`; all zeros say that the core did not know it. */
  knownEui(field: number): Eui64 | undefined {
    return this.view.getBigUint64(REC + field, true) === 0n ? undefined : this.eui(field);
  }
  /** An offset and the length that stands behind it. */
  span(field: number): Span {
    return Object.freeze({ offset: this.u16(field), length: this.u16(field + 2) });
  }
}
