import { describe, expect, test } from 'vitest';
import { SimulatedClock } from '../../../host/adapters/clock-simulated.ts';
import {
  decodeImageBlockRequest,
  decodeQueryNextImageRequest,
  decodeUpgradeEndRequest,
  encodeImageBlockResponse,
  encodeImageNotify,
  encodeQueryNextImageResponse,
  encodeUpgradeEndResponse,
  OtaCommand,
  OtaStatus,
  UPGRADE_LATER,
  type ImageBlockRequest,
} from '../../../host/clusters/ota.ts';
import { ok, refuse } from '../../../host/model/fault.ts';
import { silent } from '../../../host/ports/log.ts';
import { Seeded } from '../../../firmware/air/seeded.ts';
import { invalidImage, neverEnds } from '../../../firmware/ppmid/profiles/endings.ts';
import type { Profile } from '../../../firmware/ppmid/profiles/profile.ts';
import { eager, oddBlocks, outOfOrder, restartsAtZero, sleepy } from '../../../firmware/ppmid/profiles/transfer.ts';
import type { Inbound } from '../../../firmware/devices/zcl.ts';
import { ACTIVATION_INTERVAL_MS, MAX_DATA_SIZE, OtaClient, QUERY_INTERVAL_MS, SILENT_MAX } from '../../../firmware/ppmid/ota-client.ts';
import type { UpgradeStore } from '../../../firmware/ppmid/ota-parts.ts';
import { ANSWER_WAIT_MS } from '../../../firmware/ppmid/repeater.ts';

const RUNNING = { manufacturer: 0x1d01, imageType: 0x84, fileVersion: 1 };
const OFFER = { ...RUNNING, fileVersion: 2 };
const FILE = Uint8Array.from({ length: 1000 }, (_, i) => (i * 31) & 0xff);

/** A store in memory; `verdict` is what `finish` says. */
class TestStore implements UpgradeStore {
  readonly file = new Uint8Array(FILE.length);
  readonly calls: string[] = [];
  verdict: ReturnType<UpgradeStore['finish']> = ok(undefined);
  mayActivate: ReturnType<UpgradeStore['activate']> = ok(undefined);
  from = 0;

  begin(): ReturnType<UpgradeStore['begin']> {
    this.calls.push('begin');
    return ok(this.from);
  }
  write(offset: number, data: Uint8Array): void {
    this.file.set(data, offset);
  }
  finish(): ReturnType<UpgradeStore['finish']> {
    this.calls.push('finish');
    return this.verdict;
  }
  discard(): void {
    this.calls.push('discard');
  }
  activate(): ReturnType<UpgradeStore['activate']> {
    this.calls.push('activate');
    return this.mayActivate;
  }
}

interface Request {
  readonly command: number;
  readonly payload: Uint8Array;
  readonly time: number;
}

/** A client whose server answers by `answer` 5 ms later; undefined keeps silent. */
function setUp(
  answer: (request: Request, index: number) => [command: number, payload: Uint8Array] | undefined,
  downgrades = false,
  profile?: Profile,
) {
  const clock = new SimulatedClock(0);
  const store = new TestStore();
  const requests: Request[] = [];
  const client: OtaClient = new OtaClient({
    clock,
    log: silent,
    name: 'client',
    running: RUNNING,
    hardwareVersion: 0x0100,
    downgrades,
    store,
    draw: () => 50,
    habits: profile?.habits(new Seeded(9)),
    send: (command, payload) => {
      const request = { command, payload, time: clock.now() };
      const answered = answer(request, requests.push(request) - 1);
      if (answered) clock.after(5, () => give(...answered));
    },
  });
  const give = (command: number, payload: Uint8Array, unicast = true): unknown => client.take(message(command, payload, unicast));
  return { clock, store, requests, client, give };
}

const message = (command: number, payload: Uint8Array, unicast = true): Inbound => ({
  cluster: 0x19,
  from: 1,
  to: 1,
  control: 0x19,
  seq: 1,
  command,
  payload,
  secured: true,
  unicast,
});

const offer = (change: object = {}): [number, Uint8Array] => [
  OtaCommand.QUERY_NEXT_IMAGE_RESPONSE,
  encodeQueryNextImageResponse({ status: 0, ...OFFER, imageSize: FILE.length, ...change }),
];

