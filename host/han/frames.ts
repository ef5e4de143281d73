/**
 * The frames that a hub sends, as descriptions for the core: IEEE 802.15.4-2006 clause 7.2, ZigBee specification 2.2, 3.3, 3.6 and
 * 4.4. Nothing here knows a key or a counter; security is asked for by handle.
 */
import { APS, KEY_ID, MAC, NWK } from '../core/control.ts';
import type { KeyHandle, TxFrame } from '../model/frame.ts';
import { euiToAir, type Eui64 } from '../model/ids.ts';

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

/** Association response: the short address given, or ffff with the status that refuses (1 = at capacity, 2 = access denied). */
export function associationResponse(hub: Hub, mac: number, device: Eui64, short: number, status: 0 | 1 | 2): TxFrame {
  return {
    self: hub.eui,
    mac: { fcf: COMMAND_BY_EUI, seq: mac, dstPan: hub.panId, dst: device, src: hub.eui },
    payload: Uint8Array.of(MacCommand.ASSOCIATION_RESPONSE, short & 0xff, short >> 8, status),
  };
}

/** Transport-Key with the network key, unsecured at NWK, secured at APS with the key-transport key of the device's link key. */
export function transportNetworkKey(hub: Hub, n: Numbers, to: Destination, network: { key: KeyHandle; seq: number }): TxFrame {
  const payload = Uint8Array.from([5, 1, ...Array.from({ length: 16 }, () => 0), network.seq, ...euiToAir(to.eui), ...euiToAir(hub.eui)]);
  return {
    self: hub.eui,
    mac: unicastMac(hub, n.mac, to.short),
    nwk: { fcf: NWK.DATA, dst: to.short, src: COORDINATOR, radius: RADIUS, seq: n.nwk },
    aps: { fcf: APS.COMMAND | APS.SECURED, counter: n.aps, security: { key: to.linkKey, keyId: KEY_ID.TRANSPORT, extendedNonce: true } },
    payload,
    carry: { key: network.key, offset: 2 },
  };
}

/** Whom a frame goes to. */
export interface Destination {
  readonly eui: Eui64;
  readonly short: number;
  readonly linkKey: KeyHandle;
}

/** Application data to one device: NWK-secured, and APS-secured with its link key unless it is ZDP. */
export function data(hub: Hub, n: Numbers, to: Destination, network: KeyHandle, message: Outbound): TxFrame {
  const secured = message.profile !== PROFILE_ZDP;
  return {
    self: hub.eui,
    mac: unicastMac(hub, n.mac, to.short),
    nwk: { fcf: NWK.DATA | NWK.SECURED, dst: to.short, src: COORDINATOR, radius: RADIUS, seq: n.nwk, key: network },
    aps: {
      fcf: APS.DATA | APS.UNICAST | (secured ? APS.SECURED : 0),
      dstEndpoint: message.dstEndpoint,
      cluster: message.cluster,
      profile: message.profile,
      srcEndpoint: message.srcEndpoint,
      counter: n.aps,
      ...(secured ? { security: { key: to.linkKey, keyId: KEY_ID.DATA, extendedNonce: false } } : {}),
    },
    ...(message.zcl === undefined ? {} : { zcl: message.zcl }),
    payload: message.payload,
  };
}

/** The APS acknowledgement of a received data frame: same cluster, profile and counter, endpoints swapped. */
export function apsAck(hub: Hub, n: Numbers, to: Destination, network: KeyHandle, of: Acknowledged): TxFrame {
  return {
    self: hub.eui,
    mac: unicastMac(hub, n.mac, to.short),
    nwk: { fcf: NWK.DATA | NWK.SECURED, dst: to.short, src: COORDINATOR, radius: RADIUS, seq: n.nwk, key: network },
    aps: {
      fcf: APS.ACK | (of.secured ? APS.SECURED : 0),
      dstEndpoint: of.srcEndpoint,
      cluster: of.cluster,
      profile: of.profile,
      srcEndpoint: of.dstEndpoint,
      counter: of.counter,
      ...(of.secured ? { security: { key: to.linkKey, keyId: KEY_ID.DATA, extendedNonce: false } } : {}),
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
  readonly secured: boolean;
}

/** Rejoin response (NWK command 07), NWK-secured: the short address that the device keeps, status 0 = success. */
export function rejoinResponse(hub: Hub, n: Numbers, to: Destination, network: KeyHandle): TxFrame {
  return {
    self: hub.eui,
    mac: unicastMac(hub, n.mac, to.short),
    nwk: { fcf: NWK.COMMAND | NWK.SECURED, dst: to.short, src: COORDINATOR, radius: 1, seq: n.nwk, key: network },
    payload: Uint8Array.of(NwkCommand.REJOIN_RESPONSE, to.short & 0xff, to.short >> 8, 0),
  };
}

function unicastMac(hub: Hub, seq: number, short: number): TxFrame['mac'] {
  const fcf = short >= 0xfff8 ? TO_ALL : TO_ONE;
  return { fcf, seq, dstPan: hub.panId, dst: short, src: COORDINATOR };
}
