import { describe, expect, test } from 'vitest';
import { Boot, TRIAL_STARTS, type FirmwareVerifier } from '../../../firmware/ppmid/boot.ts';
import { flashFor, slotOffset, type Slot } from '../../../firmware/ppmid/flash-map.ts';
import { ERASE_BLOCK, type Flash } from '../../../firmware/ppmid/flash.ts';
import { firmwareVerifier } from '../../../firmware/ppmid/verifier.ts';
import { mutation } from '../../../firmware/image/mutate.ts';
import { PPMID_IMAGE_TYPE, Tag } from '../../../firmware/image/format.ts';
import { Fault } from '../../../host/model/fault.ts';
import { HARDWARE, image, MANUFACTURER, mmo, program, verify } from '../kit/bench.ts';

const accepts: FirmwareVerifier = firmwareVerifier(verify, {
  manufacturer: MANUFACTURER,
  imageType: PPMID_IMAGE_TYPE,
  hardwareVersion: HARDWARE,
});

/** Writes a file into a slot, as a download would. */
function write(flash: Flash, slot: Slot, file: Uint8Array): void {
  const offset = slotOffset(flash, slot);
  for (let at = 0; at < file.length; at += ERASE_BLOCK) {
    flash.erase(offset + at);
    const block = new Uint8Array(ERASE_BLOCK).fill(0xff);
    block.set(file.subarray(at, at + ERASE_BLOCK));
    flash.program(offset + at, block);
  }
}

function provisioned(candidate?: Uint8Array): { flash: Flash; boot: () => Boot } {
  const flash = flashFor(24 * 1024);
  const boot = (): Boot => new Boot(flash, accepts);
  boot().provision(image(1));
  if (candidate) {
    write(flash, 1, candidate);
    boot().stage();
  }
  return { flash, boot };
}

const running = (boot: Boot): unknown => {
  const started = boot.start();
  return started.ok ? [started.firmware.header.fileVersion, started.trial, started.outcome] : started.code;
};

