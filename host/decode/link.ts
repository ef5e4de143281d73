/** What a sniffer wrote before a frame, as fields: the header of ZEP, or the TLVs of TAP. */
import type { LinkHeader } from '../capture/captured.ts';
import {
  SLOT_TIMES,
  TAP_HEADER,
  TAP_SUN_MODE,
  TAP_SUN_MODES,
  TAP_TLV,
  TAP_TLVS,
  ZEP_1,
  ZEP_2,
  ZEP_2_ACK,
  ZEP_2_END,
} from '../clusters/link-headers.ts';
import type { NumberItem, Value, Values } from '../clusters/item.ts';
import { read, type Field } from '../clusters/read.ts';
import { fieldsOf } from '../clusters/shown.ts';
import { showBytes, showTime } from '../clusters/show.ts';

const ZEP_ACK = 2;
const SUN_PHY = 4;
const SUN_LENGTH = 3;
const LAST_TLV_TYPE = 12;
const LAST_FCS_TYPE = 2;

/** Seconds from 1900, where the first era of NTP's time stamps begins, to 1970, and from there to 2036, where the next begins. */
const FIRST_ERA = -2_208_988_800;
const SECOND_ERA = 2_085_978_496;

/** Fields of a link header before a frame of `length` bytes, trailer included. */
export function linkFields(header: LinkHeader, length: number): Field[] {
  if (header.kind === 'zep') return zepFields(header.bytes);
  return [...tapFields(header.bytes), ...(header.carries ? [['wpan-tap.data_length', length.toString()] as const] : [])];
}

function zepFields(bytes: Uint8Array): Field[] {
  if (bytes[2] === 1) return [...read(ZEP_1, bytes).fields];
  if (bytes[3] === ZEP_ACK) return [...read(ZEP_2_ACK, bytes).fields];
  const { fields, rest } = read(ZEP_2, bytes);
  return [...fields, ['zep.time', ntpTime(rest)], ...read(ZEP_2_END, rest.subarray(8)).fields];
}

/** An NTP time stamp: seconds, whose highest bit tells the era, and a fraction of 32 bits, to the nanosecond. None is 1970. */
function ntpTime(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
  const [seconds, fraction] = [view.getUint32(0), view.getUint32(4)];
  if (seconds === 0 && fraction === 0) return showTime(0);
  const nanoseconds = Math.floor((fraction / 2 ** 32) * 1e9);
  const time = showTime(seconds + (seconds >= 2 ** 31 ? FIRST_ERA : SECOND_ERA));
  return time.replace('000000000', nanoseconds.toString().padStart(9, '0'));
}

function tapFields(bytes: Uint8Array): Field[] {
  const header = read(TAP_HEADER, bytes);
  const fields = [...header.fields];
  const times: Record<string, Value> = {};
  for (let rest = header.rest; rest.length >= 4;) {
    const { fields: head, values, rest: behind } = read(TAP_TLV, rest);
    const [type, length] = [values['type'] as number, values['length'] as number];
    const [typeField, ...lengthField] = head;
    if (typeField !== undefined) fields.push(typeField);
    if (type > LAST_TLV_TYPE) fields.push(['wpan-tap.tlv.invalid_type', '']);
    fields.push(...lengthField);
    if (length > behind.length) fields.push(['wpan-tap.tlv.invalid_length', '']);
    fields.push(...tlvFields(type, behind, length, times));
    const padding = behind.subarray(length, length + (-length & 3));
    if (padding.length > 0) fields.push(['wpan-tap.tlv.padding', showBytes(padding)]);
    if (padding.some((byte) => byte !== 0)) fields.push(['wpan-tap.tlv.padding_not_zeros', '']);
    rest = behind.subarray(length + (-length & 3));
  }
  return [...fields, ...slotTimes(times)];
}

/** Times of a frame within its slot, where those that they are between are told, in nanoseconds, and not 0. */
function slotTimes(times: Values): Field[] {
  const between = (end: string, start: string): number | undefined => {
    const [to, from] = [times[end], times[start]];
    return to && from ? Number(BigInt.asUintN(64, (to as bigint) - (from as bigint))) / 1000 : undefined;
  };
  const end = between('end', 'slotStart');
  const length = times['slotLength'] as number | undefined;
  return [
    ...shownTime(SLOT_TIMES.startOffset, between('start', 'slotStart')),
    ...shownTime(SLOT_TIMES.duration, between('end', 'start')),
    ...shownTime(SLOT_TIMES.endOffset, end !== undefined && length ? end - length : undefined),
  ];
}

function shownTime(item: NumberItem, value: number | undefined): Field[] {
  if (value === undefined) return [];
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return fieldsOf(item, view.getBigUint64(0));
}

/** A TLV's content, whose values are kept with the others'; a table takes what it has fields for, whatever the length says. */
function tlvFields(type: number, bytes: Uint8Array, length: number, all: Record<string, Value>): readonly Field[] {
  if (type === SUN_PHY && length !== SUN_LENGTH) return [];
  const format = TAP_TLVS[type];
  if (format === undefined) return [['wpan-tap.tlv.unknown', showBytes(bytes.subarray(0, length))]];
  const { fields, values, rest } = read(format, bytes);
  Object.assign(all, values);
  if (type === SUN_PHY) return [...fields, ...read(TAP_SUN_MODES[values['sunType'] as number] ?? TAP_SUN_MODE, rest).fields];
  return (values['fcsType'] as number) > LAST_FCS_TYPE ? [...fields, ['wpan-tap.tlv.invalid_fcs_type', '']] : fields;
}