const block = ({ fileOffset, maxDataSize }: ImageBlockRequest): [number, Uint8Array] => [
  OtaCommand.IMAGE_BLOCK_RESPONSE,
  encodeImageBlockResponse({ status: 0, ...OFFER, fileOffset, data: FILE.subarray(fileOffset, fileOffset + maxDataSize) }),
];

const end = (currentTime: number, upgradeTime: number): [number, Uint8Array] => [
  OtaCommand.UPGRADE_END_RESPONSE,
  encodeUpgradeEndResponse({ ...OFFER, currentTime, upgradeTime }),
];

/** A server that does everything right. */
function usual({ command, payload }: Request): [number, Uint8Array] | undefined {
  if (command === OtaCommand.QUERY_NEXT_IMAGE_REQUEST) return offer();
  const asked = command === OtaCommand.IMAGE_BLOCK_REQUEST ? decodeImageBlockRequest(payload) : undefined;
  if (asked) return block(asked);
  return command === OtaCommand.UPGRADE_END_REQUEST ? end(500, 500) : undefined;
}

const offsets = (requests: readonly Request[]): number[] =>
  requests.flatMap(({ command, payload }) =>
    command === OtaCommand.IMAGE_BLOCK_REQUEST ? [decodeImageBlockRequest(payload)?.fileOffset ?? -1] : [],
  );

