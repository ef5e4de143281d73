import { describe, expect, test } from 'vitest';
import { KEY_LANGUAGE, KEY_NEXT } from '../../../firmware/payload/abi.ts';
import { disturbed } from '../../../firmware/air/path.ts';
import { mutation } from '../../../firmware/image/mutate.ts';
import { TRIAL_MS, type Ppmid } from '../../../firmware/ppmid/device.ts';
import { slotOffset } from '../../../firmware/ppmid/flash-map.ts';
import { ERASE_BLOCK } from '../../../firmware/ppmid/flash.ts';
import { decodeReadAttributesResponse } from '../../../host/clusters/foundation.ts';
import { OTA_CLUSTER, OtaCommand, OtaStatus, UPGRADE_LATER } from '../../../host/clusters/ota.ts';
import { euiToAir } from '../../../host/model/ids.ts';
import { identity, image, mmo, PPMID_EUI, scene, type Scene } from '../kit/bench.ts';
import { HUB_EUI } from '../kit/hub.ts';

const [OLD, NEW] = [0x10000, 0x20000];

/** A PPMID that runs and has joined. */
async function joined(
  options: Parameters<typeof scene>[0] = {},
  change: Parameters<Scene['ppmid']>[0] = {},
): Promise<Scene & { device: Ppmid }> {
  const home = await scene(options);
  const device = home.ppmid(change);
  await device.powerOn();
  for (let i = 0; i < 120 && device.membership === undefined; i++) await home.clock.advance(1000);
  await home.clock.advance(200);
  return { ...home, device };
}

/** Offers an image and lets time pass until nothing is under way any more. */
async function offer(home: Scene & { device: Ppmid }, file: Uint8Array, limit = 300): Promise<void> {
  home.hub.image = file;
  home.hub.notify(PPMID_EUI);
  await home.clock.advance(1000);
  for (let i = 0; i < limit && home.device.upgrade.stage !== 'normal'; i++) await home.clock.advance(1000);
  for (let i = 0; i < limit && !home.device.isOn; i++) await home.clock.advance(1000);
  await home.clock.advance(2000);
}

const started = (events: readonly string[]): number[] =>
  events.flatMap((event) => (event.startsWith('firmware-started') ? [Number(/"fileVersion":(\d+)/.exec(event)?.[1])] : []));

describe('a virtual PPMID', () => {
  test('joins by its install code, announces itself and asks for an image', async () => {
    const { device, hub } = await joined();
    expect(device.membership).toMatchObject({ panId: 0x1a2b, shortAddress: 0x1000, trustCentre: HUB_EUI });
    expect(hub.announced).toEqual([PPMID_EUI]);
    expect(hub.heard.map(({ cluster, command, secured }) => [cluster, command, secured])).toEqual([
      [OTA_CLUSTER, OtaCommand.QUERY_NEXT_IMAGE_REQUEST, true],
    ]);
    expect(hub.refused).toEqual([]);
    expect(device.screen()).toContain('Home display 1.0');
  });

  test('gives its keys to benches by handle', async () => {
    const { device } = await joined();
    const key = device.core?.exportKey(device.membership?.networkKey ?? 0);
    expect(key).toEqual({ ok: true, value: new Uint8Array(16).fill(0x5c) });
  });

  test('tells the hub what it runs', async () => {
    const { clock, hub } = await joined();
    hub.heard.length = 0;
    hub.read(PPMID_EUI, OTA_CLUSTER, [0, 1, 2, 6, 7, 8]);
    hub.read(PPMID_EUI, 0x0000, [5], 0);
    await clock.advance(100);
    expect(decodeReadAttributesResponse(hub.heard[0]?.payload ?? new Uint8Array())?.map(({ value }) => value)).toEqual([
      euiToAir(HUB_EUI),
      0xffffffff,
      OLD,
      0,
      0x1d01,
      0x84,
    ]);
    expect(decodeReadAttributesResponse(hub.heard[1]?.payload ?? new Uint8Array())?.[0]?.value).toBe('PPMID-1');
  });

  test('acknowledges APS frames that ask for it', async () => {
    const { clock, hub } = await joined();
    hub.read(PPMID_EUI, 0x0000, [5], 0, true);
    hub.read(PPMID_EUI, 0x0000, [5], 0, false);
    await clock.advance(100);
    expect(hub.acks).toHaveLength(1);
  });

  test('takes no upgrade command that the link key did not secure', async () => {
    const { clock, hub } = await joined();
    hub.heard.length = 0;
    hub.image = image(2);
    hub.zcl(PPMID_EUI, OTA_CLUSTER, OtaCommand.IMAGE_NOTIFY, Uint8Array.of(0, 100), undefined, { secured: false });
    await clock.advance(5000);
    expect(hub.heard.map(({ command, payload }) => [command, ...payload])).toEqual([[0x0b, OtaCommand.IMAGE_NOTIFY, 0x7e]]);
  });

  test('answers questions about its endpoints', async () => {
    const { clock, hub } = await joined();
    hub.sendZdp(PPMID_EUI, 0x0005, Uint8Array.of(1, 0x00, 0x10));
    await clock.advance(100);
    expect(hub.zdp.map(({ cluster, payload }) => [cluster, [...payload]])).toEqual([[0x8005, [1, 0, 0x00, 0x10, 1, 1]]]);
  });
});

