/** Looks for keys in whatever was emitted, in every form in which a key gets out: as it is, as text, backwards. */

/** A form of a key. */
export interface KeyForm {
  readonly form: string;
  readonly needle: Buffer;
}

const PAIRS = /(..)(?=.)/g;

/** Every form of a key that is looked for. */
export function formsOf(key: Uint8Array): readonly KeyForm[] {
  const forward = Buffer.from(key);
  const backward = Buffer.from(key).reverse();
  return [...ways(forward, ''), ...ways(backward, ' reversed')];
}

function ways(key: Buffer, suffix: string): readonly KeyForm[] {
  const text = key.toString('hex');
  const texts: readonly (readonly [string, string])[] = [
    ['hex', text],
    ['HEX', text.toUpperCase()],
    ['colons', text.replace(PAIRS, '$1:')],
    ['COLONS', text.toUpperCase().replace(PAIRS, '$1:')],
    ['spaces', text.replace(PAIRS, '$1 ')],
    ['dashes', text.toUpperCase().replace(PAIRS, '$1-')],
    ['decimal', [...key].join(',')],
    ['escaped', [...key].map((byte) => `\\u00${byte.toString(16).padStart(2, '0')}`).join('')],
    ...[0, 1, 2].flatMap((phase) => [
      [`base64 at ${phase}`, base64At(key, phase)] as const,
      [`base64url at ${phase}`, base64At(key, phase).replaceAll('+', '-').replaceAll('/', '_')] as const,
    ]),
  ];
  return [
    { form: `binary${suffix}`, needle: key },
    ...texts.map(([form, needle]) => ({ form: `${form}${suffix}`, needle: Buffer.from(needle, 'latin1') })),
  ];
}

/** The digits of base64 that the key alone decides when it stands `phase` bytes behind a group of three. */
function base64At(key: Buffer, phase: number): string {
  const digits = Buffer.concat([Buffer.alloc(phase), key]).toString('base64');
  const from = Math.ceil((phase * 8) / 6);
  return digits.slice(from, Math.floor(((phase + key.length) * 8) / 6));
}

/** What is found of keys in some bytes: `name form`. */
export function findKeys(bytes: Uint8Array, keys: ReadonlyMap<string, Uint8Array>): readonly string[] {
  const haystack = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return [...keys].flatMap(([name, key]) =>
    formsOf(key).flatMap(({ form, needle }) => (haystack.includes(needle) ? [`${name} ${form}`] : [])),
  );
}
