/**
 * A hub's network layer, trust centre, key commands and OTA server over a radio that a test holds in its hand; the device is a second core
 * with the same keys.
 */
import { APS, KEY_ID, MAC, NWK, ZCL } from '../../../host/core/control.ts';
import type { Core, LabCore } from '../../../host/core/core.ts';
import { PROFILE_SE, PROFILE_ZDP, type Hub } from '../../../host/han/frames.ts';
import { KeyCommands } from '../../../host/han/key-commands.ts';
import { Network, type HeardCounters, type NetworkKey, type NetworkKeys, type SecuredPeer } from '../../../host/han/network.ts';
import type { CounterBlocks } from '../../../host/han/outgoing.ts';
import { OtaServer } from '../../../host/han/ota-server.ts';
import { TrustCentre } from '../../../host/han/trust-centre.ts';
import { ZclEndpoint } from '../../../host/han/zcl.ts';
import { MemoryStore } from '../../../host/adapters/store-memory.ts';
import type { Frame, KeyHandle, TxFrame } from '../../../host/model/frame.ts';
import type { Result } from '../../../host/model/fault.ts';
import { eui64, type Eui64, type Fingerprint } from '../../../host/model/ids.ts';
import { silent } from '../../../host/ports/log.ts';
import type { Radio, RadioSettings, Received, Sent } from '../../../host/ports/radio.ts';
import type { Store } from '../../../host/ports/store.ts';
import { OutgoingCounters } from '../../../host/stores/counters.ts';
import { Members } from '../../../host/stores/members.ts';
import { Seeded } from '../../../firmware/air/seeded.ts';
import { freshCore, freshLab } from '../../kit/core.ts';
import { ManualClock, settle } from '../../kit/clock.ts';

