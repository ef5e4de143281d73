/**
 * Each check of image verification has a test of its own: the file that it should stop is refused for its reason, and is not
 * once that one check is taken out of the source. The table of docs/security.md lists them.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { primitives } from '../../kit/primitives.ts';
import { ROOT } from '../../kit/gates/source.ts';
import { mutant } from './mutant.ts';
import { REMOVALS, type Removal } from './removals.ts';
import { nameOf, verify } from './report.ts';
import { signedFile, TRUST } from './signed-files.ts';

const core = await primitives();
const changed = await mutant(REMOVALS);
/** What comes of the file without the check, as the page tells it. */
const told = (without: string): string => (without === 'accepted' ? 'accepted' : `refused: ${without.toLowerCase().replaceAll('_', ' ')}`);
const ask = (of: typeof core, { file, flags = 0, trust = TRUST, early }: Removal): string => {
  const { verdict, updates } = verify(of, file(), flags, trust);
  return early === true ? nameOf(updates.at(-1) ?? 0) : verdict;
};

describe('with all checks in place', () => {
  test.each(REMOVALS.map((each) => [each.name, each] as const))('%s', (_, removal) => expect(ask(core, removal)).toBe(removal.reason));
  test('a file that is as it should be is accepted', () => {
    for (const suite of [1, 2] as const) expect(verify(core, signedFile(suite, 2048), 0, TRUST).verdict).toBe('accepted');
  });
});

describe('with one check taken out', () => {
  const rows = REMOVALS.map((removal, index) => {
    changed.remove(index);
    const without = ask(changed.core, removal);
    changed.remove(-1);
    return { removal, without, withAll: ask(changed.core, removal) };
  });

  test('the test of every one of them fails', () => {
    expect(rows.filter(({ removal, without }) => without === removal.reason).map(({ removal }) => removal.name)).toEqual([]);
    const accepted = rows.filter(({ without }) => without === 'accepted').length;
    console.log(
      `${rows.length} checks taken out in turn: ${rows.length} noticed; ${accepted} files accepted, the rest stopped by another check`,
    );
    for (const { removal, without } of rows) console.log(`  ${removal.reason.padEnd(20)} ${without.padEnd(20)} ${removal.name}`);
  });

  test('and none does while all are in place, in the very same module', () =>
    expect(rows.filter(({ removal, withAll }) => withAll !== removal.reason).map(({ removal }) => removal.name)).toEqual([]));

  test('docs/security.md lists them all, with what happens without each', () => {
    const page = readFileSync(`${ROOT}docs/security.md`, 'utf8');
    const written = [...page.matchAll(/^\| `([A-Z_0-9]+)` +\| ([^|]+?) +\| ([^|]+?) +\|$/gm)].map(([, ...cells]) => cells.join(' | '));
    expect(written).toEqual(rows.map(({ removal, without }) => `${removal.reason} | ${removal.name} | ${told(without)}`));
  });
});
