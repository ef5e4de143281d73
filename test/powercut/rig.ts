/**
 * A virtual PPMID reduced to what an upgrade does to its flash: bootloader, slot, settings, and the order in which the device
 * uses them. No radio and no clock, so that it can be run a hundred thousand times. After every cut the flash is looked at
 * as the device would find it, on a copy.
 */
import { Boot, type FirmwareVerifier } from '../../firmware/ppmid/boot.ts';
import { otherSlot, slotOffset, slotSize } from '../../firmware/ppmid/flash-map.ts';
import type { Cut, Flash } from '../../firmware/ppmid/flash.ts';
import { SAMPLE_VALUES } from '../../firmware/ppmid/panel-values.ts';
import { SettingsStore } from '../../firmware/ppmid/settings.ts';
import { SlotStore } from '../../firmware/ppmid/slot-store.ts';
import { PowerCut } from '../../firmware/devices/power.ts';

/** The two images of an upgrade. */
export interface Images {
  readonly old: Uint8Array;
  readonly next: Uint8Array;
  readonly manufacturer: number;
  readonly imageType: number;
  readonly versions: { readonly old: number; readonly next: number };
}

/** What came of an upgrade. */
export interface Outcome {
  readonly cuts: number;
  readonly bricks: number;
  readonly downgrades: number;
  /** Anything else that must not be, in words. */
  readonly faults: readonly string[];
}

/** Says when the power goes, by the number of flash operations since the upgrade began, and since the last cut. */
export type Rule = (operation: number, length: number, cuts: number, sinceCut: number) => Cut | undefined;

/** Bytes of a block on the air. */
const BLOCK = 56;
/** The user presses a button in the middle of the download: settings are written while it goes on. */
const [BEFORE, AFTER] = [3, 4];
/** A device that is not done after so many starts will never be. */
const STARTS_MAX = 12;
const FULL = (): number => 100;

const settingOf = (flash: Flash): number | undefined => new SettingsStore(flash).all.panel?.setting;

/** Writes the old image and the settings, as the device is before the upgrade. */
export function provision(flash: Flash, verify: FirmwareVerifier, { old }: Images): void {
  new Boot(flash, verify).provision(old);
  new SettingsStore(flash).part('panel').write({ ...SAMPLE_VALUES, setting: BEFORE });
}

/** Runs an upgrade on `flash`, which is provisioned, until the new image has confirmed itself, whatever cuts come in between. */
export function upgrade(flash: Flash, verify: FirmwareVerifier, images: Images, rule: Rule): Outcome {
  const first = flash.operations;
  const found = { cuts: 0, bricks: 0, downgrades: 0, faults: [] as string[], sinceCut: 0, upgraded: false };
  flash.cutWhen((operation, length) => rule(operation - first, length, found.cuts, found.sinceCut++));
  for (let starts = 0; ; starts++) {
    if (starts === STARTS_MAX) {
      found.faults.push('does not come to an end');
      break;
    }
    try {
      if (run(flash, verify, images, found)) break;
    } catch (cut) {
      if (!(cut instanceof PowerCut)) throw cut;
      found.cuts++;
      found.sinceCut = 0;
      flash.powerOn();
      look(flash.copy(), verify, images, found);
    }
  }
  flash.cutWhen(() => undefined);
  const { cuts, bricks, downgrades, faults } = found;
  return { cuts, bricks, downgrades, faults };
}

interface Finding {
  bricks: number;
  downgrades: number;
  readonly faults: string[];
  /** The new image has confirmed itself. */
  upgraded: boolean;
}

/** One run of the device from power on; true when the upgrade is over. */
function run(flash: Flash, verify: FirmwareVerifier, images: Images, found: Finding): boolean {
  const started = start(flash, verify, images, found);
  if (started === undefined) return true;
  const { boot, settings, store, version } = started;
  boot.confirm();
  if (version === images.versions.next) {
    if (settings.all.panel?.setting !== AFTER) found.faults.push('the last setting is lost');
    if (!intact(flash, otherSlot(boot.state.slot), images) && !erased(flash, otherSlot(boot.state.slot)))
      found.faults.push('the old slot is neither intact nor erased at the end');
    return true;
  }
  const { manufacturer, imageType, versions, next } = images;
  const begun = store.begin({ manufacturer, imageType, fileVersion: versions.next }, next.length);
  if (!begun.ok) {
    found.faults.push(`the download does not begin: ${begun.code}`);
    return true;
  }
  const press = (): void => {
    if (settings.all.panel?.setting === BEFORE) settings.part('panel').write({ ...SAMPLE_VALUES, setting: AFTER });
  };
  const middle = Math.floor(next.length / 2 / BLOCK) * BLOCK;
  for (let at = begun.value; at < next.length; at += BLOCK) {
    if (at === middle) press();
    store.write(at, next.subarray(at, at + BLOCK));
  }
  const finished = store.finish();
  if (!finished.ok) found.faults.push(`the download is refused: ${finished.code} (${finished.detail})`);
  press(); // a restart may have gone on behind the middle
  store.activate();
  return !finished.ok;
}

/** What the device does first. Undefined when it runs nothing. */
function start(flash: Flash, verify: FirmwareVerifier, images: Images, found: Finding) {
  const boot = new Boot(flash, verify);
  found.upgraded ||= boot.state.outcome === 'upgraded';
  const started = boot.start();
  if (!started.ok) {
    found.bricks++;
    return undefined;
  }
  const version = started.firmware.header.fileVersion;
  if (found.upgraded && version === images.versions.old) found.downgrades++;
  if (!intact(flash, started.firmware.slot, images)) found.faults.push('what runs is neither of the images');
  const settings = new SettingsStore(flash);
  const store = new SlotStore(flash, boot, settings, FULL, () => undefined);
  store.tidy();
  return { boot, settings, store, version };
}

/** After a cut: old or new image runs, the other slot is intact, erased, or under a download that can be given up, settings are kept. */
function look(flash: Flash, verify: FirmwareVerifier, images: Images, found: Finding): void {
  const started = start(flash, verify, images, found);
  if (started === undefined) return;
  const { boot, settings, store, version } = started;
  if (version !== images.versions.old && version !== images.versions.next) found.faults.push(`version ${version} runs`);
  const { setting } = settings.all.panel ?? {};
  if (setting !== BEFORE && setting !== AFTER) found.faults.push('the settings are lost');
  const other = otherSlot(boot.state.slot);
  if (intact(flash, other, images) || erased(flash, other)) return;
  const { download } = settings.all;
  const kept = flash.read(slotOffset(flash, other), download?.offset ?? 0);
  if (download === undefined || Buffer.compare(kept, images.next.subarray(0, download.offset)) !== 0) {
    found.faults.push('the other slot is neither intact, erased nor under download');
  }
  store.discard();
  if (!erased(flash, other)) found.faults.push('a download that was given up is not erased');
  if (settingOf(flash) !== setting) found.faults.push('giving up a download loses the settings');
}

function intact(flash: Flash, slot: 0 | 1, { old, next }: Images): boolean {
  return [old, next].some((image) => Buffer.compare(flash.read(slotOffset(flash, slot), image.length), image) === 0);
}

const erased = (flash: Flash, slot: 0 | 1): boolean => flash.isErased(slotOffset(flash, slot), slotSize(flash));
