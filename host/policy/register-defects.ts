/**
 * What keeps a register from being taken into use although its signature is right: texts that cannot be in force, a matrix that belongs to another
 * S1SR, a service for some cohorts without a reason, keys in places that are not allowed, numbers of supplies in a text that decisions
 * would repeat. The first defect is the answer.
 */
import type { Objection } from '../model/decision.ts';
import { holdsNumber } from '../model/personal.ts';
import type { SignersStatement, Statement } from '../model/register.ts';
import type { CohortsStatement, DocumentsStatement } from '../model/regulation.ts';
import { textInForce } from './texts.ts';
import { isAligned } from './steps.ts';

/** Countries in which systems that sign SMETS1 requests may stand. Section G is not held: the set is ours. */
const PLACES: readonly string[] = ['GB'];

/** The first defect of a statement; `documents` is the register of documents in use, `now` in whole seconds. */
export const registerDefect = (statement: Statement, documents: DocumentsStatement | undefined, now: number): Objection | undefined =>
  personalNumber(statement, statement.kind) ?? defectOf(statement, documents, now);

/** The first text of a statement that holds the number of a supply: what a register says stands in records and reports [R-PRIV-01]. */
function personalNumber(node: object, path: string): Objection | undefined {
  for (const [name, value] of Object.entries(node) as readonly (readonly [string, unknown])[]) {
    const at = Array.isArray(node) ? `${path}[${name}]` : `${path}.${name}`;
    if (typeof value === 'string' && holdsNumber(value))
      return { code: 'personal-data', detail: `${at} holds a meter point or top-up number`, requirements: ['R-PRIV-01'] };
    const below = typeof value === 'object' && value !== null && !(value instanceof Uint8Array) ? personalNumber(value, at) : undefined;
    if (below !== undefined) return below;
  }
  return undefined;
}

function defectOf(statement: Statement, documents: DocumentsStatement | undefined, now: number): Objection | undefined {
  switch (statement.kind) {
    case 'documents':
      return documentsDefect(statement);
    case 'cohorts':
      return partialService(statement, now);
    case 'signers':
      return foreignKey(statement);
    case 'equivalent-steps':
      return isAligned(statement, documents, now)
        ? undefined
        : {
            code: 'matrix-not-aligned',
            detail: `the matrix belongs to S1SR ${statement.alignedTo}, which is not the one in force`,
            requirements: ['R-DMVES-02'],
          };
    case 'services': {
      const odd = statement.services.find(({ elective }) => elective !== undefined && !(elective.overSmWan && elective.solelyEnergy));
      if (odd === undefined) return undefined;
      return {
        code: 'not-an-elective-service',
        detail: `${odd.srv} has no leg over the SM WAN, or is not solely about energy`,
        requirements: ['R-ELEC-03'],
      };
    }
    case 'combinations': {
      const at = statement.combinations.findIndex((members) => !members.some(({ type }) => type === 'chf'));
      if (at < 0) return undefined;
      return { code: 'no-hub', detail: `combinations[${at}] has no Communications Hub`, requirements: ['R-EPC-01'] };
    }
    default:
      return undefined;
  }
}

function documentsDefect(statement: DocumentsStatement): Objection | undefined {
  for (const [i, { document, version, effectiveFrom, status, basis, notified, alignedTo }] of statement.documents.entries()) {
    const named = `documents[${i}] (${document} ${version})`;
    if (status === 'draft') continue;
    if (effectiveFrom === undefined)
      return { code: 'placeholder', detail: `${named} has a placeholder for its date: it is a draft`, requirements: ['R-DOC-09'] };
    if (/draft/i.test(version))
      return { code: 'draft-in-force', detail: `${named} is a draft and never in force`, requirements: ['R-DOC-05'] };
    if (basis === '' || notified === '')
      return { code: 'no-legal-basis', detail: `${named} names no legal basis or nobody notified`, requirements: ['R-GOV-02'] };
    if (alignedTo !== undefined && textInForce(statement, 'S1SR', effectiveFrom)?.version !== alignedTo) {
      return {
        code: 'matrix-not-aligned',
        detail: `${named} belongs to S1SR ${alignedTo}, which is not in force with it`,
        requirements: ['R-DMVES-02'],
      };
    }
  }
  return undefined;
}

/** The PPMID service for some live cohorts alone takes a recorded reason: all were to be treated equally (002 §12). */
function partialService({ cohorts, partialBecause }: CohortsStatement, now: number): Objection | undefined {
  const served = cohorts.filter(({ ppmidFirmware }) => ppmidFirmware !== undefined && ppmidFirmware <= now);
  const left = cohorts.filter(
    ({ live, ppmidFirmware }) => live !== undefined && live <= now && !(ppmidFirmware !== undefined && ppmidFirmware <= now),
  );
  if (served.length === 0 || left.length === 0 || (partialBecause ?? '').trim() !== '') return undefined;
  const detail = `live without PPMID firmware: ${left.map(({ cohort }) => cohort).join(', ')}; say why in partialBecause`;
  return { code: 'partial-service', detail, requirements: ['R-PPMID-13'] };
}

function foreignKey({ signers }: SignersStatement): Objection | undefined {
  const key = signers.find(({ place, role }) => place !== undefined && !PLACES.includes(place) && role !== 'gateway');
  return (
    key && { code: 'place-not-allowed', detail: `the key ${key.kid} of ${key.name} signs in ${key.place}`, requirements: ['R-SIGN-04'] }
  );
}
