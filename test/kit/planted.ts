/** Numbers of supplies, made up, in every spelling in which people write them: no two are the same, so that a leak names its place. */

/** A number as somebody wrote it. */
export interface Planted {
  readonly spelling: string;
  readonly text: string;
  readonly digits: string;
}

const WEIGHTS = [3, 5, 7, 13, 17, 19, 23, 29, 31, 37, 41, 43];

/** A meter point number of 13 digits with its check digit; another for each `n`. */
export function mpan(n: number): string {
  const core = `20${String(7_000_000_000 + 104_729 * n)}`;
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(core[i]), 0);
  return `${core}${(sum % 11) % 10}`;
}
const utrn = (n: number): string => `73${mpan(n)}${String(10_007 + n)}`;
const mprn = (n: number): string => String(7_400_000_000 + 104_729 * n);
const cut = (digits: string, ...sizes: readonly number[]): readonly string[] => {
  let from = 0;
  return sizes.map((size) => digits.slice(from, (from += size)));
};

/** What is certain: refused in registers and at intake, masked everywhere. */
export const SPELLINGS: readonly (readonly [string, (n: number) => { readonly text: string; readonly digits: string }])[] = [
  ...(
    [
      ['an MPAN', (m) => m],
      ['an MPAN behind a letter', (m) => `S${m}`],
      ['an MPAN in front of a unit', (m) => `${m}kWh`],
      ['an MPAN in brackets', (m) => `(${m})`],
      ['an MPAN in groups', (m) => cut(m, 2, 4, 4, 3).join(' ')],
      ['an MPAN with dots', (m) => cut(m, 4, 4, 5).join('.')],
      ['an MPAN with slashes', (m) => cut(m, 4, 4, 5).join('/')],
      ['an MPAN with dashes', (m) => cut(m, 4, 4, 5).join('–')],
      ['an MPAN with fixed spaces', (m) => cut(m, 4, 4, 5).join('\u00a0')],
      ['an MPAN with double spaces', (m) => cut(m, 4, 4, 5).join('  ')],
      ['an MPAN with what nobody sees', (m) => cut(m, 6, 7).join('\u200b')],
      ['an MPAN in wide digits', (m) => m.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)))],
      ['an MPAN behind a number of the sentence', (m) => `3 ${m}`],
    ] as const satisfies readonly (readonly [string, (m: string) => string])[]
  ).map(([name, write]) => [name, (n: number) => ({ text: write(mpan(n)), digits: mpan(n) })] as const),
  ['an MPAN with its profile', (n) => ({ text: `01801002${mpan(n)}`, digits: mpan(n) })],
  ['a top-up number', (n) => ({ text: utrn(n), digits: utrn(n) })],
  ['a top-up number behind letters', (n) => ({ text: `UTRN${utrn(n)}`, digits: utrn(n) })],
  ['a top-up number in groups', (n) => ({ text: cut(utrn(n), 4, 4, 4, 4, 4).join('-'), digits: utrn(n) })],
  ['a top-up number in pairs', (n) => ({ text: cut(utrn(n), ...Array<number>(10).fill(2)).join(':'), digits: utrn(n) })],
  ['an MPRN that is called so', (n) => ({ text: `MPRN ${mprn(n)}`, digits: mprn(n) })],
  ['an MPRN that touches its name', (n) => ({ text: `MPRN${mprn(n)}`, digits: mprn(n) })],
  ['an MPRN in front of its name', (n) => ({ text: `${mprn(n)} is the meter point`, digits: mprn(n) })],
];

/** Every spelling, with numbers of its own for the `place`-th place in which they are planted. */
export const planted = (place: number): readonly Planted[] =>
  SPELLINGS.map(([spelling, write], i) => ({ spelling, ...write(1 + i + place * SPELLINGS.length) }));

/** Those of which something stands in a text or in bytes, as written or as bare digits. */
export const leaked = (numbers: readonly Planted[], where: string | Uint8Array): readonly string[] => {
  const bytes = Buffer.from(where as string);
  return numbers.flatMap(({ spelling, text, digits }) => (bytes.includes(text) || bytes.includes(digits) ? [`${spelling}: ${text}`] : []));
};
