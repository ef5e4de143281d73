/**
 * The keys of PPMIDs, by cohort [R-KEYS-01 to R-KEYS-08]: what a whole gateway reports of them, whom it asks again, and whose upgrade it
 * refuses.
 */
import { describe, expect, test } from 'vitest';
import { GRACE_MS } from '../../host/gateway/migrated-keys.ts';
import { MOST_ATTEMPTS, RETRY_MS } from '../../host/gateway/ppmid-keys.ts';
import { stateText } from '../../host/cli/keys-status.ts';
import { certificatesOf, equip } from '../../host/compose/lab-factory.ts';
import { Seeded } from '../../firmware/air/seeded.ts';
import type { Cohort } from '../../host/model/cohort.ts';
import { unhex, type Eui64 } from '../../host/model/ids.ts';
import { KeyStates } from '../../host/stores/key-states.ts';
import { freshCore } from '../kit/core.ts';
import { DEVICE, GATEWAY, image, NEIGHBOURS, type SmallWorld } from '../resilience/kit/small-world.ts';
import { KeyHome } from './kit/key-home.ts';

const [NEIGHBOUR] = NEIGHBOURS;
const HOUR = 3_600_000;

/** What was reported of a device, in order. */
const told = (world: SmallWorld, device: Eui64) =>
  world.events('ppmid-keys').flatMap((event) => (event.device === device ? [[event.state, event.attempts, event.reason]] : []));

/** Orders new firmware for a device and answers how that was decided. */
async function decide(home: KeyHome, target: Eui64): Promise<{ verdict: string; code: string | undefined; detail: string }> {
  const { world } = home;
  const before = world.events('decision').length;
  await world.submit(await world.order(image(600), { target }));
  expect(await world.until(() => world.events('decision').length > before)).toBe(true);
  const { verdict, code, detail } = world.events('decision').at(-1)!;
  return { verdict, code, detail };
}

describe.each<Cohort>(['IOC', 'MOC-MDS'])('of an %s hub, the PPMIDs', (cohort) => {
  test('that prove their link key are present, reported by its fingerprint, and upgraded [R-KEYS-01] [R-KEYS-03]', async () => {
    const home = await KeyHome.start({ cohort });
    await home.join();
    const [event] = home.world.events('ppmid-keys');
    expect(event).toMatchObject({ device: DEVICE, cohort, state: 'present', attempts: 0, reason: undefined });
    const core = await freshCore();
    const link = core.keys.importLink(unhex(home.keysOf(home.world.device).link), GATEWAY);
    expect(link.ok && core.keys.fingerprint(link.value)).toEqual({ ok: true, value: event?.fingerprint });
    expect(stateText(new KeyStates(home.store).get(DEVICE)!)).toBe(`present ${event?.fingerprint}`);
    expect(await decide(home, DEVICE)).toMatchObject({ verdict: 'allow' });
  });

  test('that are silent are retried with back-off and delay no other: theirs alone is refused "PPMID keys missing" [R-KEYS-02] [R-KEYS-05] [R-KEYS-06] [R-KEYS-08]', async () => {
    const home = await KeyHome.start({ cohort, neighbours: 1 });
    await home.join([home.world.device]);
    await home.world.clock.advance(RETRY_MS.first * 10);
    expect(told(home.world, DEVICE)).toEqual([['present', 0, undefined]]);
    expect(told(home.world, NEIGHBOUR)).toEqual([1, 2, 3, 4].map((attempts) => ['retrying', attempts, 'not-on-the-network']));
    expect(stateText(new KeyStates(home.store).get(NEIGHBOUR)!)).toBe('retrying 4 (not-on-the-network)');
    const refused = await decide(home, NEIGHBOUR);
    expect(refused).toMatchObject({ verdict: 'refuse', code: 'ppmid-keys-missing' });
    expect(refused.detail).toContain('PPMID keys missing');
    expect(await decide(home, DEVICE)).toMatchObject({ verdict: 'allow' });
    await home.join(home.world.neighbours.slice());
    expect(told(home.world, NEIGHBOUR).at(-1)).toEqual(['present', 0, undefined]);
    expect((await decide(home, NEIGHBOUR)).code).toBe('combination-not-eligible'); // what comes after: its neighbour runs other firmware by now
  });
});

