/** A seeded tenth of the power-cut proof, and the proof that it would find what it looks for. The whole: `npm run test:powercut`. */
import { expect, test } from 'vitest';
import { Boot, type FirmwareVerifier } from '../../firmware/ppmid/boot.ts';
import { Flash } from '../../firmware/ppmid/flash.ts';
import { refuse } from '../../host/model/fault.ts';
import { smallParts } from './material.ts';
import { parts } from './parts.ts';
import { line, Proof, sum } from './proof.ts';
import { provision, upgrade, type Images, type Rule } from './rig.ts';

const SEED = 7;
/** How often the device asks its verifier about the new image: after the download, twice at its first start, and to confirm. */
const ASKED_UNTIL_CONFIRMED = 4;

/** A device that leaves the factory without settings. */
const provisionWithout = (flash: Flash, verify: FirmwareVerifier, { old }: Images): void => new Boot(flash, verify).provision(old);

test('no power cut in a seeded tenth of all cut points bricks the device, takes it back or loses its settings', () => {
  const total = sum(parts(0.1, SEED).map(({ count }) => count()));
  console.log(`power cuts, a tenth, seed ${SEED}: ${line(total)}`);
  expect(total).toMatchObject({ bricks: 0, downgrades: 0, faults: [] });
  expect(total.cutPoints).toBeGreaterThan(15_000);
}, 180_000);

/** A part whose erasures spoil the block beside them as well. */
class LeakingFlash extends Flash {
  override copy(): Flash {
    const copy = new LeakingFlash(this.size, this.geometry);
    for (let at = 0; at < this.size; at += this.geometry.programUnit) copy.program(at, this.read(at, this.geometry.programUnit));
    return copy;
  }
  override erase(offset: number): void {
    const { eraseBlock } = this.geometry;
    super.erase(offset);
    if (offset < 2 * eraseBlock) this.program(eraseBlock - offset, new Uint8Array(4));
  }
}

test('a part whose erasures spoil the other block of the journal is found', () => {
  const { flash, accepts, images } = smallParts();
  const leaking = new LeakingFlash(flash.size, flash.geometry);
  provision(leaking, accepts, images);
  const { bricks, downgrades, faults } = new Proof(leaking, accepts, images).boundaries();
  expect(bricks + downgrades + faults.length).toBeGreaterThan(0);
});

test('a bootloader that goes back to the old image after the upgrade is found', () => {
  const { flash, accepts, images } = smallParts();
  const last = new Proof(flash, accepts, images).lengths.length - 1;
  let asked = 0;
  // The new image is refused once it has confirmed itself, and the two images are told to have the same counter.
  const forgetful: FirmwareVerifier = (file) => {
    const verdict = accepts(file);
    if (!verdict.ok) return verdict;
    const isNew = verdict.value.header.fileVersion === images.versions.next;
    if (isNew && ++asked > ASKED_UNTIL_CONFIRMED) return refuse('rotten', 'refused from now on');
    return { ok: true, value: { ...verdict.value, counter: 1 } };
  };
  const outcome = upgrade(flash.copy(), forgetful, images, (operation) => (operation === last ? 'after' : undefined));
  expect(outcome).toMatchObject({ cuts: 1, bricks: 0, downgrades: 2 });
});

test('a device that forgets its settings, and one that runs nothing, are found', () => {
  const { flash, accepts, images } = smallParts();
  const cutOnce: Rule = (operation) => (operation === 3 ? 'after' : undefined);
  const empty = new Flash(flash.size, flash.geometry);
  expect(upgrade(empty.copy(), accepts, images, cutOnce)).toMatchObject({ bricks: 1 });
  provisionWithout(empty, accepts, images);
  expect(upgrade(empty, accepts, images, cutOnce).faults).toContain('the settings are lost');
});
