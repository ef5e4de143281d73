/**
 * Numbers that point at a person's supply: meter point numbers (MPAN: 13 digits, the last a check digit, or 21 with profile data in front;
 * MPRN: 6 to 10 digits) and top-up numbers (UTRN: 20 digits). They have no place in records, reports and logs [R-PRIV-01]. A number that is
 * part of a word, such as `INC1234567`, is a reference and left alone.
 */

/** Digits standing alone, in groups or not. */
const NUMBER = /(?<![0-9A-Za-z])\d+(?:[ -]\d+)*(?![0-9A-Za-z])/g;
/** Weights of the check digit of an MPAN. */
const MPAN_WEIGHTS = [3, 5, 7, 13, 17, 19, 23, 29, 31, 37, 41, 43] as const;

/** What stands in for a number. */
export const MASK = '[number withheld]';

/** The text with every number that may point at a supply masked. */
export const withoutNumbers = (text: string): string => text.replaceAll(NUMBER, (found) => (mayBePersonal(found) ? MASK : found));

/** True when a text surely holds such a number: an MPAN with its check digit, or 20 or 21 digits. */
export const holdsNumber = (text: string): boolean => (text.match(NUMBER) ?? []).some((found) => isSurelyPersonal(digitsOf(found)));

const digitsOf = (text: string): string => text.replaceAll(/[ -]/g, '');

function mayBePersonal(found: string): boolean {
  const { length } = digitsOf(found);
  return (length >= 6 && length <= 10) || length === 13 || length === 20 || length === 21;
}

function isSurelyPersonal(digits: string): boolean {
  if (digits.length === 20 || digits.length === 21) return true;
  if (digits.length !== 13) return false;
  const sum = MPAN_WEIGHTS.reduce((total, weight, i) => total + weight * Number(digits[i]), 0);
  return (sum % 11) % 10 === Number(digits[12]);
}
