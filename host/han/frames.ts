/**
 * The frames that a hub sends, as descriptions for the core: IEEE 802.15.4-2006 clause 7.2, ZigBee specification 2.2, 3.3, 3.6 and
 * 4.4. Nothing here knows a key or a counter; security is asked for by handle.
 */
import { APS, KEY_ID, MAC, NWK } from '../core/control.ts';
import type { Frame, KeyHandle, TxFrame } from '../model/frame.ts';
import { euiFromAir, euiToAir, type Eui64 } from '../model/ids.ts';

/** The hub's own addresses. */
export interface Hub {
  readonly eui: Eui64;
  readonly panId: number;
  /** Extended PAN identifier; ZigBee networks carry it in beacons. */
  readonly extendedPanId: Eui64;
  readonly channel: number;
}

/** Short address of the PAN coordinator. */
export const COORDINATOR = 0x0000;
/** NWK broadcast to all devices whose receiver is on when idle. */
export const BROADCAST_RX_ON = 0xfffd;

/** Smart Energy application profile. */
export const PROFILE_SE = 0x0109;
/** ZigBee Device Profile. */
export const PROFILE_ZDP = 0x0000;
/** The one application endpoint that the hub has. */
export const ENDPOINT = 1;

/** MAC command identifiers (IEEE 802.15.4-2006 table 82). */
export const MacCommand = { ASSOCIATION_REQUEST: 1, ASSOCIATION_RESPONSE: 2, DATA_REQUEST: 4, BEACON_REQUEST: 7 } as const;
/** NWK command identifiers (ZigBee specification table 3.40). */
export const NwkCommand = { LEAVE: 4, REJOIN_REQUEST: 6, REJOIN_RESPONSE: 7 } as const;
/** The one cluster of the Smart Energy profile that network security alone protects: it establishes the link keys of all others. */
export const KEY_ESTABLISHMENT = 0x0800;

const TO_ONE = MAC.DATA | MAC.ACK_REQUEST | MAC.PAN_COMPRESSION | MAC.DST_SHORT | MAC.SRC_SHORT;
const TO_ALL = MAC.DATA | MAC.PAN_COMPRESSION | MAC.DST_SHORT | MAC.SRC_SHORT;
const COMMAND_BY_EUI = MAC.COMMAND | MAC.ACK_REQUEST | MAC.PAN_COMPRESSION | MAC.DST_EXTENDED | MAC.SRC_EXTENDED;
const RADIUS = 30;

/** Sequence numbers of one frame. */
export interface Numbers {
  readonly mac: number;
  readonly nwk: number;
  readonly aps: number;
}

/** A message to one device over the SE or ZDP profile. */
export interface Outbound {
  readonly profile: number;
  readonly cluster: number;
  readonly dstEndpoint: number;
  readonly srcEndpoint: number;
  /** Absent for ZDP. */
  readonly zcl?: NonNullable<TxFrame['zcl']>;
  readonly payload: Uint8Array;
}

/** A beacon of a ZigBee PRO coordinator (stack profile 2, protocol version 2); `permit` = association is open. */
export function beacon(hub: Hub, mac: number, permit: boolean): TxFrame {
  const superframe = 0x4fff | (permit ? 0x8000 : 0);
  const payload = [superframe & 0xff, superframe >> 8, 0, 0, 0, 0x22, 0x84, ...euiToAir(hub.extendedPanId), 0xff, 0xff, 0xff, 0];
  return {
    self: hub.eui,
    mac: { fcf: MAC.BEACON | MAC.SRC_SHORT, seq: mac, srcPan: hub.panId, src: COORDINATOR },
    payload: Uint8Array.from(payload),
  };
}

/** Where a beacon's payload has the extended PAN identifier: behind superframe, guaranteed time slots, pending addresses and protocol. */
const BEACON_EXTENDED_PAN = 7;

/**
 * True when a frame says that its sender is the hub itself: by the EUI-64 of this hop, not of a message that a router passes on, or in a
 * beacon by the hub's PAN and the coordinator's address.
 */
export function isOwn({ mac, nwk, payload }: Partial<Frame>, hub: Hub): boolean {
  if (mac?.src === hub.eui || nwk?.security?.source === hub.eui) return true;
  if (mac === undefined || payload === undefined || (mac.fcf & MAC.TYPE) !== MAC.BEACON) return false;
  const said = payload.subarray(BEACON_EXTENDED_PAN, BEACON_EXTENDED_PAN + 8);
  return mac.srcPan === hub.panId && mac.src === COORDINATOR && said.length === 8 && euiFromAir(said) === hub.extendedPanId;
}

/** Association response: the short address given, or ffff with the status that refuses (1 = at capacity, 2 = access denied). */
export function associationResponse(hub: Hub, mac: number, device: Eui64, short: number, status: 0 | 1 | 2): TxFrame {
  return {
    self: hub.eui,
    mac: { fcf: COMMAND_BY_EUI, seq: mac, dstPan: hub.panId, dst: device, src: hub.eui },
    payload: Uint8Array.of(MacCommand.ASSOCIATION_RESPONSE, short & 0xff, short >> 8, status),
  };
}

