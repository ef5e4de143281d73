/**
 * A disk that fails, or a power cut, at every commit of one upgrade in turn: a whole gateway over a store that crashes as told, and the
 * next gateway over what survived.
 */
import { describe, expect, test } from 'vitest';
import { Fault } from '../../host/model/fault.ts';
import { FaultyStore, type StoreFaults } from '../../host/adapters/store-faults.ts';
import { MemoryStore } from '../../host/adapters/store-memory.ts';
import { OtaCommand } from '../../host/clusters/ota.ts';
import { AirWatch } from './kit/air-watch.ts';
import { disagreements, missingRecord } from './kit/agreement.ts';
import { DEVICE, image, SmallWorld, type Run } from './kit/small-world.ts';

const IMAGE = image();
const PATIENCE_MS = 900_000;

/** What a gateway that could not start has closed is still there for the next one. */
class Disk extends MemoryStore {
  override async close(): Promise<void> {}
}

interface Played {
  readonly commits: number;
  readonly cut: boolean;
  readonly told: boolean;
  readonly ends: readonly string[];
  readonly violations: readonly string[];
}

/** One upgrade from an empty store to its end; at the fault the gateway ends as its process would, and another begins. */
async function play(faults: StoreFaults): Promise<Played> {
  const world = new SmallWorld();
  const { clock, device } = world;
  const inner = new Disk();
  const violations: string[] = [];
  const acted = (command: number): void => {
    if (command === OtaCommand.QUERY_NEXT_IMAGE_RESPONSE) return; // may say that there is none
    const missing = missingRecord(inner, clock, command === OtaCommand.UPGRADE_END_RESPONSE);
    if (missing !== undefined) violations.push(`OTA command ${command} on the air without ${missing}`);
  };
  const watch = await AirWatch.on(world.air, [device], acted);
  const request = { originator: world.material.parties.lead.signer.party, target: DEVICE, counter: 1n };
  const store = new FaultyStore(inner, faults);
  let run: Run | undefined;
  let cut = false;
  let told = false;
  const agree = (): void => void violations.push(...disagreements(inner, clock, request));
  const again = async (): Promise<void> => {
    cut = true;
    run?.kill();
    agree();
    run = await world.run({ store: new FaultyStore(inner) });
  };
  try {
    run = await world.run({ store });
  } catch (cause) {
    told = cause instanceof Fault && cause.code === 'store';
    await again();
  }
  const goal = async (holds: () => boolean): Promise<void> => {
    for (;;) {
      if (!(await world.until(() => holds() || run!.faults.length > 0, PATIENCE_MS)))
        return void violations.push('nothing happens any more');
      if (run!.faults.length === 0) return;
      told ||= run!.faults.some((fault) => fault instanceof Fault && fault.code === 'store');
      await again();
    }
  };
  await device.powerOn();
  await goal(() => device.membership !== undefined);
  await world.submit(await world.order(IMAGE));
  await goal(() => world.ends.length > 0);
  const calm = clock.now() + 5_000; // the image is forgotten, the last marks are written
  await goal(() => clock.now() >= calm);
  agree();
  violations.push(...watch.reused.map((counter) => `counter ${counter} used twice`));
  world.reports.forEach(({ sequence }, index) => {
    if (sequence !== index + 1) violations.push(`report ${sequence} at place ${index + 1}`);
  });
  const bytes = new Map<number, string>();
  for (const report of world.allReports) {
    const text = JSON.stringify(report);
    if ((bytes.get(report.sequence) ?? text) !== text) violations.push(`two reports are numbered ${report.sequence}`);
    bytes.set(report.sequence, text);
  }
  run!.kill();
  device.powerOff();
  return { commits: store.commits, cut, told, ends: world.ends, violations };
}

const whole = await play({});
/** Every commit with HEARTHGATE_LONG set; otherwise each commit meets one of the three faults. */
const LONG = process.env['HEARTHGATE_LONG'] !== undefined;
const numbers = (offset: number): readonly number[] =>
  Array.from({ length: whole.commits }, (_, index) => index + 1).filter((n) => LONG || n % 3 === offset);
const share = LONG ? 'every commit' : 'each third commit (every one with HEARTHGATE_LONG)';

test('an upgrade over a sound store ends once and breaks no agreement', () => {
  expect(whole).toMatchObject({ cut: false, ends: ['succeeded'], violations: [] });
  expect(whole.commits).toBeGreaterThan(25);
});

describe.each([
  ['the power is cut before', 0, (n: number): StoreFaults => ({ crashAt: n, crash: 'before' })],
  ['the power is cut after', 1, (n: number): StoreFaults => ({ crashAt: n, crash: 'after' })],
  ['the disk refuses', 2, (n: number): StoreFaults => ({ failAt: n })],
] as const)('%s a commit of an upgrade', (_, offset, faults) => {
  test(`${share}: nothing is done without its record, the upgrade ends once, and the fault is told [R-AUD-01]`, async () => {
    const results: (Played & { readonly n: number })[] = [];
    for (const n of numbers(offset)) results.push({ n, ...(await play(faults(n))) });
    const violations = results.flatMap(({ n, violations: found }) => found.map((each) => `commit ${n}: ${each}`));
    const cuts = results.filter(({ cut }) => cut).length;
    console.log(`commits ${whole.commits}, cuts ${cuts}, violations ${violations.length}`);
    expect(violations).toEqual([]);
    expect(results.filter(({ ends }) => ends.join() !== 'succeeded').map(({ n, ends }) => [n, ends])).toEqual([]);
    expect(results.filter(({ cut, told }) => !cut || !told).map(({ n }) => n)).toEqual([]);
  }, 300_000);
});
