/**
 * Differences from tshark (4.0) that were reviewed and are meant, each with its reason. A difference that no rule covers
 * fails the conformance run.
 */
import { clusterOf } from '../../host/clusters/catalogue.ts';
import { NwkCommand } from '../../host/clusters/nwk-commands.ts';
import type { Decoded } from '../../host/decode/decoded.ts';
import { familyOf, type Family } from './families.ts';
import type { OracleFrame } from './tshark.ts';

/** A reviewed difference: in the fields of some families, or in the verdict. */
export interface Permitted {
  readonly name: string;
  readonly reason: string;
  /** Whether a frame that differs is of this kind. */
  covers(oracle: OracleFrame, decoded: Decoded): boolean;
}

/** A reviewed difference of fields. */
export interface PermittedFields extends Permitted {
  readonly families: readonly Family[];
}

const SERVER_TO_CLIENT = 0x08;

/** A command of a cluster, in one direction. */
const isCommand =
  (cluster: number, direction: 'to-server' | 'to-client', command: number) =>
  (_: OracleFrame, { headers: { aps, zcl } }: Decoded): boolean =>
    aps?.cluster === cluster &&
    zcl !== undefined &&
    (zcl.control & 0x03) === 1 &&
    ((zcl.control & SERVER_TO_CLIENT) !== 0) === (direction === 'to-client') &&
    zcl.command === command;

const isGeneral = ({ headers: { zcl } }: Decoded): boolean => zcl !== undefined && (zcl.control & 0x03) === 0;

/** tshark shows a value under the name of its attribute that we show by its declared type. */
function readByAttribute(oracle: OracleFrame, decoded: Decoded): boolean {
  const ours = new Set(decoded.fields.map(([name, show]) => `${name}=${show}`));
  return oracle.fields.some(
    ({ name, show }) => !/\.attr_(client_)?id$/.test(name) && familyOf(name) === 'cluster' && !ours.has(`${name}=${show}`),
  );
}

/** The cluster has attributes that tshark reads in a way of their own. */
function hasOwnAttributes({ headers: { aps } }: Decoded): boolean {
  const cluster = clusterOf(aps?.cluster ?? -1);
  return Object.keys({ ...cluster?.attributes, ...cluster?.client?.attributes }).length > 0;
}

/** Clusters that no SMETS1 device carries: we name their identifiers, and show their values by data type. */
const ELSEWHERE: ReadonlySet<number> = new Set([0x0001, 0x0003, 0x0004, 0x0005, 0x0008, 0x0020, 0x0021, 0x0201, 0x0300, 0x0405, 0x0500]);
const isElsewhere = ({ headers: { aps } }: Decoded): boolean => ELSEWHERE.has(aps?.cluster ?? -1);

/** Commands whose lists tshark reads as long as a whole record is left. */
const LISTS = [
  isCommand(0x0702, 'to-client', 0x07),
  isCommand(0x0700, 'to-client', 0x05),
  isCommand(0x0700, 'to-client', 0x06),
  isCommand(0x0707, 'to-client', 0x01),
  isCommand(0x0707, 'to-client', 0x03),
  isCommand(0x0707, 'to-client', 0x04),
  isCommand(0x0708, 'to-server', 0x04),
  isCommand(0x070a, 'to-client', 0x00),
  isCommand(0x070d, 'to-client', 0x01),
];

/** Whether tshark shows a field. */
const has = (oracle: OracleFrame, name: string): boolean => oracle.fields.some((field) => field.name === name);

/** A Green Power frame of an application that no document knows, which says that it is encrypted. */
const hasReservedApplication = (oracle: OracleFrame, { code }: Decoded): boolean =>
  code === 'closed-gp' && oracle.fields.some(({ name, show }) => name === 'zbee_nwk_gp.fc_ext_app_id' && Number(show) > 2);

/** tshark took a NWK frame whose route discovery mode is 2, which is none, for a 6LoWPAN mesh header. */
const isMeshHeader = (oracle: OracleFrame, { headers: { nwk } }: Decoded): boolean =>
  nwk !== undefined && (nwk.fcf & 0xc0) === 0x80 && has(oracle, '6lowpan.pattern');

