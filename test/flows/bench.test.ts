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
import { flash, type FlashEvent, type FlashPlan } from '../../host/compose/bench.ts';
import { loadGatewayConfig } from '../../host/compose/config.ts';
import { labFiles } from '../../host/compose/lab-folder.ts';
import { runGateway } from '../../host/compose/run-gateway.ts';
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

async function flashed(image: Uint8Array, plan: Partial<FlashPlan> = {}): Promise<{ ok: boolean; events: readonly FlashEvent[] }> {
  const events: FlashEvent[] = [];
  const rest = { name: 'test.ota', realtime: false, seed: 3, loss: 0, stop: new AbortController().signal };
  const ok = await flash({ image, ...rest, tell: (event) => void events.push(event), ...plan });
  return { ok, events };
}

function expectBitForBit(image: Uint8Array, { ok, events }: Awaited<ReturnType<typeof flashed>>): void {
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
