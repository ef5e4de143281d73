import { describe, expect, test } from 'vitest';
import { Boot } from '../../../firmware/ppmid/boot.ts';
import { flashFor, slotOffset, slotSize } from '../../../firmware/ppmid/flash-map.ts';
import type { Flash } from '../../../firmware/ppmid/flash.ts';
import { SettingsStore } from '../../../firmware/ppmid/settings.ts';
import { SlotStore } from '../../../firmware/ppmid/slot-store.ts';
import { firmwareVerifier } from '../../../firmware/ppmid/verifier.ts';
import { hex } from '../../../host/model/ids.ts';
import { HARDWARE, image, MANUFACTURER, verify } from '../kit/bench.ts';

const NEW = { manufacturer: MANUFACTURER, imageType: 0x84, fileVersion: 0x20000 };

function setUp() {
  const flash: Flash = flashFor(24 * 1024);
  const accepts = firmwareVerifier(verify, { manufacturer: MANUFACTURER, imageType: 0x84, hardwareVersion: HARDWARE });
  const boot = new Boot(flash, accepts);
  boot.provision(image(1));
  let restarts = 0;
  let battery = 100;
  const store = (): SlotStore =>
    new SlotStore(
      flash,
      boot,
      new SettingsStore(flash),
      () => battery,
      () => restarts++,
    );
  return { flash, boot, store, restarts: () => restarts, charge: (level: number) => void (battery = level) };
}

/** Writes `file` from `from` to `to` in pieces of `size`. */
function feed(store: SlotStore, file: Uint8Array, size: number, from = 0, to = file.length): void {
  for (let at = from; at < to; at += size) store.write(at, file.subarray(at, Math.min(at + size, to)));
}

describe('the spare slot', () => {
  test.each([1, 7, 56, 64, 255, 256, 300, 5000])('holds what was written in pieces of %i bytes', (size) => {
    const { flash, store, boot, restarts } = setUp();
    const file = image(2);
    const slot = store();
    expect(slot.begin(NEW, file.length)).toEqual({ ok: true, value: 0 });
    feed(slot, file, size);
    expect(slot.finish()).toMatchObject({ ok: true });
    expect(hex(flash.read(slotOffset(flash, 1), file.length))).toBe(hex(file));
    slot.activate();
    expect([boot.state.stage, restarts()]).toEqual(['staged', 1]);
  });

  test.each([4096, 5000, 8191, 8192, 16_000])('goes on at the last whole block when the device restarts after %i bytes', (stop) => {
    const { store } = setUp();
    const file = image(2);
    const before = store();
    before.begin(NEW, file.length);
    feed(before, file, 56, 0, stop);
    const after = store();
    const begun = after.begin(NEW, file.length);
    expect(begun).toEqual({ ok: true, value: Math.floor(stop / 4096) * 4096 });
    feed(after, file, 56, begun.ok ? begun.value : 0);
    expect(after.finish()).toMatchObject({ ok: true });
  });

  test('remembers a whole file over a restart, and judges it again', () => {
    const { store } = setUp();
    const file = image(2);
    const before = store();
    before.begin(NEW, file.length);
    feed(before, file, 56);
    before.finish();
    const after = store();
    expect(after.begin(NEW, file.length)).toEqual({ ok: true, value: file.length });
    expect(after.finish()).toMatchObject({ ok: true });
  });

  test('begins anew for another version or size, and after the image was discarded', () => {
    const file = image(2);
    const begun = (change: Partial<typeof NEW>, size: number, discarded = false): unknown => {
      const { store } = setUp();
      const before = store();
      before.begin(NEW, file.length);
      feed(before, file, 56, 0, 9000);
      if (discarded) before.discard();
      const begin = store().begin({ ...NEW, ...change }, size);
      return begin.ok ? begin.value : begin.code;
    };
    expect(begun({}, file.length)).toBe(8192);
    expect(begun({ fileVersion: 0x20001 }, file.length)).toBe(0);
    expect(begun({}, file.length - 1)).toBe(0);
    expect(begun({}, file.length, true)).toBe(0);
  });

  test('refuses what does not fit, what ends without a beginning, and a file other than the one offered', () => {
    const { store } = setUp();
    expect(store().begin(NEW, 24 * 1024 + 1)).toMatchObject({ ok: false, code: 'size' });
    expect(store().begin(NEW, 0)).toMatchObject({ ok: false, code: 'size' });
    expect(store().finish()).toMatchObject({ ok: false, code: 'not-begun' });
    const file = image(2);
    const slot = store();
    slot.begin({ ...NEW, fileVersion: 0x20007 }, file.length);
    feed(slot, file, 56);
    expect(slot.finish()).toMatchObject({ ok: false, code: 'not-as-offered' });
  });

  test('takes nothing while new firmware is on trial: it holds what the device goes back to', () => {
    const { store, boot } = setUp();
    const file = image(2);
    const slot = store();
    slot.begin(NEW, file.length);
    feed(slot, file, 56);
    slot.finish();
    slot.activate();
    expect(store().begin({ ...NEW, fileVersion: 0x30000 }, file.length)).toMatchObject({ ok: false, code: 'trial' });
    expect(boot.start()).toMatchObject({ ok: true, trial: true });
    expect(store().begin({ ...NEW, fileVersion: 0x30000 }, file.length)).toMatchObject({ ok: false, code: 'trial' });
    boot.confirm();
    expect(store().begin({ ...NEW, fileVersion: 0x30000 }, file.length)).toMatchObject({ ok: true });
  });

  test('begins nothing and activates nothing when the battery may not last', () => {
    const { store, boot, charge, restarts } = setUp();
    const file = image(2);
    charge(19);
    expect(store().begin(NEW, file.length)).toMatchObject({ ok: false, code: 'battery-low' });
    charge(20);
    const slot = store();
    expect(slot.begin(NEW, file.length)).toMatchObject({ ok: true });
    feed(slot, file, 56);
    expect(slot.finish()).toMatchObject({ ok: true });
    charge(29);
    expect(slot.activate()).toMatchObject({ ok: false, code: 'battery-low' });
    expect([boot.state.stage, restarts()]).toEqual(['confirmed', 0]);
    charge(30);
    expect(slot.activate()).toMatchObject({ ok: true });
    expect([boot.state.stage, restarts()]).toEqual(['staged', 1]);
  });

  test('is erased when what stands in it is neither a download under way nor a file that could run', () => {
    const { flash, store, boot } = setUp();
    const file = image(2);
    const spare = (): boolean => flash.isErased(slotOffset(flash, 1), slotSize(flash));
    const slot = store();
    slot.begin(NEW, file.length);
    feed(slot, file, 56, 0, 9000);
    store().tidy();
    expect(spare()).toBe(false);
    slot.discard();
    expect(spare()).toBe(true);
    slot.begin(NEW, file.length);
    feed(slot, file, 56);
    slot.finish();
    slot.discard();
    expect(boot.inspect(1)).toMatchObject({ ok: true });
    const wear = flash.operations;
    store().tidy();
    expect(flash.operations).toBe(wear);
  });
});
