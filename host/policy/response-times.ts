/**
 * Target Response Times: SMETS1 has a table of its own (004 4.3), which is empty until somebody fills it [R-TRT-01, R-TRT-02]. No entry means that no target is set; the
 * target of SMETS2 never stands in.
 */
import type { ResponseTimesStatement } from '../model/regulation.ts';

/** Seconds within which a request is to be answered; undefined = not set. */
export const targetOfRequest = (
  statement: ResponseTimesStatement | undefined,
  srv: string,
  generation: 'SMETS1' | 'SMETS2',
): number | undefined => statement?.[generation === 'SMETS1' ? 'smets1' : 'smets2'].find((each) => each.srv === srv)?.seconds;

/** A request and how long it took, in seconds. */
export interface Elapsed {
  readonly srv: string;
  readonly seconds: number;
}

/** How requests of one kind kept to their target. */
export interface Keeping {
  readonly srv: string;
  readonly count: number;
  /** Undefined where no target is set. */
  readonly target: number | undefined;
  /** Share that took longer than the target, in percent; undefined where no target is set. */
  readonly late: number | undefined;
}

/** Counts by service, in the order in which they first came. */
export function keepingOf(statement: ResponseTimesStatement | undefined, elapsed: readonly Elapsed[]): readonly Keeping[] {
  return [...new Set(elapsed.map(({ srv }) => srv))].map((srv) => {
    const of = elapsed.filter((each) => each.srv === srv);
    const target = targetOfRequest(statement, srv, 'SMETS1');
    const late = target === undefined ? undefined : (100 * of.filter(({ seconds }) => seconds > target).length) / of.length;
    return { srv, count: of.length, target, late };
  });
}
