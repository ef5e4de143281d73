/**
 * Numbers that point at a person's supply: meter point numbers (MPAN: 13 digits, the last a check digit, or 21 with profile data in front;
 * MPRN: 6 to 10 digits) and top-up numbers (UTRN: 20 digits). They have no place in records, reports and logs [R-PRIV-01, R-LEAD-08].
 *
 * Texts are looked at in compatibility form (NFKC), and a number may be cut by spaces of any kind, dashes, dots, slashes and the like. One that touches
 * letters is found too: `INC1234567890123` passes as a reference because its digits are no MPAN by the check digit, a chance of one in eleven. An MPRN
 * has no check digit: it is surely one beside a word that says so, and may be one where a text stands alone. Identifiers of this product are none:
 * RequestIDs with their counters, EUI-64s, digests, and instants.
 */

/** Weights of the check digit of an MPAN. */
const MPAN_WEIGHTS = [3, 5, 7, 13, 17, 19, 23, 29, 31, 37, 41, 43] as const;

const PAIRS = '(?:[0-9A-Fa-f]{2}[-:]){7}[0-9A-Fa-f]{2}';
const SPACE = String.raw`[\s\p{Z}\p{Cf}]`;
/** What may stand between the groups of one number. */
const JOINER = String.raw`(?:${SPACE}{1,3}|${SPACE}{0,2}[\p{Pd}\p{Pc}\u2212./\\|·•+*#=~()[\]]{1,2}${SPACE}{0,2}|[,:;'’])`;
/** What is no number: RequestIDs, EUI-64s in pairs, 16 and 64 hexadecimal digits, instants, and days that go on in no further digit. */
const IDENTIFIER = new RegExp(
  [
    `${PAIRS}:${PAIRS}:\\d{1,20}`,
    `(?<![0-9A-Fa-f][-:])${PAIRS}(?![-:][0-9A-Fa-f])`,
    '[0-9a-f]{64}|[0-9a-f]{16}',
    String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?`,
    String.raw`(?:\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{4})(?!${JOINER}\d)`,
  ]
    .map((each) => `(?<![0-9A-Za-z])(?:${each})(?![0-9A-Za-z])`)
    .join('|'),
  'gu',
);
const NUMBER = new RegExp(String.raw`\d+(?:${JOINER}\d+)*`, 'gu');
const SPLIT = /\D+/u;
/** Words that say that the number beside them is one of a supply. */
const SAYS_SO = /mp[ar]n|\bmpr\b|meter\s*point|supply\s*(?:point|number)/i;
/** So near is beside, in characters. */
const NEAR = 40;

/** What stands in for a number that may be one, by its length. */
export const MASK = '[number withheld]';
/** What stands in for a number that surely is one. */
export const SUPPLY_MASK = '[number of a supply withheld]';

/** The text with every number that may point at a supply masked: for what somebody else wrote freely. */
export const withoutNumbers = (text: string): string => masked(text, true);

/** The text with what surely is one masked, and nothing else: for logs and details, where other numbers are what one looks for. */
export const withoutSupplyNumbers = (text: string): string => masked(text, false);

/**
 * True when a text surely holds such a number: an MPAN with its check digit, 20 or 21 digits, or what a word beside it calls one. What was masked as
 * one still counts: a rule that objected to a text objects to the text as it is kept.
 */
export const holdsNumber = (text: string): boolean => {
  if (text.includes(SUPPLY_MASK)) return true;
  const normal = text.normalize('NFKC');
  return numbersOf(normal).some((found) => isSure(found, normal));
};

/** A run of neighbouring groups of digits. */
interface Found {
  readonly text: string;
  readonly at: number;
}

function masked(text: string, also: boolean): string {
  const normal = text.normalize('NFKC');
  let [out, from] = ['', 0];
  for (const found of numbersOf(normal)) {
    const mask = isSure(found, normal) ? SUPPLY_MASK : also && isPossible(found, normal) ? MASK : undefined;
    if (mask === undefined) continue;
    out += normal.slice(from, found.at) + mask;
    from = found.at + found.text.length;
  }
  return from === 0 ? text : out + normal.slice(from);
}

/** The numbers of a text in compatibility form; what stands behind an identifier begins anew. */
function numbersOf(text: string): readonly Found[] {
  const numbers: Found[] = [];
  const look = (from: number, to: number): void => {
    for (const match of text.slice(from, to).matchAll(NUMBER)) numbers.push({ text: match[0], at: from + match.index });
  };
  let from = 0;
  for (const match of text.matchAll(IDENTIFIER)) {
    look(from, match.index);
    from = match.index + match[0].length;
  }
  look(from, text.length);
  return numbers;
}

function isSure(found: Found, text: string): boolean {
  const runs = runsOf(found.text.split(SPLIT));
  if (runs.some(isSurelyPersonal)) return true;
  const around = `${text.slice(Math.max(0, found.at - NEAR), found.at)} ${text.slice(found.at + found.text.length).slice(0, NEAR)}`;
  return SAYS_SO.test(around) && runs.some(mayBePersonal);
}

/** By its length alone, and only where no letter touches it: a number that is part of a word is a reference. */
function isPossible({ text, at }: Found, whole: string): boolean {
  const groups = text.split(SPLIT);
  const first = /[0-9A-Za-z]/.test(whole[at - 1] ?? '') ? 1 : 0;
  const last = /[0-9A-Za-z]/.test(whole[at + text.length] ?? '') ? groups.length - 1 : groups.length;
  return runsOf(groups.slice(first, last)).some(mayBePersonal);
}

/** The digits of every run of neighbouring groups: a number may stand beside another that only belongs to the sentence. */
const runsOf = (groups: readonly string[]): readonly string[] =>
  groups.flatMap((_, first) => groups.slice(first, first + MAX_GROUPS).map((__, more) => groups.slice(first, first + more + 1).join('')));

/** No number is cut into more groups than it has digits. */
const MAX_GROUPS = 21;

const mayBePersonal = ({ length }: string): boolean => (length >= 6 && length <= 10) || length === 13;

function isSurelyPersonal(digits: string): boolean {
  if (digits.length === 20 || digits.length === 21) return true;
  if (digits.length !== 13) return false;
  const sum = MPAN_WEIGHTS.reduce((total, weight, i) => total + weight * Number(digits[i]), 0);
  return (sum % 11) % 10 === Number(digits[12]);
}
