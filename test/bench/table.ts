/** The table of the benches for people. */
import type { Row } from './race.ts';

const WIDTHS = [23, 7, 15, 9, 9, 16, 5];

/** The table's first line. */
export const HEADER = line(['bench', 'ratio', 'quartiles', 'ours', 'theirs', 'unit', 'runs', 'versus']);

/** The line of a row: three significant figures everywhere. */
export const rowLine = ({ name, ratio, q1, q3, ours, theirs, unit, runs, versus, note }: Row): string =>
  line([
    name,
    `×${figures(ratio)}`,
    `${figures(q1)} – ${figures(q3)}`,
    figures(ours),
    figures(theirs),
    unit,
    String(runs),
    note === undefined ? versus : `${versus}; ${note}`,
  ]);

function line(texts: readonly string[]): string {
  return texts.map((text, i) => text.padEnd(WIDTHS[i] ?? 0)).join(' ');
}

const figures = (value: number): string => (value < 100 ? value.toPrecision(3) : String(Number(value.toPrecision(3))));
