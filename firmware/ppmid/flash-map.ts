/** Where things stand in the flash of a virtual PPMID: boot journal, settings journal, two slots of equal size. */
import { ERASE_BLOCK, Flash } from './flash.ts';
import { JOURNAL_SIZE } from './journal.ts';

/** Offset of the bootloader's journal. */
export const BOOT_JOURNAL = 0;
/** Offset of the journal of settings. */
export const SETTINGS_JOURNAL = BOOT_JOURNAL + JOURNAL_SIZE;
/** Offset of slot 0. */
export const SLOTS = SETTINGS_JOURNAL + JOURNAL_SIZE;

/** One of the two slots. */
export type Slot = 0 | 1;

/** The slot that is not `slot`. */
export const otherSlot = (slot: Slot): Slot => (slot === 0 ? 1 : 0);

/** Bytes of one slot. */
export const slotSize = (flash: Flash): number => (flash.size - SLOTS) / 2;

/** Offset of a slot. */
export const slotOffset = (flash: Flash, slot: Slot): number => SLOTS + slot * slotSize(flash);

/** An erased flash whose slots take files of up to `imageMax` bytes. */
export const flashFor = (imageMax: number): Flash => new Flash(SLOTS + 2 * Math.ceil(imageMax / ERASE_BLOCK) * ERASE_BLOCK);
