/**
 * Everything that a virtual PPMID keeps besides its firmware: membership of the network, how far a download has come, what
 * the panel shows. One journal record holds all of it as JSON, so that a power cut leaves all old or all new.
 */
import type { Kept, NetworkSettings } from '../devices/kept.ts';
import { journalOf } from './flash-map.ts';
import type { Flash } from './flash.ts';
import { Kind, type Journal } from './journal.ts';
import type { PanelValues } from './panel-values.ts';

/** How far a download has come: everything below `offset` stands in the spare slot. */
export interface DownloadProgress {
  readonly manufacturer: number;
  readonly imageType: number;
  readonly fileVersion: number;
  readonly size: number;
  readonly offset: number;
}

/** What is kept. */
export interface PpmidSettings {
  readonly network?: NetworkSettings;
  readonly download?: DownloadProgress;
  readonly panel?: PanelValues;
}

/** The settings in a flash. */
export class SettingsStore {
  readonly #journal: Journal;

  constructor(flash: Flash) {
    this.#journal = journalOf(flash);
  }

  /** What was written last. */
  get all(): PpmidSettings {
    const record = this.#journal.last(Kind.SETTINGS);
    return record === undefined ? {} : (JSON.parse(new TextDecoder().decode(record)) as PpmidSettings);
  }

  /** One part of the settings as a value to be kept. */
  part<K extends keyof PpmidSettings>(name: K): Kept<NonNullable<PpmidSettings[K]>> {
    return {
      read: () => this.all[name] as NonNullable<PpmidSettings[K]> | undefined,
      write: (value) => this.#write({ ...this.all, [name]: value }),
    };
  }

  /** Forgets the progress of a download. */
  dropDownload(): void {
    const { download, ...rest } = this.all;
    if (download !== undefined) this.#write(rest);
  }

  #write(settings: PpmidSettings): void {
    this.#journal.append(Kind.SETTINGS, new TextEncoder().encode(JSON.stringify(settings)));
  }
}
