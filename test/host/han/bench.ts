/** A hub's network layer, trust centre and OTA server over a radio that a test holds in its hand; the device is a second core with the same keys. */
import { APS, KEY_ID, MAC, NWK, ZCL } from '../../../host/core/control.ts';
import type { Core, LabCore } from '../../../host/core/core.ts';
import { PROFILE_SE, PROFILE_ZDP, type Hub } from '../../../host/han/frames.ts';
import { Network, type CounterBlocks } from '../../../host/han/network.ts';
import { OtaServer } from '../../../host/han/ota-server.ts';
import { TrustCentre } from '../../../host/han/trust-centre.ts';
import { ZclEndpoint } from '../../../host/han/zcl.ts';
import { MemoryStore } from '../../../host/adapters/store-memory.ts';
import type { Frame, KeyHandle, TxFrame } from '../../../host/model/frame.ts';
import type { Result } from '../../../host/model/fault.ts';
import { eui64, type Eui64 } from '../../../host/model/ids.ts';
import { silent } from '../../../host/ports/log.ts';
import type { Radio, RadioSettings, Received, Sent } from '../../../host/ports/radio.ts';
import type { Store } from '../../../host/ports/store.ts';
import { OutgoingCounters } from '../../../host/stores/counters.ts';
import { Members } from '../../../host/stores/members.ts';
import { freshCore, freshLab } from '../../kit/core.ts';
import { ManualClock, settle } from '../../kit/clock.ts';

export const HUB = eui64('0200000000000401');
export const DEVICE = eui64('0200000000000402');
export const STRANGER = eui64('0200000000000403');
export const SHORT = 0x1234;
export const PAN = 0x1a62;
const NETWORK_KEY = new Uint8Array(16).fill(0x5c);
const LINK_KEY = new Uint8Array(16).fill(0x3a);

/** A radio that keeps what is sent and hears what a test gives it. */
export class HandRadio implements Radio {
  readonly sent: Uint8Array[] = [];
  outcome: Sent = 'sent';
  settings: RadioSettings | undefined;
  #handler: (frame: Received) => void | Promise<void> = () => undefined;
  async open(settings: RadioSettings): Promise<void> {
    this.settings = settings;
  }
  onFrame(handler: (frame: Received) => void | Promise<void>): void {
    this.#handler = handler;
  }
  async send(psdu: Uint8Array): Promise<Sent> {
    this.sent.push(psdu);
    return this.outcome;
  }
  onLost(): void {}
  async close(): Promise<void> {}
  async hear(psdu: Uint8Array): Promise<void> {
    await this.#handler({ psdu, time: 0, lqi: 255 });
    await settle();
  }
}

/** What a bench differs in. */
export interface BenchOptions {
  readonly store?: Store;
  /** Link keys by device; the product's own answer for DEVICE when left out. */
  readonly linkKey?: (eui: Eui64, known: KeyHandle) => KeyHandle | 0 | undefined;
  readonly reserve?: (inner: OutgoingCounters, name: string, size: number) => ReturnType<OutgoingCounters['reserve']>;
  /** Leaves the device outside the network. */
  readonly outside?: boolean;
}

export const must = <T>(result: Result<T>): T => {
  if (result.ok) return result.value;
  throw new Error(`${result.code}: ${result.detail}`);
};

/** The bench. */
export class HanBench {
  readonly faults: unknown[] = [];
  readonly heard: { readonly eui: Eui64; readonly key: 'nwk' | 'aps'; readonly next: number }[] = [];
  readonly memberEvents: string[] = [];
  /** Application frames that reached the handler. */
  readonly data: Frame[] = [];
  readonly hubLink: KeyHandle;
  readonly #deviceLink: KeyHandle;
  readonly #deviceNetwork: KeyHandle;
  readonly #read = { at: 0 };
  #number = 0;

  private constructor(
    readonly clock: ManualClock,
    readonly radio: HandRadio,
    readonly core: Core,
    readonly device: LabCore,
    readonly store: Store,
    readonly network: Network,
    readonly trust: TrustCentre,
    readonly zcl: ZclEndpoint,
    readonly ota: OtaServer,
    keys: { hubLink: KeyHandle; deviceLink: KeyHandle; deviceNetwork: KeyHandle },
  ) {
    this.hubLink = keys.hubLink;
    this.#deviceLink = keys.deviceLink;
    this.#deviceNetwork = keys.deviceNetwork;
  }

