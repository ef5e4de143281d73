/**
 * What a device emits: MAC commands of joining, ZDP and ZCL messages and APS acknowledgements, each as one frame secured by
 * the core. It numbers MAC, NWK, APS and ZCL frames; counters of security are the core's.
 */
import { APS, KEY_ID, MAC, NWK } from '../../host/core/control.ts';
import type { Core } from '../../host/core/core.ts';
import { Fault } from '../../host/model/fault.ts';
import type { ApsHeader, TxFrame } from '../../host/model/frame.ts';
import type { Eui64 } from '../../host/model/ids.ts';
import type { Transceiver } from '../../host/ports/medium.ts';
import type { Log } from '../../host/ports/log.ts';
import type { Sent } from '../../host/ports/radio.ts';
import type { Admission, MembershipKeeper } from './membership.ts';
import type { Power } from './power.ts';

/** Smart Energy profile. */
export const PROFILE_SE = 0x0109;
/** Short address of the PAN coordinator, which is the Communications Hub. */
export const COORDINATOR = 0x0000;
/** The one cluster of the Smart Energy profile that the network key alone protects: it establishes the link key. */
export const KEY_ESTABLISHMENT = 0x0800;
/** Every device whose receiver is on when idle (ZigBee specification 3.6.5). */
export const BROADCAST_RX_ON = 0xfffd;

const MAC_BROADCAST = 0xffff;
const RADIUS = 30;

/** A ZCL message to be sent. `seq` left out numbers it anew. */
export interface ZclOut {
  readonly dst: number;
  readonly cluster: number;
  readonly srcEndpoint: number;
  readonly dstEndpoint: number;
  readonly control: number;
  readonly command: number;
  readonly seq?: number;
  readonly payload: Uint8Array;
}

/** A ZDP message to be sent; its transaction number stands first in the payload. */
export interface ZdpOut {
  readonly dst: number;
  readonly cluster: number;
  readonly payload: Uint8Array;
}

type Numbered = 'mac' | 'nwk' | 'aps' | 'zcl';

/** What a station is made of. */
export interface StationParts {
  readonly name: string;
  readonly eui: Eui64;
  readonly core: Core;
  readonly transceiver: Transceiver;
  readonly keeper: MembershipKeeper;
  readonly power: Power;
  readonly log: Log;
}

/** The sending side of a device. */
export class Station {
  readonly #parts: StationParts;
  readonly #numbers: Record<Numbered, number> = { mac: 0, nwk: 0, aps: 0, zcl: 0 };

  constructor(parts: StationParts) {
    this.#parts = parts;
  }

  /** Sends a MAC frame that no layer above secures: joining only. The sequence number is filled in. */
  sendMac(mac: Omit<TxFrame['mac'], 'seq'>, payload: Uint8Array): Promise<Sent> {
    return this.#emit({ self: this.#parts.eui, mac: { ...mac, seq: this.#next('mac') }, payload });
  }

