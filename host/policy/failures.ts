/** What failed migrations failed at, counted by cohort and cause, so that the main cause shows (001 §9). */
import type { Cohort } from '../model/cohort.ts';

/** A migration that was refused. */
export interface FailedMigration {
  readonly cohort: Cohort | 'unknown';
  readonly tag: 'active' | 'dormant' | 'mixed';
  readonly code: string;
}

/** A line of the report. */
export interface FailureCount extends FailedMigration {
  readonly count: number;
}

/** Counts, the most frequent first; equal ones in the order in which they first came. */
export function countFailures(failures: readonly FailedMigration[]): readonly FailureCount[] {
  const counts = new Map<string, FailureCount>();
  for (const { cohort, tag, code } of failures) {
    const key = `${cohort}/${tag}/${code}`;
    counts.set(key, { cohort, tag, code, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()].toSorted((a, b) => b.count - a.count);
}
