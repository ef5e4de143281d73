/** Gates over names and text: sizes, forbidden file names, traces of one machine, unfinished marks. */
import type { Tree } from './source.ts';

/** Longest source file; tables of data may be longer. */
export const CEILING = 300;

/** Tables by name; the memory map and the list of codes are tables too. */
const DATA = /-tables?\.ts$|^assembly\/abi\/(layout|code)\.ts$/;
const FORBIDDEN_NAME = /(^|[-./])(utils?|helpers?|common|manager|misc)([-./]|$)/;
/** Patterns are put together from parts so that this file does not hold what it looks for. */
const FORBIDDEN_TEXT: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a path of one machine', new RegExp(['/wo', 'rk/|/ho', 'me/[a-z]|/Us', 'ers/|/ro', 'ot/|C:\\\\Us', 'ers'].join(''))],
  ['the host of a package registry', new RegExp(['registry\\.(npm', 'js|yarn', 'pkg)|npm', 'mirror'].join(''))],
  ['an unfinished mark', new RegExp(['\\b(TO', 'DO|FIX', 'ME|X', 'XX)\\b'].join(''))],
];

/** Sources over the ceiling. */
export function overCeiling(tree: Tree): string[] {
  return [...tree]
    .filter(([path, text]) => !DATA.test(path) && lines(text) > CEILING)
    .map(([path, text]) => `${path}: ${lines(text)} lines`);
}

/** Files whose name says nothing. */
export function emptyNames(tree: Tree): string[] {
  return [...tree.keys()].filter((path) => FORBIDDEN_NAME.test(path));
}

/** Text that has no place in the project; binary files are left out. */
export function forbiddenText(tree: Tree): string[] {
  const found: string[] = [];
  for (const [path, text] of tree) {
    if (text.includes('\0')) continue;
    for (const [number, line] of text.split('\n').entries()) {
      for (const [what, pattern] of FORBIDDEN_TEXT) if (pattern.test(line)) found.push(`${path}:${number + 1}: ${what}`);
    }
  }
  return found;
}

function lines(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}
