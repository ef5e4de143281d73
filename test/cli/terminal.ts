/** An Io that keeps what a verb wrote, and a call of one verb with it. */
import type { Io } from '../../host/cli/io.ts';
import { run } from '../../host/cli/program.ts';
import type { Register } from '../../host/cli/program.ts';

/** What a call left behind. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** Standard output as JSON; fails the test when it is not one document. */
  readonly json: unknown;
}

/** How the outside behaves. */
export interface Outside {
  readonly input?: Uint8Array;
  /** Standard input piece by piece, instead of `input`. */
  readonly chunks?: Iterable<Uint8Array>;
  readonly debug?: boolean;
  readonly interrupted?: AbortSignal;
}

/** Runs a command line over some verbs. */
export async function call(registers: readonly Register[], argv: readonly string[], outside: Outside = {}): Promise<Outcome> {
  const [out, err]: [string[], string[]] = [[], []];
  const io: Io = {
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
    write: async (bytes) => void out.push(Buffer.from(bytes).toString('latin1')),
    chunks: async function* () {
      if (outside.chunks !== undefined) yield* outside.chunks;
      else yield outside.input ?? new Uint8Array();
    },
    terminal: false,
    paint: (_, text) => text,
    interrupted: outside.interrupted ?? new AbortController().signal,
    debug: outside.debug ?? false,
  };
  const code = await run('hearthgate', argv, io, registers);
  return {
    code,
    out: out.join('\n'),
    err: err.join('\n'),
    get json() {
      return JSON.parse(out.join('\n')) as unknown;
    },
  };
}
