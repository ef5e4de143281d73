/**
 * Short addresses and their EUI-64s as a capture tells them: NWK headers, security headers, joins and announcements.
 * APS security without a source address can be opened only by what was learned here.
 */
import { NwkCommand } from '../clusters/nwk-commands.ts';
import type { Values } from '../clusters/item.ts';
import type { Core } from '../core/core.ts';
import type { Frame } from '../model/frame.ts';
import type { Eui64 } from '../model/ids.ts';

const BROADCAST = 0xfff8;
const ASSOCIATION_RESPONSE = 0x02;

/** Learns what an opened frame and its payload (`body`) say. */
export function learnAddresses(core: Core, frame: Frame, body: Values): void {
  const { mac, nwk } = frame;
  const pan = mac.dstPan ?? mac.srcPan;
  const learn = (short: unknown, eui: unknown): void => {
    if (pan === undefined || typeof short !== 'number' || short >= BROADCAST || typeof eui !== 'string') return;
    core.addresses.learn(pan, short, eui as Eui64);
  };
  if (mac.command === ASSOCIATION_RESPONSE && body['status'] === 0) learn(body['address'], mac.dst);
  if (nwk === undefined) return;
  learn(nwk.src, nwk.srcEui);
  learn(nwk.dst, nwk.dstEui);
  // NWK security is hop by hop: its source is the neighbour that sent the MAC frame.
  if (nwk.security?.opened === true) learn(mac.src, nwk.security.source);
  if (nwk.command === NwkCommand.REJOIN_RESPONSE && body['status'] === 0) learn(body['address'], nwk.dstEui);
  if (frame.aps?.profile === 0) learn(body['address'], body['eui']);
  if (frame.aps?.command !== undefined) learn(body['address'], body['device']);
}