export const HUB = eui64('0200000000000401');
export const DEVICE = eui64('0200000000000402');
export const STRANGER = eui64('0200000000000403');
export const SHORT = 0x1234;
export const PAN = 0x1a62;
const NETWORK_KEY = new Uint8Array(16).fill(0x5c);
const LINK_KEY = new Uint8Array(16).fill(0x3a);
/** The link key of the device's install code. */
const INSTALL_KEY = new Uint8Array(16).fill(0x1c);

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
  /** Who is in the device log; DEVICE alone when left out. */
  readonly listed?: (eui: Eui64) => boolean;
  /** Whose install code is known; that of whoever is listed when left out. */
  readonly coded?: (eui: Eui64) => boolean;
  /** Whose link key is established; DEVICE's when left out. */
  readonly linked?: (eui: Eui64) => boolean;
  readonly reserve?: (inner: OutgoingCounters, key: Fingerprint, size: number) => ReturnType<OutgoingCounters['reserve']>;
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
  readonly heard: { readonly eui: Eui64; readonly key: KeyHandle; readonly next: number }[] = [];
  readonly memberEvents: string[] = [];
  /** Application frames that reached the handler. */
  readonly data: Frame[] = [];
  readonly hubLink: KeyHandle;
  readonly hubNetwork: KeyHandle;
  /** The hub's network keys; a test may turn them. */
  readonly keys: { network: NetworkKey; previous: NetworkKey | undefined };
  /** Times at which the hub fell silent, and devices that used the key before. */
  readonly twins: number[] = [];
  readonly behind: Eui64[] = [];
  readonly worn: KeyHandle[] = [];
  readonly deviceLink: KeyHandle;
  deviceNetwork: KeyHandle;
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
    held: { hubLink: KeyHandle; deviceLink: KeyHandle; deviceNetwork: KeyHandle; keys: HanBench['keys'] },
  ) {
    this.hubLink = held.hubLink;
    this.keys = held.keys;
    this.hubNetwork = held.keys.network.key;
    this.deviceLink = held.deviceLink;
    this.deviceNetwork = held.deviceNetwork;
  }

  static async start(options: BenchOptions = {}): Promise<HanBench> {
    const [core, device] = await Promise.all([freshCore(), freshLab()]);
    const store = options.store ?? new MemoryStore();
    const network = must(core.keys.importNetwork(NETWORK_KEY.slice(), 0));
    const hubLink = must(core.keys.importLink(LINK_KEY.slice(), DEVICE));
    const deviceNetwork = must(device.keys.importNetwork(NETWORK_KEY.slice(), 0));
    const deviceLink = must(device.keys.importLink(LINK_KEY.slice(), HUB));
    must(device.keys.importLink(INSTALL_KEY.slice(), HUB)); // what opens the network key on its way
    for (const key of [deviceNetwork, deviceLink]) must(device.keys.reserve(key, 0, 1_000_000));
    must(device.addresses.learn(PAN, 0, HUB));
    const members = new Members(store);
    if (options.outside !== true && members.all().length === 0) await members.save({ eui: DEVICE, short: SHORT, joined: true });
    const counters = new OutgoingCounters(store);
    const hub: Hub = { eui: HUB, panId: PAN, extendedPanId: HUB, channel: 15 };
    const isListed = options.listed ?? ((eui: Eui64): boolean => eui === DEVICE);
    const isLinked = options.linked ?? ((eui: Eui64): boolean => eui === DEVICE);
    const hasInstallCode = options.coded ?? isListed;
    const linkKeys = {
      link: (eui: Eui64) => (isLinked(eui) ? hubLink : undefined),
      hasInstallCode,
      async withInstallKey<T>(eui: Eui64, use: (key: KeyHandle) => Promise<T>): Promise<T | undefined> {
        if (!hasInstallCode(eui)) return undefined;
        const key = must(core.keys.importLink(INSTALL_KEY.slice(), eui));
        return use(key).finally(() => core.keys.erase(key));
      },
    };
    const keys: NetworkKeys & HanBench['keys'] = { network: { key: network, seq: 0 }, previous: undefined };
    // The parts tell the bench, and the bench is made of them.
    const told: { bench?: HanBench } = {};
    const blocks: CounterBlocks & HeardCounters = {
      reserve(handle, size) {
        const key = must(core.keys.fingerprint(handle));
        return options.reserve === undefined ? counters.reserve(key, size) : options.reserve(counters, key, size);
      },
      heard: (eui, key, next) => void told.bench?.heard.push({ eui, key, next }),
    };
    const events = {
      joined: (eui: Eui64) => void told.bench?.memberEvents.push(`joined ${eui}`),
      left: (eui: Eui64) => void told.bench?.memberEvents.push(`left ${eui}`),
      anew: (eui: Eui64) => void told.bench?.memberEvents.push(`anew ${eui}`),
      refused: (eui: Eui64, reason: string) => void told.bench?.memberEvents.push(`refused ${eui} ${reason}`),
    };
    const trust = new TrustCentre({ memberships: members, log: silent, isListed, keys: linkKeys, events });
    const clock = new ManualClock();
    const radio = new HandRadio();
    const layer = new Network({
      radio,
      core,
      blocks,
      clock,
      log: silent,
      hub,
      keys,
      worn: (key) => void told.bench?.worn.push(key),
      peer: (eui) => trust.peer(eui),
      fault: (cause) => void told.bench?.faults.push(cause),
    });
    const zcl = new ZclEndpoint(layer, clock);
    const ota = new OtaServer(zcl, silent);
    const bench = new HanBench(clock, radio, core, device, store, layer, trust, zcl, ota, { hubLink, deviceLink, deviceNetwork, keys });
    told.bench = bench;
    const commands = new KeyCommands({
      ...{ core, log: silent, isListed, entropy: new Seeded(1) },
      peer: (eui) => trust.peer(eui),
      events: {
        partnered: (one, other) => void bench.memberEvents.push(`partnered ${one} ${other}`),
        verified: (eui) => void bench.memberEvents.push(`verified ${eui}`),
        refused: events.refused,
      },
    });
    await layer.start({
      mac: (frame) => trust.onMac(layer, frame),
      rejoin: (frame) => trust.onRejoin(layer, frame),
      apsCommand: (frame, from) => commands.handle(layer, frame, from),
      behind: async (from) => void bench.behind.push(from.eui),
      twin: () => void bench.twins.push(clock.now()),
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

  /** The device as a peer with a link key. */
  peer(): SecuredPeer {
    const peer = this.trust.peer(DEVICE);
    if (peer?.linkKey === undefined) throw new Error('the device has no link key');
    return { ...peer, linkKey: peer.linkKey };
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
        ...(secured ? { security: { key: this.deviceLink, keyId: KEY_ID.DATA, extendedNonce: true } } : {}),
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

  /** An APS command of the device, under its link key if `secured`. */
  async apsCommand(payload: readonly number[], secured: boolean): Promise<readonly Frame[]> {
    const security = { key: this.deviceLink, keyId: KEY_ID.DATA, extendedNonce: true } as const;
    const aps = { fcf: APS.COMMAND | (secured ? APS.SECURED : 0), counter: this.next(), ...(secured ? { security } : {}) };
    await this.radio.hear(this.emit({ mac: this.mac(), nwk: this.nwk(), aps, payload: Uint8Array.from(payload) }));
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
    return secured ? { ...base, key: this.deviceNetwork } : base;
  }

  next(): number {
    return (this.#number = (this.#number + 1) & 0xff);
  }
}
