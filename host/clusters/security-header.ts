/** The auxiliary security header of NWK and APS frames (ZigBee 4.5.1) as tables. */
import { bits, dec, eui, flagPart, hexPart, type Format } from './item.ts';

const sec = (name: string): string => `zbee.sec.${name}`;

/** Control byte and frame counter. */
export const SECURITY_CONTROL: Format = [
  bits(1, sec('field'), [hexPart(sec('key_id'), 0x18), flagPart(sec('ext_nonce'), 0x20)], 'control'),
  dec(4, sec('counter'), 'counter'),
];

/** The sender's EUI-64, where the control byte announces it. */
export const SECURITY_SOURCE: Format = [eui(sec('src64'), 'source')];

/** The key sequence number, where the key is a network key. */
export const SECURITY_KEY_SEQUENCE: Format = [dec(1, sec('key_seqno'), 'keySeq')];