/** Whom a frame goes to. */
export interface Destination {
  readonly eui: Eui64;
  readonly short: number;
}

/** Keys that secure a frame, by handle; without a link key there is no APS security. */
export interface FrameKeys {
  readonly network: KeyHandle;
  readonly link?: KeyHandle | undefined;
}

/** True for messages that a link key must protect: those of the Smart Energy profile but for key establishment (Smart Energy 5.4.6). */
export const needsLinkKey = ({ profile, cluster }: Pick<Outbound, 'profile' | 'cluster'>): boolean =>
  profile !== PROFILE_ZDP && cluster !== KEY_ESTABLISHMENT;

/** Application data to one device. */
export function data(hub: Hub, n: Numbers, to: Destination, keys: FrameKeys, message: Outbound): TxFrame {
  const { link } = keys;
  return {
    self: hub.eui,
    mac: unicastMac(hub, n.mac, to.short),
    nwk: securedNwk(n, to.short, keys.network),
    aps: {
      fcf: APS.DATA | APS.UNICAST | (link === undefined ? 0 : APS.SECURED),
      dstEndpoint: message.dstEndpoint,
      cluster: message.cluster,
      profile: message.profile,
      srcEndpoint: message.srcEndpoint,
      counter: n.aps,
      ...apsSecurity(link),
    },
    ...(message.zcl === undefined ? {} : { zcl: message.zcl }),
    payload: message.payload,
  };
}

/** The APS acknowledgement of a received data frame: same cluster, profile and counter, endpoints swapped, secured as that was. */
export function apsAck(hub: Hub, n: Numbers, to: Destination, keys: FrameKeys, of: Acknowledged): TxFrame {
  return {
    self: hub.eui,
    mac: unicastMac(hub, n.mac, to.short),
    nwk: securedNwk(n, to.short, keys.network),
    aps: {
      fcf: APS.ACK | (keys.link === undefined ? 0 : APS.SECURED),
      dstEndpoint: of.srcEndpoint,
      cluster: of.cluster,
      profile: of.profile,
      srcEndpoint: of.dstEndpoint,
      counter: of.counter,
      ...apsSecurity(keys.link),
    },
    payload: new Uint8Array(0),
  };
}

/** What an acknowledgement repeats. */
export interface Acknowledged {
  readonly dstEndpoint: number;
  readonly srcEndpoint: number;
  readonly cluster: number;
  readonly profile: number;
  readonly counter: number;
}

/**
 * Rejoin response (NWK command 07): the short address that the device keeps, status 0 = success. Secured as its request was: without a
 * network key for a device that has lost it (ZigBee specification 4.6.3.3).
 */
export function rejoinResponse(hub: Hub, n: Numbers, to: Destination, network: KeyHandle | undefined): TxFrame {
  const nwk = { dst: to.short, src: COORDINATOR, radius: 1, seq: n.nwk, dstEui: to.eui, srcEui: hub.eui };
  const fcf = NWK.COMMAND | NWK.DST_EUI | NWK.SRC_EUI;
  return {
    self: hub.eui,
    mac: unicastMac(hub, n.mac, to.short),
    nwk: network === undefined ? { fcf, ...nwk } : { fcf: fcf | NWK.SECURED, ...nwk, key: network },
    payload: Uint8Array.of(NwkCommand.REJOIN_RESPONSE, to.short & 0xff, to.short >> 8, 0),
  };
}

/** Leave (NWK command 04) as a request to a device: it forgets the network and does not come back by itself (ZigBee specification 3.4.4). */
export function leaveRequest(hub: Hub, n: Numbers, to: Destination, network: KeyHandle): TxFrame {
  const REQUEST = 0x40;
  const nwk = { dst: to.short, src: COORDINATOR, radius: 1, seq: n.nwk, dstEui: to.eui, srcEui: hub.eui, key: network };
  return {
    self: hub.eui,
    mac: unicastMac(hub, n.mac, to.short),
    nwk: { fcf: NWK.COMMAND | NWK.SECURED | NWK.DST_EUI | NWK.SRC_EUI, ...nwk },
    payload: Uint8Array.of(NwkCommand.LEAVE, REQUEST),
  };
}

/** MAC header of a frame by short addresses; a NWK broadcast goes to everybody. */
export function unicastMac(hub: Hub, seq: number, short: number): TxFrame['mac'] {
  const broadcast = short >= 0xfff8;
  return { fcf: broadcast ? TO_ALL : TO_ONE, seq, dstPan: hub.panId, dst: broadcast ? 0xffff : short, src: COORDINATOR };
}

/** NWK header of a data frame of the hub's own. */
export function securedNwk(n: Numbers, short: number, key: KeyHandle): NonNullable<TxFrame['nwk']> {
  return { fcf: NWK.DATA | NWK.SECURED, dst: short, src: COORDINATOR, radius: RADIUS, seq: n.nwk, key };
}

const apsSecurity = (link: KeyHandle | undefined): Pick<NonNullable<TxFrame['aps']>, 'security'> =>
  link === undefined ? {} : { security: { key: link, keyId: KEY_ID.DATA, extendedNonce: false } };
