/** Lines and bars of box-drawing characters. */
import { COLUMNS, ROWS } from '../abi.ts';
import { cell, repeat } from './canvas.ts';

/** Draws the border of the whole panel with single lines, and a rule below row `head`. */
export function border(head: i32): void {
  rule(0, 0x250c, 0x2510);
  rule(ROWS - 1, 0x2514, 0x2518);
  sides(0x2502);
  rule(head, 0x251c, 0x2524);
}

/** Draws the border of the whole panel with double lines, and a double rule below row `head`. */
export function doubleBorder(head: i32): void {
  ends(0, 0x2550, 0x2554, 0x2557);
  ends(ROWS - 1, 0x2550, 0x255a, 0x255d);
  sides(0x2551);
  ends(head, 0x2550, 0x2560, 0x2563);
}

/** Draws a bar of `width` cells, `part` of `whole` filled in steps of an eighth of a cell. */
export function bar(x: i32, y: i32, width: i32, part: i32, whole: i32): void {
  const most = 8 * width;
  let eighths: i32 = whole <= 0 ? 0 : <i32>((<i64>part * <i64>most) / <i64>whole);
  eighths = max<i32>(0, min<i32>(eighths, most));
  repeat(x, y, width, 0xb7);
  repeat(x, y, eighths / 8, 0x2588);
  const rest = eighths % 8;
  if (rest > 0) cell(x + eighths / 8, y, 0x2590 - rest);
}

/** Draws a column that stands on row `base` and grows upwards by at most `height` cells. */
export function column(x: i32, base: i32, height: i32, part: i32, whole: i32): void {
  let eighths: i32 = whole <= 0 ? 0 : <i32>((<i64>part * <i64>(8 * height)) / <i64>whole);
  eighths = max<i32>(0, min<i32>(eighths, 8 * height));
  for (let i: i32 = 0; i < eighths / 8; i++) cell(x, base - i, 0x2588);
  if (eighths % 8 > 0) cell(x, base - eighths / 8, 0x2580 + (eighths % 8));
}

function rule(y: i32, left: i32, right: i32): void {
  ends(y, 0x2500, left, right);
}

function ends(y: i32, line: i32, left: i32, right: i32): void {
  repeat(1, y, COLUMNS - 2, line);
  cell(0, y, left);
  cell(COLUMNS - 1, y, right);
}

function sides(line: i32): void {
  for (let y: i32 = 1; y < ROWS - 1; y++) {
    cell(0, y, line);
    cell(COLUMNS - 1, y, line);
  }
}
