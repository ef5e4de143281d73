/**
 * Numbers of supplies, of the naive reading: what of a text R-PRIV-01 keeps out. A UTRN has twenty digits; an MPAN thirteen, of which the last is
 * reckoned from the others, or twenty-one with what stands above it on a bill; an MPRN has six to ten and no check digit, so that it is one only
 * where the words before it say so. People write them in groups, with a blank or a hyphen between.
 */

/** True when a text has one of these numbers in it. */
export function tellsOfSupply(text: string): boolean {
  const words = text.split(/[^0-9A-Za-z]+/).filter((word) => word !== '');
  for (let first = 0; first < words.length; first++) {
    let digits = '';
    for (let last = first; last < words.length && /^[0-9]+$/.test(words[last] ?? ''); last++) {
      digits += words[last];
      if (digits.length === 20 || digits.length === 21) return true;
      if (digits.length === 13 && isMpan(digits)) return true;
      if (digits.length >= 6 && digits.length <= 10 && isNamedGas(words.slice(0, first))) return true;
    }
  }
  return false;
}

/** The thirteenth digit is the sum of the twelve before, each times a prime (11 is left out), modulo 11 and then modulo 10. */
function isMpan(digits: string): boolean {
  const primes = [3, 5, 7, 13, 17, 19, 23, 29, 31, 37, 41, 43];
  let sum = 0;
  for (let i = 0; i < 12; i++) sum += (primes[i] ?? 0) * (digits.charCodeAt(i) - 48);
  return (sum % 11) % 10 === digits.charCodeAt(12) - 48;
}

/** "MPRN", "meter point", also with "reference", "number", "no" or "is" behind it. */
function isNamedGas(before: readonly string[]): boolean {
  const said = before.map((word) => word.toLowerCase());
  while (['reference', 'number', 'numbers', 'no', 'is'].includes(said.at(-1) ?? '')) said.pop();
  const [meter, word] = [said.at(-2), said.at(-1) ?? ''];
  return ['mprn', 'mprns'].includes(word) || (meter === 'meter' && ['point', 'points'].includes(word));
}
