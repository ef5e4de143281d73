/** The demonstration: its story in process, its capture before tshark, its behaviour as a process. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { register } from '../../host/cli/demo.ts';
import { OtaCommand } from '../../host/clusters/ota.ts';
import { runDemo, type DemoPlan } from '../../host/compose/demo.ts';
import { EUI, VERSION } from '../../host/compose/home.ts';
import type { StoryEvent } from '../../host/compose/story.ts';
import { call } from '../cli/terminal.ts';
import { mosquitto, startMosquitto } from '../kit/broker-mosquitto.ts';
import { Hearthgate, hearthgate } from '../kit/world-process.ts';
import { dissect, hasTshark, type Dissected } from '../kit/world-tshark.ts';

/** An optional oracle: left out by name where it is missing, asked for in CI. */
const inCi = process.env['CI'] === 'true';

/** ZigBee specification table 4.28. */
const APS_COMMAND = { TRANSPORT_KEY: 0x05, REQUEST_KEY: 0x08, VERIFY_KEY: 0x0f, CONFIRM_KEY: 0x10 } as const;

type Event<E extends StoryEvent['event']> = Extract<StoryEvent, { event: E }>;

async function told(plan: Partial<DemoPlan> = {}): Promise<{ readonly ok: boolean; readonly story: readonly StoryEvent[] }> {
  const story: StoryEvent[] = [];
  const rest = { realtime: false, seed: 1, loss: 0, tellKeys: false, stop: new AbortController().signal };
  const ok = await runDemo({ ...rest, tell: (event) => void story.push(event), ...plan });
  return { ok, story };
}

/** The story's events in order, progress and repeated stages left to their own test. */
const outline = (story: readonly StoryEvent[]): readonly string[] =>
  story.map(({ event }) => event).filter((event) => event !== 'progress');

const EXPECTED = [
  'start',
  'joined',
  'joined',
  'panel',
  'request',
  'decision',
  'image',
  ...Array<string>(5).fill('stage'),
  'report',
  'panel',
  ...Array<string>(10).fill('refusal'),
  'end',
];

/** Case, reason and a requirement that the refusal names, in the order of the story. */
const REFUSALS = [
  ['gas-supplier', 'gas-supplier', 'R-PPMID-02'],
  ['other-supplier', 'not-lead-supplier', 'R-PPMID-01'],
  ['one-signature', 'one-signature', 'R-SIGN-01'],
  ['same-key-twice', 'same-key-twice', 'R-SIGN-01'],
  ['replayed', 'replayed', 'R-ANOM-04'],
  ['expired', 'expired', 'R-ANOM-04'],
  ['other-gateway', 'other-gateway', 'R-PPMID-01'],
  ['image-bit', 'digest', 'R-SIGN-01'],
  ['other-manufacturer', 'manufacturer', 'R-DM-01'],
  ['image-signature', 'bad-signature', 'R-ASSUR-01'],
] as const;

const of = <E extends StoryEvent['event']>(story: readonly StoryEvent[], event: E): readonly Event<E>[] =>
  story.filter((each): each is Event<E> => each.event === event);

function expectStory(story: readonly StoryEvent[]): void {
  expect(outline(story)).toEqual(EXPECTED);
  const refusals = of(story, 'refusal');
  expect(refusals.map((each) => [each.case, each.reason])).toEqual(REFUSALS.map(([name, reason]) => [name, reason]));
  for (const [index, [, , requirement]] of REFUSALS.entries()) expect(refusals[index]?.requirements).toContain(requirement);
  expect(story.at(-1)).toEqual({ event: 'end', ok: true, ppmid: { version: VERSION.v2 } });
}

