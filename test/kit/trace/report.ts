/** What a run of the suite proves, from vitest's JSON report: tests that passed, by the ids in their full names. What was skipped proves nothing. */
import { idsIn } from './ids.ts';

interface Report {
  readonly numTotalTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** A run. */
export interface Run {
  readonly passed: number;
  readonly skipped: number;
  /** Names of tests that failed, and of files that could not be run. */
  readonly failed: readonly string[];
  /** Tests that passed, by id. */
  readonly proofs: ReadonlyMap<string, number>;
}

/** Reads a report. Throws when it is none, or of no test. */
export function readReport(text: string): Run {
  const { testResults, numTotalTests } = JSON.parse(text) as Report;
  if (!(numTotalTests > 0)) throw new Error('the report is about no test');
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const passed = tests.filter(({ status }) => status === 'passed');
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.every((each) => each.status !== 'failed'),
  );
  const proofs = new Map<string, number>();
  for (const { fullName } of passed) for (const id of idsIn(fullName)) proofs.set(id, (proofs.get(id) ?? 0) + 1);
  return {
    passed: passed.length,
    failed: [...tests.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName), ...broken.map(({ name }) => name)],
    skipped: tests.filter(({ status }) => status !== 'passed' && status !== 'failed').length,
    proofs,
  };
}
