/** ZigBee auxiliary security headers (ZigBee 4.5.1) as fields, and how the keys of a capture are shown. */
import { bits, flagPart, hexPart } from '../clusters/item.ts';
import { fieldsOf, type Field } from '../clusters/read.ts';
import { showBytes, showEui } from '../clusters/show.ts';
import type { SecurityHeader } from '../model/frame.ts';

const sec = (name: string): string => `zbee.sec.${name}`;
const CONTROL = bits(1, sec('field'), [hexPart(sec('key_id'), 0x18), flagPart(sec('ext_nonce'), 0x20)]);
const EXTENDED_NONCE = 0x20;

/** Tells the key of a handle, or undefined where keys are not to be shown. */
export type ShownKey = (handle: number) => Uint8Array | undefined;

/** Fields of a security header; the source only where the header carries it. */
export function securityFields(header: SecurityHeader, keyOf: ShownKey): Field[] {
  const fields: Field[] = [...fieldsOf(CONTROL, header.control), [sec('counter'), header.counter.toString()]];
  if ((header.control & EXTENDED_NONCE) !== 0 && header.source !== undefined) fields.push([sec('src64'), showEui(header.source)]);
  if (header.keySeq !== undefined) fields.push([sec('key_seqno'), header.keySeq.toString()]);
  fields.push([sec('mic'), showBytes(header.mic)]);
  const key = header.key === undefined ? undefined : keyOf(header.key);
  if (key !== undefined) fields.push([sec('key'), showBytes(key)]);
  return fields;
}