describe('an OTA client', () => {
  test('asks, fetches every block once, reports the end and activates', async () => {
    const { clock, client, store, requests } = setUp(usual);
    client.query();
    await clock.advance(1000);
    expect(decodeQueryNextImageRequest(requests[0]?.payload ?? new Uint8Array())).toEqual({
      fieldControl: 1,
      ...RUNNING,
      hardwareVersion: 0x0100,
    });
    expect(offsets(requests)).toEqual(Array.from({ length: Math.ceil(FILE.length / MAX_DATA_SIZE) }, (_, i) => i * MAX_DATA_SIZE));
    expect(decodeUpgradeEndRequest(requests.at(-1)?.payload ?? new Uint8Array())).toEqual({ status: 0, ...OFFER });
    expect(store.file).toEqual(FILE);
    expect(store.calls).toEqual(['begin', 'finish', 'activate']);
  });

  test('asks for no more bytes than are left', async () => {
    const { clock, client, requests } = setUp(usual);
    client.query();
    await clock.advance(1000);
    const last = requests.filter(({ command }) => command === OtaCommand.IMAGE_BLOCK_REQUEST).at(-1);
    expect(decodeImageBlockRequest(last?.payload ?? new Uint8Array())?.maxDataSize).toBe(FILE.length % MAX_DATA_SIZE);
  });

  test.each([0.2, 0.5])('comes through with %d of all answers lost, without fetching a block again that it has', async (loss) => {
    const random = new Seeded(5);
    const { clock, client, store, requests } = setUp((request) => (random.unit() < loss ? undefined : usual(request)));
    client.query();
    await clock.advance(3_600_000);
    expect(store.file).toEqual(FILE);
    expect(store.calls).toContain('activate');
    const asked = offsets(requests);
    expect(asked).toEqual([...asked].sort((a, b) => a - b));
    expect(asked.length).toBeGreaterThan(Math.ceil(FILE.length / MAX_DATA_SIZE));
  });

  test('repeats at intervals that double up to a minute, then rests and asks again a day later', async () => {
    const { clock, client, requests } = setUp((request) => (request.command === OtaCommand.QUERY_NEXT_IMAGE_REQUEST ? offer() : undefined));
    client.query();
    await clock.advance(2 * 3_600_000);
    const times = requests.filter(({ command }) => command === OtaCommand.IMAGE_BLOCK_REQUEST).map(({ time }) => time);
    expect(times).toHaveLength(SILENT_MAX);
    const waits = times.slice(1).map((time, i) => time - (times[i] ?? 0));
    expect(waits.slice(0, 8)).toEqual([1, 2, 4, 8, 16, 32, 60, 60].map((seconds) => seconds * ANSWER_WAIT_MS));
    expect(client.stage).toBe('normal');
    const before = requests.length;
    await clock.advance(QUERY_INTERVAL_MS);
    expect(requests[before]?.command).toBe(OtaCommand.QUERY_NEXT_IMAGE_REQUEST);
  });

  test('goes on where its store says that it stopped', async () => {
    const { clock, client, store, requests } = setUp(usual);
    store.from = 448;
    client.query();
    await clock.advance(1000);
    expect(offsets(requests)[0]).toBe(448);
    expect(store.file.subarray(448)).toEqual(FILE.subarray(448));
    expect(store.calls).toContain('activate');
  });

  test('asks for activation at once when its store has everything already', async () => {
    const { clock, client, store, requests } = setUp(usual);
    store.from = FILE.length;
    client.query();
    await clock.advance(1000);
    expect(offsets(requests)).toEqual([]);
    expect(store.calls).toEqual(['begin', 'finish', 'activate']);
  });

  test('ignores answers out of place, of another image, and blocks that are empty or too long', async () => {
    const bad: ((asked: ImageBlockRequest) => [number, Uint8Array])[] = [
      (asked) => block({ ...asked, fileOffset: asked.fileOffset + 1 }),
      (asked) => [
        OtaCommand.IMAGE_BLOCK_RESPONSE,
        encodeImageBlockResponse({ status: 0, ...OFFER, fileVersion: 9, fileOffset: asked.fileOffset, data: FILE.subarray(0, 9) }),
      ],
      (asked) => [
        OtaCommand.IMAGE_BLOCK_RESPONSE,
        encodeImageBlockResponse({ status: 0, ...OFFER, fileOffset: asked.fileOffset, data: new Uint8Array() }),
      ],
      (asked) => [
        OtaCommand.IMAGE_BLOCK_RESPONSE,
        encodeImageBlockResponse({ status: 0, ...OFFER, fileOffset: asked.fileOffset, data: new Uint8Array(MAX_DATA_SIZE + 1) }),
      ],
      () => [OtaCommand.IMAGE_BLOCK_RESPONSE, Uint8Array.of(0, 1, 2)],
      () => [OtaCommand.IMAGE_BLOCK_RESPONSE, encodeImageBlockResponse({ status: OtaStatus.MALFORMED_COMMAND })],
    ];
    let index = 0;
    const { clock, client, store } = setUp((request) => {
      const asked = request.command === OtaCommand.IMAGE_BLOCK_REQUEST ? decodeImageBlockRequest(request.payload) : undefined;
      const wrong = asked ? bad[index++] : undefined;
      return asked && wrong ? wrong(asked) : usual(request);
    });
    client.query();
    await clock.advance(600_000);
    expect(store.file).toEqual(FILE);
    expect(store.calls).toContain('activate');
  });

  test('waits as long as it is told to, and keeps the period that it is given', async () => {
    let held = 0;
    const { clock, client, store, requests } = setUp((request) => {
      if (request.command !== OtaCommand.IMAGE_BLOCK_REQUEST || held++ > 0) return usual(request);
      const wait = { status: 0x97, currentTime: 100, requestTime: 130, minimumBlockPeriod: 200 } as const;
      return [OtaCommand.IMAGE_BLOCK_RESPONSE, encodeImageBlockResponse(wait)];
    });
    client.query();
    await clock.advance(60_000);
    const times = requests.filter(({ command }) => command === OtaCommand.IMAGE_BLOCK_REQUEST).map(({ time }) => time);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBe(30_005);
    expect((times[3] ?? 0) - (times[2] ?? 0)).toBe(205);
    expect(store.calls).toContain('activate');
  });

  test('gives up and forgets when the server aborts', async () => {
    const { clock, client, store } = setUp((request, index) =>
      index === 5 ? [OtaCommand.IMAGE_BLOCK_RESPONSE, encodeImageBlockResponse({ status: OtaStatus.ABORT })] : usual(request),
    );
    client.query();
    await clock.advance(10_000);
    expect(store.calls).toEqual(['begin', 'discard']);
    expect([client.stage, client.image, client.fileOffset]).toEqual(['normal', undefined, undefined]);
  });

  test('reports an image that its store refuses as invalid, forgets it and activates nothing', async () => {
    const { clock, client, store, requests } = setUp(usual);
    store.verdict = refuse('integrity', 'the code does not fit');
    client.query();
    await clock.advance(10_000);
    expect(decodeUpgradeEndRequest(requests.at(-1)?.payload ?? new Uint8Array())?.status).toBe(OtaStatus.INVALID_IMAGE);
    expect(store.calls).toEqual(['begin', 'finish', 'discard']);
    expect(client.stage).toBe('normal');
  });

  test('activates at the time that it is told, counting from the server’s clock', async () => {
    const { clock, client, store } = setUp((request) =>
      request.command === OtaCommand.UPGRADE_END_REQUEST ? end(500, 590) : usual(request),
    );
    client.query();
    await clock.advance(80_000);
    expect([client.stage, store.calls.includes('activate')]).toEqual(['counting-down', false]);
    await clock.advance(20_000);
    expect(store.calls).toContain('activate');
  });

  test('told to wait, it asks once an hour and obeys a later word of the server', async () => {
    const { clock, client, store, requests, give } = setUp((request) =>
      request.command === OtaCommand.UPGRADE_END_REQUEST ? end(500, UPGRADE_LATER) : usual(request),
    );
    client.query();
    await clock.advance(2.5 * ACTIVATION_INTERVAL_MS);
    expect(requests.filter(({ command }) => command === OtaCommand.UPGRADE_END_REQUEST)).toHaveLength(3);
    expect([client.stage, store.calls.includes('activate')]).toEqual(['waiting', false]);
    give(
      OtaCommand.UPGRADE_END_RESPONSE,
      encodeUpgradeEndResponse({ manufacturer: 0xffff, imageType: 0xffff, fileVersion: 0xffffffff, currentTime: 0, upgradeTime: 0 }),
    );
    await clock.advance(1);
    expect(store.calls).toContain('activate');
  });

  test('does not activate before its image is complete, nor on a word about another image', async () => {
    const { clock, client, store, give } = setUp((request, index) => (index > 5 ? undefined : usual(request)));
    client.query();
    await clock.advance(100);
    give(...end(0, 0));
    await clock.advance(10);
    expect(store.calls).toEqual(['begin']);
    expect(client.stage).toBe('downloading');
  });

  test.each([
    ['another manufacturer', { manufacturer: 7 }, false, []],
    ['another image type', { imageType: 7 }, false, []],
    ['the version that runs', { fileVersion: 1 }, false, []],
    ['a lower version', { fileVersion: 0 }, false, []],
    ['a lower version where that is allowed', { fileVersion: 0 }, true, ['begin']],
    ['a newer version', {}, false, ['begin']],
  ])('an offer of %s is taken only when it fits', async (_, change, downgrades, calls) => {
    const { clock, client, store } = setUp((_request, index) => (index === 0 ? offer(change) : undefined), downgrades);
    client.query();
    await clock.advance(20);
    expect(store.calls).toEqual(calls);
  });

  test('rests when there is no image, and takes no offer that its store refuses', async () => {
    const none = setUp(() => [
      OtaCommand.QUERY_NEXT_IMAGE_RESPONSE,
      encodeQueryNextImageResponse({ status: OtaStatus.NO_IMAGE_AVAILABLE }),
    ]);
    none.client.query();
    await none.clock.advance(60_000);
    expect(none.requests).toHaveLength(1);
    const full = setUp(usual);
    full.store.begin = () => refuse('size', 'too big');
    full.client.query();
    await full.clock.advance(60_000);
    expect(full.requests).toHaveLength(1);
    expect(full.client.image).toBeUndefined();
  });
});