describe('upgrading a virtual PPMID', () => {
  test('replaces its firmware: another program draws, settings stay, the supply is not spoken of meanwhile [R-PPMID-06] [R-PPMID-07]', async () => {
    const home = await joined();
    const { device, hub, events } = home;
    device.press(KEY_NEXT);
    device.press(KEY_LANGUAGE);
    expect(device.screen()).toContain('Eich defnydd');
    await offer(home, image(2));
    expect(started(events)).toEqual([OLD, NEW]);
    expect([device.fileVersion, device.outcome]).toEqual([NEW, 'upgraded']);
    expect(device.screen()).toContain('WYTHNOS');
    expect(hub.ends).toEqual([{ status: 0, manufacturer: 0x1d01, imageType: 0x84, fileVersion: NEW }]);
    expect(hub.refused).toEqual([]);
  });

  test('keeps its panel alive while blocks arrive, and shows how far they have come', async () => {
    const { clock, device, hub } = await joined();
    hub.image = image(2);
    hub.notify(PPMID_EUI);
    await clock.advance(1000);
    const { stage, offset, size, image: under } = device.upgrade;
    expect([stage, size, under?.fileVersion]).toEqual(['downloading', hub.image.length, NEW]);
    expect(offset).toBeGreaterThan(0);
    device.show({ balance: 777 });
    expect(device.screen()).toContain('£7.77');
  });

  test('comes through on a bad air with the file intact', async () => {
    const home = await joined({ seed: 3, path: disturbed(3, { loss: 0.15, corruption: 0.05, duplication: 0.05 }) });
    await offer(home, image(2), 1200);
    expect([home.device.fileVersion, home.device.outcome]).toEqual([NEW, 'upgraded']);
  });

  test.each([
    ['payload-bit', 1],
    ['integrity-bit', 1],
    ['without-integrity', 1],
    ['truncated', 1],
    ['header-version', 1],
  ])('refuses a file with %s, says so and goes on as before', async (name, ends) => {
    const home = await joined();
    await offer(home, mutation(name).apply(image(2), mmo));
    expect(home.hub.ends.map(({ status }) => status)).toEqual(Array.from({ length: ends }, () => OtaStatus.INVALID_IMAGE));
    expect(started(home.events)).toEqual([OLD]);
    expect(home.device.fileVersion).toBe(OLD);
  });

  test.each(['other-manufacturer', 'other-image-type', 'lower-version'])('does not even fetch a file of %s', async (name) => {
    const home = await joined();
    await offer(home, mutation(name).apply(image(2), mmo));
    expect(home.hub.blocks).toEqual([]);
    expect(home.device.fileVersion).toBe(OLD);
  });

  test('does not fetch a file that its slot cannot hold', async () => {
    const home = await joined();
    await offer(home, image(2, { elements: [{ tag: 0, data: new Uint8Array(30_000) }] }));
    expect(home.hub.blocks).toEqual([]);
  });

  test('refuses a file other than the one offered', async () => {
    const home = await joined();
    const offered = image(2);
    const other = image(2, { text: 'another text' });
    home.hub.rules.block = (request, usual) => ({
      ...usual,
      data: other.subarray(request.fileOffset, request.fileOffset + request.maxDataSize),
    });
    const view = new DataView(other.buffer);
    view.setUint32(14, 0x30000, true);
    other.set(mmo(other.subarray(0, other.length - 22)), other.length - 16);
    await offer(home, offered);
    expect(home.hub.ends.map(({ status }) => status)).toEqual([OtaStatus.INVALID_IMAGE]);
    expect(home.device.fileVersion).toBe(OLD);
  });

  test('activates nothing before it is told to', async () => {
    const home = await joined();
    home.hub.rules.end = () => ({ currentTime: 0, upgradeTime: UPGRADE_LATER });
    home.hub.image = image(2);
    home.hub.notify(PPMID_EUI);
    await home.clock.advance(600_000);
    expect([home.device.upgrade.stage, home.device.fileVersion]).toEqual(['waiting', OLD]);
    home.hub.rules = {};
    await home.clock.advance(3_600_000);
    expect(home.device.fileVersion).toBe(NEW);
  });

  test('goes on at the block where a restart of its own interrupted it', async () => {
    const { clock, device, hub } = await joined();
    hub.image = image(2);
    hub.notify(PPMID_EUI);
    while (device.upgrade.offset < 10_000) await clock.advance(100);
    device.powerOff();
    await clock.advance(1000);
    hub.blocks.length = 0;
    await device.powerOn();
    await clock.advance(20_000);
    expect(hub.blocks[0]).toBe(8192);
    expect([device.fileVersion, device.outcome]).toEqual([NEW, 'upgraded']);
    expect(hub.refused).toEqual([]);
  });

  test('fetches again from the beginning when another image is offered after the restart', async () => {
    const { clock, device, hub } = await joined();
    hub.image = image(2);
    hub.notify(PPMID_EUI);
    while (device.upgrade.offset < 10_000) await clock.advance(100);
    device.powerOff();
    await clock.advance(1000);
    hub.blocks.length = 0;
    hub.image = image(2, { fileVersion: 0x20001 });
    await device.powerOn();
    await clock.advance(20_000);
    expect(hub.blocks[0]).toBe(0);
    expect(device.fileVersion).toBe(0x20001);
  });

  test('goes back to the old firmware when the program does not run', async () => {
    const home = await joined();
    await offer(home, image(2, { elements: [{ tag: 0, data: Uint8Array.of(1, 2, 3, 4) }] }));
    await home.clock.advance(600_000);
    expect(started(home.events)).toEqual([OLD, NEW, OLD]);
    expect([home.device.fileVersion, home.device.outcome]).toEqual([OLD, 'reverted']);
    expect(home.device.screen()).toContain('Home display 1.0');
  });

  test('goes back to the old firmware when the new one does not hear the hub in time', async () => {
    let deaf = false;
    const home = await joined({ path: (from) => (deaf && from === 'hub' ? 'lose' : 'pass') });
    const { clock, device, hub } = home;
    // The word to activate is the last that arrives.
    let last = 0;
    hub.rules.end = () => {
      clock.after(50, () => void (deaf = true));
      last++;
      return { currentTime: 0, upgradeTime: 1 };
    };
    hub.image = image(2);
    hub.notify(PPMID_EUI);
    await clock.advance(20_000);
    expect([last, deaf, device.fileVersion, device.outcome]).toEqual([1, true, NEW, 'none']);
    await clock.advance(TRIAL_MS);
    expect([device.fileVersion, device.outcome]).toEqual([OLD, 'reverted']);
    deaf = false;
    hub.image = undefined;
    await clock.advance(60_000);
    expect(device.fileVersion).toBe(OLD);
  });

  test('shows nothing and joins nothing when neither slot holds firmware', async () => {
    const { clock, flash, events, ppmid } = await scene();
    for (let block = slotOffset(flash, 0); block < flash.size; block += ERASE_BLOCK) flash.erase(block);
    const device = ppmid();
    await device.powerOn();
    await clock.advance(5000);
    expect([device.isOn, device.screen(), device.fileVersion, device.membership]).toEqual([false, '', undefined, undefined]);
    expect(events.some((event) => event.startsWith('no-firmware'))).toBe(true);
  });
});

