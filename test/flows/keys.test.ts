/**
 * Keys on the air, with a whole gateway and devices whose key establishment was written apart from it: joining, both suites, keys that two
 * devices share, turns of the network key, leaving and coming back, and a gateway's double.
 */
import { describe, expect, test } from 'vitest';
import { disturbed } from '../../firmware/air/path.ts';
import { OutgoingCounters } from '../../host/stores/counters.ts';
import { WORN } from '../../host/han/outgoing.ts';
import { DEVICE, FACTORY, GATEWAY, image, NEIGHBOURS, NEW } from '../resilience/kit/small-world.ts';
import { KeyHome } from './kit/key-home.ts';

const [NEIGHBOUR, OTHER] = NEIGHBOURS;

describe('devices that join', () => {
  test('get the network key under their install code, establish a link key in the suite that they have, and talk under it', async () => {
    const home = await KeyHome.start({ neighbours: 2 });
    await home.join();
    const established = home.events('link-key-established').map(({ device, suite, role }) => [device, suite, role]);
    expect(established.toSorted()).toEqual([
      [DEVICE, 1, 'responder'],
      [NEIGHBOUR, 2, 'responder'],
      [OTHER, 2, 'responder'],
    ]);
    const keys = home.devices.map((device) => home.keysOf(device));
    expect(new Set(keys.map(({ network }) => network)).size).toBe(1);
    expect(new Set(keys.map(({ link }) => link)).size).toBe(3);
    await home.world.submit(await home.world.order(image(2_000)));
    expect(await home.world.until(() => home.world.ends.length > 0)).toBe(true);
    expect([home.world.ends, home.world.device.fileVersion]).toEqual([['succeeded'], NEW]);
    expect(await home.watch.nonces()).toMatchObject({ closed: 0, reused: [] });
    expect(home.run.faults).toEqual([]);
  });

  test('prove that they hold their link key, and are answered', async () => {
    const home = await KeyHome.start();
    await home.join();
    expect(home.audit('link-key-verified')).toEqual([{ device: DEVICE }]);
  });

  test.each([3, 4])('do so through an air that loses every sixth frame (seed %i)', async (seed) => {
    const home = await KeyHome.start({ seed, neighbours: 1, path: disturbed(seed, { loss: 0.16 }) });
    await home.join();
    expect(new Set(home.events('link-key-established').map(({ device }) => device))).toEqual(new Set([DEVICE, NEIGHBOUR]));
    expect((await home.watch.nonces()).reused).toEqual([]);
  });

  test('and are not in the device log get nothing, are on record and are reported, once [R-DEV-03]', async () => {
    const home = await KeyHome.start({ neighbours: 1 });
    await home.world.listDevices([DEVICE], 2);
    await home.world.neighbours[0]?.powerOn();
    await home.world.clock.advance(300_000);
    expect(home.world.neighbours[0]?.membership).toBeUndefined();
    expect((await home.watch.nonces()).frames).toBe(0);
    const alerts = home.world.events('alert');
    expect(alerts.map(({ code, requirements }) => [code, requirements])).toEqual([['device-not-in-log', ['R-DEV-03']]]);
    expect(alerts[0]?.detail).toContain(NEIGHBOUR);
    expect(home.events('join-refused').length).toBeGreaterThan(3);
  });

  test('and whose install code is not known get nothing either', async () => {
    const codes = new Map([...FACTORY.installCodes].filter(([device]) => device !== DEVICE));
    const home = await KeyHome.start({ installCodes: codes });
    await home.world.device.powerOn();
    await home.world.clock.advance(60_000);
    expect([home.world.device.membership, (await home.watch.nonces()).frames]).toEqual([undefined, 0]);
    expect(home.world.events('alert').map(({ code }) => code)).toEqual(['install-code-unknown']);
  });

  test('share a link key of their own through the trust centre, when both are there', async () => {
    const home = await KeyHome.start({ neighbours: 1 });
    await home.join([home.world.device]);
    await home.world.clock.advance(20_000);
    expect(home.world.device.partners.size).toBe(0);
    await home.join(home.world.neighbours.slice(0, 1));
    await home.world.clock.advance(20_000);
    const [one, two] = home.devices.map((device) => home.keysOf(device));
    expect([one?.partners.length, one?.partners]).toEqual([1, two?.partners]);
    expect([one?.link, two?.link, one?.network]).not.toContain(one?.partners[0]);
    expect([...(home.world.neighbours[0]?.partners.keys() ?? [])]).toEqual([DEVICE]);
    expect(await home.watch.nonces()).toMatchObject({ closed: 0, reused: [] });
  });
});

