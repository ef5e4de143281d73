/** What a sniffer writes before a frame: the header of ZEP (ZigBee Encapsulation Protocol), and the TLVs of TAP, as tables. */
import { big, bits, dec, decPart, flag, float, glance, has, raw, text, when, type Format, type NumberItem } from './item.ts';

const zep = (name: string): string => `zep.${name}`;
const tap = (name: string): string => `wpan-tap.${name}`;

const channel: Format = [dec(1, zep('channel_id'), 'channel'), big(dec(2, zep('device_id'), 'device')), flag(zep('lqi_mode'), 'mode')];
const lqi = dec(1, zep('lqi'), 'lqi');
const length = bits(1, '', [decPart(zep('length'), 0x7f)], 'length');
const start: Format = [text(2, zep('protocol_id'), 'protocol'), dec(1, zep('version'), 'version')];
const reserved = (bytes: number): Format => [glance(raw(bytes + 1, zep('reserved_field'), 'reserved')), raw(bytes, '', 'reserved')];

/** Version 1, whole. What is reserved is shown with the length behind it, and without a mode with the quality before it. */
export const ZEP_1: Format = [...start, ...channel, when(has('mode', 0xff), [lqi, ...reserved(7)], reserved(8)), length];

/** Version 2: up to its time stamp, and behind it. The quality is shown where the mode says that there is one. */
export const ZEP_2: Format = [...start, dec(1, zep('type'), 'type'), ...channel, when(has('mode', 0xff), [dec(1, '', 'lqi')], [lqi])];
export const ZEP_2_END: Format = [big(dec(4, zep('seqno'), 'sequence')), raw(10, '', 'reserved'), length];

/** An acknowledgement of version 2. */
export const ZEP_2_ACK: Format = [...start, dec(1, zep('type'), 'type'), big(dec(4, zep('seqno'), 'sequence'))];

/** Version, and length with all TLVs. */
export const TAP_HEADER: Format = [dec(1, tap('version'), 'version'), dec(1, tap('reserved'), 'reserved'), dec(2, tap('length'), 'length')];

/** Type and length of a TLV. */
export const TAP_TLV: Format = [dec(2, tap('tlv.type'), 'type'), dec(2, tap('tlv.length'), 'length')];

const sunMode = (name: string): Format => [dec(1, tap(name), 'mode')];

/** Modes of a SUN PHY, by its type. */
export const TAP_SUN_MODES: Readonly<Record<number, Format>> = {
  0: sunMode('mode.fsk_a'),
  1: sunMode('mode.fsk_b'),
  2: sunMode('mode.oqpsk_a'),
  3: sunMode('mode.oqpsk_b'),
  4: sunMode('mode.oqpsk_c'),
  5: sunMode('mode.ofdm'),
  6: sunMode('mode.ofdm'),
  7: sunMode('mode.ofdm'),
  8: sunMode('mode.ofdm'),
};

/** A mode of any other type. */
export const TAP_SUN_MODE: Format = sunMode('sun_mode');

/** TLVs by type, as far as a table says what they hold. */
export const TAP_TLVS: Readonly<Record<number, Format>> = {
  0: [dec(1, tap('fcs_type'), 'fcsType')],
  1: [float(4, tap('rss'), 'rss')],
  2: [dec(4, tap('bit_rate'), 'bitRate')],
  3: [dec(2, tap('ch_num'), 'channel'), dec(1, tap('ch_page'), 'page')],
  4: [dec(1, tap('sun_band'), 'band'), dec(1, tap('sun_type'), 'sunType')],
  5: [dec(8, tap('sof_ts'), 'start')],
  6: [dec(8, tap('eof_ts'), 'end')],
  7: [dec(8, tap('asn'), 'asn')],
  8: [dec(8, tap('slot_start_ts'), 'slotStart')],
  9: [dec(4, tap('timeslot_length'), 'slotLength')],
  10: [dec(1, tap('lqi'), 'lqi')],
  11: [float(4, tap('ch_freq'), 'frequency')],
  12: [
    float(4, tap('chplan.start'), 'planStart'),
    float(4, tap('chplan.spacing'), 'planSpacing'),
    dec(2, tap('chplan.channels'), 'planChannels'),
  ],
};

/** Where a frame stands in its slot, in microseconds, worked out from the times of TAP. */
export const SLOT_TIMES: Readonly<Record<'startOffset' | 'duration' | 'endOffset', NumberItem>> = {
  startOffset: float(8, 'wpan.tsch.frame_start_offset'),
  duration: float(8, 'wpan.tsch.frame_duration'),
  endOffset: float(8, 'wpan.tsch.frame_end_offset'),
};
