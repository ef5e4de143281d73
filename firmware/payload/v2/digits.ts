/** Big figures, three rows of half blocks high and four cells wide (points two), for the balance of the second firmware. */
import { cell } from '../shared/canvas.ts';

/** Rows of a big figure. */
export const BIG_ROWS: i32 = 3;

/** Draws pence as pounds in big figures so that they end before `end`, top row `y`. */
export function bigMoneyRight(end: i32, y: i32, pence: i32): void {
  let x = end;
  let rest: u32 = pence < 0 ? <u32>-pence : <u32>pence;
  for (let i: i32 = 0; i < 3 || rest > 0; i++) {
    if (i === 2) {
      x -= 2;
      cell(x, y + 2, 0x2584);
    }
    x -= 4;
    figure(x, y, <i32>(rest % 10));
    rest /= 10;
  }
  x -= 4;
  glyph(x, y, 0b011_100_110_100_111);
  if (pence < 0) cell(x - 2, y + 1, 0x2580);
  if (pence < 0) cell(x - 3, y + 1, 0x2580);
}

/** Draws one figure. */
export function figure(x: i32, y: i32, digit: i32): void {
  switch (digit) {
    case 0:
      return glyph(x, y, 0b111_101_101_101_111);
    case 1:
      return glyph(x, y, 0b010_110_010_010_111);
    case 2:
      return glyph(x, y, 0b111_001_111_100_111);
    case 3:
      return glyph(x, y, 0b111_001_111_001_111);
    case 4:
      return glyph(x, y, 0b101_101_111_001_001);
    case 5:
      return glyph(x, y, 0b111_100_111_001_111);
    case 6:
      return glyph(x, y, 0b111_100_111_101_111);
    case 7:
      return glyph(x, y, 0b111_001_010_010_010);
    case 8:
      return glyph(x, y, 0b111_101_111_101_111);
    default:
      return glyph(x, y, 0b111_101_111_001_111);
  }
}

/** Draws 3 × 5 dots, top row in the highest bits, two dots to a cell. */
function glyph(x: i32, y: i32, dots: i32): void {
  for (let row: i32 = 0; row < BIG_ROWS; row++) {
    for (let at: i32 = 0; at < 3; at++) {
      const upper = (dots >> (14 - 6 * row - at)) & 1;
      const lower = row === 2 ? 0 : (dots >> (11 - 6 * row - at)) & 1;
      cell(x + at, y + row, upper === 0 ? (lower === 0 ? 0x20 : 0x2584) : lower === 0 ? 0x2580 : 0x2588);
    }
  }
}
