/**
 * Two ways to the same answer, timed in turns in one process: what is told is their ratio, which other load on the machine
 * moves far less than it moves either time.
 */

/** What can be measured. */
export interface Bench {
  readonly name: string;
  /** Benches that are run together by one name. */
  readonly group?: string;
  /** Who it is measured against. */
  readonly versus: string;
  /** What `ours` and `theirs` count per second. */
  readonly unit: string;
  measure(): Promise<readonly Sample[]>;
  /** What else is to be told, once it is measured. */
  readonly note?: () => string;
}

/** One round: how much each side did per second. */
export interface Sample {
  readonly ours: number;
  readonly theirs: number;
}

/** What is told of a bench. `ratio` is the median of ours / theirs over the rounds, `q1` and `q3` its quartiles. */
export interface Row {
  readonly name: string;
  readonly versus: string;
  readonly ratio: number;
  readonly unit: string;
  readonly ours: number;
  readonly theirs: number;
  readonly runs: number;
  readonly q1: number;
  readonly q3: number;
  readonly note?: string;
}

/** One way to the answer. */
export interface Contender {
  /** Makes what a run uses up; its time does not count. */
  readonly prepare?: () => void | Promise<void>;
  /** Does the work once and answers what came of it, as text. */
  readonly run: () => string;
}

/** Rounds of a race. */
export const ROUNDS = 21;
/** Rounds before the first that counts: the engine compiles what is hot. */
const WARM_UP = 3;

/**
 * Races two contenders, who change places every round. `amount` is what one run does, in the unit of the bench. Throws when
 * their answers differ: a race between different things tells nothing.
 */
export async function race(amount: number, ours: Contender, theirs: Contender, rounds = ROUNDS): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  for (let round = -WARM_UP; round < rounds; round++) {
    const oursFirst = round % 2 === 0;
    const first = await timed(oursFirst ? ours : theirs);
    const second = await timed(oursFirst ? theirs : ours);
    if (first.answer !== second.answer) throw new Error(`the contenders disagree: ${first.answer} and ${second.answer}`);
    const [us, them] = oursFirst ? [first, second] : [second, first];
    if (round >= 0) samples.push({ ours: amount / us.seconds, theirs: amount / them.seconds });
  }
  return samples;
}

/** What is told of a bench and its samples. Throws when there are none. */
export function rowOf({ name, versus, unit, note }: Bench, samples: readonly Sample[]): Row {
  const ratios = samples.map(({ ours, theirs }) => ours / theirs);
  return {
    name,
    versus,
    ratio: quantile(ratios, 0.5),
    unit,
    ours: quantile(
      samples.map(({ ours }) => ours),
      0.5,
    ),
    theirs: quantile(
      samples.map(({ theirs }) => theirs),
      0.5,
    ),
    runs: samples.length,
    q1: quantile(ratios, 0.25),
    q3: quantile(ratios, 0.75),
    ...(note && { note: note() }),
  };
}

/** The value below which a share of the values lies, between neighbours in proportion. Throws for no values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  if (low === undefined || high === undefined) throw new RangeError('a quantile of nothing');
  return low + (high - low) * (at - Math.floor(at));
}

async function timed({ prepare, run }: Contender): Promise<{ readonly seconds: number; readonly answer: string }> {
  await prepare?.();
  const start = process.hrtime.bigint();
  const answer = run();
  return { seconds: Number(process.hrtime.bigint() - start) / 1e9, answer };
}
