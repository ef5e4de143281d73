/**
 * A canvas of COLUMNS × ROWS cells, drawn cell by cell and turned into UTF-8 at the end. Whatever falls outside is cut off.
 * A cell holds one UTF-16 unit, so that box drawing and accents are one cell each.
 */
import { CANVAS, COLUMNS, OUTPUT, ROWS } from '../abi.ts';

/** Makes every cell a space. */
export function clear(): void {
  for (let i: i32 = 0; i < COLUMNS * ROWS; i++) store<u16>(CANVAS + 2 * i, 0x20);
}

/** Draws one character. */
export function cell(x: i32, y: i32, code: i32): void {
  if (<u32>x >= <u32>COLUMNS || <u32>y >= <u32>ROWS) return;
  store<u16>(CANVAS + 2 * (y * COLUMNS + x), <u16>code);
}

/** Draws a text and answers the column behind it. */
export function put(x: i32, y: i32, text: string): i32 {
  for (let i: i32 = 0; i < text.length; i++) cell(x + i, y, text.charCodeAt(i));
  return x + text.length;
}

/** Draws a text so that it ends before column `end`. */
export function putRight(end: i32, y: i32, text: string): void {
  put(end - text.length, y, text);
}

/** Draws a text in the middle of the row. */
export function putCentred(y: i32, text: string): void {
  put((COLUMNS - text.length) / 2, y, text);
}

/** Draws the same character `count` times. */
export function repeat(x: i32, y: i32, count: i32, code: i32): void {
  for (let i: i32 = 0; i < count; i++) cell(x + i, y, code);
}

/** Turns the canvas into UTF-8 at OUTPUT, a line feed after each row; answers the length in bytes. */
export function flush(): i32 {
  let out: i32 = OUTPUT;
  for (let y: i32 = 0; y < ROWS; y++) {
    for (let x: i32 = 0; x < COLUMNS; x++) out = encode(out, load<u16>(CANVAS + 2 * (y * COLUMNS + x)));
    store<u8>(out++, 0x0a);
  }
  return out - OUTPUT;
}

/** Copies a text as UTF-8 to OUTPUT and answers its length in bytes. */
export function answer(text: string): i32 {
  let out: i32 = OUTPUT;
  for (let i: i32 = 0; i < text.length; i++) out = encode(out, text.charCodeAt(i));
  return out - OUTPUT;
}

function encode(out: i32, code: i32): i32 {
  if (code < 0x80) {
    store<u8>(out, <u8>code);
    return out + 1;
  }
  if (code < 0x800) {
    store<u8>(out, <u8>(0xc0 | (code >> 6)));
    store<u8>(out + 1, <u8>(0x80 | (code & 0x3f)));
    return out + 2;
  }
  store<u8>(out, <u8>(0xe0 | (code >> 12)));
  store<u8>(out + 1, <u8>(0x80 | ((code >> 6) & 0x3f)));
  store<u8>(out + 2, <u8>(0x80 | (code & 0x3f)));
  return out + 3;
}
