/** The NWK layer of a captured frame (ZigBee 3.3.1): header, security, commands, and what lies above. */
import { NWK_2004, NWK_INTER_PAN, NWK_PRO, type NwkHeading } from '../clusters/nwk-header.ts';
import type { Values } from '../clusters/item.ts';
import type { NwkHeader } from '../model/frame.ts';
import type { Eui64 } from '../model/ids.ts';
import { sendersAt, sendersOfNwk, type Senders } from './addresses.ts';
import { readAps } from './aps.ts';
import { nwkCommand } from './body.ts';
import type { Carried } from './carried.ts';
import type { Finding } from './finding.ts';
import { MacMode } from './frame-control.ts';
import type { MacFrame } from './mac.ts';
import type { Memory } from './memory.ts';
import { heard, openLayer, type Opening } from './security.ts';

const NwkType = { DATA: 0, COMMAND: 1, RESERVED: 2, INTER_PAN: 3 } as const;
const VERSION_2004 = 1;
const VERSION_PRO = 2;
const SECURED = 0x0200;

/** Whether a data frame's payload is a NWK frame: its version, its type and the addresses around it must be ZigBee's. */
export function isNwk({ control }: MacFrame, bytes: Uint8Array): boolean {
  const first = bytes[0] ?? 0;
  const [type, version] = [first & 3, (first >> 2) & 15];
  if (version !== VERSION_2004 && version !== VERSION_PRO) return false;
  if (type === NwkType.INTER_PAN) return control.srcMode === MacMode.EXTENDED;
  return type !== NwkType.RESERVED && control.srcMode === MacMode.SHORT && control.dstMode === MacMode.SHORT;
}

/** Reads the NWK layer and the layers above it. */
export function readNwk(carried: Carried, finding: Finding, memory: Memory): void {
  const { bytes } = carried;
  if (bytes.length < 2) return finding.refuse('nwk-too-short', 'there is no room for the NWK frame control');
  const type = (bytes[0] ?? 0) & 3;
  const pro = (((bytes[0] ?? 0) >> 2) & 15) === VERSION_PRO;
  const heading = headingOf(type, pro);
  const { values, rest, short } = finding.read(heading.rest, bytes, undefined, heading.way);
  const senders = sendersOf(carried, values, pro && type !== NwkType.INTER_PAN, memory);
  if (short !== undefined) return finding.cutShort('nwk', short);
  if (rest.length === 0) {
    finding.remark('zbee_nwk.missing_payload');
    return finding.refuse('nwk-payload-missing', 'the NWK frame ends behind its header');
  }
  const at = bytes.length - rest.length;
  const secured = ((values['fcf'] as number) & SECURED) !== 0;
  const opening = secured ? open(carried, at, finding, senders, memory) : { header: undefined, body: at, payload: rest };
  finding.headers.nwk = headerOf(carried, values, type, opening ?? { header: undefined, body: at, payload: undefined });
  if (opening?.payload === undefined) return;
  if (type === NwkType.COMMAND) return showCommand(opening.payload, pro, finding, senders, memory);
  const { body, payload } = opening;
  const { mac, offset, missing, frame, number } = carried;
  readAps({ mac, bytes: payload, offset: offset + body, missing: secured ? 0 : missing, frame, number, pro, senders }, finding, memory);
}

function headingOf(type: number, pro: boolean): NwkHeading {
  if (type === NwkType.INTER_PAN) return NWK_INTER_PAN[pro ? 'pro' : '2004'];
  return pro ? NWK_PRO : NWK_2004;
}

function sendersOf({ mac }: Carried, values: Values, tellsSource: boolean, { addresses }: Memory): Senders {
  const short = typeof mac.src === 'number' ? mac.src : undefined;
  const senders = sendersAt(mac.pan, short, addresses);
  const source = (values['src'] as number | undefined) ?? 0;
  if (tellsSource) sendersOfNwk(senders, source, values['srcEui'] as Eui64 | undefined, short !== undefined, addresses);
  else senders.wayShort = source;
  return senders;
}

function open(
  { bytes, offset, missing, frame, mac }: Carried,
  at: number,
  finding: Finding,
  senders: Senders,
  memory: Memory,
): Opening | undefined {
  const opening = openLayer({ layer: 'nwk', bytes, offset, at, missing }, finding, senders, memory);
  return opening && heard(opening, { layer: 'nwk', bytes, frame: frame.subarray(mac.control.length) }, finding, memory);
}

function showCommand(payload: Uint8Array, pro: boolean, finding: Finding, senders: Senders, memory: Memory): void {
  const key = finding.follow('nwk', nwkCommand(payload, pro), payload)['keyTrace'];
  if (memory.learns && key instanceof Uint8Array) memory.keys.learn(senders.keyPan, key);
}

function headerOf({ offset }: Carried, values: Values, type: number, { header, body, payload }: Opening): NwkHeader {
  const number = (key: string): number => (values[key] as number | undefined) ?? 0;
  const relays = values['relays'] as readonly Values[] | undefined;
  return {
    offset,
    fcf: number('fcf'),
    dst: number('dst'),
    src: number('src'),
    radius: number('radius'),
    seq: number('seq'),
    dstEui: values['dstEui'] as Eui64 | undefined,
    srcEui: values['srcEui'] as Eui64 | undefined,
    multicast: values['multicast'] as number | undefined,
    sourceRoute: relays && { index: number('relayIndex'), relays: relays.map(({ relay }) => relay as number) },
    security: header,
    command: type === NwkType.COMMAND ? payload?.[0] : undefined,
    payload: { offset: offset + body, length: payload?.length ?? 0 },
  };
}
