/** The first firmware of the sample PPMID: plain lines, one page for each subject. */
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
import { border } from '../shared/boxes.ts';
import { answer, clear, flush, put, putCentred, putRight } from '../shared/canvas.ts';
import { clock, decimal, decimalLine, moneyLine, weekday } from '../shared/figures.ts';
import { hasMessage, message } from '../shared/message.ts';
import { input, page, press } from '../shared/state.ts';
import { dayName, emergencyName, say, supplyName } from '../shared/words.ts';
import { heading, HELP_PAGES, line } from './help.ts';

const HOME: i32 = 0;
const USAGE: i32 = 1;
const TARIFF: i32 = 2;
const MESSAGE: i32 = 3;
const FIRST_HELP: i32 = 4;
const PAGES: i32 = FIRST_HELP + HELP_PAGES;

/** Version of the agreement with the device. */
export function abiVersion(): i32 {
  return ABI;
}

/** File version of the image that carries this program. */
export function version(): u32 {
  return 0x00010000;
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
  border(2);
  put(2, 1, say('Home display 1.0', 'Sgrin gartref 1.0'));
  const time = <u32>input(IN_TIME);
  put(29, 1, dayName(weekday(time)));
  clock(33, 1, time);
  if (shown === HOME) home();
  else if (shown === USAGE) usage();
  else if (shown === TARIFF) tariff();
  else if (shown === MESSAGE) messages();
  else help(shown - FIRST_HELP);
  decimal(2, 8, shown + 1, 0);
  putRight(38, 8, hasMessage() && shown !== MESSAGE ? say('* message', '* neges') : say('next >', 'nesaf >'));
  return flush();
}

function home(): void {
  const prepaid = input(IN_MODE) === 1;
  moneyLine(3, prepaid ? say('Credit left', 'Credyd ar ôl') : say('Account balance', 'Balans y cyfrif'), input(IN_BALANCE));
  put(2, 4, say('Emergency credit', 'Credyd argyfwng'));
  putRight(38, 4, emergencyName(input(IN_EMERGENCY)));
  put(2, 5, say('Supply', 'Cyflenwad'));
  putRight(38, 5, supplyName(input(IN_SUPPLY)));
  decimalLine(6, say('Using now', 'Defnydd nawr'), input(IN_POWER), 3, 'kW');
}

function usage(): void {
  putCentred(3, say('What you use', 'Eich defnydd'));
  decimalLine(4, say('Now', 'Nawr'), input(IN_POWER), 3, 'kW');
  decimalLine(5, say('Today', 'Heddiw'), input(IN_DAYS), 3, 'kWh');
  decimalLine(6, say('Yesterday', 'Ddoe'), input(IN_DAYS + 4), 3, 'kWh');
}

function tariff(): void {
  putCentred(3, say('What it costs', 'Y gost'));
  decimalLine(4, say('Unit rate', 'Cyfradd uned'), input(IN_RATE), 2, 'p/kWh');
  decimalLine(5, say('Standing charge', 'Tâl sefydlog'), input(IN_STANDING), 2, say('p/day', 'c/dydd'));
  moneyLine(6, say('Emergency credit', 'Credyd argyfwng'), input(IN_EMERGENCY_LIMIT));
  moneyLine(7, say('Debt', 'Dyled'), input(IN_DEBT));
}

function messages(): void {
  putCentred(3, say('Message of your supplier', 'Neges eich cyflenwr'));
  if (hasMessage()) message(2, 4, 36, 4);
  else putCentred(5, say('There is none.', 'Nid oes un.'));
}

function help(index: i32): void {
  putCentred(3, heading(index));
  for (let row: i32 = 0; row < 4; row++) put(1, 4 + row, line(index, row));
}
