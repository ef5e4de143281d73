/**
 * Upgrades of PPMIDs that misbehave as real ones do, over a whole gateway in simulated time: each gets through or ends with a
 * reason, its old firmware runs unless the new one was activated, and the gateway serves the next device.
 */
import { describe, expect, test } from 'vitest';
import { Seeded } from '../../firmware/air/seeded.ts';
import { buildImage } from '../../firmware/image/build.ts';
import { PPMID_IMAGE_TYPE } from '../../firmware/image/format.ts';
import { Ppmid } from '../../firmware/ppmid/device.ts';
import { flashFor } from '../../firmware/ppmid/flash-map.ts';
import { invalidImage, neverEnds, staleVersion } from '../../firmware/ppmid/profiles/endings.ts';
import type { Profile } from '../../firmware/ppmid/profiles/profile.ts';
import { eager, oddBlocks, outOfOrder, restartsAtZero, restartsForEver, sleepy } from '../../firmware/ppmid/profiles/transfer.ts';
import { MemoryStore } from '../../host/adapters/store-memory.ts';
import { certificatesOf } from '../../host/compose/lab-factory.ts';
import type { DeviceLogEntry } from '../../host/model/device.ts';
import { eui64 } from '../../host/model/ids.ts';
import { silent } from '../../host/ports/log.ts';
import { loadCore, mmo, verify } from '../firmware/kit/bench.ts';
import { tinyProgram } from '../firmware/kit/tiny-program.ts';
import { CHANNEL, DEVICE, ENTRY, FACTORY, MANUFACTURER, NEW, OLD, SmallWorld } from '../resilience/kit/small-world.ts';

const HOUR = 3_600_000;
const PROFILES: readonly Profile[] = [
  ...[restartsAtZero, restartsForEver, outOfOrder, oddBlocks, eager, sleepy],
  ...[neverEnds, invalidImage, staleVersion(OLD)],
];

const imageOf = (fileVersion: number, hardware?: { min: number; max: number }): Uint8Array =>
  buildImage(
    {
      manufacturer: MANUFACTURER,
      imageType: PPMID_IMAGE_TYPE,
      fileVersion,
      text: 'profile',
      ...(hardware && { hardware }),
      elements: [{ tag: 0, data: tinyProgram(fileVersion, `runs ${fileVersion}`, 3600) }],
    },
    mmo,
  );

/** A PPMID of a world's device log, with the habits of a profile. */
function ppmidIn(world: SmallWorld, { eui, manufacturer, model, hardwareVersion }: DeviceLogEntry, profile?: Profile): Ppmid {
  const ppmid = new Ppmid({
    identity: {
      name: model,
      eui,
      installCode: FACTORY.installCodes.get(eui)!,
      certificates: certificatesOf(FACTORY, eui),
      fuse: world.entropy.bytes(16),
      manufacturer,
      model,
      hardwareVersion,
    },
    surroundings: { medium: world.air, channel: CHANNEL, entropy: world.entropy, log: silent },
    clock: world.clock,
    loadCore,
    verify,
    flash: flashFor(8 * 1024),
    ...(profile && { habits: profile.habits(new Seeded(5)) }),
  });
  ppmid.provision(imageOf(OLD));
  return ppmid;
}

async function started(world: SmallWorld, ...devices: readonly Ppmid[]): Promise<Awaited<ReturnType<SmallWorld['run']>>> {
  const run = await world.run({ store: new MemoryStore() });
  for (const device of devices) await device.powerOn();
  expect(await world.until(() => devices.every(({ membership }) => membership !== undefined))).toBe(true);
  return run;
}

const reasonOf = (world: SmallWorld) => world.events('stage').find(({ reason }) => reason !== undefined)?.reason;

