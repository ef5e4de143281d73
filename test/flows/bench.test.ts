/** The bench: whatever file of whatever maker, bit for bit to a device; and the wall between lab and production. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Seeded } from '../../firmware/air/seeded.ts';
import { buildImage, type ImageSpec } from '../../firmware/image/build.ts';
import { LmdbStore } from '../../host/adapters/store-lmdb.ts';
import { benchTrust } from '../../host/compose/bench-trust.ts';
import { flash, type FlashEvent, type FlashPlan } from '../../host/compose/bench.ts';
import { loadGatewayConfig } from '../../host/compose/config.ts';
import { EUI, VERSION } from '../../host/compose/home.ts';
import { labFiles } from '../../host/compose/lab-folder.ts';
import { parseRadio, type RadioLocator } from '../../host/compose/locators.ts';
import { runGateway } from '../../host/compose/run-gateway.ts';
import { runHome } from '../../host/compose/run-home.ts';
import { sampleImages } from '../../host/compose/sample-images.ts';
import { benchPage } from '../../host/lab/bench-page.ts';
import type { BenchReport } from '../../host/lab/bench-report.ts';
import type { ReportSigner } from '../../host/lab/signed-report.ts';
import { eui64, unhex } from '../../host/model/ids.ts';
import { silent } from '../../host/ports/log.ts';
import { openMeta } from '../../host/stores/meta.ts';

const CORPUS = '../shared/corpus/ota';

/** A maker's file: one element of random bytes, no integrity code. */
const spec = (change: Partial<ImageSpec> = {}): ImageSpec => ({
  manufacturer: 0x1ab3,
  imageType: 0x0101,
  fileVersion: 0x0102_0304,
  text: 'bench',
  elements: [{ tag: 0, data: new Seeded(5).bytes(2_000) }],
  ...change,
});

/** An install code and its CRC-16/X-25, from the ZigBee base device behaviour specification, 10.1. */
const CODE = unhex('83fed3407a939723a5c639b26916d505c3b5');

const FILES: readonly (readonly [name: string, image: Uint8Array, loss: number])[] = [
  ['a plain file', buildImage(spec()), 0],
  ['one with a hardware range and two elements', buildImage(spec({ hardware: { min: 3, max: 7 }, elements: twoElements() })), 0],
  ['one over a lossy air', buildImage(spec({ fileVersion: 0xffff_fffe })), 0.1],
  ['one shorter than a block', buildImage(spec({ elements: [{ tag: 0, data: Uint8Array.of(1) }] })), 0],
];

function twoElements(): ImageSpec['elements'] {
  return [
    { tag: 0, data: new Seeded(6).bytes(1_001) },
    { tag: 0xf001, data: new Seeded(7).bytes(77) },
  ];
}

interface Flashed {
  readonly ok: boolean;
  readonly events: readonly FlashEvent[];
  readonly report: BenchReport;
}

async function flashed(image: Uint8Array, plan: Partial<FlashPlan> & { readonly loss?: number } = {}): Promise<Flashed> {
  const events: FlashEvent[] = [];
  const { loss = 0, ...rest } = plan;
  const report = await flash({
    image,
    name: 'test.ota',
    radio: { kind: 'air', realtime: false, seed: 3, loss },
    channel: 15,
    units: [{ eui: EUI.ppmid, installCode: undefined }],
    trust: await benchTrust(undefined),
    stop: new AbortController().signal,
    tell: (event) => void events.push(event),
    ...rest,
  });
  return { ok: report.complete && report.failed === 0, events, report };
}

function expectBitForBit(image: Uint8Array, { ok, events }: Flashed): void {
  const sha256 = createHash('sha256').update(image).digest('hex');
  expect(events.at(-1)).toMatchObject({
    event: 'end',
    ok: true,
    environment: 'lab',
    file: { sha256, length: image.length },
    device: { sha256, length: image.length, version: new DataView(image.buffer, image.byteOffset).getUint32(14, true) },
  });
  expect(ok).toBe(true);
}

