/**
 * The integrity code of an upgrade file (element 0x0003) under each of the three conventions found in the field, for those who make files:
 * which one a code follows, and the code anew by the same one. Whether a file is accepted is the core's to say (assembly/image/integrity.ts).
 */
import type { Mmo } from './build.ts';
import { ELEMENT_HEADER, Tag } from './format.ts';
import { inspectImage } from './inspect.ts';

/** What a code covers, and how its digest is padded: up to its tag; its tag and length as well; up to its tag with short padding. */
export type Convention = 'before-tag' | 'with-tag' | 'short-padding';

/** The conventions, the first of which a new file follows. */
export const CONVENTIONS: readonly Convention[] = ['before-tag', 'with-tag', 'short-padding'];

const LENGTH = 16;

/** The code that a file should carry whose code stands at `offset`. */
export function integrityCode(file: Uint8Array, offset: number, convention: Convention, mmo: Mmo): Uint8Array {
  const before = file.subarray(0, offset - ELEMENT_HEADER);
  if (convention === 'with-tag') return mmo(file.subarray(0, offset));
  return convention === 'short-padding' ? mmo(before, 'short') : mmo(before);
}

/** Where the data of a file's code stands; undefined when it has none. */
export const integrityOffset = (file: Uint8Array): number | undefined =>
  inspectImage(file).elements.find(({ tag, length }) => tag === Tag.INTEGRITY_CODE && length === LENGTH)?.offset;

/** The convention that a file's code follows; undefined when it has no code, or one that fits none. */
export function conventionOf(file: Uint8Array, mmo: Mmo): Convention | undefined {
  const offset = integrityOffset(file);
  if (offset === undefined) return undefined;
  const found = file.subarray(offset, offset + LENGTH);
  return CONVENTIONS.find((convention) => Buffer.compare(integrityCode(file, offset, convention, mmo), found) === 0);
}