test('a device that was reset comes in by its install code once more, and that is reported', async () => {
  const home = await KeyHome.start();
  await home.join();
  const before = home.keysOf(home.world.device);
  home.world.device.reset();
  await home.join();
  const after = home.keysOf(home.world.device);
  expect([after.network === before.network, after.link === before.link]).toEqual([true, false]);
  expect(home.world.events('alert').map(({ code }) => code)).toEqual(['device-joins-anew']);
  expect(await home.watch.nonces()).toMatchObject({ closed: 0, reused: [] });
});

describe('the network key', () => {
  test('turns on order: every device gets the other one under its link key, and all go on under it', async () => {
    const home = await KeyHome.start({ neighbours: 2 });
    await home.join();
    const before = home.keysOf(home.world.device);
    const answer = await home.order({ kind: 'rotate', reason: 'ordered' });
    expect(answer).toMatchObject({ ok: true, turned: { seq: 1, missed: [] } });
    expect(answer.ok && answer.turned?.reached.toSorted()).toEqual([DEVICE, NEIGHBOUR, OTHER]);
    await home.world.submit(await home.world.order(image(2_000)));
    expect(await home.world.until(() => home.world.ends.length > 0)).toBe(true);
    expect(home.world.ends).toEqual(['succeeded']);
    const after = home.devices.map((device) => home.keysOf(device));
    expect(new Set(after.map(({ network }) => network)).size).toBe(1);
    expect(after[0]?.network).not.toBe(before.network);
    expect(after[0]?.link).toBe(before.link);
    expect(await home.watch.nonces()).toMatchObject({ closed: 0, reused: [] });
  });

  test('reaches a device that was off meanwhile when it is back, while the old one is still heard and after', async () => {
    const home = await KeyHome.start({ neighbours: 2 });
    await home.join();
    const [one, two] = home.world.neighbours;
    one?.powerOff();
    two?.powerOff();
    const answer = await home.order({ kind: 'rotate' });
    expect(answer).toMatchObject({ turned: { reached: [DEVICE], missed: [NEIGHBOUR, OTHER] } });
    await one?.powerOn();
    await home.world.submit(await home.world.order(image(600), { target: NEIGHBOUR }));
    expect(await home.world.until(() => home.world.ends.length > 0)).toBe(true);
    await home.world.clock.advance(4_000_000); // the old key is forgotten
    await two?.powerOn();
    await home.world.submit(await home.world.order(image(600), { target: OTHER }));
    expect(await home.world.until(() => home.world.ends.length > 1)).toBe(true);
    expect(home.world.ends).toEqual(['succeeded', 'succeeded']);
    expect(new Set(home.devices.map((device) => home.keysOf(device).network)).size).toBe(1);
    expect((await home.watch.nonces()).reused).toEqual([]);
  });

  test('turns by itself before its counters wear out, with a warning', async () => {
    const home = await KeyHome.start();
    await home.join();
    const before = home.keysOf(home.world.device);
    await home.run.gateway.stop();
    const counters = new OutgoingCounters(home.store);
    await home.store.commit([...counters.all().keys()].map((key) => counters.raise(key, WORN - 1500)));
    await home.restart();
    await home.world.submit(await home.world.order(image(60_000)));
    expect(await home.world.until(() => home.world.ends.length > 0)).toBe(true);
    await home.world.clock.advance(60_000);
    expect(home.world.ends).toEqual(['succeeded']);
    expect(home.events('key-worn').length).toBeGreaterThan(0);
    const after = home.keysOf(home.world.device);
    expect(after.network).not.toBe(before.network);
    expect(after.link).not.toBe(before.link);
    expect(home.events('link-key-established').at(-1)).toMatchObject({ device: DEVICE, suite: 1, role: 'initiator' });
    expect((await home.watch.nonces()).reused).toEqual([]);
  });

  test('does not reach a device that was taken out of the device log: it is told to leave, and the key is another', async () => {
    const home = await KeyHome.start({ neighbours: 1 });
    await home.join();
    const gone = home.world.neighbours[0]!;
    const before = home.keysOf(gone);
    await home.world.listDevices([DEVICE], 2);
    expect(await home.world.until(() => home.events('network-key-turned').length > 0)).toBe(true);
    await home.world.clock.advance(60_000);
    expect(gone.membership).toBeUndefined();
    expect(home.keysOf(home.world.device).network).not.toBe(before.network);
    expect(home.world.events('alert').map(({ code }) => code)).toEqual(['device-not-in-log']);
  });
});

