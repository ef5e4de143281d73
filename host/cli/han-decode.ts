/** `han decode`: reads a capture of the home network, opens what the given keys open, and shows it frame by frame. */
import { open } from 'node:fs/promises';
import type { CaptureError } from '../capture/captured.ts';
import type { SeVersion } from '../clusters/cluster.ts';
import { readInstallCode } from '../core/install-code.ts';
import type { Decoded, Verdict } from '../decode/decoded.ts';
import type { Filter } from '../decode/filter.ts';
import type { Counts, Summary } from '../decode/summary.ts';
import { Fault } from '../model/fault.ts';
import { eui64, parseEui64, unhex } from '../model/ids.ts';
import { EXIT, type ExitCode, type Io } from './io.ts';
import { number, text } from './option.ts';
import type { Options, Program } from './program.ts';

/** Output is written in pieces of about so many characters, but never later than the frame of the moment when following. */
const PIECE = 1 << 16;
/** A capture is read in pieces of so many bytes. */
const CHUNK = 1 << 16;
/** How often a capture that grows is looked at. */
const FOLLOW_MS = 200;
/** "ZigBeeAlliance09", the trust centre link key of devices without an install code. */
const WELL_KNOWN = '5a6967426565416c6c69616e63653039';
/** A partner is part of a slot, not of the key. */
const ANYBODY = eui64('0200000000000000');
const VERDICTS: readonly Verdict[] = ['ok', 'closed', 'refused'];

/** Registers the verb. */
export function register(program: Program): void {
  program.add({
    call: 'han decode <file>',
    summary: 'Decodes a capture (pcap, pcapng; IEEE 802.15.4, TAP or ZEP) as Wireshark names it; "-" is standard input.',
    examples: [
      'hearthgate han decode home.pcapng --key 5a6967426565416c6c69616e63653039',
      'hearthgate han decode home.pcap --key 5a:69:67:… --learn -v --cluster 0x0019',
      'hearthgate han decode home.pcap --key 01:03:05:… --json | jq .fields',
      'hearthgate han decode join.pcap --install-code "83FE D340 7A93 9723 A5C6 39B2 6916 D505 C3B5" --learn --summary',
      'tcpdump -i wpan0 -w - | hearthgate han decode - --key 01:03:05:… --device 0x1a2b',
    ],
    codes: ['Code 0: read to its end. Code 2: not a capture, or damaged; what stood before is shown.'],
    options: (command) => {
      const gather = (value: string, before: readonly string[]): readonly string[] => [...before, value];
      command.option<readonly string[]>('--key <hex>', 'a network or link key of 32 hex digits; may be repeated', gather, []);
      command.option<readonly string[]>('--install-code <code>', 'an install code as printed, with its CRC; may be repeated', gather, []);
      command.option('--no-well-known', 'leave out the trust centre link key that everybody knows ("ZigBeeAlliance09")');
      command.option('--learn', 'use the keys that the capture itself transports', false);
      command.option('--se <revision>', 'revision of Smart Energy by which its commands are read, 1.1b or 1.4', '1.4');
      command.option('--fcs <kind>', '"itu", or "ti" when frames end in CC24xx metadata instead of an FCS', 'itu');
      command.option('-v, --verbose', 'show every field', false).option('--summary', 'show counts instead of frames', false);
      command.option('--device <address>', 'only frames from or to this short address (0x1234) or EUI-64');
      command.option('--cluster <number>', 'only APS data of this cluster').option('--verdict <verdict>', `only ${VERDICTS.join(', ')}`);
      command.option('--replayed', 'only frames whose frame counter was used before', false);
      command.option('--follow', 'go on as the file grows, until interrupted', false);
      command.option('--hide-keys', 'leave key material out of the fields', false);
    },
    action: decode,
  });
}

