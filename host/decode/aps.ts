/**
 * The APS layer of a captured frame (ZigBee 2.2.5, 4.4): header, security, commands with the frames that they carry, fragments
 * put together, and the payloads of ZDP and ZCL.
 */
import { ApsCommand } from '../clusters/aps-commands.ts';
import type { ApsHeader } from '../model/frame.ts';
import type { Values } from '../clusters/item.ts';
import type { Field } from '../clusters/read.ts';
import type { Senders } from './addresses.ts';
import { showData } from './aps-data.ts';
import { ApsType, readApsHeader, type ApsHeading } from './aps-header.ts';
import { apsCommand } from './body.ts';
import type { Finding } from './finding.ts';
import type { Memory } from './memory.ts';
import type { Block } from './reassembly.ts';
import type { Carried } from './carried.ts';
import { heard, openLayer, type Opening } from './security.ts';

const SECURED = 0x20;
const FRAGMENTED = 0x03;
const FIRST_FRAGMENT = 0x01;
const KEY_FIELD = 'zbee_aps.cmd.key';

/** An APS frame, and what its NWK header said. */
export interface ApsFrame extends Carried {
  /** Whether the NWK header is ZigBee PRO's. */
  readonly pro: boolean;
  readonly senders: Senders;
  /** The long counter of the frame around this one, which a tunnelled frame goes by. */
  readonly counter?: number;
}

/** Reads the APS layer and the payload above it. */
export function readAps(aps: ApsFrame, finding: Finding, memory: Memory): void {
  const heading = readApsHeader(aps.bytes, aps.pro, finding);
  if (heading === undefined) return;
  const counter = aps.counter ?? longCounter(heading, aps.senders, finding, memory);
  if (heading.short) return;
  const { fcf, rest } = heading;
  const at = aps.bytes.length - rest.length;
  const secured = (fcf & SECURED) !== 0 && rest.length > 0;
  const opening = secured ? open(aps, at, finding, memory) : { header: undefined, body: at, payload: rest };
  finding.headers.aps = headerOf(aps, heading, opening ?? { header: undefined, body: at, payload: undefined });
  if (opening?.payload === undefined) return;
  const payload = assembled({ ...aps, counter }, heading, opening.payload, finding, memory);
  if (payload === undefined) return;
  if ((fcf & 3) === ApsType.COMMAND) return showCommand({ ...aps, counter }, payload, aps.offset + opening.body, finding, memory);
  finding.unread = payload;
  if ((fcf & 3) !== ApsType.ACK && payload.length > 0) showData(payload, aps.pro, finding, memory);
}

/** Counts the frame among those of who counts: its source, or of an acknowledgement its destination. */
function longCounter({ fcf, values, short }: ApsHeading, { keyPan }: Senders, { headers }: Finding, { counters }: Memory): number {
  const counter = (values['counter'] as number | undefined) ?? 0;
  if (short && values['counter'] === undefined && values['extended'] === undefined) return counter;
  const { src = 0, dst = 0 } = headers.nwk ?? {};
  return counters.extend(keyPan, (fcf & 3) === ApsType.ACK ? dst : src, counter);
}

function open(
  { bytes, offset, missing, frame, mac, senders }: ApsFrame,
  at: number,
  finding: Finding,
  memory: Memory,
): Opening | undefined {
  const opening = openLayer({ layer: 'aps', bytes, offset, at, missing }, finding, senders, memory);
  return opening && heard(opening, { layer: 'aps', bytes, frame: frame.subarray(mac.control.length) }, finding, memory);
}

/** The payload; of a fragment that of the whole message, in the frame that completes it and in no other. */
function assembled(aps: ApsFrame, { values }: ApsHeading, payload: Uint8Array, finding: Finding, memory: Memory): Uint8Array | undefined {
  const extended = (values['extended'] as number | undefined) ?? 0;
  if ((extended & FRAGMENTED) === 0 || payload.length === 0) return payload;
  finding.unread = payload;
  const { src, dst } = finding.headers.nwk ?? { src: 0, dst: 0 };
  const outcome = memory.fragments.add({
    ...{ pan: aps.senders.keyPan, src, dst, counter: aps.counter ?? 0 },
    ...{ first: (extended & FRAGMENTED) === FIRST_FRAGMENT, block: values['block'] as number, payload, frame: aps.number },
  });
  if (outcome === 'impossible') finding.refuse('aps-fragment-count', 'there are fragments beyond the number that the first one tells');
  if (outcome === 'impossible' || outcome === 'incomplete') return undefined;
  finding.remark('zbee_aps.fragments');
  finding.show(outcome.blocks.flatMap(blockFields));
  finding.show([['zbee_aps.fragment.count', outcome.blocks.length.toString()]]);
  return outcome.payload;
}

function blockFields({ frame, repeats }: Block): Field[] {
  const where: Field = [repeats === 'other' ? 'zbee_aps.fragment.error' : 'zbee_aps.fragment', frame.toString()];
  if (repeats === 'nothing') return [where];
  const overlap: Field = ['zbee_aps.fragment.overlap', '1'];
  return repeats === 'same' ? [where, overlap] : [where, overlap, ['zbee_aps.fragment.overlap.conflicts', '1']];
}

/** A command; a Tunnel command shows the frame that it carries as well, a Transport-Key command's key may be taken up. */
function showCommand(aps: ApsFrame, payload: Uint8Array, offset: number, finding: Finding, memory: Memory): void {
  if (payload.length === 0) {
    finding.remark('zbee_aps.missing_payload');
    return finding.refuse('aps-command-missing', 'an APS command frame has no command identifier');
  }
  const before = finding.shown.length;
  const values = finding.follow('aps', apsCommand(payload, aps.pro), payload);
  if (!memory.showsKeys) finding.withdraw(before, (name) => name === KEY_FIELD);
  takeKey(values, aps.senders, memory);
  const carried = values['frame'];
  if (carried instanceof Uint8Array) readAps({ ...aps, bytes: carried, offset: offset + payload.length - carried.length }, finding, memory);
}

function takeKey({ command, keyType, key }: Values, { keyPan }: Senders, { learns, keys }: Memory): void {
  if (learns && command === ApsCommand.TRANSPORT_KEY && keyType !== undefined && key instanceof Uint8Array) keys.learn(keyPan, key);
}

function headerOf({ offset }: ApsFrame, { fcf, values }: ApsHeading, { header, body, payload }: Opening): ApsHeader {
  const number = (key: string): number | undefined => values[key] as number | undefined;
  const extended = number('extended');
  return {
    offset,
    fcf,
    dstEndpoint: number('dstEndpoint'),
    group: number('group'),
    cluster: number('cluster'),
    profile: number('profile'),
    srcEndpoint: number('srcEndpoint'),
    counter: number('counter') ?? 0,
    extended: extended === undefined ? undefined : { control: extended, block: number('block'), ackBits: number('ackBits') },
    security: header,
    command: (fcf & 3) === ApsType.COMMAND ? payload?.[0] : undefined,
    payload: { offset: offset + body, length: payload?.length ?? 0 },
  };
}
