/** Help pages of the first firmware: four lines of at most 38 characters each. */
import { say } from '../shared/words.ts';

/** Number of help pages. */
export const HELP_PAGES: i32 = 6;

/** Heading of a help page. */
export function heading(help: i32): string {
  switch (help) {
    case 0:
      return say('Adding credit', 'Ychwanegu credyd');
    case 1:
      return say('Emergency credit', 'Credyd argyfwng');
    case 2:
      return say('Supply is off', 'Cyflenwad i ffwrdd');
    case 3:
      return say('Reading the display', 'Darllen y sgrin');
    case 4:
      return say('Friendly hours', 'Oriau cyfeillgar');
    default:
      return say('Looking after it', 'Gofalu amdano');
  }
}

/** A line of a help page, 0 to 3. */
export function line(help: i32, row: i32): string {
  switch (help * 4 + row) {
    case 0:
      return say('Buy credit in a shop, by telephone', 'Prynwch gredyd mewn siop, dros y');
    case 1:
      return say('or with your supplier. It reaches the', 'ffôn neu gyda’ch cyflenwr. Bydd yn');
    case 2:
      return say('meter by itself. If it does not, type', 'cyrraedd y mesurydd ei hun. Os na,');
    case 3:
      return say('the 20 digits of your receipt here.', 'rhowch yr 20 digid yma.');
    case 4:
      return say('When your credit is low you may use', 'Pan fydd eich credyd yn isel cewch');
    case 5:
      return say('emergency credit. It is not free: what', 'ddefnyddio credyd argyfwng. Nid yw am');
    case 6:
      return say('you used is taken from the next', 'ddim: telir amdano o’r credyd nesaf');
    case 7:
      return say('credit that you add.', 'a brynwch.');
    case 8:
      return say('Add credit first. Switch off cookers', 'Ychwanegwch gredyd. Diffoddwch bob');
    case 9:
      return say('and heaters. Then press the button on', 'popty a gwresogydd. Yna gwasgwch y');
    case 10:
      return say('the meter, or ON when this display', 'botwm ar y mesurydd, neu YMLAEN pan');
    case 11:
      return say('offers it.', 'fydd y sgrin yn ei gynnig.');
    case 12:
      return say('The balance is what the meter said', 'Y balans yw’r hyn a ddywedodd y');
    case 13:
      return say('last. The time above shows when this', 'mesurydd ddiwethaf. Dengys yr amser');
    case 14:
      return say('display heard from it. Electricity', 'uchod pryd y clywodd y sgrin ganddo.');
    case 15:
      return say('comes often, gas every half hour.', 'Daw nwy bob hanner awr.');
    case 16:
      return say('At night, on Sundays and on holidays', 'Gyda’r nos, ar y Sul ac ar wyliau ni');
    case 17:
      return say('your supply is not switched off when', 'chaiff eich cyflenwad ei ddiffodd pan');
    case 18:
      return say('credit runs out. What you use is taken', 'ddaw’r credyd i ben. Telir amdano o’r');
    case 19:
      return say('from the next credit that you add.', 'credyd nesaf a brynwch.');
    case 20:
      return say('Keep this display plugged in and near', 'Cadwch y sgrin wedi’i phlygio i mewn');
    case 21:
      return say('the meter. Wipe it with a dry cloth.', 'ger y mesurydd. Sychwch hi â chlwt');
    case 22:
      return say('Its software is renewed over the air;', 'sych. Caiff ei meddalwedd ei adnewyddu');
    default:
      return say('your supply is not touched by that.', 'dros yr awyr heb darfu ar y cyflenwad.');
  }
}
