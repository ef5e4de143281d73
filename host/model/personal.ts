/**
 * Numbers that point at a person's supply: meter point numbers (MPAN: 13 digits, the last a check digit, or 21 with profile data in front;
 * MPRN: 6 to 10 digits) and top-up numbers (UTRN: 20 digits). They have no place in records, reports and logs [R-PRIV-01, R-LEAD-08]. A number that is
 * part of a word, such as `INC1234567`, is a reference and left alone.
 */

/** The words that make six to ten digits behind them an MPRN, which has no check digit to be told by. */
const NAMED = /\b(?:MPRNs?|meter[ -]points?)(?:[^0-9A-Za-z]+(?:reference|numbers?|no|is))*[^0-9A-Za-z]*$/i;
/** So far back these words are looked for. */
const NAMED_WITHIN = 64;
/** Digits standing alone, in groups or not; what stands behind the addresses of a RequestID, and in front of a time of day, is none. */
const NUMBER = /(?<![0-9A-Za-z]|-[0-9A-F]{2}:)\d+(?:[ -]\d+)*(?![0-9A-Za-z]|-\d)/g;
/** Weights of the check digit of an MPAN. */
const MPAN_WEIGHTS = [3, 5, 7, 13, 17, 19, 23, 29, 31, 37, 41, 43] as const;

/** What stands in for a number that may be one, by its length. */
export const MASK = '[number withheld]';
/** What stands in for a number that surely is one. */
export const SUPPLY_MASK = '[number of a supply withheld]';

/** The text with every number that may point at a supply masked. */
export const withoutNumbers = (text: string): string =>
  text.replaceAll(NUMBER, (found: string, at: number) => {
    if (isOfSupply(found, at, text)) return SUPPLY_MASK;
    const runs = runsOf(found);
    return !isDay(found) && runs.some(mayBePersonal) ? MASK : found;
  });

/** The text with what surely is one masked, and nothing else: for logs, where other numbers are what one looks for. */
export const withoutSupplyNumbers = (text: string): string =>
  text.replaceAll(NUMBER, (found: string, at: number) => (isOfSupply(found, at, text) ? SUPPLY_MASK : found));

/**
 * True when a text surely holds such a number: an MPAN with its check digit, 20 or 21 digits, or an MPRN that is named as one. What was masked as one still counts: a rule
 * that objected to a text objects to the text as it is kept.
 */
export const holdsNumber = (text: string): boolean =>
  text.includes(SUPPLY_MASK) || [...text.matchAll(NUMBER)].some(({ 0: found, index }) => isOfSupply(found, index, text));

/** True for a number that surely is one of a supply: by its own digits, or by the words before it. */
function isOfSupply(found: string, at: number, text: string): boolean {
  const runs = runsOf(found);
  if (runs.some(isSurelyPersonal)) return true;
  return !isDay(found) && runs.some(mayBeMprn) && NAMED.test(text.slice(Math.max(0, at - NAMED_WITHIN), at));
}

/** The digits of every run of neighbouring groups: a number may stand beside another that only belongs to the sentence. */
function runsOf(found: string): readonly string[] {
  if (/^\d\d(-\d\d)+$/.test(found)) return []; // pairs of an EUI-64
  const groups = found.split(/[ -]/);
  return groups.flatMap((_, first) => groups.slice(first).map((__, more) => groups.slice(first, first + more + 1).join('')));
}

const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text);

const mayBeMprn = ({ length }: string): boolean => length >= 6 && length <= 10;

const mayBePersonal = (digits: string): boolean => mayBeMprn(digits) || digits.length === 13;

function isSurelyPersonal(digits: string): boolean {
  if (digits.length === 20 || digits.length === 21) return true;
  if (digits.length !== 13) return false;
  const sum = MPAN_WEIGHTS.reduce((total, weight, i) => total + weight * Number(digits[i]), 0);
  return (sum % 11) % 10 === Number(digits[12]);
}
