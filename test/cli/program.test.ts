/** The frame of the command line: usage, exit codes, errors, interruption. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { exitOf } from '../../host/cli/errors.ts';
import type { Program } from '../../host/cli/program.ts';
import { VERSION } from '../../host/model/version.ts';
import { Fault } from '../../host/model/fault.ts';
import type { FaultCode } from '../../host/model/fault.ts';
import { call } from './terminal.ts';

const verb = (action: () => Promise<0 | 1>) => (program: Program) =>
  program.add({ call: 'image try <file> [more...]', summary: 'Tries.', examples: ['hearthgate image try x'], action });
const fine = verb(async () => 0);
const throwing = (error: unknown) =>
  verb(async () => {
    throw error;
  });

describe('a command line', () => {
  test('gives the verb its arguments and options, and its code', async () => {
    const seen: unknown[] = [];
    const spy = (program: Program): void =>
      program.add({
        call: 'image try <file> [more...]',
        summary: 'Tries.',
        examples: [],
        options: (command) => void command.option('--sha256 <hex>'),
        action: async (_, options, ...args) => {
          seen.push(options, args);
          return 1;
        },
      });
    expect((await call([spy], ['image', 'try', 'a', 'b', 'c', '--sha256', 'ff'])).code).toBe(1);
    expect(seen).toEqual([{ json: false, sha256: 'ff' }, ['a', 'b', 'c']]);
  });

  test.each([
    [['image', 'tri'], "hearthgate: unknown command 'tri'"],
    [['frob'], "hearthgate: unknown command 'frob'"],
    [['image', 'try'], "hearthgate: missing required argument 'file'"],
    [['image', 'try', 'x', '--bogus'], "hearthgate: unknown option '--bogus'"],
  ])('that cannot be used is one line and code 2: %j', async (argv, line) => {
    const { code, out, err } = await call([fine], argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err.split('\n')[0]).toContain(line);
    expect(err).not.toContain('\n    at ');
  });
  test.each([[[]], [['image']]])('without a verb shows the help on standard error and is code 2: %j', async (argv) => {
    const { code, out, err } = await call([fine], argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('Usage: hearthgate');
  });

  test('asking for help or the version is code 0', async () => {
    const help = await call([fine], ['image', 'try', '--help']);
    expect(help.code).toBe(0);
    for (const part of ['Examples:', '$ hearthgate image try x', '--json', 'Exit codes: 0 done', '130 interrupted'])
      expect(help.out).toContain(part);
    expect(await call([fine], ['--version'])).toMatchObject({ code: 0, out: VERSION });
  });
  test('tells a code that a verb explains itself in the words of the verb alone', async () => {
    const own = (program: Program): void =>
      program.add({ call: 'try', summary: '', examples: [], codes: ['Code 1: not so.'], action: async () => 0 });
    const { out } = await call([own], ['try', '--help']);
    expect(out).toContain('Code 1: not so.\nFurther exit codes: 0 done, 2 unusable input or usage, 3 environment fault, 130 interrupted.');
  });
  test('answers the version of package.json', () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
    expect(VERSION).toBe(version);
  });
});

describe('a fault', () => {
  const codes: Record<FaultCode, number> = { config: 2, input: 2, store: 3, radio: 3, broker: 3, core: 3, internal: 3 };

  test.each(Object.entries(codes))('of kind %s ends a verb with code %i', async (code, exit) => {
    const { code: found, err } = await call([throwing(new Fault(code as FaultCode, 'file.ota: at byte 7: no'))], ['image', 'try', 'x']);
    expect({ found, err }).toEqual({ found: exit, err: 'hearthgate: file.ota: at byte 7: no' });
    expect(exitOf(code as FaultCode)).toBe(exit);
  });
  test('stands in the JSON too', async () => {
    const outcome = await call([throwing(new Fault('input', 'no'))], ['image', 'try', 'x', '--json']);
    expect(outcome.json).toEqual({ error: { code: 'input', message: 'no' } });
  });
  test('shows its stack and that of its cause only when asked to', async () => {
    const fault = new Fault('store', 'no', { cause: new Error('deep') });
    expect((await call([throwing(fault)], ['image', 'try', 'x'])).err).toBe('hearthgate: no');
    const { err } = await call([throwing(fault)], ['image', 'try', 'x'], { debug: true });
    expect(err).toMatch(/\n {4}at /);
    expect(err).toContain('caused by: Error: deep');
  });
  test.each([[new Error('two\n  lines')], ['two lines'], [new TypeError('two lines')]])(
    'that nobody foresaw is one line all the same: %o',
    async (error) => {
      expect(await call([throwing(error)], ['image', 'try', 'x'])).toMatchObject({ code: 3, err: 'hearthgate: unexpected: two lines' });
    },
  );
  test('on the way out of an interruption is not reported', async () => {
    expect(await call([throwing(new Error('closed'))], ['image', 'try', 'x'], { interrupted: AbortSignal.abort() })).toMatchObject({
      code: 130,
      err: '',
    });
  });
});
