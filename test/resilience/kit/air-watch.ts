/**
 * A sniffer with the home's keys: opens what the hub puts on the air, tells of each command of the OTA cluster the moment it goes out, and
 * finds every frame counter that protects two different frames under one key.
 */
import type { Air } from '../../../firmware/air/air.ts';
import { decodeImageBlockResponse, OTA_CLUSTER, OtaCommand } from '../../../host/clusters/ota.ts';
import { loadModule } from '../../../host/compose/gateway.ts';
import { ZCL } from '../../../host/core/control.ts';
import { LabCore } from '../../../host/core/core.ts';
import { hex } from '../../../host/model/ids.ts';

/** What a sniffer asks a device for. */
export interface KeyHolder {
  readonly membership: { readonly networkKey: number; readonly linkKey: number } | undefined;
  readonly core: LabCore | undefined;
}

const lab = await loadModule('lab.wasm');

/** The sniffer. */
export class AirWatch {
  /** File offsets served, in order; retransmissions of one frame once. */
  readonly offsets: number[] = [];
  /** Counters that protected two different frames. */
  readonly reused: string[] = [];
  /** Different secured frames of the hub. */
  frames = 0;
  readonly #core: LabCore;
  readonly #devices: readonly KeyHolder[];
  readonly #onOta: (command: number, payload: Uint8Array) => void;
  readonly #known = new Set<string>();
  readonly #seen = new Map<string, string>();

  private constructor(core: LabCore, devices: readonly KeyHolder[], onOta: (command: number, payload: Uint8Array) => void) {
    this.#core = core;
    this.#devices = devices;
    this.#onOta = onOta;
  }

  /** Begins to listen. */
  static async on(
    air: Air,
    devices: readonly KeyHolder[],
    onOta: (command: number, payload: Uint8Array) => void = () => {},
  ): Promise<AirWatch> {
    const watch = new AirWatch(await LabCore.load(lab), devices, onOta);
    air.onTraffic((psdu, _, from) => {
      if (from === 'hub' && psdu.length > 10) watch.#hear(psdu);
    });
    return watch;
  }

  #hear(psdu: Uint8Array): void {
    this.#learn();
    const read = this.#core.rx(psdu, { passive: true });
    if (!read.ok) return;
    const { nwk, aps, zcl, payload } = read.frame;
    if (nwk?.security === undefined || this.#isRepeated('nwk', nwk.security.counter, psdu)) return;
    this.frames++;
    if (aps?.security?.opened !== true) return;
    this.#isRepeated(`aps ${nwk.dst}`, aps.security.counter, psdu);
    if (zcl === undefined || aps.cluster !== OTA_CLUSTER || (zcl.control & ZCL.TYPE) !== ZCL.CLUSTER) return;
    if (zcl.command === OtaCommand.IMAGE_BLOCK_RESPONSE) {
      const block = decodeImageBlockResponse(payload);
      if (block !== undefined && 'data' in block) this.offsets.push(block.fileOffset);
    }
    this.#onOta(zcl.command, payload);
  }

  /** True for the same frame again; notes a counter that another frame had. */
  #isRepeated(layer: string, counter: number, psdu: Uint8Array): boolean {
    const place = `${layer} ${counter}`;
    const bytes = hex(psdu);
    const before = this.#seen.get(place);
    this.#seen.set(place, bytes);
    if (before !== undefined && before !== bytes) this.reused.push(place);
    return before === bytes;
  }

  #learn(): void {
    for (const { membership, core } of this.#devices) {
      if (membership === undefined || core === undefined) continue;
      for (const [kind, handle] of [
        ['network', membership.networkKey],
        ['link', membership.linkKey],
      ] as const) {
        const key = core.exportKey(handle);
        if (!key.ok || this.#known.has(hex(key.value))) continue;
        this.#known.add(hex(key.value));
        const imported = this.#core.keys.importAny(kind, key.value.slice());
        if (!imported.ok) throw new Error(imported.code);
      }
    }
  }
}
