/**
 * APS commands that move and use keys (ZigBee specification 4.4.9), as descriptions for the core. Key bytes are put in by the core.
 */
import { APS, KEY_ID, NWK } from '../core/control.ts';
import type { Frame, KeyHandle, TxFrame } from '../model/frame.ts';
import { euiFromAir, euiToAir, type Eui64 } from '../model/ids.ts';
import { BROADCAST_RX_ON, COORDINATOR, securedNwk, unicastMac, type Destination, type Hub, type Numbers } from './frames.ts';

/** APS command identifiers. */
export const ApsCommand = {
  TRANSPORT_KEY: 0x05,
  UPDATE_DEVICE: 0x06,
  REMOVE_DEVICE: 0x07,
  REQUEST_KEY: 0x08,
  SWITCH_KEY: 0x09,
  VERIFY_KEY: 0x0f,
  CONFIRM_KEY: 0x10,
} as const;

/** Key types of Transport-Key, Verify-Key and Confirm-Key. A link key with the trust centre is established, never transported. */
export const KeyType = { NETWORK: 1, APPLICATION_LINK: 3, TRUST_CENTRE_LINK: 4 } as const;
/** Key types of Request-Key, which count otherwise. */
export const RequestedKey = { APPLICATION_LINK: 2, TRUST_CENTRE_LINK: 4 } as const;
/** Status of Confirm-Key (ZigBee specification table 2.27). */
export const ApsStatus = { SUCCESS: 0x00, ILLEGAL_REQUEST: 0xa3, SECURITY_FAIL: 0xad } as const;

const KEY_LENGTH = 16;
const BLANK = Array.from({ length: KEY_LENGTH }, () => 0);

/** How a command is secured: by a network key or not, and at APS by a key, by one derived from it, or not. */
export interface CommandKeys {
  readonly network?: KeyHandle | undefined;
  readonly link?: { readonly key: KeyHandle; readonly keyId: 0 | 2 | 3 } | undefined;
}

/** An APS command to one device; `carry` puts a key of the core at an offset of the payload. */
export function apsCommand(
  hub: Hub,
  n: Numbers,
  to: Destination,
  { network, link }: CommandKeys,
  payload: readonly number[],
  carry?: TxFrame['carry'],
): TxFrame {
  const plainNwk = { fcf: NWK.DATA, dst: to.short, src: COORDINATOR, radius: 1, seq: n.nwk };
  return {
    self: hub.eui,
    mac: unicastMac(hub, n.mac, to.short),
    nwk: network === undefined ? plainNwk : securedNwk(n, to.short, network),
    aps: {
      fcf: APS.COMMAND | (link === undefined ? 0 : APS.SECURED),
      counter: n.aps,
      ...(link === undefined ? {} : { security: { ...link, extendedNonce: true } }),
    },
    payload: Uint8Array.from(payload),
    ...(carry === undefined ? {} : { carry }),
  };
}

/** Transport-Key with a network key, under the key-transport key of a link key; without `network` for a device that has none yet. */
export function transportNetworkKey(
  hub: Hub,
  n: Numbers,
  to: Destination,
  keys: { readonly link: KeyHandle; readonly network?: KeyHandle },
  carried: { readonly key: KeyHandle; readonly seq: number },
): TxFrame {
  const payload = [ApsCommand.TRANSPORT_KEY, KeyType.NETWORK, ...BLANK, carried.seq, ...euiToAir(to.eui), ...euiToAir(hub.eui)];
  const link = { key: keys.link, keyId: KEY_ID.TRANSPORT };
  return apsCommand(hub, n, to, { network: keys.network, link }, payload, { key: carried.key, offset: 2 });
}

/** Transport-Key with a link key that two devices shall share, under the key-load key of the one that it goes to. */
export function transportPartnerKey(
  hub: Hub,
  n: Numbers,
  to: Destination,
  keys: { readonly link: KeyHandle; readonly network: KeyHandle },
  partner: Eui64,
  carried: KeyHandle,
  initiator: boolean,
): TxFrame {
  const payload = [ApsCommand.TRANSPORT_KEY, KeyType.APPLICATION_LINK, ...BLANK, ...euiToAir(partner), initiator ? 1 : 0];
  return apsCommand(hub, n, to, { network: keys.network, link: { key: keys.link, keyId: KEY_ID.LOAD } }, payload, {
    key: carried,
    offset: 2,
  });
}

/** Switch-Key to every device, or to one that missed it, under the network key that is left. */
export function switchKey(hub: Hub, n: Numbers, to: Destination | undefined, network: KeyHandle, seq: number): TxFrame {
  const payload = Uint8Array.of(ApsCommand.SWITCH_KEY, seq);
  const short = to?.short ?? BROADCAST_RX_ON;
  return {
    self: hub.eui,
    mac: unicastMac(hub, n.mac, short),
    nwk: securedNwk(n, short, network),
    aps: { fcf: APS.COMMAND | (to === undefined ? APS.BROADCAST : APS.UNICAST), counter: n.aps },
    payload,
  };
}

/** A device that a router spoke of, or that asks for something about another. */
export const deviceAt = (payload: Uint8Array, offset: number): Eui64 | undefined =>
  payload.length >= offset + 8 ? euiFromAir(payload.subarray(offset, offset + 8)) : undefined;

/** Request-Key: the kind of key asked for, and the partner of an application link key. Undefined when it is too short. */
export function readRequestKey({ payload }: Frame): { readonly type: number; readonly partner: Eui64 | undefined } | undefined {
  const type = payload[1];
  return type === undefined ? undefined : { type, partner: deviceAt(payload, 2) };
}

/** Verify-Key: the kind of key, whose it is and the hash that proves it. Undefined when it is too short. */
export function readVerifyKey({
  payload,
}: Frame): { readonly type: number; readonly source: Eui64; readonly hash: Uint8Array } | undefined {
  const [, type] = payload;
  const source = deviceAt(payload, 2);
  if (type === undefined || source === undefined || payload.length < 10 + KEY_LENGTH) return undefined;
  return { type, source, hash: payload.slice(10, 10 + KEY_LENGTH) };
}
