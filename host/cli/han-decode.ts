/** `han decode`: reads a capture of the home network, opens what the given keys open, and shows it frame by frame. */
import type { Decoded, Verdict } from '../decode/decoded.ts';
import { Fault } from '../model/fault.ts';
import { unhex } from '../model/ids.ts';
import { hex } from './image-verify.ts';
import { EXIT } from './io.ts';
import type { ExitCode, Io } from './io.ts';
import type { Options, Program } from './program.ts';
import { readSource } from './source.ts';

/** Registers the verb. */
export function register(program: Program): void {
  program.add({
    call: 'han decode <file>',
    summary: 'Decodes a capture (pcap, pcapng; IEEE 802.15.4, TAP or ZEP); "-" is standard input.',
    examples: [
      'hearthgate han decode home.pcapng --key 5a6967426565416c6c69616e63653039',
      'hearthgate han decode home.pcap --key 5a:69:67:… --key 01:03:05:… --fields',
    ],
    codes: ['Code 0: read to its end. Code 2: not a capture, or damaged; what stood before is shown.'],
    options: (command) => {
      const gather = (value: string, before: readonly string[]): readonly string[] => [...before, value];
      command.option<readonly string[]>('--key <hex>', 'a network or link key of 32 hex digits; may be repeated', gather, []);
      command.option('--no-learn', 'ignore keys that the capture itself transports');
      command.option('--show-keys', 'show key material', false).option('--fields', 'show every field', false);
      command.option('--ti', 'frames end in CC24xx metadata instead of an FCS', false);
    },
    action: decode,
  });
}

async function decode(io: Io, options: Options, file = ''): Promise<ExitCode> {
  const keys = (options['key'] as readonly string[]).map(keyOf);
  const bytes = await readSource(io, file);
  const [{ Core }, { Decoder }, { readCapture }, { artefact, readFileBytes }] = await Promise.all([
    import('../core/core.ts'),
    import('../decode/decoder.ts'),
    import('../capture/reader.ts'),
    import('../compose/files.ts'),
  ]);
  const core = await Core.load(await readFileBytes(artefact('core.wasm'), undefined, 'core'));
  const decoder = new Decoder(core, { keys, learn: options['learn'] === true, showKeys: options['showKeys'] === true });
  const { packets, error } = readCapture(bytes, { tiMetadata: options['ti'] === true });
  const view = options.json ? jsonView(io) : textView(io, options['fields'] === true);
  const count: Record<Verdict, number> = { ok: 0, closed: 0, refused: 0 };
  for (const packet of packets) {
    if (io.interrupted.aborted) return EXIT.interrupted;
    const decoded = decoder.decode(packet);
    count[decoded.verdict] += 1;
    view.frame(decoded);
  }
  view.end(count);
  if (error !== undefined) throw new Fault('input', `${file}: at byte ${error.offset}: ${error.detail} (${error.code})`);
  return EXIT.done;
}

/** How frames are shown. */
interface View {
  frame(decoded: Decoded): void;
  end(count: Readonly<Record<Verdict, number>>): void;
}

/** One JSON document, one line a frame. */
function jsonView(io: Io): View {
  let opening = '{"frames":[';
  return {
    frame({ number, time, verdict, code, detail, fields }) {
      io.out(`${opening}${JSON.stringify({ number, time: `${time}`, verdict, code, detail, fields })}`);
      opening = ',';
    },
    end: (count) => io.out(`${opening === ',' ? '' : opening}],"count":${JSON.stringify(count)}}`),
  };
}

function textView(io: Io, all: boolean): View {
  let first: bigint | undefined;
  return {
    frame(decoded) {
      first ??= decoded.time;
      const seconds = (Number(decoded.time - first) / 1e9).toFixed(6);
      const end = decoded.verdict === 'ok' ? '' : `  ${io.paint('bad', `${decoded.verdict}: ${decoded.detail}`)}`;
      io.out(`${String(decoded.number).padStart(6)}  ${seconds.padStart(12)}  ${summary(decoded)}${end}`);
      if (all) for (const [name, value] of decoded.fields) io.out(`          ${io.paint('faint', name)} ${value}`);
    },
    end: ({ ok, closed, refused }) => io.err(`${ok + closed + refused} packets: ${ok} read, ${closed} closed, ${refused} refused`),
  };
}

/** Who speaks to whom, and what the innermost header that was read says. */
function summary({ headers: { mac, nwk, aps, zcl } }: Decoded): string {
  if (mac === undefined) return 'no frame';
  const way = nwk === undefined ? `${address(mac.src)} → ${address(mac.dst)}` : `${address(nwk.src)} → ${address(nwk.dst)}`;
  return `${way.padEnd(36)}  ${inner()}`;

  function inner(): string {
    if (zcl !== undefined) return `ZCL cluster ${hex(aps?.cluster ?? 0, 4)} command ${hex(zcl.command, 2)}`;
    if (aps?.command !== undefined) return `APS command ${hex(aps.command, 2)}`;
    if (aps !== undefined)
      return aps.cluster === undefined ? 'APS' : `APS cluster ${hex(aps.cluster, 4)} profile ${hex(aps.profile ?? 0, 4)}`;
    if (nwk?.command !== undefined) return `NWK command ${hex(nwk.command, 2)}`;
    if (nwk !== undefined) return 'NWK';
    return mac?.command === undefined ? (MAC_TYPES[(mac?.fcf ?? 0) & 7] ?? 'MAC') : `MAC command ${hex(mac.command, 2)}`;
  }
}

const MAC_TYPES: readonly string[] = ['beacon', 'MAC data', 'acknowledgement', 'MAC command'];

const address = (value: number | string | undefined): string =>
  value === undefined ? '-' : typeof value === 'number' ? hex(value, 4) : value;

function keyOf(text: string): Uint8Array {
  const plain = text.replaceAll(':', '');
  if (!/^[0-9a-f]{32}$/i.test(plain)) throw new Fault('config', '--key is not a key of 32 hex digits');
  return unhex(plain);
}
