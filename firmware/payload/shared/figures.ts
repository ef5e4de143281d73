/** Figures on the canvas: decimals, money, times. Right-aligned ones end before the column given. */
import { cell, put } from './canvas.ts';

/** Draws `value` / 10^decimals so that it ends before `end`; answers the column of its first character. */
export function decimalRight(end: i32, y: i32, value: i32, decimals: i32): i32 {
  let x = end;
  let rest: u32 = value < 0 ? <u32>-value : <u32>value;
  for (let i: i32 = 0; i <= decimals || rest > 0; i++) {
    if (i === decimals && decimals > 0) cell(--x, y, 0x2e);
    cell(--x, y, 0x30 + <i32>(rest % 10));
    rest /= 10;
  }
  if (value < 0) cell(--x, y, 0x2d);
  return x;
}

/** Draws pence as pounds, a minus in front of the sign, so that it ends before `end`; answers its first column. */
export function moneyRight(end: i32, y: i32, pence: i32): i32 {
  let x = decimalRight(end, y, pence < 0 ? -pence : pence, 2);
  cell(--x, y, 0xa3);
  if (pence < 0) cell(--x, y, 0x2d);
  return x;
}

/** Draws a decimal that begins at `x`; answers the column behind it. */
export function decimal(x: i32, y: i32, value: i32, decimals: i32): i32 {
  const end = x + width(value, decimals);
  decimalRight(end, y, value, decimals);
  return end;
}

/** Characters that `decimal` takes. */
export function width(value: i32, decimals: i32): i32 {
  let digits: i32 = 0;
  let rest: u32 = value < 0 ? <u32>-value : <u32>value;
  for (; digits <= decimals || rest > 0; digits++) rest /= 10;
  return digits + (decimals > 0 ? 1 : 0) + (value < 0 ? 1 : 0);
}

/** Draws hours and minutes of a time in seconds; answers the column behind them. */
export function clock(x: i32, y: i32, time: u32): i32 {
  const minutes = <i32>((time / 60) % 1440);
  pair(x, y, minutes / 60);
  cell(x + 2, y, 0x3a);
  pair(x + 3, y, minutes % 60);
  return x + 5;
}

/** Day of the week of a time since 2000-01-01, a Saturday: 0 is Monday. */
export function weekday(time: u32): i32 {
  return <i32>((time / 86400 + 5) % 7);
}

/** Draws a label and behind it, right-aligned, an amount of money. */
export function moneyLine(y: i32, label: string, pence: i32): void {
  put(2, y, label);
  moneyRight(38, y, pence);
}

/** Draws a label and behind it a decimal with its unit. */
export function decimalLine(y: i32, label: string, value: i32, decimals: i32, unit: string): void {
  put(2, y, label);
  put(38 - unit.length, y, unit);
  decimalRight(37 - unit.length, y, value, decimals);
}

function pair(x: i32, y: i32, value: i32): void {
  cell(x, y, 0x30 + value / 10);
  cell(x + 1, y, 0x30 + (value % 10));
}
