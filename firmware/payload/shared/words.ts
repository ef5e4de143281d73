/** Words that both programs use, in English and Welsh. */
import { welsh } from './state.ts';

/** Picks the text of the language shown. */
export function say(english: string, cymraeg: string): string {
  return welsh() ? cymraeg : english;
}

/** Short name of a day of the week; 0 is Monday. */
export function dayName(day: i32): string {
  switch (day) {
    case 0:
      return say('Mon', 'Llu');
    case 1:
      return say('Tue', 'Maw');
    case 2:
      return say('Wed', 'Mer');
    case 3:
      return say('Thu', 'Iau');
    case 4:
      return say('Fri', 'Gwe');
    case 5:
      return say('Sat', 'Sad');
    default:
      return say('Sun', 'Sul');
  }
}

/** Name of a supply state. */
export function supplyName(supply: i32): string {
  switch (supply) {
    case 0:
      return say('OFF', 'I FFWRDD');
    case 1:
      return say('ON', 'YMLAEN');
    case 2:
      return say('READY: press the meter button', 'PAROD: gwasgwch fotwm y mesurydd');
    default:
      return '?';
  }
}

/** Name of a state of emergency credit. */
export function emergencyName(state: i32): string {
  switch (state) {
    case 0:
      return say('not available', 'ddim ar gael');
    case 1:
      return say('available', 'ar gael');
    case 2:
      return say('IN USE', 'YN CAEL EI DDEFNYDDIO');
    default:
      return '?';
  }
}
