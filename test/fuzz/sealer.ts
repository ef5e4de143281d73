/** Seals payloads by `tx`, from descriptions that are written once: no object per frame. */
import { IN, OUT, TX, TX_FRAME_LEN, TX_PAYLOAD_LEN, TX_SIZE } from '../../assembly/abi/layout.ts';
import { writeTx } from '../../host/core/emit.ts';
import { Keys } from '../../host/core/keys.ts';
import { nameOf } from '../../host/core/codes.ts';
import type { TxFrame } from '../../host/model/frame.ts';
import { Broken } from './target.ts';
import { world, type World } from './world.ts';

/** Seals frames with counters that only rise. */
export class Sealer {
  readonly #world: World;

  constructor(module: WebAssembly.Module) {
    this.#world = world(module, 'keyed');
    const keys = new Keys(this.#world.core);
    for (const handle of [this.#world.network, this.#world.link]) {
      if (!keys.reserve(handle, 1, 0xffff_ffff).ok) throw new Error('no counters for the sealer');
    }
  }

  /** The description of a frame, its payload left out. */
  template(frame: (keys: Pick<World, 'network' | 'link'>) => TxFrame): Uint8Array {
    writeTx(this.#world.core, frame(this.#world));
    return this.#world.core.bytes.slice(TX, TX + TX_SIZE);
  }

  /** The frame with this payload; a view that holds until the next call. Throws `Broken` when `tx` refuses. */
  seal(template: Uint8Array, payload: Uint8Array): Uint8Array {
    const { core } = this.#world;
    core.bytes.set(template, TX);
    core.bytes.set(payload, IN);
    core.view.setUint16(TX + TX_PAYLOAD_LEN, payload.length, true);
    const code = core.call('tx');
    if (code !== 0) throw new Broken('tx', `tx refuses a frame that nothing is wrong with: ${nameOf(code).name}`);
    return core.bytes.subarray(OUT, OUT + core.view.getUint16(TX + TX_FRAME_LEN, true));
  }
}