describe('the demonstration', () => {
  let ok: boolean;
  let story: readonly StoryEvent[];
  beforeAll(async () => ({ ok, story } = await told()));

  test('tells every step in order and ten refusals, and comes out as told [R-PPMID-01, R-PPMID-02, R-SIGN-01, R-ASSUR-01]', () => {
    expect(ok).toBe(true);
    expectStory(story);
  });
  test('begins with where everything is and what joined', () => {
    const ppmid = { eui: EUI.ppmid, type: 'ppmid' };
    const esme = { eui: EUI.esme, type: 'esme' };
    expect(story[0]).toMatchObject({ environment: 'lab', air: 'simulated', gateway: EUI.gateway, devices: [ppmid, esme] });
    expect(of(story, 'start')[0]?.broker).toMatch(/^mqtt:\/\/127\.0\.0\.1:\d+$/);
    expect(of(story, 'joined').map(({ device, type }) => ({ eui: device, type }))).toEqual([ppmid, esme]);
  });
  test('shows another panel after the upgrade, drawn by other firmware [R-PPMID-06]', () => {
    const [before, after] = of(story, 'panel');
    expect([before?.version, after?.version]).toEqual([VERSION.v1, VERSION.v2]);
    expect(before?.lines.length).toBeGreaterThan(4);
    expect(after?.lines.length).toBeGreaterThan(4);
    expect(after?.lines).not.toEqual(before?.lines);
  });
  test('has an order by the Lead Supplier, countersigned, and a decision with its facts and requirements [R-PPMID-01, R-SIGN-01]', () => {
    const [request] = of(story, 'request');
    expect(request).toMatchObject({
      service: 'Update Firmware (11.1)',
      user: 'lab Lead Supplier',
      countersigned: ['lab DCC side'],
      firmwareVersion: VERSION.v2,
    });
    expect(request?.image.sha256).toMatch(/^[0-9a-f]{64}$/);
    const [decision] = of(story, 'decision');
    expect(decision).toMatchObject({ verdict: 'allow', code: undefined });
    expect(decision?.job).toMatch(/^[0-9a-f]{16}$/);
    expect(decision?.facts.join('\n')).toContain(request?.requestId);
    for (const id of ['R-PPMID-01', 'R-PPMID-02', 'R-PPMID-07', 'R-LEAD-01', 'R-CPL-02']) expect(decision?.requirements).toContain(id);
  });
  test('has the image verified, check by check, as ordered [R-PPMID-01]', () => {
    const [image] = of(story, 'image');
    expect(image).toMatchObject({ verdict: 'accepted', code: undefined });
    const passed = image?.checks.filter(({ result }) => result === 'passed').map(({ name }) => name);
    for (const name of ['magic', 'header', 'total-size', 'subject', 'issuer', 'signer', 'ecdsa', 'digest', 'manufacturer'])
      expect(passed).toContain(name);
    expect(image?.checks.filter(({ result }) => result === 'failed')).toEqual([]);
  });
  test('tells stages in order, and progress that rises to the end and knows its time left', () => {
    expect(of(story, 'stage').map(({ stage }) => stage)).toEqual(['fetching', 'verified', 'offered', 'transferring', 'activating']);
    const progress = of(story, 'progress');
    const { length } = of(story, 'request')[0]!.image;
    expect(progress.map(({ bytes }) => bytes)).toEqual(progress.map(({ bytes }) => bytes).toSorted((a, b) => a - b));
    expect(progress.at(-1)).toMatchObject({ percent: 100, bytes: length, total: length, secondsLeft: 0 });
    for (const { percent, bytes, total } of progress) expect(percent).toBe((bytes * 100) / total);
    for (const { bytesPerSecond } of progress.slice(1)) expect(bytesPerSecond).toBeGreaterThan(0);
  });
  test("ends the upgrade with the gateway's report, its signature checked, of the version that was read back [R-PPMID-06]", () => {
    expect(of(story, 'report')).toEqual([
      { event: 'report', sequence: expect.any(Number) as number, stage: 'succeeded', firmwareVersion: VERSION.v2, signature: 'checked' },
    ]);
  });
  test('tells no keys unless it is asked to', () => expect(of(story, 'keys')).toEqual([]));
});

