/** Statements as people write them in JSON, before they are signed and after they were opened. */
import { refuse, type Result } from '../model/fault.ts';
import type { Statement } from '../model/register.ts';
import { JSON_NOTATION } from './json-notation.ts';
import { checkStatement } from './statement.ts';
import { STATEMENT } from './statement-shape.ts';

/**
 * Reads a statement from a JSON value; a member `note` is for people and left out. Refuses with a code of `shape.ts`, naming the entry by its
 * place, `obsolete-list`, or `empty-window`.
 */
export function statementOfJson(value: unknown): Result<Statement> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse('wrong-type', 'a statement is a JSON object');
  const { note: _note, ...rest } = value as Record<string, unknown>;
  const obsolete = obsoleteList(rest['kind']);
  if (obsolete !== undefined) return obsolete;
  const read = STATEMENT.read(rest, '', JSON_NOTATION);
  return read.ok ? checkStatement(read.value) : read;
}

/** The list that eligible and pending combinations took the place of is refused with a pointer to them [R-EPC-06]. */
export const obsoleteList = (kind: unknown) =>
  kind === 'eligible-products'
    ? refuse('obsolete-list', 'the SMETS1 Eligible Products List is no more: use combinations (eligible) or pending')
    : undefined;
