/**
 * What all virtual devices share: joining or coming back, receiving and dispatching, APS acknowledgements, ZDP and ZCL
 * answers. One Node is one run of a device, from switching on to switching off.
 */
import { APS } from '../../host/core/control.ts';
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
import { MembershipKeeper, type Membership } from './membership.ts';
import type { Power } from './power.ts';
import { BROADCAST_RX_ON, COORDINATOR, PROFILE_SE, Station, type ZclOut } from './station.ts';
import { announcement, answerZdp, type Description } from './zdp.ts';
import { answerZcl, type ClusterSide } from './zcl.ts';

/** The one application endpoint of every device. */
export const ENDPOINT = 1;
/** First wait between two attempts to join; it doubles up to the longest. */
export const JOIN_RETRY_MS = 5_000;
const JOIN_RETRY_MAX_MS = 60_000;

/** What a device is, for good. */
export interface DeviceIdentity {
  /** Appears in traces and logs only. */
  readonly name: string;
  readonly eui: Eui64;
  /** As printed on the device: 6, 8, 12 or 16 bytes and their CRC-16. */
  readonly installCode: Uint8Array;
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
  /** Called each time the device has come into the network or back to it, after its announcement. */
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

  constructor(parts: NodeParts) {
    const { identity, surroundings, power, core, kept } = parts;
    const { name, eui, installCode } = identity;
    const { medium, channel, entropy, log } = surroundings;
    const wrapping = core.keys.importWrapping(identity.fuse.slice());
    if (!wrapping.ok) throw new Fault('core', `a fresh core refuses a key: ${wrapping.code}`);
    this.#parts = parts;
    this.#transceiver = medium.attach(name);
    this.#keeper = new MembershipKeeper({ core, self: eui, wrapping: wrapping.value, entropy, kept });
    this.#station = new Station({ name, eui, core, transceiver: this.#transceiver, keeper: this.#keeper, power, log });
    this.#join = new Join({ core, eui, installCode, channel, transceiver: this.#transceiver, station: this.#station, power });
  }

  /** Where the device belongs; undefined until it has joined. */
  get membership(): Membership | undefined {
    return this.#keeper.current;
  }

  /** Begins to receive, and comes back to the network that was kept or joins one. */
  start(): void {
    const { power } = this.#parts;
    this.#transceiver.onFrame((received) => power.run(() => this.#receive(received.psdu)));
    power.start(() => this.#enter());
  }

  /** Leaves the air, not the network. */
  stop(): void {
    this.#transceiver.detach();
  }

  /** Sends a ZCL command to the hub; answers its sequence number. Undefined while the device has no network. */
  send(message: Omit<ZclOut, 'dst' | 'srcEndpoint' | 'dstEndpoint'> & { readonly dstEndpoint?: number }): number | undefined {
    if (this.membership === undefined) return undefined;
    const { power } = this.#parts;
    const { seq, sent } = this.#station.sendZcl({ dstEndpoint: ENDPOINT, ...message, dst: COORDINATOR, srcEndpoint: ENDPOINT });
    power.start(async () => void (await sent));
    return seq;
  }

  async #enter(): Promise<void> {
    const { identity, power, surroundings } = this.#parts;
    const { channel, log } = surroundings;
    let member = this.#keeper.restore();
    for (let wait = JOIN_RETRY_MS; member === undefined; wait = Math.min(2 * wait, JOIN_RETRY_MAX_MS)) {
      const joined = await this.#join.attempt();
      if (joined.ok) {
        member = this.#keeper.adopt(joined.value);
      } else {
        log.info('join-failed', { device: identity.name, code: joined.code, detail: joined.detail });
        await sleep(power, wait);
      }
    }
    const { panId, shortAddress } = member;
    this.#transceiver.configure({ channel, panId, shortAddress, eui: identity.eui });
    await this.#station.sendZdp({ dst: BROADCAST_RX_ON, ...announcement(this.#station.zdpNumber(), this.#description(member)) });
    log.info('joined', { device: identity.name, panId, shortAddress });
    this.#parts.onJoined();
  }

  #receive(psdu: Uint8Array): void {
    const { core, identity, surroundings } = this.#parts;
    const read = core.rx(psdu);
    if (!read.ok) {
      surroundings.log.debug('frame-refused', { device: identity.name, code: read.code, detail: read.detail });
      return;
    }
    const { frame } = read;
    const member = this.membership;
    if (member === undefined) return this.#join.hear(frame);
    if (frame.carried !== undefined) core.keys.erase(frame.carried);
    const { nwk, aps } = frame;
    // After joining, nothing counts that the network key did not secure.
    if (nwk?.security === undefined || aps === undefined) return;
    const unicast = nwk.dst === member.shortAddress;
    if (!unicast && nwk.dst < 0xfff8) return;
    if (nwk.src === COORDINATOR) this.#parts.onAuthentic?.();
    if ((aps.fcf & APS.TYPE) !== APS.DATA) return;
    if (unicast && (aps.fcf & APS.ACK_REQUEST) !== 0) this.#sending(() => this.#station.acknowledge(nwk.src, aps));
    if (aps.profile === 0 && aps.dstEndpoint === 0) this.#takeZdp(frame, member);
    else if (aps.profile === PROFILE_SE && frame.zcl !== undefined) this.#takeZcl(frame, unicast);
  }

  #takeZdp(frame: Frame, member: Membership): void {
    const { nwk, aps, payload } = frame;
    const answer = answerZdp({ cluster: aps?.cluster ?? 0, payload }, this.#description(member));
    if (answer !== undefined && nwk !== undefined) this.#sending(() => this.#station.sendZdp({ dst: nwk.src, ...answer }));
  }

  #takeZcl({ nwk, aps, zcl, payload }: Frame, unicast: boolean): void {
    const endpoint = aps?.dstEndpoint;
    if (nwk === undefined || aps === undefined || zcl === undefined || (endpoint !== ENDPOINT && endpoint !== 0xff)) return;
    const [cluster = 0, from = ENDPOINT] = [aps.cluster, aps.srcEndpoint];
    const secured = aps.security?.key === this.membership?.linkKey;
    const { control, seq, command } = zcl;
    const answer = answerZcl({ cluster, from, to: ENDPOINT, control, seq, command, payload, secured, unicast }, this.#parts.sides);
    if (answer === undefined) return;
    this.#sending(() => this.#station.sendZcl({ dst: nwk.src, cluster, srcEndpoint: ENDPOINT, dstEndpoint: from, seq, ...answer }).sent);
  }

  #sending(send: () => Promise<unknown>): void {
    this.#parts.power.start(async () => void (await send()));
  }

  #description({ shortAddress }: Membership): Description {
    const { identity, device, sides } = this.#parts;
    const clusters = (side: 'client' | 'server'): number[] => sides.filter((each) => each.side === side).map((each) => each.cluster);
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
