/** APS commands about keys as a device reads and writes them (ZigBee specification 4.4.9). */
import { KEY_ID } from '../../host/core/control.ts';
import type { Frame, KeyHandle } from '../../host/model/frame.ts';
import { euiFromAir, euiToAir, type Eui64 } from '../../host/model/ids.ts';

const TRANSPORT_KEY = 0x05;
const REQUEST_KEY = 0x08;
const SWITCH_KEY = 0x09;
const VERIFY_KEY = 0x0f;
const CONFIRM_KEY = 0x10;
const NETWORK = 1;
const APPLICATION_LINK = 3;
const TRUST_CENTRE_LINK = 4;
const REQUESTED_APPLICATION_LINK = 2;

/** What the trust centre told by an APS command. */
export type KeyCommand =
  | { readonly kind: 'network'; readonly key: KeyHandle; readonly seq: number }
  | { readonly kind: 'partner'; readonly key: KeyHandle; readonly partner: Eui64 }
  | { readonly kind: 'switch'; readonly seq: number }
  | { readonly kind: 'confirmed'; readonly status: number };

/** Reads an APS command that was meant for `self`; undefined for one that tells nothing to it. */
export function readKeyCommand({ aps, carried, payload }: Frame, self: Eui64): KeyCommand | undefined {
  const keyId = ((aps?.security?.control ?? 0) >> 3) & 3;
  const opened = aps?.security?.opened === true;
  const [command, type = 0] = payload;
  if (command === TRANSPORT_KEY && carried !== undefined && opened) {
    if (type === NETWORK && keyId === KEY_ID.TRANSPORT && payload.length >= 27 && euiFromAir(payload.slice(19, 27)) === self)
      return { kind: 'network', key: carried, seq: payload[18] ?? 0 };
    if (type === APPLICATION_LINK && keyId === KEY_ID.LOAD && payload.length >= 26)
      return { kind: 'partner', key: carried, partner: euiFromAir(payload.slice(18, 26)) };
  }
  if (command === SWITCH_KEY && payload.length >= 2) return { kind: 'switch', seq: type };
  if (command === CONFIRM_KEY && payload.length >= 3) return { kind: 'confirmed', status: type };
  return undefined;
}

/** Request-Key: a link key to share with another device. */
export const requestPartnerKey = (partner: Eui64): Uint8Array =>
  Uint8Array.of(REQUEST_KEY, REQUESTED_APPLICATION_LINK, ...euiToAir(partner));

/** Verify-Key: proves to the trust centre that its link key is held. */
export const verifyKey = (self: Eui64, hash: Uint8Array): Uint8Array =>
  Uint8Array.of(VERIFY_KEY, TRUST_CENTRE_LINK, ...euiToAir(self), ...hash);