describe('joining', () => {
  test('is tried again until the hub permits it', async () => {
    const { clock, hub, ppmid, events } = await scene();
    hub.permitsJoining = false;
    const device = ppmid();
    await device.powerOn();
    await clock.advance(60_000);
    expect(device.membership).toBeUndefined();
    expect(events.filter((event) => event.includes('no-beacon')).length).toBeGreaterThan(2);
    hub.permitsJoining = true;
    await clock.advance(61_000);
    expect(device.membership).toBeDefined();
  });

  test('fails with a wrong install code: the network key does not open', async () => {
    const { clock, hub, ppmid, events } = await scene();
    const other = Uint8Array.from([0x83, 0xfe, 0xd3, 0x40, 0x7a, 0x93, 0x97, 0x38, 0xc5, 0x52]);
    const device = ppmid({ identity: { ...identity(), installCode: other } });
    await device.powerOn();
    await clock.advance(30_000);
    expect(device.membership).toBeUndefined();
    expect(events.some((event) => event.includes('no-network-key'))).toBe(true);
    expect(hub.announced).toEqual([]);
  });

  test('says so when the install code on the device is misprinted', async () => {
    const { clock, ppmid, events } = await scene();
    const misprint = Uint8Array.from([0x83, 0xfe, 0xd3, 0x40, 0x7a, 0x93, 0x97, 0x38, 0xc5, 0x53]);
    const device = ppmid({ identity: { ...identity(), installCode: misprint } });
    await device.powerOn();
    await clock.advance(10_000);
    expect(events.some((event) => event.includes('install-code-crc'))).toBe(true);
  });

  test('comes back after a restart without joining anew, with counters that no receiver has seen', async () => {
    const { clock, device, hub } = await joined();
    hub.permitsJoining = false;
    for (let i = 0; i < 5; i++) {
      await device.powerOn();
      await clock.advance(2000);
    }
    expect(device.membership).toMatchObject({ shortAddress: 0x1000 });
    expect(hub.announced).toHaveLength(6);
    expect(hub.refused).toEqual([]);
  });

  test('starts anew when what it kept does not open under its own key', async () => {
    const { clock, device, hub, ppmid } = await joined();
    device.powerOff();
    const changed = ppmid({ identity: { ...identity(), fuse: new Uint8Array(16).fill(0x78) } });
    await changed.powerOn();
    await clock.advance(5000);
    expect(changed.membership).toBeDefined();
    expect(hub.refused).toEqual([]);
  });
});