describe('a PPMID of a gated hub', () => {
  test('that stays silent is a case for a person after its last attempt, told once, and asked no more [R-KEYS-06]', async () => {
    const home = await KeyHome.start({ cohort: 'IOC' });
    await home.world.clock.advance(4 * 24 * HOUR);
    const reports = told(home.world, DEVICE);
    expect(reports.at(-1)).toEqual(['investigation', MOST_ATTEMPTS, 'not-on-the-network']);
    expect(reports).toHaveLength(MOST_ATTEMPTS);
    expect(stateText(new KeyStates(home.store).get(DEVICE)!)).toBe(`under investigation after ${MOST_ATTEMPTS} (not-on-the-network)`);
    await home.world.clock.advance(4 * 24 * HOUR);
    expect(told(home.world, DEVICE)).toHaveLength(MOST_ATTEMPTS);
    expect((await decide(home, DEVICE)).detail).toContain('under investigation');
  });

  test('whose certificate another authority issued is a case for a person at once; others go on [R-KEYS-05] [R-KEYS-06]', async () => {
    const home = await KeyHome.start({ cohort: 'IOC', neighbours: 1, certificates: await foreign() });
    await home.join([home.world.neighbours[0]!]);
    await home.world.device.powerOn();
    expect(await home.world.until(() => told(home.world, DEVICE).some(([state]) => state === 'investigation'))).toBe(true);
    expect(told(home.world, DEVICE).at(-1)?.slice(0, 2)).toEqual(['investigation', 1]);
    expect(told(home.world, NEIGHBOUR).at(-1)?.[0]).toBe('present');
  });

  test('that is erased has proved nothing any more: it is asked again, and refused until it answers under its new key [R-KEYS-01] [R-KEYS-08]', async () => {
    const home = await KeyHome.start({ cohort: 'IOC' });
    await home.join();
    const before = told(home.world, DEVICE).length;
    const first = new KeyStates(home.store).get(DEVICE)?.fingerprint;
    home.world.device.powerOff();
    expect(await home.order({ kind: 'erase', device: DEVICE })).toEqual({ ok: true });
    await home.world.clock.advance(1_000);
    expect(told(home.world, DEVICE).slice(before)).toEqual([['retrying', 1, 'erased']]);
    expect(await decide(home, DEVICE)).toMatchObject({ verdict: 'refuse', code: 'ppmid-keys-missing' });
    home.world.device.reset();
    await home.join();
    expect(told(home.world, DEVICE).at(-1)).toEqual(['present', 0, undefined]);
    expect(new KeyStates(home.store).get(DEVICE)?.fingerprint).not.toBe(first);
  });

  test('that is taken out of the device log is forgotten', async () => {
    const home = await KeyHome.start({ cohort: 'IOC', neighbours: 1 });
    await home.join();
    expect(new KeyStates(home.store).get(NEIGHBOUR)?.state).toBe('present');
    await home.world.listDevices([DEVICE], 2);
    expect(await home.world.until(() => new KeyStates(home.store).get(NEIGHBOUR) === undefined)).toBe(true);
    expect(home.audit('ppmid-keys-forgotten')).toEqual([{ device: NEIGHBOUR }]);
    expect(new KeyStates(home.store).get(DEVICE)?.state).toBe('present');
  });

  test('goes on where it was when the gateway is started again', async () => {
    const home = await KeyHome.start({ cohort: 'IOC' });
    await home.world.clock.advance(5 * RETRY_MS.first);
    const before = told(home.world, DEVICE).length;
    home.run.kill();
    await home.restart();
    await home.join();
    expect(before).toBe(3);
    expect(told(home.world, DEVICE).slice(before)).toEqual([['present', 0, undefined]]);
    home.run.kill();
    await home.restart();
    await home.world.clock.advance(HOUR);
    expect(told(home.world, DEVICE)).toHaveLength(before + 1);
  });
});

describe('of a MOC (Secure) hub, no PPMID', () => {
  test('is asked about, nothing is reported, and none is gated [R-KEYS-02] [R-KEYS-08]', async () => {
    const home = await KeyHome.start({ cohort: 'MOC-Secure', neighbours: 1 });
    await home.join([home.world.device]);
    await home.world.clock.advance(24 * HOUR);
    expect(home.world.events('ppmid-keys')).toEqual([]);
    expect(await decide(home, NEIGHBOUR)).toMatchObject({ verdict: 'allow' });
  });
});

describe.each<Cohort>(['IOC', 'MOC-MDS'])('of an %s hub that was migrated when the loading of keys was over, a PPMID', (cohort) => {
  const migrated = { cohort, enrolled: Date.UTC(2020, 10, 24) / 1000, neighbours: 1 };

  test('without a key is an incident, told once over restarts, and closed when it has its key; none is asked, and none is gated [R-KEYS-09] [R-KEYS-08]', async () => {
    const home = await KeyHome.start(migrated);
    await home.join([home.world.device]);
    await home.world.clock.advance(GRACE_MS - 60_000);
    expect(home.world.events('ppmid-keys')).toEqual([]);
    await home.world.clock.advance(24 * HOUR);
    const incident = ['investigation', 0, 'migrated-without-key'];
    expect([told(home.world, DEVICE), told(home.world, NEIGHBOUR)]).toEqual([[], [incident]]);
    expect(home.audit('ppmid-keys')).toMatchObject([{ device: NEIGHBOUR, cohort, state: 'investigation' }]);
    expect(await decide(home, NEIGHBOUR)).toMatchObject({ verdict: 'allow' });
    home.run.kill();
    await home.restart();
    await home.world.clock.advance(24 * HOUR);
    expect(told(home.world, NEIGHBOUR)).toEqual([incident]);
    await home.join(home.world.neighbours.slice());
    expect(told(home.world, NEIGHBOUR)).toEqual([incident, ['present', 0, undefined]]);
    expect(home.world.events('ppmid-keys').at(-1)?.fingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect(told(home.world, DEVICE)).toEqual([]);
  });
});

test('no report of keys holds a key', async () => {
  const home = await KeyHome.start({ cohort: 'IOC', neighbours: 1 });
  await home.join();
  const keys = [...home.watch.keys];
  expect(keys.length).toBeGreaterThan(4);
  const published = JSON.stringify(home.world.allReports).toLowerCase();
  expect(keys.filter((key) => published.includes(key))).toEqual([]);
});

/** Certificates of another lab for the PPMID. */
async function foreign() {
  const other = await equip(GATEWAY, new Map([[DEVICE, [1]]]), new Seeded(99));
  return new Map([[DEVICE, certificatesOf(other, DEVICE)]]);
}
