/**
 * Differences from tshark (4.0) that were reviewed and are meant, each with its reason. A difference that no rule covers
 * fails the conformance run.
 */
import { NwkCommand } from '../../host/clusters/nwk-commands.ts';
import type { Decoded } from '../../host/decode/decoded.ts';
import type { Family } from './families.ts';
import type { OracleFrame } from './tshark.ts';

/** A reviewed difference: in the fields of a family, or in the verdict. */
export interface Permitted {
  readonly name: string;
  readonly reason: string;
  /** Whether a frame that differs, in this family or in its verdict, is of this kind. */
  covers(oracle: OracleFrame, decoded: Decoded, family?: Family): boolean;
}

/** Whether tshark shows a field. */
const has = (oracle: OracleFrame, name: string): boolean => oracle.fields.some((field) => field.name === name);

/** tshark took a NWK frame whose route discovery mode is 2, which is none, for a 6LoWPAN mesh header. */
const isMeshHeader = (oracle: OracleFrame, { headers: { nwk } }: Decoded): boolean =>
  nwk !== undefined && (nwk.fcf & 0xc0) === 0x80 && has(oracle, '6lowpan.pattern');
const MESH_HEADER: Permitted = {
  name: 'mesh-header',
  reason: 'a reserved route discovery mode looks like a 6LoWPAN mesh header, which tshark tries first',
  covers: (oracle, decoded, family) => !['link', 'mac', 'beacon'].includes(family ?? '') && isMeshHeader(oracle, decoded),
};

/** A Green Power frame of an application that no document knows, which says that it is encrypted. */
const hasReservedApplication = (oracle: OracleFrame, { code }: Decoded): boolean =>
  code === 'closed-gp' && oracle.fields.some(({ name, show }) => name === 'zbee_nwk_gp.fc_ext_app_id' && Number(show) > 2);

/** tshark 4.0 reads the frame identifiers of a Multiple Ack by the size of its option field, and gives up by an assertion of its own. */
const MULTIPLE_ACK: Omit<Permitted, 'covers'> = {
  name: 'partition-acknowledgement',
  reason: 'tshark fails an assertion of its own in the identifiers of a Multiple Ack (Partition cluster)',
};
const isMultipleAck = ({ headers: { aps, zcl } }: Decoded): boolean =>
  aps?.cluster === 0x0016 && zcl !== undefined && (zcl.control & 0x0b) === 0x09 && zcl.command === 0;

/** Differences of fields. */
export const PERMITTED: readonly Permitted[] = [
  { ...MULTIPLE_ACK, covers: (_, decoded) => isMultipleAck(decoded) },
  {
    name: 'green-power-application',
    reason: 'a reserved application has no MIC: tshark takes whatever its first key makes of the frame',
    covers: (oracle, decoded, family) => family === 'green-power' && hasReservedApplication(oracle, decoded),
  },
  MESH_HEADER,
  {
    name: 'elements-of-others',
    reason: 'information elements of 6TiSCH (IETF) and of key management (MPX), which ZigBee has no use for, are shown as bytes',
    covers: (oracle, _, family) => family === 'mac' && (has(oracle, 'wpan.payload_ie.ietf') || has(oracle, 'wpan.mpx')),
  },
  {
    name: 'cut-power-delta',
    reason: 'of a cut Link Power Delta command tshark shows entries by how many there are, not by how many bytes',
    covers: (oracle, { headers: { nwk } }, family) => family === 'nwk' && oracle.cut && nwk?.command === NwkCommand.LINK_POWER_DELTA,
  },
  {
    name: 'another-protocol',
    reason: 'the dissector of another protocol (MLE) shows the security header of its own payload under a name of the MAC',
    covers: (oracle, _, family) => family === 'mac' && has(oracle, 'wpan.aux_sec.hdr') && !has(oracle, 'zbee_nwk.fcf'),
  },
];

/** Differences of verdicts. */
export const PERMITTED_VERDICTS: readonly Permitted[] = [
  { ...MULTIPLE_ACK, covers: (oracle, decoded) => oracle.malformed && isMultipleAck(decoded) },
  {
    name: 'frame-types',
    reason: 'of reserved, fragment and extended frames tshark shows what it can and leaves the rest as data: a receiver refuses them',
    covers: (oracle, decoded) => !oracle.malformed && decoded.code === 'mac-frame-type',
  },
  {
    name: 'longer-than-a-frame',
    reason: 'a PSDU has at most 127 bytes (IEEE 802.15.4 6.4.1); tshark does not ask',
    covers: (oracle, decoded) => !oracle.malformed && decoded.code === 'mac-too-long',
  },
  {
    name: 'cut',
    reason: 'the capture holds less than the frame: tshark judges what there is, we say what is missing',
    covers: (oracle, decoded) => oracle.cut && !oracle.malformed && decoded.verdict !== 'ok',
  },
  {
    name: 'another-protocol',
    reason: 'tshark found a fault in the payload of a protocol that is not ours (6LoWPAN, Thread): it is left unread',
    covers: (oracle, { verdict, unread, headers: { nwk, greenPower } }) =>
      oracle.malformed && verdict === 'ok' && unread.length > 0 && nwk === undefined && greenPower === undefined,
  },
  {
    name: 'beacon-filter',
    reason: 'tshark reads the whole of a beacon filter as one number, and gives up on more than four bytes; we show it',
    covers: (oracle, { verdict }) => oracle.malformed && verdict === 'ok' && has(oracle, 'wpan.eb_filter'),
  },
  MESH_HEADER,
  {
    name: 'delivery-mode',
    reason: 'tshark remarks upon a delivery mode that is not one, and gives up in silence',
    covers: (oracle, { code }) => code === 'aps-indirect' && has(oracle, 'zbee_aps.invalid_delivery_mode'),
  },
  {
    name: 'overlapping-mic',
    reason: 'the MIC overlaps the auxiliary header: tshark shows it and ends in silence',
    covers: (oracle, { code }) =>
      !oracle.malformed && /^(nwk|aps)-security-truncated$/.test(code ?? '') && oracle.fields.at(-1)?.name === 'zbee.sec.mic',
  },
  {
    name: 'short-envelope',
    reason: 'tshark cannot copy a secured layer of less than 16 bytes and calls the frame malformed; we open it',
    covers: (oracle, decoded) => oracle.malformed && decoded.verdict === 'ok' && oracle.fields.at(-1)?.name === 'zbee.sec.mic',
  },
  {
    name: 'green-power-closed',
    reason: 'tshark does not remark that no key opens a Green Power frame',
    covers: (oracle, { code }) => code === 'closed-gp' && !oracle.malformed && !has(oracle, 'zbee_nwk_gp.command_id'),
  },
  {
    name: 'green-power-application',
    reason: 'a reserved application has no MIC: tshark takes whatever its first key makes of the frame',
    covers: hasReservedApplication,
  },
];
