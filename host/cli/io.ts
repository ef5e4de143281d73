/**
 * What a verb sees of the outside: two streams, standard input, colour, and the wish of its user to stop.
 *
 * Results go to standard output, everything said about them to standard error, so that a pipe gets results alone.
 */
import { once } from 'node:events';
import type { ReadStream, WriteStream } from 'node:tty';

/** Exit codes of every verb. A service that was asked to stop and did so ends with `done`. */
export const EXIT = {
  /** Done; for a question: the answer is yes. */
  done: 0,
  /** Refused or failed: the command was understood, the answer is no. */
  refused: 1,
  /** Usage, configuration or input that cannot be worked with. */
  unusable: 2,
  /** The machine, the store, the broker or the radio is at fault. */
  environment: 3,
  /** Ended by SIGINT or SIGTERM before it was done. */
  interrupted: 130,
} as const;

/** One of the codes above. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The outside as a verb sees it; tests give one that keeps what was written. */
export interface Io {
  /** Writes one line to standard output. */
  out(line: string): void;
  /** Writes one line to standard error. */
  err(line: string): void;
  /** Writes raw bytes to standard output; resolves when the stream took them. */
  write(bytes: Uint8Array): Promise<void>;
  /** Standard input as it comes; the whole of it is read by `source.ts`. */
  chunks(): AsyncIterable<Uint8Array>;
  /** True when standard output is a terminal that a person looks at. */
  readonly terminal: boolean;
  /** Paints `text` when standard output shows colours (a terminal, and NO_COLOR is not set). */
  paint(colour: Colour, text: string): string;
  /** Aborted at the first SIGINT or SIGTERM; the second ends the process at once. */
  readonly interrupted: AbortSignal;
  /** True when HEARTHGATE_DEBUG asks for stack traces. */
  readonly debug: boolean;
}

/** Colours that carry a meaning, and nothing but a meaning: the words say the same without them. */
export type Colour = 'good' | 'bad' | 'faint' | 'strong';

const SGR: Readonly<Record<Colour, readonly [number, number]>> = { good: [32, 39], bad: [31, 39], faint: [2, 22], strong: [1, 22] };

/** The parts of `process` that an Io is made of. */
export interface Streams {
  readonly stdin: Pick<ReadStream, typeof Symbol.asyncIterator>;
  readonly stdout: WriteStream;
  readonly stderr: Pick<WriteStream, 'write' | 'on'>;
  readonly env: Readonly<Record<string, string | undefined>>;
  on(event: NodeJS.Signals, listener: () => void): unknown;
  exit(code: number): never;
}

/** The Io of a process. A reader that goes away (EPIPE, as in `| head`) ends the process quietly. */
export function processIo(host: Streams): Io {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    host.on(signal, () => (stopping.signal.aborted ? host.exit(EXIT.interrupted) : stopping.abort()));
  }
  for (const stream of [host.stdout, host.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => host.exit(error.code === 'EPIPE' ? EXIT.done : EXIT.environment));
  }
  const terminal = host.stdout.isTTY === true;
  const colours = terminal && !host.env['NO_COLOR'] && host.env['TERM'] !== 'dumb';
  return {
    out: (line) => void host.stdout.write(`${line}\n`),
    err: (line) => void host.stderr.write(`${line}\n`),
    write: async (bytes) => void (host.stdout.write(bytes) || (await once(host.stdout, 'drain'))),
    chunks: () => host.stdin as AsyncIterable<Uint8Array>,
    terminal,
    paint: (colour, text) => (colours ? `\u001b[${SGR[colour][0]}m${text}\u001b[${SGR[colour][1]}m` : text),
    interrupted: stopping.signal,
    debug: Boolean(host.env['HEARTHGATE_DEBUG']),
  };
}
