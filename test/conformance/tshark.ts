/**
 * tshark as oracle: runs it over a capture with the preferences that make it comparable, and turns its PDML into the
 * ordered fields of each frame.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { SeVersion } from '../../host/decode/decoder.ts';

/** A field of the dissection: Wireshark's name and its `show`. */
export interface OracleField {
  readonly name: string;
  readonly show: string;
}

/** A frame as tshark saw it. */
export interface OracleFrame {
  readonly number: number;
  readonly fields: readonly OracleField[];
  /** tshark gave up inside the frame. */
  readonly malformed: boolean;
  /** tshark found no key for a secured layer. */
  readonly closed: boolean;
  /** The capture holds less of the packet than was on the air. */
  readonly cut: boolean;
}

/** What tshark must be told of a capture. */
export interface OracleOptions {
  readonly keys: readonly string[];
  readonly tiMetadata: boolean;
  /** Revision of the Smart Energy profile; two decoders depend on it. */
  readonly seVersion?: SeVersion;
}

/** The preferences: security level as ZigBee uses it, frames with a wrong FCS dissected, no heuristics of other protocols. */
export function tsharkArguments(file: string, options: OracleOptions): string[] {
  const colons = (key: string): string => key.toUpperCase().replace(/(..)(?=.)/g, '$1:');
  return [
    ...['-r', file, '-n', '-t', 'e', '-T', 'pdml'],
    ...['-o', 'zbee_nwk.seclevel:ENC-MIC32', '-o', `zbee_aps.zbeeseversion:SE ${options.seVersion ?? '1.4'}`],
    ...['-o', 'wpan.802154_fcs_ok:FALSE', '--disable-protocol', 'lwm'],
    ...(options.tiMetadata ? ['-o', 'wpan.fcs_format:TI CC24xx metadata'] : []),
    ...options.keys.flatMap((key, index) => ['-o', `uat:zigbee_pc_keys:"${colons(key)}","Normal","key ${index}"`]),
  ];
}

/** Fields that tshark adds to what stands on the air: addresses as a whole, where they were learned, labels of keys, lengths. */
const GENERATED =
  /^(_ws\.|data|fake)|^(wpan|zbee_nwk)\.addr(16|64)?$|\.origin$|^zbee\.sec\.decryption_key$|^wpan\.frame_length$|\.reassembled/;
/** Layers whose remarks and hidden fields are compared as well: they have names of their own to filter by. */
const REMARKS = /^(wpan|wpan-tap|zep|zbee_nwk|zbee_nwk_gp|zbee_beacon|zbip_beacon|zbee\.sec|zbee_sec|zbee_aps|zbee_apf)\./;
/** What tshark says of a layer that it could not open. */
const CLOSED: ReadonlySet<string> = new Set(['zbee_sec.encrypted_payload', 'zbee_sec.encrypted_payload_sliced', 'wpan.decrypt_error']);
/** Fields without bytes above APS that are wanted: empty strings, Wireshark's remarks. */
const EMPTY_BUT_WANTED = /^(zbee_z(dp|cl)|gbcs_)/;

/** Dissects a capture. Rejects when tshark fails; a capture that it cannot read to its end gives what it read. */
export async function dissect(file: string, options: OracleOptions): Promise<OracleFrame[]> {
  const child = spawn('tshark', tsharkArguments(file, options), { stdio: ['ignore', 'pipe', 'ignore'] });
  const failed = new Promise<never>((_, reject) => child.on('error', reject));
  const frames: OracleFrame[] = [];
  const read = async (): Promise<OracleFrame[]> => {
    let current = emptyFrame(1);
    for await (const line of lines(child.stdout)) {
      if (line.startsWith('</packet>')) {
        frames.push(current);
        current = emptyFrame(frames.length + 1);
      } else readLine(line, current);
    }
    return frames;
  };
  return Promise.race([read(), failed]);
}

interface Building {
  number: number;
  fields: OracleField[];
  malformed: boolean;
  closed: boolean;
  cut: boolean;
  /** Length of the packet on the air. */
  length: number;
}

const emptyFrame = (number: number): Building => ({ number, fields: [], malformed: false, closed: false, cut: false, length: 0 });

/** Lines of the PDML; an element whose attributes hold line feeds is joined again. */
async function* lines(stream: NodeJS.ReadableStream): AsyncGenerator<string> {
  let pending = '';
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    pending = pending === '' ? line : `${pending}\n${line}`;
    if (pending.startsWith(' ') && !pending.endsWith('>')) continue;
    yield pending;
    pending = '';
  }
}

function readLine(line: string, frame: Building): void {
  const trimmed = line.trimStart();
  if (trimmed.startsWith('<proto name="_ws.malformed"')) frame.malformed = true;
  if (!trimmed.startsWith('<field ')) return;
  const attribute = (name: string): string | undefined => new RegExp(` ${name}="([^"]*)"`).exec(trimmed)?.[1];
  const name = attribute('name') ?? '';
  if (CLOSED.has(name)) frame.closed = true;
  if (name === 'len') frame.length = Number(attribute('show'));
  if (name === 'caplen') frame.cut = Number(attribute('show')) < frame.length;
  if (name === '' || GENERATED.test(name)) return;
  const absent = trimmed.includes(' hide="yes"') || attribute('size') === '0';
  if (absent && !REMARKS.test(name) && !EMPTY_BUT_WANTED.test(name)) return;
  frame.fields.push({ name, show: unescape(normalised(attribute('show') ?? '')) });
}

/** What a reader of XML makes of an attribute: tshark leaves ends of lines and tabs in it as they are. */
const normalised = (text: string): string => text.replace(/\r\n|[\t\n\r]/g, ' ');

function unescape(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(lt|gt|quot|apos|amp|#x?[0-9a-f]+);/gi, (whole, code: string) => {
    if (code.startsWith('#'))
      return String.fromCodePoint(code[1] === 'x' ? Number.parseInt(code.slice(2), 16) : Number.parseInt(code.slice(1), 10));
    return { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }[code] ?? whole;
  });
}
