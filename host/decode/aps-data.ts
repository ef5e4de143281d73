/** What APS data frames carry: ZDP, ZCL, the buffer test of ZigBee's second test profile, and the application frames of 2004. */
import type { Values } from '../clusters/item.ts';
import type { ApsHeader, ZclHeader } from '../model/frame.ts';
import { PROFILE_TEST_2, PROFILE_ZDP } from './aps-header.ts';
import { applicationFrame, aroundZcl, bufferTest, zclCommand, zclStart, zdpCommand, type ZclPlan } from './body.ts';
import type { Finding } from './finding.ts';
import { showGreenPowerCommand } from './green-power.ts';
import type { Memory } from './memory.ts';
import { readZclHeader } from './zcl-header.ts';

/** The Green Power cluster. */
const GREEN_POWER = 0x0021;

/** Shows the payload of a data frame whose header has been read. */
export function showData(payload: Uint8Array, pro: boolean, finding: Finding, memory: Memory): void {
  const { aps } = finding.headers;
  if (aps === undefined) return;
  if (pro) showMessage(payload, aps, finding, memory);
  else showApplicationFrame(payload, aps, finding, memory);
}

function showMessage(payload: Uint8Array, aps: ApsHeader, finding: Finding, memory: Memory): void {
  if (aps.profile === PROFILE_ZDP) return void finding.follow('zdp', zdpCommand(aps.cluster ?? 0), payload);
  if (aps.profile === PROFILE_TEST_2) return finding.showBody(bufferTest(aps.cluster ?? 0, payload));
  const zcl = readZclHeader(payload, aps.payload.offset);
  if (zcl === undefined) {
    finding.show(zclStart(payload));
    return finding.refuse('zcl-truncated', 'the ZCL header does not fit');
  }
  finding.headers.zcl = zcl.header;
  finding.headers.payload = zcl.payload;
  const plan = zclCommand(aps, zcl.header, zcl.payload, memory.zclTables, memory.seVersion);
  // Proxies tell of Green Power frames with the command and the payload that these held.
  const { commandId, payload: told } = showZcl(zcl.header, plan, zcl.payload, finding);
  if (aps.cluster === GREEN_POWER && typeof commandId === 'number' && told instanceof Uint8Array) {
    showGreenPowerCommand(commandId, told, finding, memory);
  }
}

function showZcl(header: ZclHeader, plan: ZclPlan, payload: Uint8Array, finding: Finding): Values {
  finding.number(plan.control, header.control);
  if (header.manufacturer !== undefined) finding.number(plan.manufacturer, header.manufacturer);
  finding.number(plan.sequence, header.seq);
  finding.number(plan.command, header.command);
  return finding.follow('zcl', plan.format, payload, aroundZcl(header));
}

/** Profiles whose transactions are known: ZDP, those that the ZigBee Alliance published over the ZCL, and three of vendors. */
const isKnown = (profile: number): boolean =>
  profile === PROFILE_ZDP || profile === 0x0101 || (profile >= 0x0103 && profile <= 0x010a) || [0xa1e0, 0xc05e, 0xc25d].includes(profile);

const KEY_VALUE = 1;

/** An application frame of ZigBee 2004: transactions behind one another, each read as if its bytes were a ZCL frame. */
function showApplicationFrame(payload: Uint8Array, aps: ApsHeader, finding: Finding, memory: Memory): void {
  const { values, ...head } = applicationFrame(payload);
  finding.showBody({ values, ...head });
  if (!isKnown(aps.profile ?? PROFILE_ZDP)) return;
  const flags = values['flags'] as number;
  let rest = head.rest;
  for (let left = flags & 0x0f; left > 0; left--) {
    const length = transactionLength(rest, flags >> 4);
    if (length === undefined) return finding.refuse('application-truncated', 'a transaction of the application frame does not fit');
    showMessage(rest.subarray(0, length), aps, finding, memory);
    rest = rest.subarray(length);
  }
  finding.unread = rest;
}

/** Kinds of key-value commands, and bytes of their data types. */
const WITH_STATUS: ReadonlySet<number> = new Set([0x08, 0x09, 0x0a]);
const WITH_DATA: ReadonlySet<number> = new Set([0x01, 0x02, 0x05, 0x06, 0x08]);
const DATA_SIZE: Readonly<Record<number, number>> = { 0x1: 1, 0x2: 1, 0x3: 2, 0x4: 2, 0xb: 2, 0xc: 4, 0xd: 4 };
const STRINGS: ReadonlySet<number> = new Set([0xe, 0xf]);

/** Sequence number, then a length or a key-value command: its kind and type, an attribute, a status, data. */
function transactionLength(bytes: Uint8Array, type: number): number | undefined {
  const [, second] = bytes;
  if (second === undefined) return undefined;
  if (type !== KEY_VALUE) return second + 2;
  const [command, dataType] = [second & 0x0f, second >> 4];
  const length = 4 + (WITH_STATUS.has(command) ? 1 : 0);
  if (!WITH_DATA.has(command)) return length;
  if (!STRINGS.has(dataType)) return length + (DATA_SIZE[dataType] ?? 0);
  const told = bytes[length];
  return told === undefined ? undefined : length + told + 1;
}
