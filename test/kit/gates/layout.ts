/** Gate 4: the memory map says nothing but numbers, and its windows stand one after the other. */

/** A window of the map: [start, end). */
export interface Window {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

const LINE = /^export const [A-Z0-9_]+: i32 = [A-Z0-9_ +*-]+;( \/\/ .*)?$/;
const COMMENT = /^( ?\*|\/\*\*|\/\/)/;

/** Lines of layout.ts that are neither blank, a comment, nor `export const NAME: i32 = sum of names and numbers;`. */
export function foreignSyntax(text: string): string[] {
  return text
    .split('\n')
    .flatMap((line, index) => (line === '' || LINE.test(line) || COMMENT.test(line) ? [] : [`line ${index + 1}: ${line}`]));
}

/** The windows, recomputed from the values: an address NAME with NAME_SIZE, or with NAME_(single)_SIZE times _COUNT. */
export function windowsOf(values: Readonly<Record<string, number>>): Window[] {
  const start = values['MAP_START'] ?? Number.NaN;
  return Object.entries(values)
    .filter(([name, value]) => value >= start && /^[A-Z_]+$/.test(name) && sizeOf(values, name) !== undefined)
    .map(([name, value]) => ({ name, start: value, end: value + (sizeOf(values, name) ?? 0) }));
}

/** Windows that overlap, leave the map, or leave a hole behind them. */
export function misplaced(windows: readonly Window[], mapStart: number, mapEnd: number): string[] {
  const inOrder = [...windows].sort((a, b) => a.start - b.start || a.end - b.end);
  const found: string[] = [];
  let end = mapStart;
  for (const window of inOrder) {
    if (window.start < end) found.push(`${window.name} begins at ${window.start}, inside what ends at ${end}`);
    if (window.start > end) found.push(`${window.name} begins at ${window.start}, leaving a hole from ${end}`);
    end = Math.max(end, window.end);
  }
  if (end !== mapEnd) found.push(`the last window ends at ${end}, the map at ${mapEnd}`);
  return found;
}

function sizeOf(values: Readonly<Record<string, number>>, name: string): number | undefined {
  if (/_(SIZE|COUNT)$/.test(name)) return undefined;
  const whole = values[`${name}_SIZE`];
  if (whole !== undefined) return whole;
  const single = name.replace(/(?<=SS)ES$|S$/, '');
  const [size, count] = [values[`${single}_SIZE`], values[`${single}_COUNT`]];
  return single === name || size === undefined || count === undefined ? undefined : size * count;
}
