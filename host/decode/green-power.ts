/** Green Power frames (ZigBee 14-0563, A.1.4): the stub NWK header, its security, and commands. */
import {
  GREEN_POWER_COMMAND_ID,
  GREEN_POWER_CONTROL,
  GREEN_POWER_COUNTER,
  GREEN_POWER_ENDPOINT,
  GREEN_POWER_MIC,
  GREEN_POWER_SOURCE,
  GreenPowerCommand,
  GreenPowerType,
} from '../clusters/green-power.ts';
import type { Format, Values } from '../clusters/item.ts';
import { read } from '../clusters/read.ts';
import { euiToAir, type Eui64 } from '../model/ids.ts';
import { greenPowerCommand } from './body.ts';
import type { Finding } from './finding.ts';
import { MacMode } from './frame-control.ts';
import { readGreenPowerAttributes } from './green-power-attributes.ts';
import type { MacFrame } from './mac.ts';
import type { Memory } from './memory.ts';
import type { Carried } from './carried.ts';

const VERSION = 3;
const BROADCAST = 0xffff;
const EXTENDED = 0x80;
const [APPLICATION_SOURCE, APPLICATION_LPED, APPLICATION_EUI] = [0, 1, 2];
const [LEVEL_SHORT, LEVEL_FULL, LEVEL_ENCRYPTED] = [1, 2, 3];
/** Direction bit of the extended frame control, and the security controls of the two directions (A.1.5.4.2). */
const TO_DEVICE = 0x80;
const [CONTROL, CONTROL_TO_DEVICE] = [0x05, 0xc5];
const KEY_FIELD = 'zbee_nwk_gp.cmd.comm.security_key';

/** Whether a data frame's payload is a Green Power frame: such frames go to everybody, or to an EUI-64, and never come from a short address. */
export function isGreenPower({ control, dst, dstPan }: MacFrame, bytes: Uint8Array): boolean {
  const first = bytes[0] ?? 0;
  if (((first >> 2) & 15) !== VERSION || (first & 3) > GreenPowerType.MAINTENANCE || control.srcMode === MacMode.SHORT) return false;
  return control.dstMode === MacMode.EXTENDED || (control.dstMode === MacMode.SHORT && dst === BROADCAST && dstPan === BROADCAST);
}

/** Who sends a Green Power frame, and what its nonce is made of. */
interface Sender {
  readonly extension: number;
  readonly source: number;
  readonly counter: number;
  readonly eui: Eui64 | undefined;
}

/** Reads a Green Power frame. */
export function readGreenPower({ bytes, mac }: Carried, finding: Finding, memory: Memory): void {
  const header = read(headerFormat(bytes), bytes);
  finding.show(header.fields);
  if (header.short !== undefined) return finding.cutShort('gp', header.short);
  const { extension = 0, source = 0, counter = 0 } = header.values as Readonly<Partial<Record<string, number>>>;
  const sender = { extension, source, counter, eui: typeof mac.src === 'string' ? mac.src : undefined };
  finding.headers.greenPower = { source: header.values['source'] as number | undefined, command: undefined };
  const micSize = micSizeOf(extension);
  const length = header.rest.length - micSize;
  if (length <= 0) {
    finding.remark('zbee_nwk_gp.no_payload');
    return finding.refuse('gp-payload-missing', 'the Green Power frame holds no command');
  }
  const encrypted = levelOf(extension) === LEVEL_ENCRYPTED;
  if (!encrypted) showCommand(header.rest.subarray(0, length), sender, finding, memory);
  finding.show(read(GREEN_POWER_MIC[micSize] ?? [], header.rest.subarray(length)).fields);
  if (!encrypted) return;
  const start = bytes.length - header.rest.length;
  const opened = micSize === 0 ? undefined : memory.core.openEnvelope(bytes, start, nonceOf(sender), 0, memory.greenPowerKeys.of(0));
  if (opened === undefined) finding.close('gp', 'no key opens the Green Power frame');
  else showCommand(opened.payload, sender, finding, memory);
}

