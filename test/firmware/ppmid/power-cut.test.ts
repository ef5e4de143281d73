import { expect, test } from 'vitest';
import { KEY_LANGUAGE } from '../../../firmware/payload/abi.ts';
import { Seeded } from '../../../firmware/air/seeded.ts';
import type { Cut } from '../../../firmware/ppmid/flash.ts';
import { SettingsStore } from '../../../firmware/ppmid/settings.ts';
import { image, PPMID_EUI, scene } from '../kit/bench.ts';
import { tinyProgram } from '../kit/tiny-program.ts';

const CUTS: readonly Cut[] = ['before', { torn: 40 }, 'after'];
const OLD = 0x10000;
const NEW = 0x20000;
const oldImage = image(1, { elements: [{ tag: 0, data: tinyProgram(OLD, 'old firmware', 4200) }] });
const newImage = image(2, { elements: [{ tag: 0, data: tinyProgram(NEW, 'new firmware', 4500) }] });
/** No upgrade takes longer, restarts included. */
const LIMIT_MS = 300_000;

interface Outcome {
  /** Flash operations from the offer of the image to its confirmation. */
  readonly operations: number;
  readonly cuts: number;
  /** File versions that ran, in their order. */
  readonly started: readonly number[];
  readonly screen: string;
  readonly setting: number | undefined;
  readonly shortAddress: number | undefined;
  readonly refusedByHub: readonly string[];
  readonly events: readonly string[];
}

/** Says when the power goes, by the number of flash operations since the image was offered. */
type Rule = (operation: number) => Cut | undefined;

/** One whole upgrade over the air. The power comes back a second after each cut; nobody can join anew. */
async function upgrade(rule: Rule): Promise<Outcome> {
  const { clock, hub, flash, events, ppmid } = await scene({ factory: oldImage });
  let cuts = 0;
  const device = ppmid({
    onPowerCut: () => {
      cuts++;
      flash.powerOn();
      clock.after(1000, () => void device.powerOn());
    },
  });
  await device.powerOn();
  await clock.advance(3000);
  device.press(KEY_LANGUAGE);
  hub.permitsJoining = false;
  const first = flash.operations;
  flash.cutWhen((operation) => rule(operation - first));
  hub.image = newImage;
  hub.notify(PPMID_EUI);
  const end = clock.now() + LIMIT_MS;
  while (clock.now() < end && !(device.fileVersion === NEW && device.outcome === 'upgraded')) {
    await clock.advance(1000);
    // A hub with an open job tells a device that came back with the old firmware again.
    if (device.outcome === 'reverted' && device.upgrade.stage === 'normal') hub.notify(PPMID_EUI);
  }
  flash.cutWhen(() => undefined);
  const kept = new SettingsStore(flash).all;
  return {
    operations: flash.operations - first,
    cuts,
    started: events.flatMap((event) => (event.startsWith('firmware-started') ? [Number(/"fileVersion":(\d+)/.exec(event)?.[1])] : [])),
    screen: device.screen(),
    setting: kept.panel?.setting,
    shortAddress: kept.network?.membership?.shortAddress,
    refusedByHub: hub.refused,
    events,
  };
}

/** What must hold whenever and however often the power went. */
function expectUpgraded(outcome: Outcome, where: string): void {
  expect(
    outcome.started.every((version) => version === OLD || version === NEW),
    where,
  ).toBe(true);
  expect(
    outcome.events.filter((event) => event.startsWith('no-firmware')),
    where,
  ).toEqual([]);
  expect(outcome.started.at(-1), where).toBe(NEW);
  const { screen, setting, shortAddress, refusedByHub } = outcome;
  const kept = { screen, setting, shortAddress, refusedByHub };
  expect(kept, where).toEqual({ screen: 'new firmware\n', setting: KEY_LANGUAGE, shortAddress: 0x1000, refusedByHub: [] });
}

test('a power cut before, during or after any flash operation of an upgrade leaves old or new firmware running, settings and keys kept, and the upgrade ends well', async () => {
  const whole = await upgrade(() => undefined);
  expectUpgraded(whole, 'without a cut');
  expect(whole).toMatchObject({ cuts: 0, started: [OLD, NEW] });

  const counts = { cuts: 0, oldNext: 0, newNext: 0 };
  for (let at = 0; at < whole.operations; at++) {
    for (const how of CUTS) {
      const outcome = await upgrade((operation) => (operation === at ? how : undefined));
      const where = `operation ${at}, ${JSON.stringify(how)}: ${outcome.events.join('\n')}`;
      expect(outcome.cuts, where).toBe(1);
      expectUpgraded(outcome, where);
      counts.cuts++;
      if (outcome.started[1] === OLD) counts.oldNext++;
      else counts.newNext++;
    }
  }
  console.log(
    `power cuts: ${counts.cuts} (${whole.operations} operations × 3), old ran next: ${counts.oldNext}, new: ${counts.newNext}, lost: 0`,
  );
  expect(counts.cuts).toBe(3 * whole.operations);
  expect(counts.oldNext).toBeGreaterThan(0);
  expect(counts.newNext).toBeGreaterThan(0);
}, 240_000);

test('power that goes again and again delays an upgrade and breaks nothing', async () => {
  let cuts = 0;
  for (let seed = 1; seed <= 8; seed++) {
    const random = new Seeded(seed);
    const outcome = await upgrade(() => (random.unit() < 0.12 ? CUTS[random.below(3)] : undefined));
    expectUpgraded(outcome, `seed ${seed}: ${outcome.events.join('\n')}`);
    cuts += outcome.cuts;
  }
  expect(cuts).toBeGreaterThan(8);
}, 120_000);
