/** The command line of the fuzzer. */
import { parseArgs } from 'node:util';
import { GROUPS, type Group } from './targets.ts';

/** What a run is asked for. */
export interface FuzzOptions {
  readonly seconds: number;
  readonly seed: number;
  readonly groups: readonly Group[];
  /** Inputs after which the run ends as well. */
  readonly frames: number;
  readonly json: boolean;
  /** Captures of the field among the seeds. */
  readonly corpus: boolean;
  /** Folder that failures are written to. */
  readonly out: string;
  /** Seed file to be run once instead. */
  readonly replay: string | undefined;
}

/** Text for a command line that cannot be read. */
export const USAGE =
  'fuzz [--seconds N] [--seed S] [--target rx|capture|clusters|all] [--frames N] [--out FOLDER] [--no-corpus] [--json] | --replay FILE';

/** Reads the arguments; a text says what is wrong. */
export function parseOptions(args: readonly string[]): FuzzOptions | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        seconds: { type: 'string', default: '30' },
        seed: { type: 'string', default: '1' },
        target: { type: 'string', default: 'all' },
        frames: { type: 'string' },
        out: { type: 'string', default: 'seeds/fuzz' },
        'no-corpus': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        replay: { type: 'string' },
      },
    });
    const groups = values.target === 'all' ? GROUPS : GROUPS.filter((name) => name === values.target);
    if (groups.length === 0) return `no target ${values.target}`;
    const [seconds, seed, frames] = [values.seconds, values.seed, values.frames ?? '1e15'].map(Number);
    if (!(Number(seconds) > 0) || !(Number(frames) > 0) || !Number.isInteger(seed)) return 'seconds, frames and seed are numbers';
    const { json, out, replay } = values;
    return {
      seconds: Number(seconds),
      seed: Number(seed),
      frames: Number(frames),
      groups,
      json,
      corpus: !values['no-corpus'],
      out,
      replay,
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
