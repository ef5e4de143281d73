/**
 * Runs: what a format begins with where that is numbers of a fixed length, such as the addresses of a frame. They name devices
 * and clusters, of which a network has few, so that who reads many frames reads equal runs once.
 */
import type { NumberItem } from './item.ts';

/** Most bytes of a run: so many that one number holds them. */
export const RUN_MOST = 6;

/** Numbers behind one another. */
export interface Run {
  readonly bytes: number;
  readonly items: readonly NumberItem[];
}

/** Numbers as a run; whoever makes it of what he does not know asks that it is not longer than `RUN_MOST`. */
export const run = (...items: NumberItem[]): Run => ({ bytes: items.reduce((sum, { bytes }) => sum + bytes, 0), items });
