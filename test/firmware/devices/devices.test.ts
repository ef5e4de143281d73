import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { BenchDevice } from '../../../firmware/devices/bench.ts';
import { Esme, METERING, REPORT_MS } from '../../../firmware/devices/esme.ts';
import { Home } from '../../../firmware/devices/home.ts';
import { PowerCut } from '../../../firmware/devices/power.ts';
import { PowerSwitch } from '../../../firmware/devices/power-switch.ts';
import { acknowledgedFrame } from '../../../firmware/air/timing.ts';
import { MAX_DATA_SIZE } from '../../../firmware/ppmid/ota-client.ts';
import { SimulatedClock } from '../../../host/adapters/clock-simulated.ts';
import { decodeReportAttributes } from '../../../host/clusters/foundation.ts';
import { hex } from '../../../host/model/ids.ts';
import { sleep } from '../../../host/ports/clock.ts';
import { identity, image, INSTALL_CODE, loadCore, MANUFACTURER, OTHER_EUI, scene } from '../kit/bench.ts';

const CORPUS = fileURLToPath(new URL('../../../../shared/corpus/ota', import.meta.url));
const EUI = OTHER_EUI;

/** Transfers a file to a bench device and answers what it has, and how long it took. */
async function transfer(file: Uint8Array, manufacturer: number, imageType: number) {
  const { clock, hub, surroundings } = await scene();
  hub.admit(EUI, INSTALL_CODE);
  const device = new BenchDevice({ identity: { ...identity('bench', EUI), manufacturer }, surroundings, clock, loadCore, imageType });
  await device.powerOn();
  await clock.advance(2000);
  hub.image = file;
  hub.notify(EUI);
  const begin = clock.now();
  while (device.received === undefined && clock.now() < begin + 3_600_000) await clock.advance(250);
  const duration = clock.now() - begin;
  await clock.advance(5000);
  return { device, hub, duration };
}

describe('a bench device', () => {
  test('keeps a file bit for bit and then says that it runs it', async () => {
    const file = image(2, { manufacturer: 0x4242, imageType: 7, fileVersion: 0x00070001 });
    const { device, hub } = await transfer(file, 0x4242, 7);
    expect(hex(device.received?.file ?? new Uint8Array())).toBe(hex(file));
    expect(device.received?.sha256).toBe(createHash('sha256').update(file).digest('hex'));
    expect(device.fileVersion).toBe(0x00070001);
    expect(device.membership).toBeDefined();
    expect(hub.refused).toEqual([]);
  });

  test('fetches within ten per cent of what the air allows', async () => {
    const file = image(2, { elements: [{ tag: 0, data: new Uint8Array(60_000) }] });
    const { duration, hub } = await transfer(file, MANUFACTURER, 0x84);
    const request = 71;
    const bound = (Math.ceil(file.length / MAX_DATA_SIZE) * (acknowledgedFrame(request) + acknowledgedFrame(127))) / 1000;
    expect(hub.blocks).toHaveLength(Math.ceil(file.length / MAX_DATA_SIZE));
    expect(duration).toBeLessThan(bound * 1.1);
    expect(duration).toBeGreaterThan(bound * 0.9);
  });
});

describe.skipIf(!existsSync(CORPUS))('transferring files of vendors (corpus)', () => {
  test.each([
    ['02', 0x128b, 0x0102],
    ['91', 0x1234, 0x0006],
  ])('file %s arrives bit for bit', async (prefix, manufacturer, imageType) => {
    const name = readdirSync(CORPUS).find((each) => each.startsWith(prefix)) ?? '';
    const file = new Uint8Array(readFileSync(`${CORPUS}/${name}`));
    const { device } = await transfer(file, manufacturer, imageType);
    expect(device.received?.sha256).toBe(createHash('sha256').update(file).digest('hex'));
  });
});

describe('a virtual home', () => {
  async function home() {
    const { clock, hub, surroundings, ppmid } = await scene();
    hub.admit(EUI, INSTALL_CODE);
    const esme = new Esme({ identity: identity('esme', EUI), surroundings, clock, loadCore, seed: 4 });
    const house = new Home({ esme, ppmid: ppmid() });
    await house.powerOn();
    await clock.advance(6000);
    return { clock, hub, house };
  }

  test('has its ESME report demand and summation every ten seconds, secured with its link key', async () => {
    const { clock, hub, house } = await home();
    expect(house.joined).toBe(true);
    hub.heard.length = 0;
    await clock.advance(6 * REPORT_MS);
    const reports = hub.heard.filter(({ cluster }) => cluster === METERING);
    expect(reports).toHaveLength(6);
    expect(reports.every(({ from, secured, control, command }) => from === EUI && secured && control === 0x18 && command === 0x0a)).toBe(
      true,
    );
    const values = decodeReportAttributes(reports.at(-1)?.payload ?? new Uint8Array());
    const { demand, summation } = house.esme.reading;
    expect(values).toMatchObject([
      { attribute: 0x0400, type: 0x2a, value: demand },
      { attribute: 0x0000, type: 0x25, value: summation },
    ]);
  });

  test('shows on the PPMID what the ESME measures', async () => {
    const { clock, house } = await home();
    await clock.advance(3 * REPORT_MS);
    expect(house.ppmid.screen()).toContain(`${(house.esme.reading.demand / 1000).toFixed(3)} kW`);
    await clock.advance(24 * 3_600_000);
    expect(house.ppmid.screen()).not.toContain('£12.34');
  });

  test('is dark when switched off', async () => {
    const { clock, hub, house } = await home();
    house.powerOff();
    hub.heard.length = 0;
    await clock.advance(60_000);
    expect([hub.heard, house.joined, house.ppmid.screen()]).toEqual([[], false, '']);
  });
});

describe('the power of a device', () => {
  test('ends its timers, its promises and its callbacks when it goes', async () => {
    const clock = new SimulatedClock(0);
    const seen: string[] = [];
    let cuts = 0;
    const device = new PowerSwitch({
      clock,
      loadCore,
      onCut: () => cuts++,
      start: (power) => {
        power.start(async () => {
          await sleep(power, 10);
          seen.push('slept');
          await power.watch(sleep(clock, 10));
          seen.push('watched');
        });
        power.after(15, () => {
          throw new PowerCut();
        });
        power.after(30, () => seen.push('never'));
        return { stop: () => seen.push('stopped') };
      },
    });
    await device.on();
    await clock.advance(100);
    expect([seen, cuts, device.isOn]).toEqual([['slept', 'stopped'], 1, false]);
  });

  test('comes back after a restart, unless it is switched off before', async () => {
    const clock = new SimulatedClock(0);
    let runs = 0;
    const device = new PowerSwitch({ clock, loadCore, start: () => (runs++, { stop: () => undefined }) });
    await device.on();
    device.restart(100);
    await clock.advance(200);
    expect([runs, device.isOn]).toEqual([2, true]);
    device.restart(100);
    device.off();
    await clock.advance(200);
    expect([runs, device.isOn]).toEqual([2, false]);
  });
});
