/** A device's keys before a hub that was written apart from the product's: which suite it takes, and what makes it stay outside. */
import { describe, expect, test } from 'vitest';
import { Seeded } from '../../../firmware/air/seeded.ts';
import { labCertificates } from '../../../host/compose/lab-certificates.ts';
import { Signer } from '../../../host/core/signer.ts';
import { hex } from '../../../host/model/ids.ts';
import { wasm } from '../../kit/core.ts';
import { certificates, identity, PPMID_EUI, scene } from '../kit/bench.ts';
import { HUB_EUI } from '../kit/hub.ts';

const signer = await Signer.load(wasm('signer'));

/** A PPMID with these certificates, switched on for a minute before a hub with those. */
async function minute(own = certificates(PPMID_EUI), hubs = certificates(HUB_EUI)) {
  const home = await scene({ hubCertificates: hubs });
  const device = home.ppmid({ identity: { ...identity(), certificates: own } });
  await device.powerOn();
  await home.clock.advance(60_000);
  return { ...home, device };
}

describe('a device with certificates of both suites', () => {
  test('establishes its link key in the stronger one', async () => {
    const { device, hub } = await minute();
    expect([hub.keys.suites, device.membership !== undefined]).toEqual([[2], true]);
  });
  test('takes the other one when its hub refuses the stronger', async () => {
    const { device, hub, events } = await minute(undefined, certificates(HUB_EUI, [1]));
    expect([hub.keys.suites, device.membership !== undefined]).toEqual([[1], true]);
    expect(events.filter((event) => event.startsWith('link-key-failed'))[0]).toContain('"suite":2,"code":"terminated"');
  });
  test('has the key that its hub has, and sends under it', async () => {
    const { device, hub } = await minute();
    expect(hub.heard.filter(({ secured }) => secured).length).toBeGreaterThan(0);
    expect(hub.refused).toEqual([]);
    expect(device.core?.keys.fingerprint(device.membership?.linkKey ?? 0)).toEqual({ ok: true, value: hub.fingerprint(PPMID_EUI) });
  });
});

describe('a device stays outside', () => {
  test('without a certificate, and says so', async () => {
    const { device, hub, events } = await minute([]);
    expect([device.membership, hub.keys.suites]).toEqual([undefined, []]);
    expect(events.some((event) => event.startsWith('no-certificate'))).toBe(true);
    expect(hub.heard).toEqual([]);
  });
  test('when its certificate is another authority’s: neither side takes the other’s word', async () => {
    const foreign = labCertificates(signer, new Seeded(77), new Map([[PPMID_EUI, [1, 2]]])).get(PPMID_EUI)!;
    const { device, hub } = await minute(foreign);
    expect([device.membership, hub.keys.suites]).toEqual([undefined, []]);
  });
  test('when its certificate is for another device', async () => {
    const { device, hub } = await minute(certificates(HUB_EUI));
    expect([device.membership, hub.keys.suites]).toEqual([undefined, []]);
  });
});

test('a device that lost power keeps its link key and establishes no other', async () => {
  const { device, hub, clock } = await minute();
  const print = device.core?.keys.fingerprint(device.membership?.linkKey ?? 0);
  device.powerOff();
  await device.powerOn();
  await clock.advance(30_000);
  expect(device.core?.keys.fingerprint(device.membership?.linkKey ?? 0)).toEqual(print);
  expect(hub.keys.suites).toHaveLength(1);
});

test('what a device keeps in its flash holds none of its keys in clear', async () => {
  const { device, flash } = await minute();
  const { core, membership } = device;
  const keys = [membership?.networkKey, membership?.linkKey].map((handle) => core?.exportKey(handle ?? 0));
  const all = Buffer.from(flash.read(0, flash.size));
  for (const key of keys) {
    if (key?.ok !== true) throw new Error('no key');
    expect(all.includes(Buffer.from(key.value))).toBe(false);
    expect(all.includes(Buffer.from(hex(key.value)))).toBe(false);
  }
});
