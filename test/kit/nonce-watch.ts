/**
 * A sniffer that keeps every frame of an air and every key that devices come to hold, and afterwards says which nonces protected more
 * than one frame: same key, same derivation, same source, same counter (ZigBee specification 4.5.2.2). One such nonce breaks CCM*.
 */
import type { Air } from '../../firmware/air/air.ts';
import type { HomeDevice } from '../../firmware/devices/home.ts';
import { loadModule } from '../../host/compose/gateway.ts';
import { LabCore } from '../../host/core/core.ts';
import type { SecurityHeader } from '../../host/model/frame.ts';
import { hex, unhex, type Eui64 } from '../../host/model/ids.ts';

/** What a device holds that a sniffer must know. */
export type KeyHolder = Pick<HomeDevice, 'core' | 'membership' | 'partners'>;

/** What an air carried. */
export interface Nonces {
  /** Different secured frames. */
  readonly frames: number;
  /** Of them, those that no known key opens, at either layer. */
  readonly closed: number;
  /** Nonces that protected more than one frame. */
  readonly reused: readonly string[];
}

const KEY_ID = 0x18;
const lab = await loadModule('lab.wasm');

/** The sniffer. */
export class NonceWatch {
  readonly #frames: { readonly psdu: Uint8Array; readonly from: string }[] = [];
  readonly #keys = new Map<string, 'network' | 'link'>();
  readonly #seen = new WeakMap<LabCore, Set<number>>();

  /** Begins to listen; devices may come and go, their keys are looked for at every frame. */
  constructor(air: Air, devices: () => readonly KeyHolder[]) {
    air.onTraffic((psdu, _time, from) => {
      if (psdu.length > 10) this.#frames.push({ psdu: psdu.slice(), from });
      for (const device of devices()) this.#learn(device);
    });
  }

  /** Takes the link keys of install codes. */
  async learnCodes(codes: ReadonlyMap<Eui64, Uint8Array>): Promise<void> {
    const core = await LabCore.load(lab);
    for (const [device, code] of codes) {
      const made = core.keys.installCode(code.slice(), device);
      if (made.ok) this.#take(core, made.value, 'link');
    }
  }

  /** Every key known, as hexadecimal. */
  get keys(): readonly string[] {
    return [...this.#keys.keys()];
  }

  /** Frames that somebody sent, but acknowledgements, in their order. */
  sentBy(sender: string): readonly Uint8Array[] {
    return this.#frames.filter(({ from }) => from === sender).map(({ psdu }) => psdu);
  }

  /** Goes through all frames heard so far with all keys learned so far. */
  async nonces(): Promise<Nonces> {
    const core = await LabCore.load(lab);
    for (const [key, kind] of this.#keys) {
      const imported = core.keys.importAny(kind, unhex(key));
      if (!imported.ok) throw new Error(imported.code);
    }
    const used = new Map<string, string>();
    const reused = new Set<string>();
    const different = new Set<string>();
    let closed = 0;
    for (const { psdu } of this.#frames) {
      const read = core.rx(psdu, { passive: true });
      const layers = [read.frame.nwk?.security, read.frame.aps?.security].filter((each) => each !== undefined);
      const bytes = hex(psdu);
      if (layers.length === 0 || different.has(bytes)) continue; // what the MAC repeats is one frame
      different.add(bytes);
      if (!read.ok || layers.some(({ opened }) => !opened)) closed++;
      for (const nonce of layers.flatMap(nonceOf)) {
        const before = used.get(nonce);
        used.set(nonce, bytes);
        if (before !== undefined) reused.add(nonce);
      }
    }
    return { frames: different.size, closed, reused: [...reused] };
  }

  #learn({ core, membership, partners }: KeyHolder): void {
    if (core === undefined || membership === undefined) return;
    const { network, alternate, linkKey } = membership;
    this.#take(core, network.key, 'network');
    if (alternate !== undefined) this.#take(core, alternate.key, 'network');
    for (const key of [linkKey, ...partners.values()]) this.#take(core, key, 'link');
  }

  #take(core: LabCore, handle: number, kind: 'network' | 'link'): void {
    const seen = this.#seen.get(core) ?? new Set();
    this.#seen.set(core, seen);
    if (seen.has(handle)) return;
    seen.add(handle);
    const key = core.exportKey(handle);
    if (key.ok) this.#keys.set(hex(key.value), kind);
  }
}

const nonceOf = ({ opened, key, control, source, counter }: SecurityHeader): readonly string[] =>
  opened ? [`key ${key} as ${(control & KEY_ID) >> 3}, ${source}, ${counter}`] : [];