async function decode(io: Io, options: Options, file = ''): Promise<ExitCode> {
  const given = (options['key'] as readonly string[]).map(keyOf);
  const codes = (options['installCode'] as readonly string[]).map(codeOf);
  const seVersion = revisionOf(options);
  const filter = filterOf(options);
  const tiMetadata = trailerOf(options);
  const [{ Core }, { artefact, readFileBytes }] = await Promise.all([import('../core/core.ts'), import('../compose/files.ts')]);
  // The engine compiles the core beside, while the tables are loaded here.
  const [core, { decodeStream }, { matches }, { Summary }, render] = await Promise.all([
    readFileBytes(artefact('core.wasm'), undefined, 'core').then((wasm) => Core.load(wasm)),
    import('../decode/stream.ts'),
    import('../decode/filter.ts'),
    import('../decode/summary.ts'),
    import('../decode/render.ts'),
  ]);
  const made = codes.length === 0 ? [] : await linkKeys(codes, await readFileBytes(artefact('lab.wasm'), undefined, 'core'));
  const keys = [...given, ...made, ...(options['wellKnown'] === false ? [] : [keyOf(WELL_KNOWN)])];
  const follow = options['follow'] === true;
  const input = file === '-' ? io.chunks() : chunks(file, follow, io.interrupted);
  const frames = decodeStream(core, input, {
    keys,
    learn: options['learn'] === true,
    showKeys: options['hideKeys'] !== true,
    tiMetadata,
    seVersion,
  });
  const summary = new Summary();
  const out = new Lines(io, follow ? 0 : PIECE);
  // JSON without a summary tells no counts.
  const counting = options['summary'] === true || !options.json;
  let start: bigint | undefined;
  const show = options['summary'] === true ? () => undefined : (decoded: Decoded): void => out.add(lineOf(decoded));
  const lineOf = (decoded: Decoded): string => {
    if (options.json) return render.renderJson(decoded);
    return options['verbose'] === true ? render.renderTree(decoded, start ?? 0n) : render.renderLine(decoded, start ?? 0n);
  };
  let error: CaptureError | undefined;
  for (;;) {
    const next = await frames.next();
    if (next.done === true) {
      error = next.value;
      break;
    }
    for (const decoded of next.value) {
      if (io.interrupted.aborted && !follow) {
        await frames.return(undefined);
        return EXIT.interrupted;
      }
      start ??= decoded.time;
      if (!matches(decoded, filter)) continue;
      if (counting) summary.add(decoded);
      show(decoded);
    }
  }
  out.flush();
  sumUp(io, options, summary);
  if (error !== undefined) throw new Fault('input', `${file}: at byte ${error.offset}: ${error.detail} (${error.code})`);
  return EXIT.done;
}

/** The bytes of a file; with `follow`, also those that are still to come. Throws Fault `input` naming the file. */
async function* chunks(path: string, follow: boolean, stop: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await open(path).catch((cause: NodeJS.ErrnoException) => {
    throw new Fault('input', `${path}: ${cause.code === 'ENOENT' ? 'no such file' : cause.message}`, { cause });
  });
  try {
    for (;;) {
      const { bytesRead, buffer } = await file.read(new Uint8Array(CHUNK), 0, CHUNK, null);
      if (bytesRead > 0) yield buffer.subarray(0, bytesRead);
      else if (!follow || stop.aborted) return;
      else await new Promise((done) => setTimeout(done, FOLLOW_MS));
    }
  } catch (cause) {
    throw cause instanceof Fault ? cause : new Fault('input', `${path}: ${(cause as Error).message}`, { cause });
  } finally {
    await file.close();
  }
}

/** Gathers lines and writes them in pieces. */
class Lines {
  readonly #io: Io;
  readonly #piece: number;
  #waiting: string[] = [];
  #length = 0;

  constructor(io: Io, piece: number) {
    this.#io = io;
    this.#piece = piece;
  }

