/**
 * The gateway's process is killed (SIGKILL) on the way of an upgrade while the home and the S1SP side go on. Real processes, a real broker,
 * the radio over TCP, real time.
 */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SystemClock } from '../../host/adapters/system.ts';
import { LmdbStore } from '../../host/adapters/store-lmdb.ts';
import { EUI, VERSION } from '../../host/compose/home.ts';
import { until } from '../../host/compose/watch.ts';
import { eui64 } from '../../host/model/ids.ts';
import type { ReportEvent } from '../../host/model/job.ts';
import { AirWatch } from './kit/air-watch.ts';
import { disagreements } from './kit/agreement.ts';
import { Lab } from './kit/lab.ts';

/** Where the process is killed: at a report, as soon as it is heard, or when the device has so many bytes. */
type Point = readonly [name: string, at: ((event: ReportEvent) => boolean) | number];

const stage =
  (wanted: string) =>
  (event: ReportEvent): boolean =>
    event.type === 'stage' && event.stage === wanted;

const POINTS: readonly Point[] = [
  ['after the order was accepted', (event) => event.type === 'decision' && event.verdict === 'allow'],
  ['while the image is fetched', stage('fetching')],
  ['at its verification', (event) => event.type === 'image'],
  ['in the first third of the transfer', 4_000],
  ['in the last third of the transfer', 12_000],
  ['right after the activation was granted', stage('activating')],
];

async function upgrade(points: readonly Point[]): Promise<void> {
  const lab = await Lab.start();
  try {
    const { air, home } = lab.home.onAir;
    const watch = await AirWatch.on(air, [home.ppmid, home.esme]);
    await lab.startGateway();
    await until('the devices joining', () => home.joined);
    /** After each restart: where in the offsets served it stands, and where the device was. */
    const restarts: { readonly from: number; readonly device: number }[] = [];
    const waiting = points.map(([name, at]) => {
      let reached = false;
      const poll = (): boolean => (typeof at === 'number' ? home.ppmid.upgrade.offset >= at : reached);
      return { name, poll, hear: (event: ReportEvent) => void (reached ||= typeof at !== 'number' && at(event)) };
    });
    lab.onReport(({ event }) => waiting.forEach(({ hear }) => hear(event)));
    expect((await lab.order()).verdict).toBe('forwarded');
    for (const { name, poll } of waiting) {
      await until(name, poll, 90_000);
      expect(await lab.endGateway('SIGKILL')).toBe(null);
      restarts.push({ from: watch.offsets.length, device: home.ppmid.upgrade.offset });
      await lab.startGateway();
    }
    const succeeded = (): number =>
      new Set(lab.reports.filter(({ event }) => stage('succeeded')(event)).map(({ sequence }) => sequence)).size;
    await until('the success', () => succeeded() > 0, 120_000);
    await new Promise((done) => setTimeout(done, 1_500)); // whatever else would be reported
    expect(home.ppmid.fileVersion).toBe(VERSION.v2);
    expect(succeeded()).toBe(1);

    const { reports } = lab;
    expect(new Set(reports.flatMap(({ event }) => (event.type === 'decision' && event.verdict === 'allow' ? [event.job] : []))).size).toBe(
      1,
    );
    const bySequence = new Map(reports.map((report) => [report.sequence, JSON.stringify(report)]));
    expect(reports.filter((report) => bySequence.get(report.sequence) !== JSON.stringify(report))).toEqual([]);
    expect([...bySequence.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: bySequence.size }, (_, index) => index + 1));

    expect(watch.offsets.filter((offset) => offset === 0).length).toBeGreaterThan(0);
    for (const { from, device } of restarts) {
      const next = watch.offsets[from];
      if (next !== undefined && device > 0) expect([device, device + 56]).toContain(next); // one block may have been on its way
    }
    expect(watch.reused).toEqual([]);
    expect(watch.frames).toBeGreaterThan(200);

    expect(await lab.endGateway('SIGTERM')).toBe(0);
    const store = new LmdbStore(join(lab.folder, 'data/gateway'));
    const order = { originator: eui64('0200000000000103'), target: EUI.ppmid, counter: 1n };
    expect(disagreements(store, new SystemClock(), order)).toEqual([]);
    await store.close();
    console.log(
      `killed ${restarts.length} times, ${watch.frames} secured frames, ${bySequence.size} reports, counters used twice ${watch.reused.length}`,
    );
  } finally {
    await lab.stop();
  }
}

const whatHolds = "goes on at the device's next offset, ends once, uses no counter twice and reports without gap [R-PPMID-07] [R-AUD-01]";

test(`an upgrade whose gateway is killed six times, from its acceptance to its activation, ${whatHolds}`, () => upgrade(POINTS), 240_000);

describe.runIf(process.env['HEARTHGATE_LONG'] !== undefined)('with HEARTHGATE_LONG: an upgrade whose gateway is killed once', () => {
  test.each(POINTS)(`%s ${whatHolds}`, async (...point) => upgrade([point]), 240_000);
});