describe('a device that is erased', () => {
  test('leaves, comes in again by its install code, and has another link key', async () => {
    const home = await KeyHome.start();
    await home.join();
    const before = home.keysOf(home.world.device);
    expect(await home.order({ kind: 'erase', device: DEVICE })).toEqual({ ok: true });
    expect(await home.world.until(() => home.world.device.membership === undefined)).toBe(true);
    await home.join();
    const after = home.keysOf(home.world.device);
    expect([after.network === before.network, after.link === before.link]).toEqual([true, false]);
    expect(await home.watch.nonces()).toMatchObject({ closed: 0, reused: [] });
  });

  test('together with its install code does not come in again', async () => {
    const home = await KeyHome.start();
    await home.join();
    expect(await home.order({ kind: 'erase', device: DEVICE, code: true })).toEqual({ ok: true });
    await home.world.clock.advance(120_000);
    expect(home.world.device.membership).toBeUndefined();
    expect(home.world.events('alert').map(({ code }) => code)).toEqual(['install-code-unknown']);
    await home.run.gateway.stop();
    await home.restart(); // with the same codes in its configuration
    await home.world.clock.advance(120_000);
    expect(home.world.device.membership).toBeUndefined();
  });

  test('is none when nobody knows it: a slip of the hand is told, and leaves no order', async () => {
    const home = await KeyHome.start();
    await home.join();
    expect(await home.order({ kind: 'erase', device: GATEWAY })).toMatchObject({ ok: false, code: 'device-unknown' });
    expect(home.events('key-order')).toEqual([]);
    expect(home.world.device.membership).toBeDefined();
  });

  test('goes on over a restart of the gateway when it was not', async () => {
    const home = await KeyHome.start({ neighbours: 1 });
    await home.join();
    const before = home.devices.map((device) => home.keysOf(device));
    home.run.kill();
    await home.restart();
    await home.world.submit(await home.world.order(image(600)));
    expect(await home.world.until(() => home.world.ends.length > 0)).toBe(true);
    expect(home.world.ends).toEqual(['succeeded']);
    expect(home.devices.map((device) => home.keysOf(device))).toEqual(before);
    expect(await home.watch.nonces()).toMatchObject({ closed: 0, reused: [] });
  });

  test('is no order when it is written wrongly', async () => {
    const home = await KeyHome.start();
    for (const request of [{ kind: 'erase' }, { kind: 'erase', device: 'x' }, { kind: 'sell' }, {}])
      expect(await home.order(request)).toMatchObject({ ok: false, code: 'not-an-order' });
  });
});

describe("a gateway that hears its own EUI-64 from somebody else's radio", () => {
  async function doubled(): Promise<KeyHome> {
    const home = await KeyHome.start();
    await home.join();
    const double = home.world.air.attach('double');
    double.configure({ channel: 15, panId: 0x1a62, shortAddress: 0, eui: GATEWAY });
    const beacon = home.watch.sentBy('hub').find((psdu) => (psdu[0]! & 7) === 0)!; // the other one answers whoever looks for a network
    void double.send(beacon);
    await home.world.until(() => home.run.faults.length > 0, 5_000);
    return home;
  }

  test('tells of it, ends, and sends nothing more', async () => {
    const home = await doubled();
    expect(home.run.faults.map(String)).toEqual([expect.stringContaining('another sender with the EUI-64 02000000000003a1')]);
    expect(home.world.events('alert').map(({ code }) => code)).toEqual(['own-address-heard']);
    const sent = home.watch.sentBy('hub').length;
    await home.world.submit(await home.world.order(image(600)));
    await home.world.clock.advance(60_000);
    expect(home.watch.sentBy('hub')).toHaveLength(sent);
    expect(home.world.ends).toEqual([]);
  });

  test('does not start again until somebody says that it is alone', async () => {
    const home = await doubled();
    home.run.kill();
    await expect(home.restart()).rejects.toMatchObject({ code: 'config', message: expect.stringContaining('--alone') });
    await home.restart({ alone: true });
    await home.run.gateway.stop();
    await home.restart();
    expect(home.run.faults).toEqual([]);
  });
});