describe('bench flash', () => {
  test.each(FILES)('brings %s to the device bit for bit', async (_name, image, loss) => {
    expectBitForBit(image, await flashed(image, { loss }));
  });

  test('takes the walk of the field: no transfer without an allowed decision and an accepted image [R-PPMID-01]', async () => {
    const { events } = await flashed(FILES[0]![1]);
    const names = events.filter(({ event }) => event !== 'progress').map((each) => (each.event === 'stage' ? each.stage : each.event));
    const order = ['joined', 'decision', 'fetching', 'image', 'verified', 'offered', 'transferring', 'activating', 'succeeded', 'end'];
    expect(names).toEqual(order);
    expect(events.find(({ event }) => event === 'decision')).toMatchObject({ verdict: 'allow' });
  });

  test('refuses what is no ZigBee OTA file, by name', async () => {
    await expect(flashed(new Uint8Array(100), { name: 'notes.txt' })).rejects.toThrow('notes.txt: no ZigBee OTA header at byte 0');
  });

  test('says why a damaged file is not transferred', async () => {
    const image = FILES[0]![1].slice();
    new DataView(image.buffer).setUint32(52, image.length + 8, true);
    const { ok, events } = await flashed(image);
    expect(ok).toBe(false);
    expect(events.find(({ event }) => event === 'failure')).toMatchObject({
      step: 'refused',
      detail: expect.stringContaining('total-size') as string,
    });
    expect(events.at(-1)).toMatchObject({ event: 'end', ok: false, device: { sha256: undefined, length: 0 } });
  });
});

describe.skipIf(!existsSync(CORPUS))("files of the field (the project's corpus)", () => {
  const files = existsSync(CORPUS) ? readdirSync(CORPUS).filter((name) => /^(02|91)/.test(name)) : [];
  test('are there', () => expect(files).toHaveLength(2));
  test.each(files)('%s reaches the device bit for bit', { timeout: 120_000 }, async (name) => {
    const image = new Uint8Array(readFileSync(join(CORPUS, name)));
    expectBitForBit(image, await flashed(image, { name }));
  });
});

describe('many devices one after another', () => {
  const image = FILES[0]![1];
  const unit = (last: string, installCode?: Uint8Array) => ({ eui: eui64(`02000000000002${last}`), installCode });

  test('each have a record of their own, and the run a summary', async () => {
    const units = [unit('02'), unit('12')];
    const { ok, events, report } = await flashed(image, { units });
    expect(ok).toBe(true);
    expect(report).toMatchObject({ kind: 'bench-flash', environment: 'lab', clock: 'simulated', passed: 2, failed: 0, complete: true });
    expect(report.units.map(({ number, device, outcome }) => [number, device, outcome])).toEqual([
      [1, units[0]!.eui, 'passed'],
      [2, units[1]!.eui, 'passed'],
    ]);
    expect(events.filter(({ event }) => event === 'unit')).toHaveLength(2);
    expect(events.at(-1)).toMatchObject({ event: 'summary', ok: true, passed: 2, failed: 0 });
    for (const { stages, parties, decision, image: verified, versionAfter } of report.units) {
      expect(stages.map(({ stage }) => stage)).toEqual(['fetching', 'verified', 'offered', 'transferring', 'activating', 'succeeded']);
      expect(parties.map(({ role }) => role)).toEqual(['import-supplier', 'dcc-countersigner', 'gateway']);
      expect([decision?.verdict, verified?.verdict, versionAfter]).toEqual(['allow', 'accepted', 0x0102_0304]);
      expect(verified?.checks.map(({ name, range, requirements }) => [name, range, requirements])).toEqual(
        report.image.checks.map(({ name, range, requirements }) => [name, range, requirements]),
      );
    }
    expect(report.image).toMatchObject({ elements: [{ tag: 0, offset: 62, length: 2_000 }], elementsSeen: 1 });
    expect(report.image).toMatchObject({ verdict: 'accepted', sha256: createHash('sha256').update(image).digest('hex') });
  });

  test('join by the install codes that were given; one that is none is named before anything goes on the air', async () => {
    expect((await flashed(image, { units: [unit('02', CODE)] })).ok).toBe(true);
    const spoilt = CODE.map((byte, i) => (i === 17 ? byte ^ 1 : byte));
    await expect(flashed(image, { units: [unit('02', spoilt)] })).rejects.toThrow('CRC');
  });

  test('stop when the user stops: what was done is in the report, which says that it is not complete', async () => {
    const stop = new AbortController();
    const { report } = await flashed(image, {
      units: [unit('02'), unit('12')],
      stop: stop.signal,
      tell: (event) => void (event.event === 'end' && stop.abort()),
    });
    expect(report).toMatchObject({ complete: false, passed: 1, units: [{ outcome: 'passed' }] });
  });

  test('of a maker whom nobody named: a signed image is refused with the check named, in the report as at the gateway', async () => {
    const maker = await sampleImages();
    const { ok, report } = await flashed(maker.wrongSignature);
    expect(ok).toBe(false);
    const failed = report.image.checks.find(({ result }) => result === 'failed');
    expect(failed).toMatchObject({ name: 'ecdsa' });
    const page = benchPage(report, { name: 'x', role: 'gateway' } as ReportSigner, 'x.json');
    const row = [`<td>${failed?.range.join('-')}</td>`, `<td>${failed?.requirements.join(', ')}</td>`];
    expect(
      page
        .split('<td>ecdsa</td>')
        .slice(1)
        .map((rest) => row.every((cell) => rest.slice(0, 900).includes(cell))),
    ).toEqual([true, true]);
    expect(report.units[0]).toMatchObject({ outcome: 'failed', reason: { code: report.image.code }, transfer: undefined });
  });
});