const applicationOf = (extension: number): number => extension & 0x07;
const levelOf = (extension: number): number => (extension >> 3) & 0x03;

/** The header depends on frame type, application and, for a maintenance frame, on the command behind it. */
function headerFormat([fcf = 0, extension = 0, next = 0]: Uint8Array): Format {
  const extended = (fcf & EXTENDED) !== 0;
  const application = extended ? applicationOf(extension) : APPLICATION_SOURCE;
  const maintenance = (fcf & 3) === GreenPowerType.MAINTENANCE;
  const names = application === APPLICATION_SOURCE && (maintenance ? extended && next !== GreenPowerCommand.CHANNEL_CONFIGURATION : true);
  const counts = extended && application <= APPLICATION_EUI && levelOf(extension) >= LEVEL_FULL;
  return [
    ...GREEN_POWER_CONTROL,
    ...(names ? GREEN_POWER_SOURCE : []),
    ...(application === APPLICATION_EUI ? GREEN_POWER_ENDPOINT : []),
    ...(counts ? GREEN_POWER_COUNTER : []),
  ];
}

function micSizeOf(extension: number): number {
  const application = applicationOf(extension);
  if (application > APPLICATION_EUI) return 0;
  if (levelOf(extension) === LEVEL_SHORT) return application === APPLICATION_LPED ? 0 : 2;
  return levelOf(extension) >= LEVEL_FULL ? 4 : 0;
}

/** A.1.5.4.2: the source twice, or to the device once behind nothing, or its EUI-64; the frame counter; a security control. */
function nonceOf({ extension, source, counter, eui }: Sender): Uint8Array {
  const nonce = new Uint8Array(13);
  const view = new DataView(nonce.buffer);
  const application = applicationOf(extension);
  const toDevice = (extension & TO_DEVICE) !== 0;
  if (application === APPLICATION_SOURCE) {
    if (!toDevice) view.setUint32(0, source, true);
    view.setUint32(4, source, true);
  } else if (application === APPLICATION_EUI && eui !== undefined) nonce.set(euiToAir(eui));
  view.setUint32(8, counter, true);
  nonce[12] = application === APPLICATION_EUI && toDevice ? CONTROL_TO_DEVICE : CONTROL;
  return nonce;
}

function showCommand(payload: Uint8Array, sender: Sender, finding: Finding, memory: Memory): void {
  const [command = 0] = payload;
  finding.headers.greenPower = { source: finding.headers.greenPower?.source, command };
  const values = showGreenPowerCommand(command, payload.subarray(1), finding, memory);
  if (memory.learns) takeKey(values, sender, memory);
}

/** Shows a command in clear: of a Green Power frame, or of a device that a proxy tells of in the Green Power cluster. */
export function showGreenPowerCommand(command: number, payload: Uint8Array, finding: Finding, { showsKeys }: Memory): Values {
  finding.number(GREEN_POWER_COMMAND_ID, command);
  const body = readGreenPowerAttributes(command, payload) ?? greenPowerCommand(command, payload);
  finding.showBody(showsKeys ? body : { ...body, fields: body.fields.filter(([name]) => name !== KEY_FIELD) });
  return body.values;
}

/** Takes up the key that a commissioning frame or its reply brings: in clear, or under a key that is known already. */
function takeKey({ key, keyMic, frameCounter }: Values, sender: Sender, { core, greenPowerKeys }: Memory): void {
  if (!(key instanceof Uint8Array)) return;
  if (keyMic === undefined) return greenPowerKeys.learn(0, key);
  const envelope = new Uint8Array(24);
  const view = new DataView(envelope.buffer);
  view.setUint32(0, sender.source, true);
  envelope.set(key, 4);
  view.setUint32(20, keyMic as number, true);
  const nonce = nonceOf({ ...sender, counter: (frameCounter as number | undefined) ?? sender.source });
  const opened = core.openEnvelope(envelope, 4, nonce, 0, greenPowerKeys.of(0));
  if (opened !== undefined) greenPowerKeys.learn(0, opened.payload);
}
