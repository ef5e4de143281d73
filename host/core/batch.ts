/**
 * Many frames with one crossing, for captures and simulated fleets: fill, `rx`, then ask frame by frame for what filters and
 * statistics need. What is asked is read from the core's windows, without an object a frame.
 *
 * A frame is received as by `Core.rx`, after the one before it, under the same keys, counters and addresses. Its answers hold
 * until the batch is cleared or filled again; a frame that is wanted whole is received by `Core.rx` in a core of its own.
 */
import { Layer } from '../../assembly/abi/code.ts';
import {
  BATCH_FRAME_COUNT,
  BATCH_FRAMES,
  BATCH_HEAD_SIZE,
  BATCH_HEADS,
  BATCH_IN,
  BATCH_IN_SIZE,
  REC_APS_AUX_COUNTER,
  REC_APS_CLUSTER,
  REC_APS_PROFILE,
  REC_CODE,
  REC_LAYERS,
  REC_MAC_DST_PAN,
  REC_MAC_SRC_SHORT,
  REC_NWK_AUX_COUNTER,
  REC_NWK_DST,
  REC_NWK_SRC,
  REC_OFFSET,
  REC_PAYLOAD,
  REC_PAYLOAD_LEN,
  REC_ZCL_COMMAND,
  REC_ZCL_FC,
  REC_ZCL_SEQ,
} from '../../assembly/abi/layout.ts';
import { Fault } from '../model/fault.ts';
import type { Instance } from './module.ts';
import { rxFlags, type RxOptions } from './reception.ts';

/** Most frames in a batch. */
export const BATCH_CAPACITY = BATCH_FRAME_COUNT;

/** The core refuses this length like every greater one, and looks at none of the bytes. */
const TOO_LONG = 128;
/**
 * Size of a head, and where its fields stand. Said here again because the engine folds constants of the same file into the
 * code of who asks, but reads imported ones anew at each access: that doubled the time of asking.
 */
const HEAD_SIZE = BATCH_HEAD_SIZE;
const FIELD = {
  code: REC_CODE,
  offset: REC_OFFSET,
  layers: REC_LAYERS,
  payload: REC_PAYLOAD,
  payloadLen: REC_PAYLOAD_LEN,
  pan: REC_MAC_DST_PAN,
  hopSource: REC_MAC_SRC_SHORT,
  nwkSource: REC_NWK_SRC,
  nwkDestination: REC_NWK_DST,
  nwkCounter: REC_NWK_AUX_COUNTER,
  apsCounter: REC_APS_AUX_COUNTER,
  cluster: REC_APS_CLUSTER,
  profile: REC_APS_PROFILE,
  zclControl: REC_ZCL_FC,
  zclSeq: REC_ZCL_SEQ,
  zclCommand: REC_ZCL_COMMAND,
} as const;
const SECURED_OPENED = [
  [Layer.NWK_SECURED, Layer.NWK_OPENED],
  [Layer.APS_SECURED, Layer.APS_OPENED],
] as const;

/** The batch of one core. */
export class Batch {
  readonly #core: Instance;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  /** Offset and length of each frame, as the core reads them. */
  readonly #frames: Uint16Array;
  #count = 0;
  #used = 0;

  constructor(core: Instance) {
    this.#core = core;
    this.#bytes = core.bytes.subarray(BATCH_IN, BATCH_IN + BATCH_IN_SIZE);
    this.#view = new DataView(core.bytes.buffer, BATCH_HEADS, BATCH_HEAD_SIZE * BATCH_CAPACITY);
    this.#frames = new Uint16Array(core.bytes.buffer, BATCH_FRAMES, 2 * BATCH_CAPACITY);
  }

  /** Frames in the batch. */
  get count(): number {
    return this.#count;
  }

  /** Empties the batch and wipes its bytes. */
  clear(): void {
    this.#bytes.fill(0, 0, this.#used);
    this.#count = 0;
    this.#used = 0;
  }

