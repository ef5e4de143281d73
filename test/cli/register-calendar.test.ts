/** The dates that the sources report, as `register calendar` lists them from the register that comes with the program. */
import { describe, expect, test } from 'vitest';
import { register as verbs } from '../../host/cli/register-store.ts';
import { call } from './terminal.ts';

const register = (...argv: string[]) => call([verbs], ['register', ...argv]);

describe('register calendar', () => {
  test('lists what the sources date, with source and standing, and warns of a date that cannot be right [R-DATE-06]', async () => {
    const { code, out } = await register('calendar');
    expect(code).toBe(0);
    const dated = out.split('\n').filter((line) => /^\d{4}-\d\d-\d\d/.test(line));
    expect(dated.length).toBeGreaterThan(5);
    for (const line of dated) expect(line).toMatch(/\(00\d.*; .+\)$/);
    expect(out).toContain('warning: ');
    const { out: year } = await register('calendar', '--year', '2021');
    expect(
      year
        .split('\n')
        .filter((line) => /^\d{4}-/.test(line))
        .every((line) => line.startsWith('2021-')),
    ).toBe(true);
  });
});
