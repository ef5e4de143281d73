/** A small home network for the tests: frames that the core itself emits under known keys. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Core } from '../../../host/core/core.ts';
import { eui64, unhex } from '../../../host/model/ids.ts';
import type { TxFrame } from '../../../host/model/frame.ts';

/** Keys of the home. */
export const NETWORK_KEY = unhex('000102030405060708090a0b0c0d0e0f');
export const LINK_KEY = unhex('f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff');
/** The hub and a device. */
export const HUB = eui64('0200000000000001');
export const DEVICE = eui64('0200000000000002');
export const PAN = 0x1a62;
export const HUB_SHORT = 0x0000;
export const DEVICE_SHORT = 0x1234;

/** A core fresh from dist/. */
export const loadCore = (): Promise<Core> => Core.load(readFileSync(fileURLToPath(new URL('../../../dist/core.wasm', import.meta.url))));

/** Emits frames as hub and as device. */
export class Home {
  readonly #core: Core;
  readonly #network: number;
  readonly #link: number;
  #sequence = 0;

  private constructor(core: Core, network: number, link: number) {
    this.#core = core;
    this.#network = network;
    this.#link = link;
  }

  /** `linkKey` is shared by hub and device. */
  static async open(linkKey: Uint8Array = LINK_KEY): Promise<Home> {
    const core = await loadCore();
    const network = core.keys.importNetwork(Uint8Array.from(NETWORK_KEY), 0);
    const link = core.keys.importLink(Uint8Array.from(linkKey), DEVICE);
    if (!network.ok || !link.ok) throw new Error('no room for keys');
    for (const { value } of [network, link]) core.keys.reserve(value, 1, 1000);
    return new Home(core, network.value, link.value);
  }

  /** An NWK command of the device, secured with the network key. */
  nwkCommand(payload: Uint8Array): Uint8Array {
    return this.#emit(DEVICE_SHORT, HUB_SHORT, { nwk: { ...this.#nwk(DEVICE_SHORT, HUB_SHORT, 0x1209), srcEui: DEVICE }, payload });
  }

  /** A ZCL frame from the device to the hub; APS security with the link key when asked, without the sender's address in it; NWK security unless `nwk` is false. */
  zcl(cluster: number, control: number, command: number, payload: Uint8Array, { aps = false, nwk = true } = {}): Uint8Array {
    const { key, ...open } = this.#nwk(DEVICE_SHORT, HUB_SHORT, nwk ? 0x0208 : 0x0008);
    return this.#emit(DEVICE_SHORT, HUB_SHORT, {
      nwk: nwk && key !== undefined ? { ...open, key } : open,
      aps: {
        ...{ fcf: aps ? 0x20 : 0x00, dstEndpoint: 1, cluster, profile: 0x0109, srcEndpoint: 1, counter: this.#sequence & 0xff },
        ...(aps ? { security: { key: this.#link, keyId: 0, extendedNonce: false } as const } : {}),
      },
      zcl: { control, seq: 7, command },
      payload,
    });
  }

  /** A Transport-Key command for the network key, under the key-transport key of the link key, unsecured at the NWK layer. */
  transportKey(key: Uint8Array): Uint8Array {
    const payload = Uint8Array.from([0x05, 0x01, ...key, 0x00, ...[2, 0, 0, 0, 0, 0, 0, 2], ...[1, 0, 0, 0, 0, 0, 0, 2]]);
    const { key: _, ...nwk } = this.#nwk(HUB_SHORT, DEVICE_SHORT, 0x0008);
    const aps = { fcf: 0x21, counter: 1, security: { key: this.#link, keyId: 2, extendedNonce: true } as const };
    return this.#emit(HUB_SHORT, DEVICE_SHORT, { self: HUB, nwk, aps, payload });
  }

  #nwk(src: number, dst: number, fcf: number): NonNullable<TxFrame['nwk']> {
    return { fcf, dst, src, radius: 30, seq: this.#sequence & 0xff, key: this.#network };
  }

  #emit(src: number, dst: number, rest: Omit<TxFrame, 'self' | 'mac'> & { self?: TxFrame['self'] }): Uint8Array {
    this.#sequence++;
    const mac = { fcf: 0x8861, seq: this.#sequence & 0xff, dstPan: PAN, dst, src };
    const sent = this.#core.tx({ self: DEVICE, mac, ...rest });
    if (!sent.ok) throw new Error(`${sent.code}: ${sent.detail}`);
    return sent.value;
  }
}