describe('the bootloader', () => {
  test('runs the factory image, again and again, without wearing the flash', () => {
    const { flash, boot } = provisioned();
    const before = flash.operations;
    expect(running(boot())).toEqual([0x10000, false, 'none']);
    expect(running(boot())).toEqual([0x10000, false, 'none']);
    expect(flash.operations).toBe(before);
  });

  test('starts a staged image on trial and keeps it once it has confirmed itself', () => {
    const { boot } = provisioned(image(2));
    const first = boot();
    expect(running(first)).toEqual([0x20000, true, 'none']);
    first.confirm();
    expect(running(boot())).toEqual([0x20000, false, 'upgraded']);
    expect(boot().spare).toBe(0);
  });

  test('goes back to the old image when the new one does not confirm itself in three starts', () => {
    const { boot } = provisioned(image(2));
    for (let start = 0; start < TRIAL_STARTS; start++) expect(running(boot())).toEqual([0x20000, true, 'none']);
    expect(running(boot())).toEqual([0x10000, false, 'reverted']);
    expect(running(boot())).toEqual([0x10000, false, 'reverted']);
  });

  test('goes back at once when the new image says that it failed', () => {
    const { boot } = provisioned(image(2));
    const first = boot();
    running(first);
    first.revert();
    expect(running(boot())).toEqual([0x10000, false, 'reverted']);
  });

  test('confirming and reverting mean nothing outside a trial', () => {
    const { boot } = provisioned();
    boot().confirm();
    boot().revert();
    expect(running(boot())).toEqual([0x10000, false, 'none']);
  });

  test.each([
    'other-identifier',
    'header-version',
    'header-length',
    'reserved-field-control',
    'element-overrun',
    'payload-bit',
    'integrity-bit',
    'without-integrity',
    'other-manufacturer',
    'other-image-type',
  ])('refuses a staged image with %s and runs the old one', (name) => {
    const { boot } = provisioned(mutation(name).apply(image(2), mmo));
    expect(running(boot())).toEqual([0x10000, false, 'refused']);
    expect(running(boot())).toEqual([0x10000, false, 'refused']);
  });

  test('refuses a staged image made for other hardware', () => {
    const { boot } = provisioned(image(2, { hardware: { min: 0x0200, max: 0x02ff } }));
    expect(running(boot())).toEqual([0x10000, false, 'refused']);
  });

  test('refuses an empty slot', () => {
    const { boot } = provisioned();
    boot().stage();
    expect(running(boot())).toEqual([0x10000, false, 'refused']);
    expect(boot().inspect(1)).toMatchObject({ ok: false, code: 'empty' });
  });

  test('gives way to the other slot when the running one no longer verifies, and says so when neither does', () => {
    const { flash, boot } = provisioned(image(2));
    const first = boot();
    running(first);
    first.confirm();
    flash.program(slotOffset(flash, 1) + 200, new Uint8Array(4));
    expect(running(boot())).toEqual([0x10000, false, 'reverted']);
    flash.program(slotOffset(flash, 0) + 200, new Uint8Array(4));
    expect(running(boot())).toBe('no-firmware');
  });

  test('leaves the factory only with an image that this hardware runs', () => {
    const boot = new Boot(flashFor(24 * 1024), accepts);
    expect(() => boot.provision(mutation('payload-bit').apply(image(1), mmo))).toThrow(Fault);
    expect(() => boot.provision(image(1, { elements: [{ tag: 0, data: new Uint8Array(40_000) }] }))).toThrow(Fault);
  });

  describe('with security counters', () => {
    const counted = (version: 1 | 2, counter: number): Uint8Array =>
      image(version, {
        elements: [
          { tag: Tag.SECURITY_COUNTER, data: Uint8Array.of(counter, 0, 0, 0) },
          { tag: 0, data: program(version) },
        ],
      });
    const withFactory = (factory: Uint8Array, candidate: Uint8Array): (() => Boot) => {
      const flash = flashFor(24 * 1024);
      const boot = (): Boot => new Boot(flash, accepts);
      boot().provision(factory);
      write(flash, 1, candidate);
      boot().stage();
      return boot;
    };

    test('takes an image of the same or a higher one, and then none below it any more', () => {
      const boot = withFactory(counted(1, 3), counted(2, 4));
      const first = boot();
      expect(running(first)).toEqual([0x20000, true, 'none']);
      expect(first.state.counter).toBe(3);
      first.confirm();
      expect(first.state.counter).toBe(4);
      expect(boot().inspect(0)).toMatchObject({ ok: false, code: 'security-counter' });
      const same = withFactory(counted(1, 3), counted(2, 3));
      expect(running(same())).toEqual([0x20000, true, 'none']);
    });

    test('refuses an image below its own, and one without a counter, whatever their file versions', () => {
      expect(running(withFactory(counted(1, 3), counted(2, 2))())).toEqual([0x10000, false, 'refused']);
      expect(running(withFactory(counted(1, 3), image(2))())).toEqual([0x10000, false, 'refused']);
    });

    test('may go back from a trial, since nothing was confirmed', () => {
      const boot = withFactory(counted(1, 3), counted(2, 9));
      const first = boot();
      running(first);
      first.revert();
      expect(running(boot())).toEqual([0x10000, false, 'reverted']);
      expect(boot().state.counter).toBe(3);
    });

    test('runs nothing rather than an older image when the confirmed one is damaged', () => {
      const flash = flashFor(24 * 1024);
      const boot = (): Boot => new Boot(flash, accepts);
      boot().provision(counted(1, 1));
      write(flash, 1, counted(2, 2));
      boot().stage();
      const first = boot();
      running(first);
      first.confirm();
      flash.program(slotOffset(flash, 1) + 200, new Uint8Array(4));
      expect(running(boot())).toBe('no-firmware');
    });

    test('refuses a counter of another size', () => {
      const odd = image(2, {
        elements: [
          { tag: Tag.SECURITY_COUNTER, data: Uint8Array.of(9) },
          { tag: 0, data: program(2) },
        ],
      });
      expect(running(withFactory(image(1), odd)())).toEqual([0x10000, false, 'refused']);
    });
  });
});
