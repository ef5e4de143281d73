/**
 * Equivalent steps: which Instructions [R-TERM-01] a Service Request stands for on a Device Model (004 9.11), with the device-specific variations of S1SR
 * Section 18 that the matrix maps to it, and the default values of Section 23. All of it is data, replaced without the program [R-DMVES-04]; no contents of the documents are held.
 */
import type { Cohort } from '../model/cohort.ts';
import type { Facts, Objection, Rule } from '../model/decision.ts';
import type { HardwareModel } from '../model/device.ts';
import type { DefaultValue, DocumentsStatement, StepsStatement, Variation } from '../model/regulation.ts';
import type { UpdateFirmware } from '../model/service-request.ts';
import { matches, UPDATE_FIRMWARE } from './service.ts';
import { inForce } from './standing.ts';
import { targetOf } from './target.ts';
import { textInForce } from './texts.ts';

/** Refuses with `no-equivalent-steps` an order of which nobody says what it means for its device. */
export const orderStepsRule: Rule<Facts<UpdateFirmware>> = {
  name: 'order-steps',
  requirements: ['R-SVC-05', 'R-DMVES-02'],
  dated: ['steps.validFrom', 'steps.validTo', 'documents'],
  family: 'DMVES',
  check(facts) {
    const device = targetOf(facts);
    return device && noSteps(facts, UPDATE_FIRMWARE, device); // a device that nobody knows has no model: `target` says so
  },
};

/** Why a request cannot be served by a model: no steps are defined for it by a matrix in force. */
export function noSteps(
  { steps, documents, now }: Pick<Facts, 'steps' | 'documents' | 'now'>,
  srv: string,
  device: Model,
): Objection | undefined {
  if (steps !== undefined && inForce(steps, now) && instructionsFor(steps, srv, device, documents, now) !== undefined) return undefined;
  const detail = `no equivalent steps are defined for ${srv} and ${device.model}`;
  return { code: 'no-equivalent-steps', detail, requirements: ['R-SVC-05'] };
}

type Model = HardwareModel & { readonly firmwareVersion: number | undefined };

/**
 * The Instructions of a request for a model, in order; undefined when none are defined, and when the matrix is not the one that belongs to
 * the S1SR in force [R-DMVES-02].
 */
export function instructionsFor(
  statement: StepsStatement,
  srv: string,
  device: Model,
  documents: DocumentsStatement | undefined,
  at: number,
): readonly string[] | undefined {
  if (!isAligned(statement, documents, at)) return undefined;
  const found = statement.steps.filter((each) => each.srv === srv && matches(each.devices, device));
  return mostSpecific(found)?.instructions;
}

/** True when the matrix belongs to the S1SR in force; without a register of documents nobody can say so. */
export const isAligned = (
  { alignedTo }: Pick<StepsStatement, 'alignedTo'>,
  documents: DocumentsStatement | undefined,
  at: number,
): boolean => documents !== undefined && textInForce(documents, 'S1SR', at)?.version === alignedTo;

/**
 * The variations that hold for a model of a cohort at a time: exactly those mapped to it [R-DMVES-01]. One that ended goes on for models
 * under investigation [R-DMVES-03]; one that is pending has no effect before its date [R-DMVES-06].
 */
export function variationsFor(
  statement: StepsStatement | undefined,
  device: Model,
  cohort: Cohort | 'unknown',
  at: number,
): readonly Variation[] {
  return (statement?.variations ?? []).filter((each) => {
    if (!each.devices.some((pattern) => matches(pattern, device))) return false;
    if (each.cohort !== undefined && each.cohort !== cohort) return false;
    if (at < each.from) return false;
    return each.to === undefined || at < each.to || each.underInvestigation.some((pattern) => matches(pattern, device));
  });
}

/** The value that stands in for a field left out [R-DEF-01], for that cohort alone [R-DEF-02]; undefined = the request is to be refused. */
export const defaultFor = (
  statement: StepsStatement | undefined,
  srv: string,
  field: string,
  cohort: Cohort | 'unknown',
): DefaultValue | undefined => statement?.defaults.find((each) => each.srv === srv && each.field === field && each.cohort === cohort);

/** The entry whose pattern names most; the first of several alike. */
function mostSpecific<T extends { readonly devices: object }>(entries: readonly T[]): T | undefined {
  const named = ({ devices }: T): number => Object.values(devices).filter((each) => each !== undefined).length;
  return entries.reduce<T | undefined>((best, entry) => (best === undefined || named(entry) > named(best) ? entry : best), undefined);
}
