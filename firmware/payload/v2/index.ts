/** The second firmware of the sample PPMID: big figures, an estimate of the days left, bars of use. */
import {
  ABI,
  IN_BALANCE,
  IN_DAYS,
  IN_DEBT,
  IN_EMERGENCY,
  IN_EMERGENCY_LIMIT,
  IN_MODE,
  IN_POWER,
  IN_RATE,
  IN_STANDING,
  IN_SUPPLY,
  IN_TIME,
} from '../abi.ts';
import { bar, column, doubleBorder } from '../shared/boxes.ts';
import { answer, cell, clear, flush, put, putCentred, putRight } from '../shared/canvas.ts';
import { clock, decimal, decimalLine, decimalRight, moneyLine, moneyRight, weekday } from '../shared/figures.ts';
import { hasMessage, message } from '../shared/message.ts';
import { input, page, press } from '../shared/state.ts';
import { dayName, emergencyName, say, supplyName } from '../shared/words.ts';
import { bigMoneyRight } from './digits.ts';
import { costOf, dailyCost, meanDay, tenthsLeft, weekMaximum } from './estimate.ts';
import { heading, HELP_PAGES, line } from './help.ts';

const HOME: i32 = 0;
const WEEK: i32 = 1;
const COST: i32 = 2;
const SUPPLY: i32 = 3;
const MESSAGE: i32 = 4;
const FIRST_HELP: i32 = 5;
const PAGES: i32 = FIRST_HELP + HELP_PAGES;

/** Full deflection of the bar of use, watts. */
const BAR_MAXIMUM: i32 = 6000;
/** Days left below which the panel asks for credit, tenths. */
const LOW_TENTHS: i32 = 20;

/** Version of the agreement with the device. */
export function abiVersion(): i32 {
  return ABI;
}

/** File version of the image that carries this program. */
export function version(): u32 {
  return 0x00020000;
}

/** Puts the model's name at OUTPUT and answers its length. */
export function model(): i32 {
  return answer('PPMID-1');
}

/** A button was pressed; answers the setting to be kept. */
export function key(code: i32): i32 {
  return press(code, PAGES);
}

/** Draws the panel, puts its text at OUTPUT and answers its length. */
export function render(): i32 {
  const shown = page(PAGES);
  clear();
  doubleBorder(2);
  const time = <u32>input(IN_TIME);
  clock(2, 1, time);
  put(8, 1, dayName(weekday(time)));
  putCentred(1, title(shown));
  const behind = decimalRight(38, 1, PAGES, 0);
  cell(behind - 1, 1, 0x2f);
  decimalRight(behind - 1, 1, shown + 1, 0);
  if (shown === HOME) home();
  else if (shown === WEEK) week();
  else if (shown === COST) cost();
  else if (shown === SUPPLY) supply();
  else if (shown === MESSAGE) messages();
  else help(shown - FIRST_HELP);
  return flush();
}

function title(shown: i32): string {
  switch (shown) {
    case HOME:
      return input(IN_MODE) === 1 ? say('CREDIT', 'CREDYD') : say('ACCOUNT', 'CYFRIF');
    case WEEK:
      return say('WEEK', 'WYTHNOS');
    case COST:
      return say('COST', 'COST');
    case SUPPLY:
      return say('SUPPLY', 'CYFLENWAD');
    case MESSAGE:
      return say('MESSAGE', 'NEGES');
    default:
      return say('HELP', 'CYMORTH');
  }
}

function home(): void {
  bigMoneyRight(25, 3, input(IN_BALANCE));
  const left = tenthsLeft();
  if (left >= 0) {
    putRight(38, 3, say('lasts about', 'yn para tua'));
    putRight(38, 4, say('days', 'diwrnod'));
    decimalRight(30, 4, left, 1);
    if (left < LOW_TENTHS) putRight(38, 5, say('ADD CREDIT', 'PRYNWCH'));
  }
  put(2, 6, say('Now', 'Nawr'));
  bar(8, 6, 20, input(IN_POWER), BAR_MAXIMUM);
  putRight(38, 6, 'kW');
  decimalRight(35, 6, input(IN_POWER), 3);
  put(2, 7, say('Today', 'Heddiw'));
  moneyRight(38, 7, <i32>((costOf(input(IN_DAYS)) + <i64>input(IN_STANDING) + 50) / 100));
  if (hasMessage()) put(2, 8, say('* there is a message for you', '* mae neges i chi'));
  else put(2, 8, supplyName(input(IN_SUPPLY)));
}

function week(): void {
  const most = weekMaximum();
  const today = weekday(<u32>input(IN_TIME));
  for (let ago: i32 = 6; ago >= 0; ago--) {
    const x = 4 + 5 * (6 - ago);
    const used = input(IN_DAYS + 4 * ago);
    column(x, 6, 4, used, most);
    column(x + 1, 6, 4, used, most);
    put(x - 1, 7, dayName((today + 7 - ago) % 7));
    decimal(x - 1, 8, (used + 50) / 100, 1);
  }
}

function cost(): void {
  decimalLine(3, say('Unit rate', 'Cyfradd uned'), input(IN_RATE), 2, 'p/kWh');
  decimalLine(4, say('Standing charge', 'Tâl sefydlog'), input(IN_STANDING), 2, say('p/day', 'c/dydd'));
  decimalLine(5, say('Mean day', 'Diwrnod cyfartalog'), meanDay(), 3, 'kWh');
  moneyLine(6, say('costs', 'yn costio'), dailyCost());
  moneyLine(7, say('Debt', 'Dyled'), input(IN_DEBT));
}

function supply(): void {
  putCentred(3, supplyName(input(IN_SUPPLY)));
  put(2, 5, say('Emergency credit', 'Credyd argyfwng'));
  putRight(38, 5, emergencyName(input(IN_EMERGENCY)));
  moneyLine(6, say('You may use', 'Cewch ddefnyddio'), input(IN_EMERGENCY_LIMIT));
  decimalLine(7, say('Using now', 'Defnydd nawr'), input(IN_POWER), 3, 'kW');
}

function messages(): void {
  if (hasMessage()) message(2, 4, 36, 4);
  else putCentred(5, say('There is none.', 'Nid oes un.'));
}

function help(index: i32): void {
  putCentred(3, heading(index));
  for (let row: i32 = 0; row < 4; row++) put(1, 4 + row, line(index, row));
}
