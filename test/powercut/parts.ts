/** The parts of the power-cut proof, whole or a seeded share of each. */
import { Seeded } from '../../firmware/air/seeded.ts';
import { realParts, smallParts, type ProofParts } from './material.ts';
import { Proof, type Counts } from './proof.ts';

/** A part: what it is about and how it is counted. */
export interface Part {
  readonly name: string;
  readonly count: () => Counts;
}

/** Pairs of torn cuts in the whole proof. */
export const TORN_PAIRS = 100_000;

/** The parts; `share` 1 takes every cut point, less a part of them that `seed` draws. */
export function parts(share: number, seed: number): readonly Part[] {
  const random = new Seeded(seed);
  const chosen = (): boolean => share === 1 || random.unit() < share;
  const over = ({ flash, accepts, images }: ProofParts): Proof => new Proof(flash, accepts, images);
  const [small, real] = [over(smallParts()), over(realParts())];
  return [
    { name: '8 blocks of 1 KiB, image of 3 KiB, once', count: () => small.everywhere(chosen) },
    { name: 'the same twice in a row, every pair of boundaries', count: () => small.boundaryPairs(chosen) },
    { name: 'the same twice in a row, seeded pairs of torn cuts', count: () => small.tornPairs(Math.round(TORN_PAIRS * share), seed) },
    { name: 'blocks of 4 KiB, image of 256 KiB, every boundary', count: () => real.boundaries(chosen) },
  ];
}
