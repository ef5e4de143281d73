/**
 * What all virtual devices share: joining or coming back, receiving and dispatching, APS acknowledgements, ZDP and ZCL
 * answers. One Node is one run of a device, from switching on to switching off. What its keys go through is `KeyLife`'s.
 */
import { APS, ZCL } from '../../host/core/control.ts';
import type { CertificateMaterial } from '../../host/core/cbke.ts';
import type { Core } from '../../host/core/core.ts';
import { Fault } from '../../host/model/fault.ts';
import type { Frame } from '../../host/model/frame.ts';
import type { Eui64 } from '../../host/model/ids.ts';
import { sleep } from '../../host/ports/clock.ts';
import type { Entropy } from '../../host/ports/entropy.ts';
import type { Log } from '../../host/ports/log.ts';
import type { Medium, Transceiver } from '../../host/ports/medium.ts';
import { CAPABILITY, Join } from './join.ts';
import type { Kept, NetworkSettings } from './kept.ts';
import { KeyLife } from './key-life.ts';
import { MembershipKeeper, type Admission, type Membership } from './membership.ts';
import type { Power } from './power.ts';
import { BROADCAST_RX_ON, COORDINATOR, KEY_ESTABLISHMENT, PROFILE_SE, Station, type ZclOut } from './station.ts';
import { announcement, answerZdp, type Description } from './zdp.ts';
import { answerZcl, type ClusterSide } from './zcl.ts';

/** The one application endpoint of every device. */
export const ENDPOINT = 1;
/** First wait between two attempts to join; it doubles up to the longest. */
export const JOIN_RETRY_MS = 5_000;
const JOIN_RETRY_MAX_MS = 60_000;
/** Frames of the hub under a network key that the device does not hold before it asks for it, and how long it waits for the answer. */
const STALE_FRAMES = 3;
const REJOIN_MS = 10_000;

const NWK_LEAVE = 0x04;
const NWK_REJOIN_REQUEST = 0x06;
const LEAVE_REQUEST = 0x40;

/** What a device is, for good. */
export interface DeviceIdentity {
  /** Appears in traces and logs only. */
  readonly name: string;
  readonly eui: Eui64;
  /** As printed on the device: 6, 8, 12 or 16 bytes and their CRC-16. */
  readonly installCode: Uint8Array;
  /** Certificates that it left the factory with, at most one a suite. */
  readonly certificates: readonly CertificateMaterial[];
  /** Key under which the device seals what it keeps; 16 bytes. */
  readonly fuse: Uint8Array;
  /** ZigBee manufacturer code. */
  readonly manufacturer: number;
  /** Model identifier of the Basic cluster. */
  readonly model: string;
  readonly hardwareVersion: number;
}

/** Surroundings of a device. */
export interface Surroundings {
  readonly medium: Medium;
  readonly channel: number;
  readonly entropy: Entropy;
  readonly log: Log;
}

/** What a node is made of. */
export interface NodeParts {
  readonly identity: DeviceIdentity;
  readonly surroundings: Surroundings;
  /** Device identifier of the Smart Energy profile. */
  readonly device: number;
  readonly power: Power;
  readonly core: Core;
  readonly kept: Kept<NetworkSettings>;
  readonly sides: readonly ClusterSide[];
  /** Another device that this one wants to share a link key with. */
  readonly partner?: Eui64 | undefined;
  /** Called each time the device has come into the network or back to it and has a link key, after its announcement. */
  readonly onJoined: () => void;
  /** Called for every frame of the hub that the network key opened and that was meant for this device. */
  readonly onAuthentic?: () => void;
}

/** One run of a device. */
export class Node {
  readonly #parts: NodeParts;
  readonly #transceiver: Transceiver;
  readonly #keeper: MembershipKeeper;
  readonly #station: Station;
  readonly #join: Join;
  readonly #keys: KeyLife;
  #stale = 0;

