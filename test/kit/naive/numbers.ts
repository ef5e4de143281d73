/**
 * Numbers of supplies, of the naive reading: what of a text R-PRIV-01 keeps out. A UTRN has twenty digits; an MPAN thirteen, of which the last is
 * reckoned from the others, or twenty-one with what stands above it on a bill; an MPRN has six to ten and no check digit, so that it is one only
 * where a word beside it says so. People write them in groups, with a blank or a hyphen between, and some behind letters.
 */

/** True when a text has one of these numbers in it. */
export function tellsOfSupply(text: string): boolean {
  for (let first = 0; first < text.length; first++) {
    if (!isDigit(text[first]) || isDigit(text[first - 1])) continue;
    let digits = '';
    for (let at = first; at < text.length; at++) {
      if (isDigit(text[at])) digits += text[at];
      else if (!isDigit(text[at + 1]) || ![' ', '-'].includes(text[at] ?? '')) at = text.length;
      if (at < text.length && isDigit(text[at + 1])) continue;
      const end = Math.min(at + 1, text.length);
      if (digits.length === 20 || digits.length === 21) return true;
      if (digits.length === 13 && isMpan(digits)) return true;
      if (digits.length >= 6 && digits.length <= 10 && isNamed(text.slice(Math.max(0, first - 40), first), text.slice(end, end + 40)))
        return true;
    }
  }
  return false;
}

const isDigit = (character: string | undefined): boolean => character !== undefined && character >= '0' && character <= '9';

/** The thirteenth digit is the sum of the twelve before, each times a prime (11 is left out), modulo 11 and then modulo 10. */
function isMpan(digits: string): boolean {
  const primes = [3, 5, 7, 13, 17, 19, 23, 29, 31, 37, 41, 43];
  let sum = 0;
  for (let i = 0; i < 12; i++) sum += (primes[i] ?? 0) * (digits.charCodeAt(i) - 48);
  return (sum % 11) % 10 === digits.charCodeAt(12) - 48;
}

/** A word for it, within forty characters before or behind. */
const isNamed = (before: string, behind: string): boolean =>
  [before, behind].some((side) => ['mpan', 'mprn', 'meter point', 'supply number'].some((word) => side.toLowerCase().includes(word)));
