/**
 * Which texts of the documents are in force at a time. A text is (document, version, effective from): DUIS 3.0 and 3.1 were re-issued
 * under their numbers [R-DOC-02], and versions of DUIS are in force beside each other, so a text is in force from its date until a text
 * that names it as replaced is. A draft never is [R-DOC-05, R-DOC-09].
 */
import type { DocumentEntry, DocumentsStatement, TextId } from '../model/regulation.ts';

/** A text that can come into force. */
type Dated = DocumentEntry & { readonly effectiveFrom: number };

/** How a text stands at a time. */
export type TextStanding = 'in-force' | 'unknown' | 'draft' | 'not-yet' | 'superseded';

/** True for the same text. */
export const sameText = (a: TextId, b: TextId): boolean =>
  a.effectiveFrom === b.effectiveFrom && a.version === b.version && a.document === b.document;

/** How a text stands at a time. */
export function textStanding({ documents }: Pick<DocumentsStatement, 'documents'>, text: TextId, at: number): TextStanding {
  const entries = documents.filter((entry) => isDated(entry) && sameText(entry, text));
  if (entries.length === 0) return 'unknown';
  if (entries.every(({ status }) => status === 'draft')) return 'draft';
  if (at < text.effectiveFrom) return 'not-yet';
  return replacedAt(documents, text, at) ? 'superseded' : 'in-force';
}

/** Every text in force at a time, in the order of the register. */
export function textsInForce({ documents }: Pick<DocumentsStatement, 'documents'>, at: number): readonly Dated[] {
  const begun = documents.filter((entry): entry is Dated => hasBegun(entry, at));
  const replaced = begun.flatMap(({ replaces }) => replaces ?? []);
  return begun.filter((entry) => !replaced.some((text) => sameText(text, entry)));
}

/** The one text of a document in force at a time; the latest where several versions are. */
export const textInForce = (statement: Pick<DocumentsStatement, 'documents'>, document: string, at: number): Dated | undefined =>
  textsInForce(statement, at)
    .filter((entry) => entry.document === document)
    .reduce<Dated | undefined>(
      (latest, entry) => (latest === undefined || entry.effectiveFrom >= latest.effectiveFrom ? entry : latest),
      undefined,
    );

/**
 * Texts in force that belong to another S1SR than the one in force beside them [R-DMVES-02]: their successor is missing from the register. The
 * sources name the text that a matrix accompanied and not each one after it.
 */
export const misalignedTexts = (statement: Pick<DocumentsStatement, 'documents'>, at: number): readonly Dated[] =>
  textsInForce(statement, at).filter(
    ({ alignedTo }) => alignedTo !== undefined && alignedTo !== textInForce(statement, 'S1SR', at)?.version,
  );

/** The identity of a text. */
export const textId = ({ document, version, effectiveFrom }: TextId): TextId => ({ document, version, effectiveFrom });

const isDated = (entry: DocumentEntry): entry is Dated => entry.effectiveFrom !== undefined;

const hasBegun = (entry: DocumentEntry, at: number): entry is Dated =>
  entry.status === 'designated' && isDated(entry) && entry.effectiveFrom <= at;

const replacedAt = (documents: readonly DocumentEntry[], text: TextId, at: number): boolean =>
  documents.some((entry) => entry.replaces !== undefined && sameText(entry.replaces, text) && hasBegun(entry, at));