describe('an upgrade of a device that misbehaves', () => {
  test.each(PROFILES.map((each) => [each.name, each.ends, each] as const))(
    '%s ends: %s [R-PPMID-07]',
    async (_, ends, profile) => {
      const world = new SmallWorld(3);
      const device = ppmidIn(world, ENTRY, profile);
      const run = await started(world, device);
      await world.submit(await world.order(imageOf(NEW)));
      const step = profile.name === 'sleepy' || profile.name === 'never-ends' ? 60_000 : 1000;
      expect(await world.until(() => world.ends.length > 0, 30 * HOUR, step)).toBe(true);
      expect([world.ends, reasonOf(world)?.code]).toEqual(ends === 'succeeded' ? [['succeeded'], undefined] : [[expect.any(String)], ends]);
      // What runs is the old image, or the new one whole; a device that lies about it does so in its own words.
      expect(device.fileVersion).toBe(ends === 'succeeded' || ends === 'version-not-changed' ? NEW : OLD);
      expect(device.screen()).toBe(`runs ${device.fileVersion}\n`);
      expect(run.faults).toEqual([]);
      await run.gateway.stop();
    },
    120_000,
  );

  test('says where it stood when the time of completion passed', async () => {
    const world = new SmallWorld(3);
    const run = await started(world, ppmidIn(world, ENTRY, neverEnds));
    await world.submit(await world.order(imageOf(NEW)));
    await world.until(() => world.ends.length > 0, 30 * HOUR, 60_000);
    expect(reasonOf(world)).toMatchObject({
      code: 'complete-by-passed',
      detail: expect.stringContaining('served every byte and did not say') as string,
    });
    await run.gateway.stop();
  }, 60_000);

  test('does not keep the gateway from upgrading it once it behaves', async () => {
    const world = new SmallWorld(4);
    let spoilt = true;
    const once: Profile = { ...invalidImage, habits: () => ({ end: (status) => (spoilt && status === 0 ? 0x96 : status) }) };
    const device = ppmidIn(world, ENTRY, once);
    const run = await started(world, device);
    await world.submit(await world.order(imageOf(NEW)));
    expect(await world.until(() => world.ends.length === 1)).toBe(true);
    spoilt = false;
    await world.submit(await world.order(imageOf(NEW)));
    expect(await world.until(() => world.ends.length === 2)).toBe(true);
    expect([world.ends, device.fileVersion]).toEqual([['failed', 'succeeded'], NEW]);
    await run.gateway.stop();
  }, 60_000);
});

describe('two devices that share an image type', () => {
  const OTHER: DeviceLogEntry = { ...ENTRY, eui: eui64('02000000000003b2'), model: 'PPMID-B', hardwareVersion: 9 };

  test('get what was ordered for each: the other one is offered nothing, however it asks [R-DM-01]', async () => {
    const world = new SmallWorld(6, { others: [OTHER] });
    const [ordered, other] = [ppmidIn(world, ENTRY), ppmidIn(world, OTHER)];
    const run = await started(world, ordered, other);
    await world.submit(await world.order(imageOf(NEW)));
    await world.until(() => ordered.upgrade.offset > 500, 60_000, 20);
    other.powerOff();
    await other.powerOn(); // it asks for an image as soon as it is back
    expect(await world.until(() => world.ends.length > 0)).toBe(true);
    await world.clock.advance(60_000);
    expect([world.ends, ordered.fileVersion, other.fileVersion, other.upgrade.stage]).toEqual([['succeeded'], NEW, OLD, 'normal']);
    await run.gateway.stop();
  }, 60_000);

  test('but not its hardware: an image for the one that is ordered for the other is refused before its first block [R-DM-01]', async () => {
    const world = new SmallWorld(7, { others: [OTHER] });
    const [first, other] = [ppmidIn(world, ENTRY), ppmidIn(world, OTHER)];
    const run = await started(world, first, other);
    await world.submit(await world.order(imageOf(NEW, { min: 1, max: 8 }), { target: OTHER.eui }));
    expect(await world.until(() => world.ends.length > 0)).toBe(true);
    expect([world.ends, reasonOf(world)?.code, other.fileVersion, other.upgrade.offset]).toEqual([['refused'], 'hardware-range', OLD, 0]);
    expect(DEVICE).not.toBe(OTHER.eui);
    await run.gateway.stop();
  }, 60_000);
});
