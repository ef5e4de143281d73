/** The story for people: each event as text, progress with and without a terminal. */
import { describe, expect, test } from 'vitest';
import type { Io } from '../../host/cli/io.ts';
import { StoryText } from '../../host/cli/story-text.ts';
import type { StoryEvent } from '../../host/compose/story.ts';

/** What a story looks like as text; painted words stand between marks that name their colour. */
function told(events: readonly StoryEvent[], terminal = false): string {
  let text = '';
  const io: Io = {
    out: (line) => void (text += `${line}\n`),
    err: () => expect.unreachable('nothing of the story is an error'),
    write: async (bytes) => void (text += new TextDecoder().decode(bytes)),
    chunks: async function* () {},
    terminal,
    paint: (colour, part) => `<${colour}>${part}</${colour}>`,
    interrupted: new AbortController().signal,
    debug: false,
  };
  const story = new StoryText(io);
  for (const event of events) story.tell(event);
  return text;
}

const progress = (bytes: number, left: { readonly secondsLeft: number | undefined } = { secondsLeft: 3 }): StoryEvent => ({
  event: 'progress',
  percent: bytes / 10,
  bytes,
  total: 1000,
  bytesPerSecond: 250,
  ...left,
});
const END: StoryEvent = { event: 'end', ok: true, ppmid: { version: 0x200 } };
const CHECKS = ['passed', 'failed', 'not-present'].map((result, i) => ({ name: `check-${i}`, result, expected: 'a', found: 'b' }));

/** Each event with what its text must hold. */
const SAID: readonly (readonly [event: StoryEvent, ...parts: readonly string[]])[] = [
  [
    { event: 'start', environment: 'lab', broker: 'mqtt://x', air: 'simulated', gateway: 'g', devices: [{ eui: 'e', type: 'ppmid' }] },
    'mqtt://x',
    'g (lab, air: simulated)',
    'PPMID    e',
  ],
  [{ event: 'joined', device: 'e', type: 'esme' }, 'ESME e joined by its install code and has a link key by certificate'],
  [{ event: 'panel', version: 0x100, lines: ['one', 'two'] }, '0x00000100', '    one\n    two\n'],
  [
    {
      event: 'request',
      requestId: 'r',
      service: 'Update Firmware (11.1)',
      user: 'Lead',
      countersigned: ['DCC'],
      image: { sha256: 'abc', length: 7 },
      firmwareVersion: 2,
    },
    'Lead signs Update Firmware (11.1); DCC countersigns and publishes it',
    'request  r',
    '7 bytes, SHA-256 abc',
    '0x00000002',
  ],
  [
    { event: 'decision', verdict: 'allow', code: undefined, detail: '', facts: ['fact'], requirements: ['R-1', 'R-2'], job: 'j' },
    '<good>Allowed</good>',
    '  fact\n',
    'rests on R-1, R-2',
  ],
  [
    { event: 'decision', verdict: 'refuse', code: 'why', detail: 'because', facts: [], requirements: ['R-1'], job: undefined },
    '<bad>Refused</bad>',
    '  why: because\n',
  ],
  [
    { event: 'image', verdict: 'refused', code: 'check-1', checks: CHECKS },
    'on the air: refused',
    '<good>passed     </good> check-0',
    '<bad>failed     </bad> check-1',
    '<faint>not present</faint> check-2',
  ],
  [{ event: 'stage', stage: 'offered' }, 'transfer over the OTA cluster'],
  [{ event: 'stage', stage: 'activating' }, 'authority is asked once more'],
  [
    { event: 'report', sequence: 8, stage: 'succeeded', firmwareVersion: 0x200, signature: 'checked' },
    'Report 8',
    'read back over the HAN: 0x00000200',
  ],
  [{ event: 'report', sequence: 9, stage: 'failed', firmwareVersion: undefined, signature: 'checked' }, 'over the HAN: none'],
  [
    { event: 'refusal', case: 'gas-supplier', reason: 'gas-supplier', detail: 'no right', requirements: ['R-PPMID-02'] },
    'Requests that must be refused, and are',
    '<bad>refused</bad> gas-supplier       gas-supplier: no right <faint>[R-PPMID-02 (stated in a Government letter, 2020)]</faint>',
  ],
  [{ event: 'failure', step: 'join', detail: 'nobody' }, '<bad>  FAILED join: nobody</bad>'],
  [END, 'Done. The PPMID runs 0x00000200.'],
  [{ ...END, ok: false }, '<bad>The story did not come out as told.</bad>'],
];

describe('the story as text', () => {
  test.each(SAID.map(([event, ...parts]) => ({ event, parts })))('tells $event.event', ({ event, parts }) => {
    for (const part of parts) expect(told([event])).toContain(part);
  });
  test('shows no keys, even when told them', () => expect(told([{ event: 'keys', keys: ['00ff'] }])).toBe(''));
  test('numbers its paragraphs, and opens the refusals once', () => {
    const refusal = { event: 'refusal', reason: 'x', detail: 'y', requirements: [] } as const;
    const text = told([
      { event: 'panel', version: 1, lines: [] },
      { event: 'stage', stage: 'fetching' },
      { ...refusal, case: 'gas-supplier' },
      { ...refusal, case: 'expired' },
    ]);
    expect(text.match(/<strong>\d\. <\/strong>/g)).toEqual(['<strong>1. </strong>', '<strong>2. </strong>']);
  });
});

const OFFERED: StoryEvent = { event: 'stage', stage: 'offered' };
const HEADING = '<strong>1. </strong>The transfer over the OTA cluster';

describe('progress', () => {
  test('that comes before the heading of its transfer is told behind it, and never without', () => {
    const early = [progress(100), progress(200)];
    const lines = told([...early, OFFERED, progress(300)]).split('\n');
    expect(lines.filter((line) => line !== '').map((line) => line.slice(0, 7))).toEqual([
      HEADING.slice(0, 7),
      '   10 %',
      '   20 %',
      '   30 %',
    ]);
    expect(told([...early, { event: 'failure', step: 'refused', detail: 'why' }])).toBe('<bad>  FAILED refused: why</bad>\n');
  });
  test('without a terminal is a plain line at each tenth, once', () => {
    const text = told([
      OFFERED,
      progress(0, { secondsLeft: undefined }),
      progress(40),
      progress(110),
      progress(190),
      progress(1000, { secondsLeft: 0 }),
    ]);
    expect(text.split('\n').filter((line) => line !== '')).toEqual([
      HEADING,
      '    0 %  0/1000 B  250 B/s  time left unknown',
      '   11 %  110/1000 B  250 B/s  3 s left',
      '  100 %  1000/1000 B  250 B/s  0 s left',
    ]);
  });
  test('on a terminal redraws one line, which the next event ends', () => {
    const text = told([OFFERED, progress(500), progress(1000), END], true);
    expect(text.startsWith(`\n${HEADING}\n\r  [${'█'.repeat(15)}${'·'.repeat(15)}]  50 %`)).toBe(true);
    expect(text).toContain(`\r  [${'█'.repeat(30)}] 100 %`);
    expect(text.split('\r').slice(1, 2).join('')).not.toContain('\n');
    expect(text).toMatch(/\[K\n\n<good>Done\./);
  });
});
