import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { COLUMNS, KEY_BACK, KEY_HOME, KEY_LANGUAGE, KEY_NEXT, ROWS } from '../../../firmware/payload/abi.ts';
import { Panel } from '../../../firmware/ppmid/panel.ts';
import { SAMPLE_VALUES, type PanelValues } from '../../../firmware/ppmid/panel-values.ts';
import { image, program } from '../kit/bench.ts';
import { tinyProgram } from '../kit/tiny-program.ts';

const TIME = Date.UTC(2020, 10, 24, 14, 32, 59);
const PAGES = { 1: 10, 2: 12 } as const;

function start(version: 1 | 2): Panel {
  const panel = Panel.start(program(version));
  if (!panel.ok) throw new Error(panel.detail);
  return panel.value;
}

/** Rows of a panel, each of COLUMNS characters. */
function rows(panel: Panel, change: Partial<PanelValues> = {}): string[] {
  const text = panel.render({ ...SAMPLE_VALUES, ...change }, TIME);
  expect(text.endsWith('\n')).toBe(true);
  return text.slice(0, -1).split('\n');
}

const setting = (page: number, welsh = false): number => page | (welsh ? 0x100 : 0);

describe.each([1, 2] as const)('program %i', (version) => {
  const panel = start(version);
  const border = version === 1 ? '│' : '║';

  test('imports nothing, has a fixed memory, and tells its version and model', () => {
    const module = new WebAssembly.Module(program(version).slice());
    expect(WebAssembly.Module.imports(module)).toEqual([]);
    expect(panel.version).toBe(version === 1 ? 0x10000 : 0x20000);
    expect(panel.model()).toBe('PPMID-1');
  });

  test('makes an upgrade file between 9 and 40 KiB, so that long padding and progress show', () => {
    expect(image(version).length).toBeGreaterThan(9 * 1024);
    expect(image(version).length).toBeLessThan(40 * 1024);
  });

  test('draws whole rows inside its border on every page in both languages', () => {
    for (let page = 0; page < PAGES[version]; page++) {
      for (const welsh of [false, true]) {
        for (const message of ['', 'Your supplier wishes you a warm winter. '.repeat(6)]) {
          const drawn = rows(panel, { setting: setting(page, welsh), message });
          expect(drawn).toHaveLength(ROWS);
          for (const row of drawn) expect([...row]).toHaveLength(COLUMNS);
          for (const row of drawn.slice(3, -1)) {
            expect([row[0], row.at(-1)], `page ${page}, welsh ${welsh}: ${row}`).toEqual([border, border]);
          }
        }
      }
    }
  });

  test('speaks Welsh when asked', () => {
    expect(rows(panel, { setting: setting(2, true) }).join()).toContain('Cyfradd uned');
    expect(rows(panel, { setting: setting(2) }).join()).toContain('Unit rate');
  });

  test('turns pages forwards, backwards and home, and keeps the language', () => {
    const press = (key: number, from: number): number => panel.press(key, { ...SAMPLE_VALUES, setting: from }, TIME);
    const last = PAGES[version] - 1;
    expect(press(KEY_NEXT, setting(0))).toBe(setting(1));
    expect(press(KEY_NEXT, setting(last))).toBe(setting(0));
    expect(press(KEY_BACK, setting(0))).toBe(setting(last));
    expect(press(KEY_HOME, setting(3, true))).toBe(setting(0, true));
    expect(press(KEY_LANGUAGE, setting(3))).toBe(setting(3, true));
    expect(press(KEY_LANGUAGE, setting(3, true))).toBe(setting(3));
    expect(press(99, setting(3))).toBe(setting(3));
  });

  test('shows its first page when another firmware left one that it lacks', () => {
    expect(rows(panel, { setting: setting(200) })).toEqual(rows(panel, { setting: setting(0) }));
  });

  test('draws whatever values it is given without trapping', () => {
    const i32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(
        fc.tuple(i32, i32, i32, i32, i32, i32),
        fc.array(i32, { minLength: 7, maxLength: 7 }),
        fc.nat(0xffff),
        fc.string({ maxLength: 200 }),
        (numbers, days, shown, message) => {
          const [balance, emergencyLimit, power, rate, standing, debt] = numbers;
          const drawn = rows(panel, { balance, emergencyLimit, power, rate, standing, debt, days, setting: shown, message });
          expect(drawn).toHaveLength(ROWS);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('what the programs show', () => {
  test('the first shows plain lines', () => {
    expect(rows(start(1))).toEqual([
      '┌──────────────────────────────────────┐',
      '│ Home display 1.0           Tue 14:32 │',
      '├──────────────────────────────────────┤',
      '│ Credit left                   £12.34 │',
      '│ Emergency credit           available │',
      '│ Supply                            ON │',
      '│ Using now                   0.432 kW │',
      '│                                      │',
      '│ 1                             next > │',
      '└──────────────────────────────────────┘',
    ]);
  });

  test('the second shows big figures, the days that credit lasts and a bar of use', () => {
    expect(rows(start(2))).toEqual([
      '╔══════════════════════════════════════╗',
      '║ 14:32 Tue      CREDIT           1/12 ║',
      '╠══════════════════════════════════════╣',
      '║  ▄▀▀ ▄█  ▀▀█   ▀▀█ █ █   lasts about ║',
      '║  █▀   █  █▀▀   ▀▀█ ▀▀█   4.0    days ║',
      '║  ▀▀▀ ▀▀▀ ▀▀▀ ▄ ▀▀▀   ▀               ║',
      '║ Now   █▍··················  0.432 kW ║',
      '║ Today                          £1.71 ║',
      '║ ON                                   ║',
      '╚══════════════════════════════════════╝',
    ]);
  });

  test('days left follow from credit, mean use, rate and standing charge', () => {
    // Six days of 10 kWh at 20 p and 50 p a day cost 250 p; 1,000 p last four days.
    const days = [0, 10_000, 10_000, 10_000, 10_000, 10_000, 10_000];
    const row = rows(start(2), { balance: 1000, rate: 2000, standing: 5000, days })[4];
    expect(row).toContain('4.0    days');
    expect(rows(start(2), { balance: 400, rate: 2000, standing: 5000, days })[5]).toContain('ADD CREDIT');
    expect(rows(start(2), { balance: 400, rate: 0, standing: 0, days }).join()).not.toContain('days');
  });

  test('a negative balance carries its sign', () => {
    expect(rows(start(1), { balance: -250 })[3]).toContain('-£2.50');
    expect(rows(start(2), { balance: -250 })[4]).toContain('▀▀ █▀');
  });

  test('a message is announced and shown, broken at spaces', () => {
    const message = 'Planned work: your supply stays on while this display is renewed tonight.';
    expect(rows(start(1), { message })[8]).toContain('* message');
    expect(
      rows(start(1), { message, setting: setting(3) })
        .slice(4, 7)
        .map((row) => row.slice(2, -2).trimEnd()),
    ).toEqual(['Planned work: your supply stays on', 'while this display is renewed', 'tonight.']);
    expect(rows(start(2), { message })[8]).toContain('there is a message');
  });
});

describe('starting a program', () => {
  const wasm = (...body: number[]): Uint8Array => Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...body);

  test('runs a small one', () => {
    const tiny = Panel.start(tinyProgram(0x30000, 'hello', 300));
    expect(tiny).toMatchObject({ ok: true });
    if (tiny.ok) expect([tiny.value.version, tiny.value.render(SAMPLE_VALUES, TIME)]).toEqual([0x30000, 'hello\n']);
  });

  test.each([
    ['bytes that are no WebAssembly', Uint8Array.of(1, 2, 3), 'not-a-program'],
    ['a module without exports', wasm(), 'exports'],
    ['a module that imports', wasm(1, 4, 1, 0x60, 0, 0, 2, 7, 1, 1, 0x61, 1, 0x62, 0, 0), 'imports'],
    ['a program of another agreement', abi(2), 'abi'],
    ['a program whose start traps', trapping(), 'not-a-program'],
  ])('refuses %s', (_, bytes, code) => {
    expect(Panel.start(bytes)).toMatchObject({ ok: false, code });
  });

  test('a program that answers more than its window has failed', () => {
    const bytes = tinyProgram(1, 'x'.repeat(2000));
    const panel = Panel.start(bytes);
    if (!panel.ok) throw new Error(panel.detail);
    expect(() => panel.value.render(SAMPLE_VALUES, TIME)).toThrow(/answered 2001 bytes/);
  });
});

/** The small program with another answer of `abiVersion`: its body is the first of the code section. */
function abi(version: number): Uint8Array {
  const bytes = tinyProgram(1, 'x');
  const at = bytes.findIndex((byte, index) => byte === 0x0a && bytes[index + 2] === 5 && bytes[index + 3] === 4);
  bytes[at + 6] = version;
  return bytes;
}

/** A module whose start function is `unreachable`. */
function trapping(): Uint8Array {
  return Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 8, 1, 0, 10, 5, 1, 3, 0, 0, 0x0b);
}