  /** Adds a PSDU of any length. False when the batch is full: receive, clear, and add it again. */
  add(psdu: Uint8Array): boolean {
    const length = Math.min(psdu.length, TOO_LONG);
    if (this.#count === BATCH_CAPACITY || this.#used + length > BATCH_IN_SIZE) return false;
    this.#bytes.set(length === psdu.length ? psdu : psdu.subarray(0, length), this.#used);
    this.#frames[2 * this.#count] = this.#used;
    this.#frames[2 * this.#count + 1] = length;
    this.#count++;
    this.#used += length;
    return true;
  }

  /**
   * Adds frames that stand in one piece of memory, as those of a capture do, by one copy: `spans` holds offset and length of
   * each, in turns. False when not all of them find room; then none was added. Throws Fault `internal` for a span that leaves the piece.
   */
  addPiece(piece: Uint8Array, spans: Uint16Array): boolean {
    const base = this.#used;
    if (this.#count + (spans.length >> 1) > BATCH_CAPACITY || base + piece.length > BATCH_IN_SIZE) return false;
    let reach = 0;
    for (let i = 0; i + 1 < spans.length; i += 2) reach = Math.max(reach, (spans[i] as number) + (spans[i + 1] as number));
    if (reach > piece.length) throw new Fault('internal', `a frame leaves its piece: it ends at byte ${reach} of ${piece.length}`);
    const first = 2 * this.#count;
    this.#frames.set(spans, first);
    if (base > 0) for (let i = first; i < first + spans.length; i += 2) this.#frames[i] = (this.#frames[i] as number) + base;
    this.#bytes.set(piece, base);
    this.#used += piece.length;
    this.#count += spans.length >> 1;
    return true;
  }

  /** Receives the frames, in order. To be called once a filling: what a frame's opened layers were is gone afterwards. */
  rx(options: RxOptions = {}): void {
    const number = this.#core.call('rxBatch', this.#count, rxFlags(options));
    if (number !== 0) throw new Fault('internal', `the core refused a batch of ${this.#count} frames: ${number}`);
  }

  /** What `rx` answers of a frame: 0, or the number of the refusal, which host/core/codes.ts names. */
  code(index: number): number {
    return this.#u16(index, FIELD.code);
  }
  /** Byte of the frame at which the refusal arose. */
  offset(index: number): number {
    return this.#u16(index, FIELD.offset);
  }
  /** Whether a layer was read; a security layer, whether it was opened. */
  has(index: number, layer: 'mac' | 'nwk' | 'aps' | 'zcl' | 'nwk-security' | 'aps-security'): boolean {
    return (this.#layers(index) & LAYERS[layer]) !== 0;
  }
  /** Whether every layer that was secured was opened. */
  isOpened(index: number): boolean {
    const layers = this.#layers(index);
    return SECURED_OPENED.every(([secured, opened]) => (layers & secured) === 0 || (layers & opened) !== 0);
  }
  /** Whether a frame counter of the frame was not above the last one accepted. */
  isReplay(index: number): boolean {
    return (this.#layers(index) & (Layer.NWK_REPLAY | Layer.APS_REPLAY)) !== 0;
  }
  /** PAN of the destination; 0 when the header has none. */
  pan(index: number): number {
    return this.#u16(index, FIELD.pan);
  }
  /** Short address of the sender of this hop; 0 when the header has none. */
  hopSource(index: number): number {
    return this.#u16(index, FIELD.hopSource);
  }
  /** NWK source. */
  source(index: number): number {
    return this.#u16(index, FIELD.nwkSource);
  }
  /** NWK destination. */
  destination(index: number): number {
    return this.#u16(index, FIELD.nwkDestination);
  }
  /** Frame counter of a security header, as received. */
  counter(index: number, layer: 'nwk' | 'aps'): number {
    return this.#view.getUint32(index * HEAD_SIZE + (layer === 'nwk' ? FIELD.nwkCounter : FIELD.apsCounter), true);
  }
  /** Cluster of an APS frame that names one. */
  cluster(index: number): number {
    return this.#u16(index, FIELD.cluster);
  }
  /** Profile of an APS frame that names one. */
  profile(index: number): number {
    return this.#u16(index, FIELD.profile);
  }
  /** Frame control of the ZCL header. */
  zclControl(index: number): number {
    return this.#u8(index, FIELD.zclControl);
  }
  /** Sequence number of the ZCL header. */
  zclSeq(index: number): number {
    return this.#u8(index, FIELD.zclSeq);
  }
  /** Command of the ZCL header. */
  zclCommand(index: number): number {
    return this.#u8(index, FIELD.zclCommand);
  }
  /** The innermost payload that was reached: a view, which the next filling overwrites. */
  payload(index: number): Uint8Array {
    const at = (this.#frames[2 * index] as number) + this.#u16(index, FIELD.payload);
    return this.#bytes.subarray(at, at + this.#u16(index, FIELD.payloadLen));
  }
  /** The frame with its opened layers in clear: a view, which the next filling overwrites. */
  bytes(index: number): Uint8Array {
    const at = this.#frames[2 * index] as number;
    return this.#bytes.subarray(at, at + (this.#frames[2 * index + 1] as number));
  }

  #layers(index: number): number {
    return this.#view.getUint32(index * HEAD_SIZE + FIELD.layers, true);
  }
  #u16(index: number, field: number): number {
    return this.#view.getUint16(index * HEAD_SIZE + field, true);
  }
  #u8(index: number, field: number): number {
    return this.#view.getUint8(index * HEAD_SIZE + field);
  }
}

const LAYERS = {
  mac: Layer.MAC,
  nwk: Layer.NWK,
  aps: Layer.APS,
  zcl: Layer.ZCL,
  'nwk-security': Layer.NWK_OPENED,
  'aps-security': Layer.APS_OPENED,
} as const;