describe('on a lossy air', () => {
  test('the same story comes out, with one frame in twenty lost', async () => {
    const { ok, story } = await told({ seed: 7, loss: 0.05 });
    expect(ok).toBe(true);
    expectStory(story);
  });
  test('and with another seed, told as text: plain lines, no colours, the same end', async () => {
    const { code, out, err } = await call([register], ['demo', '--seed', '8', '--loss', '5']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('Done. The PPMID runs 0x00000200.');
    expect(out).toMatch(/\n {2}100 % {2}(\d+)\/\1 B {2}/);
    expect(out.match(/\n {2}refused /g)).toHaveLength(10);
    // The check that found the wrong signature is named, and nothing of the image was on the air.
    expect(out).toMatch(/refused image-signature +bad-signature: ecdsa: expected a signature of [0-9a-f]{32}/);
    expect(out).not.toContain('\u001b');
  });
});

describe('a demonstration that is interrupted', () => {
  test('ends with a failure that says so, and tells the end', async () => {
    const stop = new AbortController();
    const story: StoryEvent[] = [];
    const ok = await runDemo({
      ...{ realtime: false, seed: 1, loss: 0, tellKeys: false, stop: stop.signal },
      tell(event) {
        story.push(event);
        if (event.event === 'decision') stop.abort();
      },
    });
    expect(ok).toBe(false);
    expect(story.slice(-2)).toMatchObject([
      { event: 'failure', step: 'upgrade', detail: 'interrupted' },
      { event: 'end', ok: false },
    ]);
  });
});

describe('as a process', () => {
  let folder: string;
  let capture: string;
  let demo: Awaited<ReturnType<typeof hearthgate>>;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hearthgate-demo-'));
    capture = join(folder, 'air.pcap');
    demo = await hearthgate('demo', '--json', '--pcap', capture);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const keys = (): readonly string[] =>
    demo.process.json.filter(({ event }) => event === 'keys').flatMap((each) => each['keys'] as string[]);

  test('prints one JSON object a line, nothing else, and ends with code 0', () => {
    expect({ code: demo.code, err: demo.process.err }).toEqual({ code: 0, err: '' });
    const events = demo.process.json as unknown as StoryEvent[];
    expectStory(events.filter(({ event }) => event !== 'keys'));
  });
  test('names the keys of the network in exactly one event, for whoever reads the capture', () => {
    expect(demo.process.json.filter(({ event }) => event === 'keys')).toHaveLength(1);
    expect(new Set(keys()).size).toBe(1 + 2 + 2 + 1); // network, link, install-code and shared keys
    for (const key of keys()) expect(key).toMatch(/^[0-9a-f]{32}$/);
  });

  describe.skipIf(!hasTshark && !inCi)('and tshark', () => {
    let frames: readonly Dissected[];
    beforeAll(() => (frames = dissect(capture, keys())));

    test('opens every frame of its capture with those keys; none is malformed', () => {
      expect(frames.length).toBeGreaterThan(1_000);
      expect(frames.filter(({ fcsGood, malformed }) => !fcsGood || malformed)).toEqual([]);
      expect(frames.filter(({ closed }) => closed)).toEqual([]);
      expect(frames.filter(({ type, protocols }) => type === 1 && !protocols.includes('zbee_nwk'))).toEqual([]);
    });
    test('reads the key establishment of both devices, the PPMID in suite 2 and the ESME in suite 1, to its end', () => {
      const said = frames.flatMap(({ establishment }) => establishment ?? []);
      const initiates = new Set(said.filter(({ command }) => command === 0).map(({ suite, subject }) => `${suite} ${subject}`));
      expect(initiates).toEqual(new Set([`2 ${EUI.ppmid}`, `2 ${EUI.gateway}`, `1 ${EUI.esme}`, `1 ${EUI.gateway}`]));
      expect(new Set(said.map(({ command }) => command))).toEqual(new Set([0, 1, 2]));
      expect(said.filter(({ command }) => command === 2).length).toBeGreaterThanOrEqual(4);
    });
    test('opens the network key on its way under the install code, and what is said under the link keys that came of it', () => {
      const commands = frames.flatMap(({ apsCommand }) => apsCommand ?? []);
      expect(commands.filter((command) => command === APS_COMMAND.TRANSPORT_KEY).length).toBeGreaterThanOrEqual(2 + 2); // two joins, one shared key to two
      for (const command of [APS_COMMAND.VERIFY_KEY, APS_COMMAND.CONFIRM_KEY, APS_COMMAND.REQUEST_KEY]) expect(commands).toContain(command);
      const link = dissect(capture, keys().slice(0, 2)); // network key and the PPMID's link key, as the event has them first
      const blocks = link.filter(({ otaCommand }) => otaCommand === OtaCommand.IMAGE_BLOCK_RESPONSE);
      expect(blocks.length).toBeGreaterThan(100);
    });
    test('reads the whole transfer in the OTA cluster', () => {
      const seen = frames.filter(({ cluster }) => cluster === 0x0019).map(({ otaCommand }) => otaCommand);
      const blocks = Math.ceil((demo.process.json.find(({ event }) => event === 'request')!['image'] as { length: number }).length / 56);
      expect(seen.filter((command) => command === OtaCommand.IMAGE_BLOCK_RESPONSE).length).toBeGreaterThanOrEqual(blocks);
      for (const command of [OtaCommand.IMAGE_NOTIFY, OtaCommand.QUERY_NEXT_IMAGE_RESPONSE, OtaCommand.UPGRADE_END_RESPONSE])
        expect(seen).toContain(command);
    });
    test('opens nothing of it without the keys', () => {
      const closed = dissect(capture, []);
      expect(closed.filter((frame) => frame.closed).length).toBeGreaterThan(500);
      expect(closed.filter(({ otaCommand }) => otaCommand !== undefined)).toEqual([]);
    });
  });

  describe.skipIf(mosquitto === undefined && !inCi)('over Mosquitto', () => {
    test('tells the same story, and no keys without a capture', { timeout: 60_000 }, async () => {
      const broker = await startMosquitto();
      try {
        const { code, process } = await hearthgate('demo', '--json', '--broker', broker.url);
        expect({ code, err: process.err }).toEqual({ code: 0, err: '' });
        expect(process.json[0]).toMatchObject({ event: 'start', broker: broker.url });
        expectStory(process.json as unknown as StoryEvent[]);
      } finally {
        await broker.close();
      }
    });
  });

  test('SIGINT in its middle ends it with code 130, no stack trace, and nothing left behind', async () => {
    const temporary = mkdtempSync(join(folder, 'tmp-'));
    const process = new Hearthgate(['demo', '--json'], { TMPDIR: temporary });
    await process.says('"transferring"');
    expect(readdirSync(temporary)).toHaveLength(1);
    process.signal('SIGINT');
    expect(await process.code()).toBe(130);
    expect(process.out + process.err).not.toMatch(/\n\s+at |Error/);
    expect(readdirSync(temporary)).toEqual([]);
  });
});