  /** Sends a ZDP message. To BROADCAST_RX_ON it is broadcast. */
  sendZdp({ dst, cluster, payload }: ZdpOut): Promise<Sent> {
    const delivery = dst === BROADCAST_RX_ON ? APS.BROADCAST : APS.UNICAST;
    const aps = { fcf: APS.DATA | delivery, dstEndpoint: 0, srcEndpoint: 0, cluster, profile: 0, counter: this.#next('aps') };
    return this.#emit({ ...this.#networked(dst), aps, payload });
  }

  /** Sends a NWK command without security to the coordinator: a rejoin request of a device that has lost the network key. */
  sendNwkCommand(payload: Uint8Array): Promise<Sent> {
    const { self, mac, nwk } = this.#networked(COORDINATOR);
    const { dst = 0, src = 0, seq = 0 } = nwk ?? {};
    const header = { fcf: NWK.COMMAND | NWK.SRC_EUI, dst, src, radius: 1, seq, srcEui: this.#parts.eui };
    return this.#emit({ self, mac, nwk: header, payload });
  }

  /** Sends an APS command to the trust centre, under the link key if it must be. */
  sendApsCommand(payload: Uint8Array, secured: boolean): Promise<Sent> {
    const fcf = APS.COMMAND | (secured ? APS.SECURED : 0);
    const aps = { fcf, counter: this.#next('aps'), ...(secured ? { security: this.#linkSecurity() } : {}) };
    return this.#emit({ ...this.#networked(COORDINATOR), aps, payload });
  }

  /** Sends a ZCL message of the Smart Energy profile, APS-secured with the link key where it must be. Answers how it ended, and its number. */
  sendZcl(message: ZclOut): { readonly seq: number; readonly sent: Promise<Sent> } {
    const { dst, cluster, srcEndpoint, dstEndpoint, control, command, payload } = message;
    const seq = message.seq ?? this.#next('zcl');
    const secured = cluster !== KEY_ESTABLISHMENT;
    const aps = {
      fcf: APS.DATA | APS.UNICAST | (secured ? APS.SECURED : 0),
      dstEndpoint,
      srcEndpoint,
      cluster,
      profile: PROFILE_SE,
      counter: this.#next('aps'),
      ...(secured ? { security: this.#linkSecurity() } : {}),
    };
    return { seq, sent: this.#emit({ ...this.#networked(dst), aps, zcl: { control, seq, command }, payload }) };
  }

  /** Acknowledges an APS frame, secured as that was (ZigBee specification 2.2.8.4.2). */
  acknowledge(dst: number, aps: ApsHeader): Promise<Sent> {
    const { dstEndpoint, srcEndpoint, cluster, profile, counter, security } = aps;
    const header = {
      fcf: APS.ACK | (security ? APS.SECURED : 0),
      ...(srcEndpoint === undefined ? {} : { dstEndpoint: srcEndpoint }),
      ...(dstEndpoint === undefined ? {} : { srcEndpoint: dstEndpoint }),
      ...(cluster === undefined ? {} : { cluster }),
      ...(profile === undefined ? {} : { profile }),
      counter,
      ...(security ? { security: this.#linkSecurity() } : {}),
    };
    return this.#emit({ ...this.#networked(dst), aps: header, payload: new Uint8Array() });
  }

  /** A number for a ZDP transaction. */
  zdpNumber(): number {
    return this.#next('zcl');
  }

  #member(): Admission {
    const member = this.#parts.keeper.admission;
    if (member === undefined) throw new Fault('internal', `${this.#parts.name} belongs to no network`);
    return member;
  }

  #linkSecurity(): NonNullable<NonNullable<TxFrame['aps']>['security']> {
    const { linkKey } = this.#member();
    if (linkKey === undefined) throw new Fault('internal', `${this.#parts.name} has no link key`);
    return { key: linkKey, keyId: KEY_ID.DATA, extendedNonce: false };
  }

  /** Headers up to NWK. All traffic goes by the coordinator, which is the only router of a SMETS1 home network. */
  #networked(dst: number): Pick<TxFrame, 'self' | 'mac' | 'nwk'> {
    const member = this.#member();
    const broadcast = dst >= 0xfff8;
    const fcf = MAC.DATA | MAC.PAN_COMPRESSION | MAC.DST_SHORT | MAC.SRC_SHORT | (broadcast ? 0 : MAC.ACK_REQUEST);
    return {
      self: this.#parts.eui,
      mac: {
        fcf,
        seq: this.#next('mac'),
        dstPan: member.panId,
        dst: broadcast ? MAC_BROADCAST : COORDINATOR,
        src: member.shortAddress,
      },
      nwk: {
        fcf: NWK.DATA | NWK.SECURED,
        dst,
        src: member.shortAddress,
        radius: RADIUS,
        seq: this.#next('nwk'),
        key: member.network.key,
      },
    };
  }

  /** Secures and sends. A frame that the core refuses is logged and counts as not acknowledged. */
  async #emit(frame: TxFrame): Promise<Sent> {
    const { core, keeper, transceiver, power, log, name } = this.#parts;
    keeper.reserve();
    const psdu = core.tx(frame);
    if (!psdu.ok) {
      log.warn('frame-not-emitted', { device: name, code: psdu.code, detail: psdu.detail });
      return 'no-ack';
    }
    return power.watch(transceiver.send(psdu.value));
  }

  #next(counter: Numbered): number {
    this.#numbers[counter] = (this.#numbers[counter] + 1) & 0xff;
    return this.#numbers[counter];
  }
}