describe('Image Notify', () => {
  const notify = (change: object): Uint8Array => encodeImageNotify({ payloadType: 3, queryJitter: 100, ...OFFER, ...change });

  test.each([
    ['about its own image', notify({}), true, 1],
    ['to everybody below its draw', notify({ queryJitter: 49 }), false, 0],
    ['to everybody at its draw', notify({ queryJitter: 50 }), false, 1],
    ['to it alone, whatever the jitter', notify({ queryJitter: 1 }), true, 1],
    ['about another manufacturer', notify({ manufacturer: 7 }), true, 0],
    ['about any manufacturer and type', notify({ manufacturer: 0xffff, imageType: 0xffff }), true, 1],
    ['about another type', notify({ imageType: 7 }), true, 0],
    ['about the version that runs', notify({ fileVersion: 1 }), true, 0],
    ['that names nothing', encodeImageNotify({ payloadType: 0, queryJitter: 100 }), true, 1],
  ])('%s is followed by a query or not', (_, payload, unicast, count) => {
    const { give, requests } = setUp(() => undefined);
    expect(give(OtaCommand.IMAGE_NOTIFY, payload, unicast)).toEqual({ status: 0 });
    expect(requests).toHaveLength(count);
  });

  test('is ignored while an image is being fetched', async () => {
    const { clock, client, give, requests } = setUp((request, index) => (index > 3 ? undefined : usual(request)));
    client.query();
    await clock.advance(30);
    const before = requests.length;
    give(OtaCommand.IMAGE_NOTIFY, notify({}));
    expect(requests).toHaveLength(before);
  });

  test.each([
    OtaCommand.IMAGE_NOTIFY,
    OtaCommand.QUERY_NEXT_IMAGE_RESPONSE,
    OtaCommand.IMAGE_BLOCK_RESPONSE,
    OtaCommand.UPGRADE_END_RESPONSE,
  ])('command %i that is too short is malformed, as an unknown one is unsupported', (command) => {
    const { give } = setUp(() => undefined);
    expect(give(command, new Uint8Array())).toEqual({ status: OtaStatus.MALFORMED_COMMAND });
    expect(give(0x55, new Uint8Array())).toEqual({ status: OtaStatus.UNSUP_CLUSTER_COMMAND });
  });
});