/** Differences of fields. */
export const PERMITTED: readonly PermittedFields[] = [
  {
    name: 'fast-poll-end-time',
    families: ['cluster'],
    reason: 'Fast Poll Mode End Time is a UTCTime; tshark shows it as if it counted from 1970',
    covers: isCommand(0x0702, 'to-client', 0x03),
  },
  {
    name: 'tenancy-control-byte-order',
    families: ['cluster'],
    reason: 'tshark reads the Proposed Tenancy Change Control most significant byte first',
    covers: isCommand(0x0708, 'to-client', 0x00),
  },
  {
    name: 'password-duration-byte-order',
    families: ['cluster'],
    reason: 'tshark reads the Duration in Minutes of a new password most significant byte first',
    covers: isCommand(0x0708, 'to-client', 0x02),
  },
  {
    name: 'debt-label',
    families: ['cluster'],
    reason: 'tshark counts the length octet of the Debt Label as part of it, and one byte of the Recovery Balance Percentage',
    covers: isCommand(0x0705, 'to-server', 0x02),
  },
  {
    name: 'partial-record',
    families: ['cluster'],
    reason: 'a list that ends inside a record: tshark leaves the rest out, we show what is there',
    covers: (oracle, decoded) => LISTS.some((list) => list(oracle, decoded)),
  },
  {
    name: 'declared-type',
    families: ['zcl', 'cluster'],
    reason:
      'an attribute whose declared data type is not its own is read by the declared type; tshark reads it by the attribute and loses step',
    covers: (oracle, decoded) => isGeneral(decoded) && readByAttribute(oracle, decoded),
  },
  {
    name: 'clusters-elsewhere',
    families: ['zcl', 'cluster'],
    reason: 'clusters that no SMETS1 device carries have no tables of values and commands',
    covers: (_, decoded) => isElsewhere(decoded),
  },
  {
    name: 'mesh-header',
    families: ['nwk', 'security', 'aps', 'zdp', 'zcl', 'cluster'],
    reason: 'a reserved route discovery mode looks like a 6LoWPAN mesh header, which tshark tries first',
    covers: isMeshHeader,
  },
  {
    name: 'cut-power-delta',
    families: ['nwk'],
    reason: 'of a cut Link Power Delta command tshark shows entries by how many there are, not by how many bytes',
    covers: (oracle, { headers: { nwk } }) => oracle.cut && nwk?.command === NwkCommand.LINK_POWER_DELTA,
  },
  {
    name: 'green-power-application',
    families: ['gp'],
    reason: 'a reserved application has no MIC: tshark takes whatever its first key makes of the frame',
    covers: hasReservedApplication,
  },
];

/** Differences of verdicts. */
export const PERMITTED_VERDICTS: readonly Permitted[] = [
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
    name: 'mesh-header',
    reason: 'a reserved route discovery mode looks like a 6LoWPAN mesh header, which tshark tries first',
    covers: isMeshHeader,
  },
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
  {
    name: 'status-alone',
    reason: 'a ZDP response may end after a status that is not success',
    covers: (oracle, { headers: { aps } }) => oracle.malformed && aps?.profile === 0 && ((aps.cluster ?? 0) & 0x8000) !== 0,
  },
  {
    name: 'empty-payload',
    reason: 'tshark does not judge a command whose payload is empty; we miss its fields',
    covers: (oracle, { code, headers }) => !oracle.malformed && code === 'truncated-zcl' && headers.payload?.length === 0,
  },
  {
    name: 'partial-record',
    reason: 'a list that ends inside a record: tshark leaves the rest out, we say that it is truncated',
    covers: (oracle, decoded) => !oracle.malformed && decoded.code === 'truncated-zcl' && LISTS.some((list) => list(oracle, decoded)),
  },
  {
    name: 'event-tail',
    reason: 'bytes after the last field are left unread; tshark takes them into the last number of Get Scheduled Events',
    covers: isCommand(0x0701, 'to-server', 0x01),
  },
  {
    name: 'tunnelled-data',
    reason: 'Transfer Data carries octets of another protocol; tshark goes on into them',
    covers: (oracle, decoded) =>
      isCommand(0x0704, 'to-server', 0x02)(oracle, decoded) || isCommand(0x0704, 'to-client', 0x01)(oracle, decoded),
  },
  {
    name: 'declared-type',
    reason: 'as for fields: tshark loses step after an attribute whose declared data type is not its own, or unknown',
    covers: (oracle, decoded) => oracle.malformed && isGeneral(decoded) && (hasOwnAttributes(decoded) || isElsewhere(decoded)),
  },
];
