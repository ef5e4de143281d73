/**
 * Where a PPMID's download goes: the spare slot, page by page. Progress is kept each time a flash block is full, so that a
 * restart goes on there and fetches at most one block again. The running slot is never touched.
 */
import { ok, refuse, type Refusal, type Result } from '../../host/model/fault.ts';
import type { ImageId } from '../../host/clusters/ota.ts';
import { charged, DOWNLOAD_MIN, SWAP_MIN, type Battery } from './battery.ts';
import type { Boot } from './boot.ts';
import { slotOffset, slotSize } from './flash-map.ts';
import type { Flash } from './flash.ts';
import type { UpgradeStore } from './ota-parts.ts';
import type { DownloadProgress, SettingsStore } from './settings.ts';

/** Bytes gathered in RAM before they are programmed. */
export const PAGE = 256;

/** The spare slot as an upgrade store. `restart` is called after the image was staged. */
export class SlotStore implements UpgradeStore {
  readonly #flash: Flash;
  readonly #boot: Boot;
  readonly #settings: SettingsStore;
  readonly #battery: Battery;
  readonly #restart: () => void;
  readonly #page = new Uint8Array(PAGE).fill(0xff);
  #download: DownloadProgress | undefined;
  /** Bytes received. */
  #end = 0;

  constructor(flash: Flash, boot: Boot, settings: SettingsStore, battery: Battery, restart: () => void) {
    this.#battery = battery;
    this.#flash = flash;
    this.#boot = boot;
    this.#settings = settings;
    this.#restart = restart;
  }

  begin(image: ImageId, size: number): Result<number> {
    // Until a trial is confirmed the spare slot holds what the device goes back to.
    if (this.#boot.state.stage !== 'confirmed') return refuse('trial', 'the running firmware has not confirmed itself');
    const power = charged(this.#battery, DOWNLOAD_MIN);
    if (!power.ok) return power;
    const room = slotSize(this.#flash);
    if (size <= 0 || size > room) return refuse('size', `an image of ${size} bytes does not fit a slot of ${room}`);
    const kept = this.#settings.all.download;
    const same =
      kept !== undefined &&
      kept.manufacturer === image.manufacturer &&
      kept.imageType === image.imageType &&
      kept.fileVersion === image.fileVersion &&
      kept.size === size;
    const { manufacturer, imageType, fileVersion } = image;
    this.#download = same ? kept : { manufacturer, imageType, fileVersion, size, offset: 0 };
    if (!same) this.#settings.part('download').write(this.#download);
    this.#end = this.#download.offset;
    this.#page.fill(0xff);
    return ok(this.#end);
  }

  write(offset: number, data: Uint8Array): void {
    for (let i = 0; i < data.length; i++) {
      this.#page[(offset + i) % PAGE] = data[i] ?? 0;
      this.#end = offset + i + 1;
      if (this.#end % PAGE === 0) this.#program(PAGE);
    }
  }

  /** Judges the file in the slot as the bootloader will. */
  finish(): Result<unknown> {
    const download = this.#download;
    if (download === undefined) return notBegun();
    const rest = this.#end % PAGE;
    const { programUnit } = this.#flash.geometry;
    if (download.offset < this.#end) {
      if (rest > 0) this.#program(Math.ceil(rest / programUnit) * programUnit);
      this.#keep(this.#end);
    }
    const found = this.#boot.inspect(this.#boot.spare);
    if (!found.ok) return found;
    const { manufacturer, imageType, fileVersion, totalSize } = found.value.header;
    const offered =
      manufacturer === download.manufacturer &&
      imageType === download.imageType &&
      fileVersion === download.fileVersion &&
      totalSize === download.size;
    return offered ? ok(undefined) : refuse('not-as-offered', 'the file is another than the one that was offered');
  }

  discard(): void {
    this.#download = undefined;
    this.#settings.dropDownload();
    this.tidy();
  }

  /** Erases the spare slot unless a download goes on in it or it holds a file that could run. For the start of the device. */
  tidy(): void {
    if (this.#settings.all.download !== undefined || this.#boot.state.stage !== 'confirmed') return;
    const { spare } = this.#boot;
    if (this.#boot.inspect(spare).ok) return;
    const { eraseBlock } = this.#flash.geometry;
    const start = slotOffset(this.#flash, spare);
    for (let at = start; at < start + slotSize(this.#flash); at += eraseBlock) {
      if (!this.#flash.isErased(at, eraseBlock)) this.#flash.erase(at);
    }
  }

  activate(): Result<unknown> {
    const power = charged(this.#battery, SWAP_MIN);
    if (!power.ok) return power;
    this.#settings.dropDownload(); // first: progress that outlives its image would be taken for that of the slot's next one
    this.#boot.stage();
    this.#restart();
    return ok(undefined);
  }

  /** Programs the page that ends at `#end`, erasing each flash block as it is entered. */
  #program(length: number): void {
    const at = Math.floor((this.#end - 1) / PAGE) * PAGE;
    const base = slotOffset(this.#flash, this.#boot.spare);
    const { eraseBlock } = this.#flash.geometry;
    if (at % eraseBlock === 0) this.#flash.erase(base + at);
    this.#flash.program(base + at, this.#page.subarray(0, length));
    this.#page.fill(0xff);
    if (this.#end % eraseBlock === 0) this.#keep(this.#end);
  }

  #keep(offset: number): void {
    if (this.#download === undefined) return;
    this.#download = { ...this.#download, offset };
    this.#settings.part('download').write(this.#download);
  }
}

const notBegun = (): Refusal => refuse('not-begun', 'no download is under way');