describe('a client with the habits of a profile', () => {
  const wishes = (requests: readonly Request[]): ImageBlockRequest[] =>
    requests.flatMap(({ command, payload }) => {
      const asked = command === OtaCommand.IMAGE_BLOCK_REQUEST ? decodeImageBlockRequest(payload) : undefined;
      return asked ? [asked] : [];
    });
  const ends = (requests: readonly Request[]): (number | undefined)[] =>
    requests
      .filter(({ command }) => command === OtaCommand.UPGRADE_END_REQUEST)
      .map(({ payload }) => decodeUpgradeEndRequest(payload)?.status);
  const run = async (profile: Profile, time = 60_000) => {
    const set = setUp(usual, false, profile);
    set.client.query();
    await set.clock.advance(time);
    return { ...set, asked: wishes(set.requests) };
  };

  test('restarts-at-zero begins three times anew and has the file in the end', async () => {
    const { asked, store } = await run(restartsAtZero);
    expect(asked.filter(({ fileOffset }) => fileOffset === 0)).toHaveLength(4);
    expect([store.file, store.calls.filter((each) => each === 'discard').length]).toEqual([FILE, 3]);
  });

  test('out-of-order asks behind and ahead of what it wants, and for the header again', async () => {
    const { asked, store } = await run(outOfOrder);
    const steps = asked.slice(1).map(({ fileOffset }, i) => fileOffset - (asked[i]?.fileOffset ?? 0));
    expect(steps.filter((step) => step < 0).length).toBeGreaterThan(10);
    expect(asked.filter(({ fileOffset }) => fileOffset === 0).length).toBeGreaterThan(2);
    expect(store.file).toEqual(FILE);
  });

  test('odd-blocks asks for every size of its list', async () => {
    const { asked, store } = await run(oddBlocks);
    const sizes = new Set(asked.map(({ maxDataSize }) => maxDataSize));
    for (const size of [1, 7, 13, 33, 50, 255]) expect(sizes).toContain(size);
    expect(store.file).toEqual(FILE);
  });

  test('eager asks before it has its answer', async () => {
    const { requests, store } = await run(eager);
    const times = requests.filter(({ command }) => command === OtaCommand.IMAGE_BLOCK_REQUEST).map(({ time }) => time);
    expect(times.filter((time, i) => time === times[i + 1]).length).toBeGreaterThan(times.length / 2);
    expect(store.file).toEqual(FILE);
  });

  test('sleepy sleeps for hours, more than once', async () => {
    const { requests, store } = await run(sleepy, 24 * 3_600_000);
    const gaps = requests.slice(1).map(({ time }, i) => time - (requests[i]?.time ?? 0));
    expect(gaps.filter((gap) => gap > 3_600_000).length).toBeGreaterThan(2);
    expect(store.file).toEqual(FILE);
  });

  test('never-ends has everything and says nothing; invalid-image says what is not true', async () => {
    const [silentOne, liar] = [await run(neverEnds), await run(invalidImage)];
    expect([silentOne.store.file, ends(silentOne.requests), silentOne.store.calls]).toEqual([FILE, [], ['begin', 'finish']]);
    expect([liar.store.file, ends(liar.requests)[0]]).toEqual([FILE, OtaStatus.INVALID_IMAGE]);
  });

  test('whose store does not activate waits, and asks for the time again', async () => {
    const { clock, client, store, requests } = setUp(usual);
    store.mayActivate = refuse('battery-low', 'the battery has 5 %');
    client.query();
    await clock.advance(10_000);
    expect([client.stage, store.calls.at(-1)]).toEqual(['waiting', 'activate']);
    store.mayActivate = ok(undefined);
    await clock.advance(ACTIVATION_INTERVAL_MS);
    expect(ends(requests).length).toBeGreaterThan(1);
    expect(store.calls.filter((each) => each === 'activate')).toHaveLength(2);
  });
});
