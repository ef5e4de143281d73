import { beforeEach, describe, expect, test } from 'vitest';
import { MemoryStore } from '../../../host/adapters/store-memory.ts';
import type { DeviceLogEntry } from '../../../host/model/device.ts';
import { eui64 } from '../../../host/model/ids.ts';
import { Devices } from '../../../host/stores/devices.ts';
import { HUB, PPMID } from './material.ts';

let store: MemoryStore;
beforeEach(() => {
  store = new MemoryStore();
});

describe('the device log [R-DEV-03]', () => {
  const ppmid: DeviceLogEntry = {
    eui: PPMID,
    type: 'ppmid',
    manufacturer: 0x1234,
    model: 'P1',
    hardwareVersion: 1,
    imageType: 0x84,
    firmwareVersion: undefined,
  };
  const esme: DeviceLogEntry = {
    eui: eui64('0200000000000021'),
    type: 'esme',
    manufacturer: 0x1235,
    model: 'E1',
    hardwareVersion: 2,
    imageType: undefined,
    firmwareVersion: 7,
  };

  test('answers entries as they were put in, undefined members included', async () => {
    const devices = new Devices(store);
    await store.commit([devices.put(esme), devices.put(ppmid)]);
    expect(devices.get(PPMID)).toEqual(ppmid);
    expect(devices.get(HUB)).toBeUndefined();
    expect(devices.all()).toEqual([ppmid, esme]);
    await store.commit([devices.remove(PPMID), devices.remove(HUB)]);
    expect(devices.all()).toEqual([esme]);
  });

  test('takes the firmware version that a device answered, once', async () => {
    const devices = new Devices(store);
    await store.commit([devices.put(ppmid)]);
    await store.commit(devices.answered(PPMID, 5));
    expect(devices.get(PPMID)).toEqual({ ...ppmid, firmwareVersion: 5 });
    expect(devices.answered(PPMID, 5)).toEqual([]);
    expect(devices.answered(HUB, 5)).toEqual([]);
  });

  test('replaced as a whole keeps the version read from hardware that stayed the same, and of no other', async () => {
    const devices = new Devices(store);
    await store.commit([devices.put({ ...ppmid, firmwareVersion: 5 }), devices.put(esme)]);
    await store.commit(devices.replace([ppmid]));
    expect(devices.all()).toEqual([{ ...ppmid, firmwareVersion: 5 }]);
    await store.commit(devices.replace([{ ...ppmid, hardwareVersion: 2 }]));
    expect(devices.all()).toEqual([{ ...ppmid, hardwareVersion: 2 }]);
  });
});
