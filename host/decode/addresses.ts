/**
 * Who has which short address, as a capture tells it: one book for what the MAC says (associations, realignments), one for
 * what NWK and security headers say. A frame that is secured without its sender's EUI-64 can be opened only by what stands
 * here. Nothing is verified: a reader of captures believes what a sniffer believes.
 */
import type { Eui64 } from '../model/ids.ts';
import { forgetFirst } from './forget-first.ts';

/** Addresses kept in a book; when it is full, the one that was learned first is forgotten. */
const KEPT = 16_384;

const FIRST_BROADCAST = 0xfffc;
const RESERVED_BROADCAST = 0xfffe;

/** Short addresses that one layer told of. */
export class AddressBook {
  readonly #entries = new Map<number, Eui64>();

  /** Who has a short address in a PAN, or undefined. */
  find(pan: number, short: number): Eui64 | undefined {
    return this.#entries.get(pan * 65_536 + short);
  }

  /** Notes who has a short address in a PAN, whoever had it before. */
  note(pan: number, short: number, eui: Eui64): void {
    const key = pan * 65_536 + short;
    if (this.#entries.size >= KEPT && !this.#entries.has(key)) forgetFirst(this.#entries);
    this.#entries.set(key, eui);
  }
}

/** True for a short address that may send: those that many devices listen to may not. */
export const isUnicast = (short: number): boolean => short < FIRST_BROADCAST || short === RESERVED_BROADCAST;

/** Both books. */
export interface Addresses {
  readonly mac: AddressBook;
  readonly nwk: AddressBook;
}

/**
 * Who sent the frame of the moment: this hop's sender, whose EUI-64 a network key's nonce holds, and the sender of the whole
 * way, whose EUI-64 every other key's nonce holds.
 */
export interface Senders {
  readonly pan: number;
  /** Short address at the MAC; 0 for an extended one. */
  readonly hopShort: number;
  hop: Eui64 | undefined;
  /** Short address at the NWK layer; 0 where there is none. */
  wayShort: number;
  way: Eui64 | undefined;
  /** PAN whose learned keys may open the frame: 0 where the NWK header is none of ZigBee PRO's. */
  keyPan: number;
}

/** What is known of a frame's senders before its NWK header is read. */
export function sendersAt(pan: number, short: number | undefined, { mac }: Addresses): Senders {
  const hop = short === undefined ? undefined : mac.find(pan, short);
  return { pan, hopShort: short ?? 0, hop, wayShort: 0, way: undefined, keyPan: 0 };
}

/** What a NWK header of ZigBee PRO adds: its source, with or without EUI-64. */
export function sendersOfNwk(senders: Senders, source: number, eui: Eui64 | undefined, hasHop: boolean, { mac, nwk }: Addresses): void {
  const { pan } = senders;
  senders.keyPan = pan;
  senders.wayShort = source;
  if (eui === undefined) senders.way = nwk.find(pan, source) ?? mac.find(pan, source);
  else if (isUnicast(source)) {
    nwk.note(pan, source, eui);
    senders.way = eui;
  }
  if (hasHop) senders.hop ??= nwk.find(pan, senders.hopShort);
}
