/**
 * What a test of a pending product combination writes down, and what follows from it (004 6.4-6.15). The lists themselves are the subject of
 * policy/pending.ts; here it is decided what the items of a test list amount to.
 */
import type { CombinationMember } from '../model/dated.ts';
import type { Eui64 } from '../model/ids.ts';
import type { PendingEntry } from '../model/regulation.ts';
import type { Environment } from '../model/service-request.ts';
import type { TestResult } from '../policy/pending.ts';
import { sameModel } from '../policy/resulting.ts';
import { model } from '../policy/wording.ts';
import type { ReportedImage, ReportParty } from './bench-report.ts';

/** One item of the test list and what came of it. */
export interface PpcItem {
  /** Kebab-case. */
  readonly name: string;
  /** What is tested: a device, a Service Request, or an Alert [R-PPC-04]. */
  readonly kind: 'device' | 'request' | 'alert';
  /** `not-run` counts against the combination; `not-applicable` does not, and says why. */
  readonly verdict: 'passed' | 'failed' | 'not-run' | 'not-applicable';
  readonly detail: string;
  readonly requirements: readonly string[];
  readonly milliseconds: number;
}

/** Under what a run stands. */
export interface PpcTags {
  /** Release whose tests these are, and the testing approach document that governs them [R-TEST-04]. */
  readonly release: 'IOC' | 'MOC' | 'FOC';
  readonly approach: string;
  /** Who acknowledged the obligations of that document: both sides [R-TEST-06]. */
  readonly acknowledged: readonly string[];
  /** The rule change after which this is a retest. */
  readonly after: string | undefined;
}

/** A run of the test list. */
export interface PpcReport extends PpcTags {
  readonly kind: 'bench-ppc';
  readonly version: 1;
  readonly environment: Environment;
  readonly software: string;
  readonly radio: string;
  readonly clock: 'simulated' | 'real-time';
  /** Which side is simulated [R-TEST-01]: the User is one of the lab in either. */
  readonly mode: 'simulated user and devices' | 'simulated user, real devices';
  readonly started: number;
  readonly ended: number;
  readonly combination: readonly CombinationMember[];
  readonly requester: Eui64;
  readonly requesterIsParty: boolean;
  readonly reason: PendingEntry['reason'];
  /** What is different from the nearest combination that is eligible [R-PPC-05]. */
  readonly delta: readonly string[];
  readonly warnings: readonly string[];
  readonly parties: readonly ReportParty[];
  readonly image: ReportedImage;
  readonly items: readonly PpcItem[];
  readonly result: TestResult;
  /** Whether the combination may move to the eligible list [R-PPC-02]. */
  readonly mayMove: boolean;
  readonly findings: string | undefined;
}

/**
 * What items amount to: passed when at least one of each kind passed, and none failed or was left out. `needsChange` says why a failure
 * cannot be mended without a change of the DCC's systems or of the Code [R-PPC-06]; it changes nothing for a run that passed.
 */
export function conclusionOf(
  items: readonly PpcItem[],
  needsChange: string | undefined,
): { readonly result: TestResult; readonly findings: string | undefined } {
  const against = items.filter(({ verdict }) => verdict === 'failed' || verdict === 'not-run');
  const missing = (['device', 'request', 'alert'] as const).filter(
    (kind) => !items.some((item) => item.kind === kind && item.verdict === 'passed'),
  );
  const why = [
    ...against.map(({ name, verdict, detail }) => `${name} ${verdict}: ${detail}`),
    ...missing.map((kind) => `no ${kind} was tested with success`),
  ];
  if (why.length === 0) return { result: 'passed', findings: undefined };
  const findings = [...(needsChange === undefined ? [] : [needsChange]), ...why].join('; ');
  return { result: needsChange === undefined ? 'failed' : 'modification-required', findings };
}

/** What tells a combination from the nearest eligible one, a line a difference; empty when nothing is eligible yet. */
export function deltaOf(combination: readonly CombinationMember[], eligible: readonly (readonly CombinationMember[])[]): readonly string[] {
  const deltas = eligible.map((each) => differences(each, combination));
  return (
    deltas.reduce<readonly string[] | undefined>(
      (best, each) => (best === undefined || each.length < best.length ? each : best),
      undefined,
    ) ?? []
  );
}

const holds = (of: readonly CombinationMember[], member: CombinationMember): boolean =>
  of.some((each) => each.type === member.type && sameModel(each, member));

const differences = (before: readonly CombinationMember[], after: readonly CombinationMember[]): readonly string[] => [
  ...before.filter((each) => !holds(after, each)).map((each) => `- ${each.type}: ${model(each)}`),
  ...after.filter((each) => !holds(before, each)).map((each) => `+ ${each.type}: ${model(each)}`),
];
