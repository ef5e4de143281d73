/**
 * The text of DUIS that the User keeps to must provide for what is asked (002 §7 and Direction): PPMID firmware stands in the texts of
 * 3.0 and 3.1 as of 24 November 2020, not in the texts that had these numbers before. Other requests go on under older texts.
 *
 * A request accepted under a text in force stays valid when that text is replaced [R-DOC-08]: the text is judged as of acceptance.
 */
import type { Facts, Objection, Rule } from '../model/decision.ts';
import type { DocumentsStatement, TextId } from '../model/regulation.ts';
import type { UpdateFirmware } from '../model/service-request.ts';
import { inForce } from './standing.ts';
import { sameText, textStanding } from './texts.ts';
import { day, instant } from '../model/calendar.ts';

/** What a text must provide for. */
export const PPMID_FIRMWARE = 'ppmid-firmware';

/** Refuses with `no-documents-register`, `duis-text-…`. */
export const duisRule: Rule<Pick<Facts<UpdateFirmware>, 'now' | 'accepted' | 'request' | 'documents'>> = {
  name: 'duis',
  requirements: ['R-PPMID-11', 'R-PPMID-12', 'R-DOC-02', 'R-DOC-08'],
  dated: ['documents'],
  family: 'DUIS',
  check: ({ now, accepted = now, request, documents }) => textProvides(documents, request.duis, PPMID_FIRMWARE, now, accepted),
};

/** Why a text of DUIS does not serve for a feature at `at`; `feature` undefined = any text in force will do. */
export function textProvides(
  documents: DocumentsStatement | undefined,
  duis: Omit<TextId, 'document'>,
  feature: string | undefined,
  now: number,
  at = now,
): Objection | undefined {
  if (documents === undefined || !inForce(documents, now)) {
    return { code: 'no-documents-register', detail: 'there is no register of documents in force', requirements: ['R-DOC-02'] };
  }
  const text = { document: 'DUIS', ...duis };
  const named = `DUIS ${duis.version} as of ${day(duis.effectiveFrom)}`;
  const standing = textStanding(documents, text, at);
  if (standing !== 'in-force') {
    return {
      code: `duis-text-${standing}`,
      detail: `${named} is no text in force at ${instant(at)}: ${standing}`,
      requirements: ['R-DOC-02', 'R-PPMID-12'],
    };
  }
  const provides = documents.documents.some(
    (entry) =>
      entry.effectiveFrom !== undefined &&
      sameText({ ...entry, effectiveFrom: entry.effectiveFrom }, text) &&
      entry.provides.includes(feature ?? ''),
  );
  if (feature === undefined || provides) return undefined;
  return { code: 'duis-does-not-support', detail: `${named} does not provide for ${feature}`, requirements: ['R-PPMID-11', 'R-PPMID-12'] };
}