  static async start(options: BenchOptions = {}): Promise<HanBench> {
    const [core, device] = await Promise.all([freshCore(), freshLab()]);
    const store = options.store ?? new MemoryStore();
    const network = must(core.keys.importNetwork(NETWORK_KEY.slice(), 0));
    const hubLink = must(core.keys.importLink(LINK_KEY.slice(), DEVICE));
    const deviceNetwork = must(device.keys.importNetwork(NETWORK_KEY.slice(), 0));
    const deviceLink = must(device.keys.importLink(LINK_KEY.slice(), HUB));
    for (const key of [deviceNetwork, deviceLink]) must(device.keys.reserve(key, 0, 1_000_000));
    must(device.addresses.learn(PAN, 0, HUB));
    const members = new Members(store);
    if (options.outside !== true && members.all().length === 0) await members.save({ eui: DEVICE, short: SHORT, joined: true });
    const counters = new OutgoingCounters(store);
    const hub: Hub = { eui: HUB, panId: PAN, extendedPanId: HUB, channel: 15 };
    const linkKey = (eui: Eui64): KeyHandle | 0 | undefined =>
      options.linkKey === undefined ? (eui === DEVICE ? hubLink : undefined) : options.linkKey(eui, hubLink);
    // The parts tell the bench, and the bench is made of them.
    const told: { bench?: HanBench } = {};
    const blocks: CounterBlocks = {
      reserve: (name, size) => (options.reserve === undefined ? counters.reserve(name, size) : options.reserve(counters, name, size)),
      heard: (eui, key, next) => void told.bench?.heard.push({ eui, key, next }),
    };
    const events = {
      joined: (eui: Eui64) => void told.bench?.memberEvents.push(`joined ${eui}`),
      left: (eui: Eui64) => void told.bench?.memberEvents.push(`left ${eui}`),
      refused: (eui: Eui64, reason: string) => void told.bench?.memberEvents.push(`refused ${eui} ${reason}`),
    };
    const trust = new TrustCentre({ memberships: members, log: silent, linkKey, events });
    const clock = new ManualClock();
    const radio = new HandRadio();
    const layer = new Network({
      radio,
      core,
      blocks,
      clock,
      log: silent,
      hub,
      network: { key: network, seq: 0 },
      peer: (eui) => trust.peer(eui),
      fault: (cause) => void told.bench?.faults.push(cause),
    });
    const zcl = new ZclEndpoint(layer, clock);
    const ota = new OtaServer(zcl, silent);
    const bench = new HanBench(clock, radio, core, device, store, layer, trust, zcl, ota, { hubLink, deviceLink, deviceNetwork });
    told.bench = bench;
    await layer.start({
      mac: (frame) => trust.onMac(layer, frame),
      nwkCommand: (frame, from) => trust.onNwkCommand(layer, frame, from),
      data: async (frame, from) => {
        bench.data.push(frame);
        if (frame.aps?.profile === PROFILE_ZDP) return trust.onZdp(layer, frame, from);
        if (zcl.settle(frame, from)) return;
        return ota.handle(frame, from);
      },
    });
    return bench;
  }

  /** The device's frame, as it stands on the air. */
  emit(frame: Omit<TxFrame, 'self'>): Uint8Array {
    return must(this.device.tx({ self: DEVICE, ...frame }));
  }

  /** Application data of the device. */
  dataFrame(
    cluster: number,
    zcl: NonNullable<TxFrame['zcl']>,
    payload: Uint8Array,
    change: { readonly secured?: boolean; readonly apsAck?: boolean; readonly nwkSecured?: boolean } = {},
  ): Uint8Array {
    const { secured = true, apsAck = false, nwkSecured = true } = change;
    return this.emit({
      mac: this.mac(),
      nwk: this.nwk(nwkSecured),
      aps: {
        fcf: APS.DATA | (secured ? APS.SECURED : 0) | (apsAck ? APS.ACK_REQUEST : 0),
        dstEndpoint: 1,
        srcEndpoint: 1,
        cluster,
        profile: PROFILE_SE,
        counter: this.next(),
        ...(secured ? { security: { key: this.#deviceLink, keyId: KEY_ID.DATA, extendedNonce: true } } : {}),
      },
      zcl,
      payload,
    });
  }

  /** A cluster command of the device to the hub; answers what the hub sent because of it. */
  async command(
    cluster: number,
    command: number,
    payload: Uint8Array,
    control: number = ZCL.CLUSTER,
    seq = this.next(),
  ): Promise<readonly Frame[]> {
    await this.radio.hear(this.dataFrame(cluster, { control, seq, command }, payload));
    return this.answers();
  }

  /** A ZDP message of the device. */
  async zdp(cluster: number, payload: Uint8Array): Promise<readonly Frame[]> {
    const aps = { fcf: APS.DATA, dstEndpoint: 0, srcEndpoint: 0, cluster, profile: PROFILE_ZDP, counter: this.next() };
    await this.radio.hear(this.emit({ mac: this.mac(), nwk: this.nwk(), aps, payload }));
    return this.answers();
  }

  /** A NWK command of the device. */
  async nwkCommand(payload: Uint8Array): Promise<readonly Frame[]> {
    const nwk = { ...this.nwk(), fcf: NWK.COMMAND | NWK.SECURED };
    await this.radio.hear(this.emit({ mac: this.mac(), nwk, payload }));
    return this.answers();
  }

  /** A MAC command, unsecured, by EUI-64. */
  async macCommand(from: Eui64, payload: readonly number[]): Promise<readonly Frame[]> {
    const fcf = MAC.COMMAND | MAC.ACK_REQUEST | MAC.PAN_COMPRESSION | MAC.DST_SHORT | MAC.SRC_EXTENDED;
    await this.radio.hear(this.emit({ mac: { fcf, seq: this.next(), dstPan: PAN, dst: 0, src: from }, payload: Uint8Array.from(payload) }));
    return this.answers();
  }

  /** What the hub sent since it was asked last, as the device reads it. */
  answers(): readonly Frame[] {
    const fresh = this.radio.sent.slice(this.#read.at);
    this.#read.at = this.radio.sent.length;
    return fresh.map((psdu) => {
      const read = this.device.rx(psdu, { passive: true });
      if (!read.ok) throw new Error(`${read.code}: ${read.detail}`);
      return read.frame;
    });
  }

  mac(): TxFrame['mac'] {
    const fcf = MAC.DATA | MAC.ACK_REQUEST | MAC.PAN_COMPRESSION | MAC.DST_SHORT | MAC.SRC_SHORT;
    return { fcf, seq: this.next(), dstPan: PAN, dst: 0, src: SHORT };
  }

  nwk(secured = true): NonNullable<TxFrame['nwk']> {
    const base = { fcf: NWK.DATA | (secured ? NWK.SECURED : 0), dst: 0, src: SHORT, radius: 30, seq: this.next() };
    return secured ? { ...base, key: this.#deviceNetwork } : base;
  }

  next(): number {
    return (this.#number = (this.#number + 1) & 0xff);
  }
}