  constructor(parts: NodeParts) {
    const { identity, surroundings, power, core, kept, partner } = parts;
    const { name, eui, installCode, certificates } = identity;
    const { medium, channel, entropy, log } = surroundings;
    const wrapping = core.keys.importWrapping(identity.fuse.slice());
    if (!wrapping.ok) throw new Fault('core', `a fresh core refuses a key: ${wrapping.code}`);
    this.#parts = parts;
    this.#transceiver = medium.attach(name);
    const keeper = new MembershipKeeper({ core, self: eui, wrapping: wrapping.value, entropy, kept });
    this.#keeper = keeper;
    this.#station = new Station({ name, eui, core, transceiver: this.#transceiver, keeper, power, log });
    this.#join = new Join({ core, eui, installCode, channel, transceiver: this.#transceiver, station: this.#station, power });
    this.#keys = new KeyLife({
      ...{ name, self: eui, core, entropy, power, log, keeper, certificates, partner },
      send: (direction, command, payload, seq) => {
        const control = ZCL.CLUSTER | ZCL.NO_DEFAULT_RESPONSE | (direction === 'response' ? ZCL.FROM_SERVER : 0);
        const message = { cluster: KEY_ESTABLISHMENT, srcEndpoint: ENDPOINT, dstEndpoint: ENDPOINT, control, command, payload };
        this.#sending(() => this.#station.sendZcl({ dst: COORDINATOR, ...message, ...(seq === undefined ? {} : { seq }) }).sent);
      },
      sendCommand: (payload, secured) => this.#sending(() => this.#station.sendApsCommand(payload, secured)),
    });
  }

  /** Where the device belongs; undefined until it has joined and established a link key. */
  get membership(): Membership | undefined {
    return this.#keeper.current;
  }

  /** Link keys with other devices. */
  get partners(): MembershipKeeper['partners'] {
    return this.#keeper.partners;
  }

  /** Begins to receive, and comes back to the network that was kept or joins one. */
  start(): void {
    const { power } = this.#parts;
    this.#transceiver.onFrame((received) => power.run(() => this.#receive(received.psdu)));
    power.start(() => this.#enter(this.#keeper.restore()));
  }

  /** Leaves the air, not the network. */
  stop(): void {
    this.#transceiver.detach();
  }

  /** Sends a ZCL command to the hub; answers its sequence number. Undefined while the device has no link key. */
  send(message: Omit<ZclOut, 'dst' | 'srcEndpoint' | 'dstEndpoint'> & { readonly dstEndpoint?: number }): number | undefined {
    if (this.membership === undefined) return undefined;
    const { power } = this.#parts;
    const { seq, sent } = this.#station.sendZcl({ dstEndpoint: ENDPOINT, ...message, dst: COORDINATOR, srcEndpoint: ENDPOINT });
    power.start(async () => void (await sent));
    return seq;
  }

  async #enter(kept: Admission | undefined): Promise<void> {
    const { identity, power, surroundings } = this.#parts;
    const { channel, log } = surroundings;
    let admission = kept;
    for (let wait = JOIN_RETRY_MS; admission === undefined; wait = Math.min(2 * wait, JOIN_RETRY_MAX_MS)) {
      const joined = await this.#join.attempt();
      if (joined.ok) {
        admission = this.#keeper.admit(joined.value);
      } else {
        log.info('join-failed', { device: identity.name, code: joined.code, detail: joined.detail });
        await sleep(power, wait);
      }
    }
    const { panId, shortAddress } = admission;
    this.#transceiver.configure({ channel, panId, shortAddress, eui: identity.eui });
    await this.#station.sendZdp({ dst: BROADCAST_RX_ON, ...announcement(this.#station.zdpNumber(), this.#description(admission)) });
    log.info('joined', { device: identity.name, panId, shortAddress });
    if (this.#keeper.current === undefined) await this.#keys.establish();
    if (this.#keeper.current === undefined) return;
    this.#parts.onJoined();
    await this.#keys.befriend();
  }

  #receive(psdu: Uint8Array): void {
    const { core, identity, surroundings } = this.#parts;
    const read = core.rx(psdu);
    const admission = this.#keeper.admission;
    if (!read.ok) {
      surroundings.log.debug('frame-refused', { device: identity.name, code: read.code, detail: read.detail });
      if (read.code === 'nwk-security-key-unknown' && read.frame.nwk?.src === COORDINATOR) this.#missed();
      return;
    }
    const { frame } = read;
    if (admission === undefined) return this.#join.hear(frame);
    const { nwk, aps } = frame;
    if (nwk === undefined) return;
    const unicast = nwk.dst === admission.shortAddress;
    if (aps !== undefined && (aps.fcf & APS.TYPE) === APS.COMMAND && (unicast || nwk.dst >= 0xfff8)) return this.#keys.take(frame);
    if (frame.carried !== undefined) core.keys.erase(frame.carried);
    // After joining, nothing else counts that the network key did not secure.
    if (nwk.security === undefined || (!unicast && nwk.dst < 0xfff8)) return;
    if (nwk.command === NWK_LEAVE && unicast && ((frame.payload[1] ?? 0) & LEAVE_REQUEST) !== 0) return this.#leave();
    if (aps === undefined) return;
    if (nwk.src === COORDINATOR) {
      this.#stale = 0;
      this.#keys.heard(frame);
      this.#parts.onAuthentic?.();
    }
    if ((aps.fcf & APS.TYPE) !== APS.DATA) return;
    if (unicast && (aps.fcf & APS.ACK_REQUEST) !== 0) this.#sending(() => this.#station.acknowledge(nwk.src, aps));
    if (aps.profile === 0 && aps.dstEndpoint === 0) this.#takeZdp(frame, admission);
    else if (aps.profile === PROFILE_SE && frame.zcl !== undefined) this.#takeZcl(frame, unicast);
  }

  /** The hub speaks under a network key that the device does not hold: after a few frames it comes back for it. */
  #missed(): void {
    this.#stale++;
    if (this.#stale !== STALE_FRAMES) return;
    const { identity, power, surroundings } = this.#parts;
    surroundings.log.info('network-key-missed', { device: identity.name });
    this.#sending(() => this.#station.sendNwkCommand(Uint8Array.of(NWK_REJOIN_REQUEST, CAPABILITY)));
    power.after(REJOIN_MS, () => (this.#stale = 0));
  }

  /** Told to leave: everything of the network is forgotten, and the device asks to come in again by its install code. */
  #leave(): void {
    const { identity, power, surroundings } = this.#parts;
    surroundings.log.info('left', { device: identity.name });
    this.#keeper.forget();
    power.after(JOIN_RETRY_MS, () => power.start(() => this.#enter(undefined)));
  }

  #takeZdp(frame: Frame, admission: Admission): void {
    const { nwk, aps, payload } = frame;
    const answer = answerZdp({ cluster: aps?.cluster ?? 0, payload }, this.#description(admission));
    if (answer !== undefined && nwk !== undefined) this.#sending(() => this.#station.sendZdp({ dst: nwk.src, ...answer }));
  }

  #takeZcl({ nwk, aps, zcl, payload }: Frame, unicast: boolean): void {
    const endpoint = aps?.dstEndpoint;
    if (nwk === undefined || aps === undefined || zcl === undefined || (endpoint !== ENDPOINT && endpoint !== 0xff)) return;
    const [cluster = 0, from = ENDPOINT] = [aps.cluster, aps.srcEndpoint];
    const { control, seq, command } = zcl;
    const ofCluster = (control & ZCL.TYPE) === ZCL.CLUSTER;
    if (cluster === KEY_ESTABLISHMENT && ofCluster) return this.#keys.hear((control & ZCL.FROM_SERVER) !== 0, command, payload, seq);
    const linkKey = this.membership?.linkKey;
    if (linkKey === undefined) return; // nobody is answered before the device knows its trust centre
    const secured = aps.security?.key === linkKey;
    const answer = answerZcl({ cluster, from, to: ENDPOINT, control, seq, command, payload, secured, unicast }, this.#parts.sides);
    if (answer === undefined) return;
    this.#sending(() => this.#station.sendZcl({ dst: nwk.src, cluster, srcEndpoint: ENDPOINT, dstEndpoint: from, seq, ...answer }).sent);
  }

  #sending(send: () => Promise<unknown>): void {
    this.#parts.power.start(async () => void (await send()));
  }

  #description({ shortAddress }: Admission): Description {
    const { identity, device, sides } = this.#parts;
    const clusters = (side: 'client' | 'server'): number[] => [
      ...sides.filter((each) => each.side === side).map((each) => each.cluster),
      KEY_ESTABLISHMENT,
    ];
    return {
      eui: identity.eui,
      shortAddress,
      capability: CAPABILITY,
      manufacturer: identity.manufacturer,
      endpoint: ENDPOINT,
      profile: PROFILE_SE,
      device,
      serverClusters: clusters('server'),
      clientClusters: clusters('client'),
    };
  }
}
