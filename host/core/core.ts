/**
 * The core as an object: frames in and out, and handles of the keys it holds.
 *
 * One Core is one WebAssembly instance with its own keys, counters and addresses. Calls are synchronous and short. After a
 * trap (Fault `core`) the instance is wiped and must be thrown away.
 */
import { At, MacReason } from '../../assembly/abi/code.ts';
import { IN_SIZE, OUT, REC, REC_OFFSET, TX, TX_FRAME_LEN } from '../../assembly/abi/layout.ts';
import { ok, type Result } from '../model/fault.ts';
import type { Frame, FrameRefusal, KeyHandle, TxFrame } from '../model/frame.ts';
import { Batch } from './batch.ts';
import { Cbke } from './cbke.ts';
import { nameOf, refusalOf } from './codes.ts';
import { Curves } from './curves.ts';
import { writeTx } from './emit.ts';
import { Keys } from './keys.ts';
import { compile, Instance, type CoreSource } from './module.ts';
import { rxFlags, type RxOptions } from './reception.ts';
import { RecordReader } from './record.ts';
import { Addresses, Counters } from './tables.ts';

const KEY_LEN = 16;

/** A frame that was read. `opened` is false when a layer stayed closed, which passive reception alone lets pass. */
export interface RxFrame {
  readonly ok: true;
  readonly frame: Frame;
  readonly opened: boolean;
}

/** The core. */
export class Core {
  /** Keys, known to the host by their handles alone. */
  readonly keys: Keys;
  /** The lowest frame counter that is still accepted, per sender and key. */
  readonly counters: Counters;
  /** Which EUI-64 has which short address. */
  readonly addresses: Addresses;
  /** Many frames at once, under the same keys, counters and addresses. */
  readonly batch: Batch;
  /** Public keys of the two curves: points, certificates, signatures. */
  readonly curves: Curves;
  /** Key establishment by certificates. */
  readonly cbke: Cbke;
  protected readonly instance: Instance;
  readonly #record: RecordReader;

  protected constructor(instance: Instance) {
    this.instance = instance;
    this.#record = new RecordReader(instance);
    this.keys = new Keys(instance);
    this.counters = new Counters(instance);
    this.addresses = new Addresses(instance);
    this.batch = new Batch(instance);
    this.curves = new Curves(instance);
    this.cbke = new Cbke(instance);
  }

  /** Loads core.wasm, from its bytes or compiled. Rejects with Fault `core` when it is not the core of this host. */
  static async load(wasm: CoreSource): Promise<Core> {
    return new Core(new Instance(await compile(wasm)));
  }

  /**
   * Reads a PSDU. The answer is a copy and holds for good. Refusals name the layer and the byte, and carry what was read
   * before. Outside passive reception an accepted frame may be unsecured (`security` undefined) but never closed.
   */
  rx(psdu: Uint8Array, options: RxOptions = {}): RxFrame | FrameRefusal {
    if (psdu.length > IN_SIZE) return frameRefusal(At.MAC * 256 + MacReason.TOO_LONG, IN_SIZE, Object.freeze({}));
    this.instance.put(psdu);
    const number = this.instance.call('rx', psdu.length, rxFlags(options));
    const frame = this.#record.frame(psdu.length);
    if (number !== 0) return frameRefusal(number, this.instance.view.getUint16(REC + REC_OFFSET, true), frame);
    return { ok: true, frame: frame as Frame, opened: this.#record.isOpened() };
  }

  /**
   * Emits a frame, secured as it asks, FCS included. Refuses what `rx` would refuse, stale handles and exhausted counters,
   * without using up a counter. Throws Fault `internal` for addresses that contradict the frame control.
   */
  tx(frame: TxFrame): Result<Uint8Array> {
    writeTx(this.instance, frame);
    const number = this.instance.call('tx');
    if (number !== 0) return refusalOf(number);
    const length = this.instance.view.getUint16(TX + TX_FRAME_LEN, true);
    return ok(this.instance.bytes.slice(OUT, OUT + length));
  }

  /** Wipes every key, counter and address. */
  wipe(): void {
    this.instance.call('wipeAll');
  }
}

/** The core of benches and tests: it also gives keys away. Needs lab.wasm. */
export class LabCore extends Core {
  /** As `Core.load`, for lab.wasm; core.wasm lacks the export of keys and is refused with Fault `core`. */
  static override async load(wasm: CoreSource): Promise<LabCore> {
    return new LabCore(new Instance(await compile(wasm), ['keyExport']));
  }

  /** The raw key of a handle, 16 bytes. */
  exportKey(handle: KeyHandle): Result<Uint8Array> {
    const number = this.instance.call('keyExport', handle);
    if (number !== 0) return refusalOf(number);
    const key = this.instance.bytes.slice(OUT, OUT + KEY_LEN);
    this.instance.bytes.fill(0, OUT, OUT + KEY_LEN);
    return ok(key);
  }
}

function frameRefusal(number: number, offset: number, frame: Partial<Frame>): FrameRefusal {
  const { name, detail } = nameOf(number);
  return { ok: false, number, code: name, offset, detail, frame };
}
