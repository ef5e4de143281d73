/** APS headers (ZigBee 2.2.5.1) of every frame type and delivery mode, as they stand in NWK frames of PRO and of 2004. */
import {
  APS_ADDRESSING_2004,
  APS_CONTROL,
  APS_COUNTER,
  APS_EXTENDED,
  APS_INTER_PAN_2004,
  apsGroup,
  apsInterPan,
  apsUnicast,
} from '../clusters/aps-header.ts';
import type { Format, Values } from '../clusters/item.ts';
import type { Run } from '../clusters/run.ts';
import type { Finding } from './finding.ts';

/** Frame types. */
export const ApsType = { DATA: 0, COMMAND: 1, ACK: 2, INTER_PAN: 3 } as const;

/** Profile of ZDP, and of ZigBee's second test profile: their clusters go by names of their own. */
export const PROFILE_ZDP = 0x0000;
export const PROFILE_TEST_2 = 0x7f01;

const [INDIRECT, GROUP] = [1, 3];
const ACK_FORMAT = 0x10;

const BEHIND_ADDRESSING: Format = [...APS_COUNTER, ...APS_EXTENDED];

/** A header behind its frame control: what it begins with where that is of one length, and the rest. */
interface Layout {
  readonly way?: Run;
  readonly rest: Format;
}

const formats = (cluster: string): Readonly<Record<'unicast' | 'group' | 'interPan', Layout>> => ({
  unicast: { way: apsUnicast(cluster), rest: BEHIND_ADDRESSING },
  group: { rest: [...apsGroup(cluster), ...BEHIND_ADDRESSING] },
  interPan: { rest: [...apsInterPan(cluster), ...APS_EXTENDED] },
});
const FORMATS: Readonly<Record<number, ReturnType<typeof formats>>> = {
  [PROFILE_ZDP]: formats('zdp_cluster'),
  [PROFILE_TEST_2]: formats('t2.cluster'),
};
const FORMATS_OF_OTHERS = formats('cluster');

/** Headers that name no endpoints, and those of ZigBee 2004, which count nothing. */
const UNADDRESSED: Layout = { rest: BEHIND_ADDRESSING };
const UNADDRESSED_2004: Layout = { rest: APS_EXTENDED };
const ADDRESSED_2004: Layout = { rest: [...APS_ADDRESSING_2004, ...APS_EXTENDED] };
const INTER_PAN_2004: Layout = { rest: [...APS_INTER_PAN_2004, ...APS_EXTENDED] };

/** A header that was read: its frame control, its values by key, and what follows it. */
export interface ApsHeading {
  readonly fcf: number;
  readonly values: Values;
  readonly rest: Uint8Array;
  /** The frame ends inside the header, which has been refused. */
  readonly short: boolean;
}

/** Reads the header at the start of an APS frame. Undefined when nothing says what it is, or a delivery mode is not one. */
export function readApsHeader(bytes: Uint8Array, pro: boolean, finding: Finding): ApsHeading | undefined {
  const [fcf] = bytes;
  if (fcf === undefined) return void finding.refuse('aps-too-short', 'there is no APS frame control');
  const [type, delivery] = [fcf & 3, (fcf >> 2) & 3];
  const kind = pro ? (type === ApsType.ACK ? 'acknowledgement' : 'plain') : delivery === INDIRECT ? 'indirect' : 'plain';
  finding.number(APS_CONTROL[kind], fcf);
  const addressed = type === ApsType.DATA || (type === ApsType.ACK && !(pro && (fcf & ACK_FORMAT) !== 0));
  if (addressed && delivery === (pro ? INDIRECT : GROUP)) {
    finding.remark('zbee_aps.invalid_delivery_mode');
    return void finding.refuse('aps-indirect', 'the delivery mode is not one of this version of ZigBee');
  }
  const interPan = type === ApsType.INTER_PAN;
  const layout = addressed || interPan ? addressing(bytes, pro, interPan, delivery === GROUP) : pro ? UNADDRESSED : UNADDRESSED_2004;
  const before = finding.shown.length;
  const { values, rest, short } = finding.read(layout.rest, bytes.subarray(1), { fcf }, layout.way);
  // In ZigBee PRO the profile behind a cluster tells what it is called.
  if (pro && short !== undefined && values['profile'] === undefined) finding.withdraw(before, (name) => name.endsWith('cluster'));
  if (short !== undefined) finding.cutShort('aps', 1 + short);
  return { fcf, values, rest, short: short !== undefined };
}

/** Which addressing follows: the profile, behind the cluster, tells what the cluster is called. */
function addressing(bytes: Uint8Array, pro: boolean, interPan: boolean, group: boolean): Layout {
  if (!pro) return interPan ? INTER_PAN_2004 : ADDRESSED_2004;
  const at = 1 + (group ? 2 : interPan ? 0 : 1) + 2;
  const profile = (bytes[at] ?? 0xff) + 256 * (bytes[at + 1] ?? 0xff);
  return (FORMATS[profile] ?? FORMATS_OF_OTHERS)[interPan ? 'interPan' : group ? 'group' : 'unicast'];
}
