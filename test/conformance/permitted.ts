/**
 * Differences from tshark (4.0) that were reviewed and are meant, each with its reason. A difference that no rule covers
 * fails the conformance run.
 */
import { clusterOf } from '../../host/clusters/catalogue.ts';
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

const hasCode =
  (...codes: string[]) =>
  (_: OracleFrame, { code }: Decoded): boolean =>
    codes.includes(code ?? 'ok');

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
];

/** Differences of verdicts. */
export const PERMITTED_VERDICTS: readonly Permitted[] = [
  {
    name: 'mac-not-zigbee',
    reason: 'MAC security, information elements, reserved types and versions do not occur in ZigBee: refused with a code of their own',
    covers: hasCode('mac-secured', 'mac-information-elements', 'mac-frame-type', 'mac-version'),
  },
  {
    name: 'longer-than-a-frame',
    reason: 'a PSDU has at most 127 bytes (IEEE 802.15.4 6.4.1); tshark does not ask',
    covers: hasCode('mac-too-long'),
  },
  {
    name: 'not-zigbee',
    reason: 'the payload is not of ZigBee (6LoWPAN, Thread) or of another ZigBee protocol (Green Power); tshark dissects it as that',
    covers: hasCode('nwk-version', 'nwk-green-power', 'nwk-frame-type'),
  },
  {
    name: 'noise',
    reason: 'the FCS is wrong: reserved bits and odd addresses, which tshark notes as malformed, are shown as they came',
    covers: (oracle, decoded) => oracle.malformed && decoded.verdict !== 'refused' && decoded.headers.mac?.fcs?.good === false,
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
