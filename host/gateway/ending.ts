/** How an upgrade ends without success. */
import type { Decision } from '../model/decision.ts';
import type { ImageReport } from '../model/image.ts';

/** Why an upgrade ended without success: a kebab-case code, a line for a person, the requirements behind it. */
export interface Ending {
  readonly stage: 'failed' | 'refused' | 'cancelled';
  readonly code: string;
  readonly detail: string;
  readonly requirements: readonly string[];
}

/** A firmware version as people read it. */
export const version = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`;

/** The end of what the rules allowed and the home did not do. */
export const failed = (code: string, detail: string): Ending => ({ stage: 'failed', code, detail, requirements: [] });

/** The end that a refusing decision is. */
export function refused(decision: Exclude<Decision, { verdict: 'allow' }>): Ending {
  return { stage: 'refused', code: decision.code, detail: decision.detail, requirements: decision.requirements };
}

/** The end that a refused image is, named after the first check that failed. */
export function imageRefused(report: ImageReport): Ending {
  const check = report.checks.find((each) => each.result === 'failed');
  const where = check === undefined || check.name === report.code ? '' : `${check.name}: `;
  const detail = check === undefined ? 'the image was refused' : `${where}expected ${check.expected}, found ${check.found}`;
  return { stage: 'refused', code: report.code ?? 'image', detail, requirements: check?.requirements ?? [] };
}
