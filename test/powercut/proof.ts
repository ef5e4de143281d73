/**
 * The power-cut proof: an upgrade is run with the power cut at every point of it, and twice in a row, and counted.
 *
 * Cut points of one upgrade: before and after each of its N flash operations, and in each of their bytes. Twice in a row:
 * every pair of operation boundaries, and seeded pairs of torn cuts, the second during what follows the first.
 */
import { Seeded } from '../../firmware/air/seeded.ts';
import type { FirmwareVerifier } from '../../firmware/ppmid/boot.ts';
import type { Cut, Flash } from '../../firmware/ppmid/flash.ts';
import { upgrade, type Images, type Outcome, type Rule } from './rig.ts';

/** What was counted. */
export interface Counts {
  /** Flash operations of an upgrade that nothing cuts into. */
  operations: number;
  /** Cuts that were made. */
  cutPoints: number;
  /** Those of them that tore an operation. */
  torn: number;
  bricks: number;
  downgrades: number;
  /** The first of everything else that must not be. */
  faults: string[];
}

/** The counts as one line. */
export const line = ({ operations, cutPoints, torn, bricks, downgrades }: Counts): string =>
  `operations ${operations}, cut points ${cutPoints}, torn ${torn}, bricks ${bricks}, downgrades ${downgrades}`;

/** Counts of several parts together; operations are those of the largest upgrade. */
export function sum(parts: readonly Counts[]): Counts {
  const total = empty(Math.max(...parts.map(({ operations }) => operations)));
  for (const part of parts) {
    total.cutPoints += part.cutPoints;
    total.torn += part.torn;
    total.bricks += part.bricks;
    total.downgrades += part.downgrades;
    total.faults.push(...part.faults);
  }
  return total;
}

const empty = (operations: number): Counts => ({ operations, cutPoints: 0, torn: 0, bricks: 0, downgrades: 0, faults: [] });

/** Upgrades of one device, each on a copy of its flash. */
export class Proof {
  readonly #flash: Flash;
  readonly #verify: FirmwareVerifier;
  readonly #images: Images;
  /** Bytes of each operation of an upgrade that nothing cuts into. */
  readonly lengths: readonly number[];

  /** `flash` is provisioned and is not touched. Throws when even an upgrade without a cut fails. */
  constructor(flash: Flash, verify: FirmwareVerifier, images: Images) {
    this.#flash = flash;
    this.#verify = verify;
    this.#images = images;
    const lengths: number[] = [];
    const whole = this.#run((_, length) => void lengths.push(length));
    if (whole.faults.length + whole.bricks + whole.downgrades > 0)
      throw new Error(`an upgrade without a cut fails: ${whole.faults.join(', ')}`);
    this.lengths = lengths;
  }

  /** Every operation boundary: before each operation, and after the last. */
  boundaries(chosen: () => boolean = () => true): Counts {
    const counts = empty(this.lengths.length);
    for (let at = 0; at <= this.lengths.length; at++) if (chosen()) this.#once(counts, at, boundary(at, this.lengths.length));
    return counts;
  }

  /** Before, after, and torn at every byte of every operation. */
  everywhere(chosen: () => boolean = () => true): Counts {
    const counts = empty(this.lengths.length);
    this.lengths.forEach((length, at) => {
      if (chosen()) this.#once(counts, at, 'before');
      if (chosen()) this.#once(counts, at, 'after');
      for (let byte = 0; byte < length; byte++) if (chosen()) this.#once(counts, at, { torn: byte });
    });
    return counts;
  }

  /** Every pair of operation boundaries, the second counted in what follows the first until there is none left. */
  boundaryPairs(chosen: () => boolean = () => true): Counts {
    const operations = this.lengths.length;
    const counts = empty(operations);
    for (let at = 0; at <= operations; at++) {
      const first = [Math.min(at, operations - 1), boundary(at, operations)] as const;
      for (let second = 0; second <= 3 * operations; second++) {
        const outcome = this.#twice(counts, first, [second, 'before'], chosen);
        if (outcome === undefined || outcome.cuts === 2) continue;
        if (second > 0) this.#twice(counts, first, [second - 1, 'after'], chosen);
        break;
      }
    }
    return counts;
  }

  /** `count` pairs of torn cuts, at operations and bytes drawn from a seed; a draw after whose first cut too little is left to do is made anew. */
  tornPairs(count: number, seed: number): Counts {
    const counts = empty(this.lengths.length);
    const random = new Seeded(seed);
    const tear = (): Cut => ({ torn: random.below(2 ** 16) });
    for (let pairs = 0, draws = 0; pairs < count; draws++) {
      if (draws === 2 * count) throw new Error(`${pairs} pairs in ${draws} draws`);
      const first = random.below(this.lengths.length);
      const second = random.below(this.lengths.length - first + 4);
      if (this.#twice(counts, [first, tear()], [second, tear()], () => true)?.cuts === 2) pairs++;
    }
    return counts;
  }

  #once(counts: Counts, at: number, cut: Cut): void {
    const operation = Math.min(at, this.lengths.length - 1);
    const outcome = this.#run((number) => (number === operation ? cut : undefined));
    if (outcome.cuts !== 1) counts.faults.push(`operation ${at}: ${outcome.cuts} cuts`);
    add(counts, outcome, [cut], `operation ${at}, ${show(cut)}`);
  }

  #twice(counts: Counts, first: readonly [number, Cut], second: readonly [number, Cut], chosen: () => boolean): Outcome | undefined {
    if (!chosen()) return undefined;
    const [[at, cut], [then, next]] = [first, second];
    const outcome = this.#run((number, length, cuts, sinceCut) => {
      if (cuts === 0 && number === at) return within(cut, length);
      return cuts === 1 && sinceCut === then ? within(next, length) : undefined;
    });
    add(counts, outcome, [cut, next], `operation ${at}, ${show(cut)}, then operation ${then}, ${show(next)}`);
    return outcome;
  }

  #run(rule: Rule): Outcome {
    return upgrade(this.#flash.copy(), this.#verify, this.#images, rule);
  }
}

/** A boundary is a cut before the operation behind it; the last one is a cut after the last operation. */
const boundary = (at: number, operations: number): Cut => (at < operations ? 'before' : 'after');

const within = (cut: Cut, length: number): Cut => (typeof cut === 'object' ? { torn: cut.torn % length } : cut);

const show = (cut: Cut): string => (typeof cut === 'object' ? `torn at byte ${cut.torn}` : cut);

const FAULTS_KEPT = 10;

function add(counts: Counts, outcome: Outcome, cuts: readonly Cut[], where: string): void {
  counts.cutPoints += outcome.cuts;
  counts.torn += cuts.slice(0, outcome.cuts).filter((cut) => typeof cut === 'object').length;
  counts.bricks += outcome.bricks;
  counts.downgrades += outcome.downgrades;
  if (counts.faults.length < FAULTS_KEPT) counts.faults.push(...outcome.faults.map((fault) => `${where}: ${fault}`));
}
