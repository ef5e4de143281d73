/**
 * Secret files of named values, one a line: `name: value`, or `name:` and the value on the line behind it. Empty lines and lines that
 * begin with `#` are left out; quotes around a name or a value are taken off. Values stay bytes of the file's buffer.
 */

/** A named value. `value` is a view: it is wiped with its file. */
export interface SecretLine {
  /** Where it stands, from 1. */
  readonly line: number;
  /** Empty when the line has no name. */
  readonly name: string;
  readonly value: Uint8Array;
}

const NEWLINE = 0x0a;
const COLON = 0x3a;
const HASH = 0x23;
const QUOTES: readonly number[] = [0x22, 0x27];
const BLANKS: readonly number[] = [0x20, 0x09, 0x0d, NEWLINE];

/** The named values of a file, in order. */
export function secretLines(bytes: Uint8Array): readonly SecretLine[] {
  const found: SecretLine[] = [];
  let waiting: { readonly line: number; readonly name: string } | undefined;
  let line = 0;
  for (let from = 0; from < bytes.length;) {
    const newline = bytes.indexOf(NEWLINE, from);
    const to = newline < 0 ? bytes.length : newline;
    const text = trimmed(bytes.subarray(from, to));
    from = to + 1;
    line++;
    if (text.length === 0 || text[0] === HASH) continue;
    const end = nameEnd(text);
    if (waiting !== undefined && end === undefined) {
      found.push({ ...waiting, value: unquoted(text) });
      waiting = undefined;
      continue;
    }
    if (waiting !== undefined) found.push({ ...waiting, value: text.subarray(0, 0) });
    waiting = undefined;
    const name = new TextDecoder('latin1').decode(unquoted(trimmed(text.subarray(0, end ?? 0))));
    const value = unquoted(trimmed(text.subarray(end === undefined ? 0 : end + 1)));
    if (value.length === 0 && end !== undefined) waiting = { line, name };
    else found.push({ line, name, value });
  }
  if (waiting !== undefined) found.push({ ...waiting, value: bytes.subarray(0, 0) });
  return found;
}

/** Where the colon stands that ends a name: one before a blank or at the end of the line, so that names may hold colons. */
function nameEnd(text: Uint8Array): number | undefined {
  const at = text.findIndex((byte, i) => byte === COLON && (i + 1 === text.length || BLANKS.includes(text[i + 1] ?? 0)));
  return at < 0 ? undefined : at;
}

/** The text without blanks and line ends around it. */
export function trimmed(text: Uint8Array): Uint8Array {
  let [from, to] = [0, text.length];
  while (from < to && BLANKS.includes(text[from] ?? 0)) from++;
  while (to > from && BLANKS.includes(text[to - 1] ?? 0)) to--;
  return text.subarray(from, to);
}

function unquoted(text: Uint8Array): Uint8Array {
  const quote = text[0] ?? 0;
  return text.length >= 2 && QUOTES.includes(quote) && text.at(-1) === quote ? text.subarray(1, -1) : text;
}
