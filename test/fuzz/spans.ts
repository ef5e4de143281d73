/** Positions in the record of `rx`: every part that a layer names lies in the frame. */
import { Layer } from '../../assembly/abi/code.ts';
import {
  REC_APS,
  REC_APS_AUX,
  REC_APS_MIC,
  REC_APS_PAYLOAD,
  REC_MAC_PAYLOAD,
  REC_NWK,
  REC_NWK_AUX,
  REC_NWK_MIC,
  REC_NWK_PAYLOAD,
  REC_NWK_RELAYS,
  REC_NWK_RELAY_COUNT,
  REC_PAYLOAD,
  REC_ZCL,
} from '../../assembly/abi/layout.ts';
import { Broken } from './target.ts';

const MIC_LEN = 4;

/** Throws `Broken` for a part that reaches behind a frame of `length` bytes, or that stands before what contains it. */
export function spansHold(record: Buffer, layers: number, length: number): void {
  if (!(layers & Layer.MAC)) return;
  const mac = span(record, REC_MAC_PAYLOAD, 0, length, 'MAC payload');
  span(record, REC_PAYLOAD, 0, length, 'innermost payload');
  if (!(layers & Layer.NWK)) return;
  const nwk = span(record, REC_NWK_PAYLOAD, position(record, REC_NWK, mac, length, 'NWK header'), length, 'NWK payload');
  if (2 * record.readUInt8(REC_NWK_RELAY_COUNT) + record.readUInt16LE(REC_NWK_RELAYS) > length)
    throw new Broken('span', 'the source route reaches behind the frame');
  if (layers & Layer.NWK_OPENED) envelope(record, REC_NWK_AUX, REC_NWK_MIC, mac, length, 'NWK');
  if (!(layers & Layer.APS)) return;
  const aps = span(record, REC_APS_PAYLOAD, position(record, REC_APS, nwk, length, 'APS header'), length, 'APS payload');
  if (layers & Layer.APS_OPENED) envelope(record, REC_APS_AUX, REC_APS_MIC, nwk, length, 'APS');
  if (layers & Layer.ZCL) position(record, REC_ZCL, aps, length, 'ZCL header');
}

function span(record: Buffer, field: number, least: number, length: number, what: string): number {
  const start = position(record, field, least, length, what);
  if (start + record.readUInt16LE(field + 2) > length) throw new Broken('span', `the ${what} reaches behind the frame`);
  return start;
}

function position(record: Buffer, field: number, least: number, length: number, what: string): number {
  const start = record.readUInt16LE(field);
  if (start < least || start > length) throw new Broken('span', `the ${what} stands at ${start} of ${length}`);
  return start;
}

function envelope(record: Buffer, aux: number, mic: number, least: number, length: number, what: string): void {
  position(record, aux, least, length, `${what} auxiliary header`);
  if (record.readUInt16LE(mic) + MIC_LEN > length) throw new Broken('span', `the ${what} MIC reaches behind the frame`);
}
