/** Install codes as people type them, and how each kind of mistake is told. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readInstallCode } from '../../../host/core/install-code.ts';
import { eui64, hex, unhex } from '../../../host/model/ids.ts';
import { freshLab } from '../../kit/core.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const PRINTED = '83fed3407a939723a5c639b26916d505c3b5';

describe('a printed install code', () => {
  test.each([
    ['as digits', '83FED3407A939723A5C639B26916D505C3B5'],
    ['in lower case', PRINTED],
    ['in groups of four', '83FE D340 7A93 9723 A5C6 39B2 6916 D505 C3B5'],
    ['with dashes', '83fe-d340-7a93-9723-a5c6-39b2-6916-d505-c3b5'],
    ['with colons', '83:FE:D3:40:7A:93:97:23:A5:C6:39:B2:69:16:D5:05:C3:B5'],
    ['over lines, with blanks around', '  83fed3407a939723\r\n\ta5c639b26916d505 c3b5 \n'],
  ])('is taken %s', (_how, text) => {
    const code = readInstallCode(ascii(text));
    expect(code.ok && hex(code.value)).toBe(PRINTED);
  });

  test.each(['83fed3407a932b70', '83fed3407a939738c552', '83fed3407a939723a5c639ff4c12', PRINTED])(
    'of each length becomes the link key that the core makes of its bytes: %s',
    async (text) => {
      const [core, partner] = [await freshLab(), eui64('02000000000000aa')];
      const code = readInstallCode(ascii(text.toUpperCase().replace(/(....)(?=.)/g, '$1 ')));
      if (!code.ok) throw new Error(code.detail);
      const [typed, plain] = [core.keys.installCode(code.value, partner), core.keys.installCode(unhex(text), partner)];
      if (!typed.ok || !plain.ok) throw new Error('refused');
      expect(core.exportKey(typed.value)).toEqual(core.exportKey(plain.value));
    },
  );

  test('comes back from any separation of its digits', () => {
    const separators = fc.array(fc.constantFrom('', ' ', '-', ':', '\t', '  '), { minLength: PRINTED.length, maxLength: PRINTED.length });
    fc.assert(
      fc.property(separators, fc.boolean(), (between, upper) => {
        const text = [...PRINTED].map((digit, i) => `${upper ? digit.toUpperCase() : digit}${between[i]}`).join('');
        const code = readInstallCode(ascii(text));
        expect(code.ok && hex(code.value)).toBe(PRINTED);
      }),
    );
  });
});

describe('what is none is refused', () => {
  test.each([
    ['install-code-length', PRINTED.slice(0, 32), '16 bytes: an install code has 6, 8, 12 or 16 bytes and two of CRC behind them'],
    ['install-code-length', '', '0 bytes'],
    ['install-code-length', PRINTED.slice(0, -1), '35 digits, not whole bytes'],
    ['install-code-length', 'ab'.repeat(36), '36 bytes'],
    ['install-code-length', 'ab'.repeat(40), 'more than 36 bytes'],
    ['install-code-digit', '83fe d34O', 'character 9 of the install code'],
    ['install-code-digit', 'g'.repeat(36), 'character 1 of the install code'],
  ])('with %s: "%s"', (code, text, said) => {
    const answer = readInstallCode(ascii(text));
    expect(answer).toMatchObject({ ok: false, code });
    expect(!answer.ok && answer.detail).toContain(said);
  });

  test('without a digit of the code in what is said', () => {
    for (const text of [`${PRINTED}x`, `${PRINTED}00`, PRINTED.slice(2)]) {
      const answer = readInstallCode(ascii(text));
      expect(!answer.ok && answer.detail).not.toMatch(/83fe|d340|[0-9a-f]{4}/i);
    }
  });

  test('and a wrong CRC is the core’s to tell, by name', async () => {
    const code = readInstallCode(ascii('83FE D340 7A93 9723 A5C6 39B2 6916 D505 4195'));
    if (!code.ok) throw new Error(code.detail);
    const core = await freshLab();
    expect(core.keys.installCode(code.value, eui64('02000000000000aa'))).toMatchObject({ ok: false, code: 'install-code-crc' });
  });
});