  add(line: string): void {
    this.#waiting.push(line);
    this.#length += line.length;
    if (this.#length >= this.#piece) this.flush();
  }

  flush(): void {
    if (this.#waiting.length > 0) this.#io.out(this.#waiting.join('\n'));
    this.#waiting = [];
    this.#length = 0;
  }
}

/** Counts: all of them on standard output when asked for, else one line on standard error. */
function sumUp(io: Io, options: Options, summary: Summary): void {
  const { frames, byVerdict, byName, bySender, byCode, byReplay } = summary.report();
  if (options['summary'] !== true) {
    if (!options.json) io.err(`${frames} frames: ${byVerdict.map(([name, count]) => `${count} ${name}`).join(', ') || 'none'}`);
  } else if (options.json) {
    const plain = (counts: Counts): Readonly<Record<string, number>> => Object.fromEntries(counts);
    io.out(
      JSON.stringify({
        frames,
        verdicts: plain(byVerdict),
        types: plain(byName),
        senders: plain(bySender),
        codes: plain(byCode),
        replays: plain(byReplay),
      }),
    );
  } else {
    io.out(`${frames} frames`);
    const tables: readonly (readonly [string, Counts])[] = [
      ['verdict', byVerdict],
      ['type', byName],
      ['sender', bySender],
      ['why not all of it', byCode],
      ['used frame counter', byReplay],
    ];
    for (const [title, counts] of tables) {
      if (counts.length > 0) io.out(`\nby ${title}`);
      for (const [name, count] of counts) io.out(`${String(count).padStart(8)}  ${name}`);
    }
  }
}

function filterOf(options: Options): Filter {
  const device = text(options, 'device');
  const verdict = text(options, 'verdict');
  const cluster = number(options, 'cluster', 0, 0xffff);
  const wanted = VERDICTS.find((each) => each === verdict);
  if (verdict !== undefined && wanted === undefined) throw new Fault('config', `--verdict ${verdict} is not one of ${VERDICTS.join(', ')}`);
  return {
    ...(device === undefined ? {} : { device: parseEui64(device) ?? shortOf(options) }),
    ...(cluster === undefined ? {} : { cluster }),
    ...(wanted === undefined ? {} : { verdict: wanted }),
    ...(options['replayed'] === true ? { replayed: true } : {}),
  };
}

function shortOf(options: Options): number {
  const short = number(options, 'device', 0, 0xffff);
  if (short === undefined) throw new Fault('config', '--device is missing');
  return short;
}

function trailerOf(options: Options): boolean {
  const kind = text(options, 'fcs') ?? 'itu';
  if (kind !== 'itu' && kind !== 'ti') throw new Fault('config', `--fcs ${kind} is not itu or ti`);
  return kind === 'ti';
}

function revisionOf(options: Options): SeVersion {
  const revision = text(options, 'se') ?? '1.4';
  if (revision !== '1.1b' && revision !== '1.4') throw new Fault('config', `--se ${revision} is not 1.1b or 1.4`);
  return revision;
}

function codeOf(printed: string): Uint8Array {
  const read = readInstallCode(new TextEncoder().encode(printed));
  if (!read.ok) throw new Fault('config', `--install-code: ${read.detail}`);
  return read.value;
}

/** The link keys of install codes. To be tried for every frame they must be known here, so that the laboratory's core makes them. */
async function linkKeys(codes: readonly Uint8Array[], wasm: Uint8Array): Promise<readonly Uint8Array[]> {
  const { LabCore } = await import('../core/core.ts');
  const lab = await LabCore.load(Uint8Array.from(wasm));
  return codes.map((code) => {
    const made = lab.keys.installCode(code, ANYBODY);
    const key = made.ok ? lab.exportKey(made.value) : made;
    if (!key.ok) throw new Fault('config', `--install-code: ${key.detail}`);
    return key.value;
  });
}

function keyOf(value: string): Uint8Array {
  const plain = value.replaceAll(':', '');
  if (!/^[0-9a-f]{32}$/i.test(plain)) throw new Fault('config', '--key is not a key of 32 hex digits');
  return unhex(plain);
}
