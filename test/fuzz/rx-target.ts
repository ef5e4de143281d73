/** Received frames as a target: a way to make them, and the core under watch in each of its states. */
import {
  REC_APS_COMMAND,
  REC_APS_FCF,
  REC_CARRIED,
  REC_LAYERS,
  REC_MAC_COMMAND,
  REC_NWK_COMMAND,
  REC_OFFSET,
  REC_PAYLOAD_LEN,
  REC_ZCL_COMMAND,
} from '../../assembly/abi/layout.ts';
import { nameOf } from '../../host/core/codes.ts';
import { FRAME_HEAD, HEAD, type Way } from './frames.ts';
import { Receiver } from './receiver.ts';
import { mix, type Target } from './target.ts';
import { world, WORLDS } from './world.ts';

/** Frames made in one way and received. */
export class RxTarget implements Target {
  readonly name: string;
  readonly head = FRAME_HEAD;
  readonly limit: number;
  readonly patience = 50;
  readonly #way: Way;
  readonly #seeds: readonly Uint8Array[];
  readonly #receivers: readonly Receiver[];

  constructor(module: WebAssembly.Module, way: Way, seeds: readonly Uint8Array[]) {
    this.name = `rx-${way.name}`;
    this.limit = FRAME_HEAD + way.limit;
    this.#way = way;
    this.#seeds = seeds;
    this.#receivers = WORLDS.map((name) => new Receiver(world(module, name)));
  }

  seeds(): readonly Uint8Array[] {
    return this.#seeds;
  }

  /** Calls of `rx` so far. */
  get calls(): number {
    return this.#receivers.reduce((sum, { calls }) => sum + calls, 0);
  }

  check(input: Uint8Array): number {
    const state = (input[HEAD.WORLD] ?? 0) % WORLDS.length;
    const receiver = this.#receivers[state] as Receiver;
    const frame = this.#way.build(input);
    const code = receiver.receive(frame, input[HEAD.FLAGS] ?? 0);
    const { record } = receiver;
    let signature = mix(mix(state, code), record.readUInt16LE(REC_OFFSET) >> 2);
    signature = mix(mix(signature, record.readUInt32LE(REC_LAYERS)), frame.length >> 4);
    signature = mix(mix(signature, record.readUInt8(REC_MAC_COMMAND)), record.readUInt8(REC_NWK_COMMAND) & 0x1f);
    signature = mix(mix(signature, record.readUInt8(REC_APS_COMMAND) & 0x1f), record.readUInt8(REC_APS_FCF));
    signature = mix(mix(signature, record.readUInt8(REC_ZCL_COMMAND) & 0x1f), record.readInt32LE(REC_CARRIED));
    return mix(signature, record.readUInt16LE(REC_PAYLOAD_LEN) >> 4);
  }

  outcomes(): ReadonlyMap<string, number> {
    const outcomes = new Map<string, number>();
    for (const { codes } of this.#receivers) {
      codes.forEach((count, code) => {
        if (count === 0) return;
        const name = code === 0 ? 'accepted' : nameOf(code).name;
        outcomes.set(name, (outcomes.get(name) ?? 0) + count);
      });
    }
    return outcomes;
  }
}