test(
  'a device behind a radio is flashed as a virtual one is: its installed version is read back over the air',
  { timeout: 90_000 },
  async () => {
    const home = await runHome({ listen: { host: '127.0.0.1', port: 0 }, seed: 1, loss: 0, channel: 15, log: silent });
    try {
      const { v2 } = await sampleImages();
      const { ok, events, report } = await flashed(v2, { radio: parseRadio(home.url) as RadioLocator });
      expect(ok).toBe(true);
      expect(report).toMatchObject({
        clock: 'real-time',
        radio: home.url,
        units: [{ versionBefore: VERSION.v1, versionAfter: VERSION.v2 }],
      });
      expect(report.units[0]?.received).toBeUndefined();
      expect(events.at(-1)).toMatchObject({ event: 'end', ok: true, device: { version: VERSION.v2 } });
    } finally {
      await home.stop();
    }
  },
);

test('one that does not join in time fails with what was seen of it, and the next has its turn', { timeout: 90_000 }, async () => {
  const home = await runHome({ listen: { host: '127.0.0.1', port: 0 }, seed: 1, loss: 0, channel: 15, log: silent });
  try {
    const { v2 } = await sampleImages();
    const units = [CODE, undefined].map((installCode) => ({ eui: EUI.ppmid, installCode }));
    // A device that got no key waits 10 s for it and then 5 s, or 10 s if it had found no hub before: its next attempt is well within the second's turn.
    const { ok, report } = await flashed(v2, { radio: parseRadio(home.url) as RadioLocator, units, joinWithin: 22 });
    expect([ok, report.passed, report.failed, report.complete]).toEqual([false, 1, 1, true]);
    expect(report.units[0]).toMatchObject({ outcome: 'failed', joined: undefined, stages: [], reason: { code: 'not-joined' } });
  } finally {
    await home.stop();
  }
});

test('a device behind a radio needs an install code that somebody knows', async () => {
  const units = [{ eui: eui64('0200000000000999'), installCode: undefined }];
  const radio: RadioLocator = { kind: 'tcp', host: '127.0.0.1', port: 1 };
  await expect(flashed(FILES[0]![1], { units, radio })).rejects.toThrow('name that of 0200000000000999');
});

describe('the wall between lab and production', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hearthgate-bench-'));
    for (const { path, content, secret } of await labFiles({ broker: '127.0.0.1:1', radio: '127.0.0.1:2' }, 1_768_478_400)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content, { mode: secret ? 0o600 : 0o644 });
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('keeps the bench off a data directory of production, by name, and leaves it as it is [R-SEP-01]', async () => {
    const data = join(folder, 'production-store');
    const boots = async (): Promise<number> => {
      const store = new LmdbStore(data);
      try {
        return (await openMeta(store, 'production', data)).boot;
      } finally {
        await store.close();
      }
    };
    expect(await boots()).toBe(1);
    await expect(flashed(FILES[0]![1], { data })).rejects.toThrow(`${data} is a production data directory; it is not opened for lab`);
    expect(await boots()).toBe(2);
  });

  test('keeps every lab key out of a gateway of production, by name [R-SEP-01, R-SIGN-04]', async () => {
    const lab = await readFile(join(folder, 'gateway.yaml'), 'utf8');
    const path = join(folder, 'production.yaml');
    await writeFile(path, lab.replace('environment: lab', 'environment: production'));
    const refused = async (): Promise<string> => {
      const failure: unknown = await runGateway(await loadGatewayConfig(path), silent, () => undefined).catch((cause: unknown) => cause);
      return failure instanceof Error ? failure.message : 'it started';
    };
    expect(await refused()).toMatch(
      /keys\/gateway\.key: lab gateway \([0-9a-f]{16}\) is a lab key and is refused in the production environment$/,
    );
    const key = JSON.parse(await readFile(join(folder, 'keys/gateway.key'), 'utf8')) as Record<string, string>;
    await writeFile(join(folder, 'keys/gateway.key'), JSON.stringify({ ...key, environment: 'production' }));
    expect(await refused()).toMatch(/keys\/registration\.key\.pub: lab registration \([0-9a-f]{16}\) is a lab key and is refused/);
    expect(existsSync(join(folder, 'data/gateway'))).toBe(false);
  });
});
