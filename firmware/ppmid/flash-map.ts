/** Where things stand in the flash of a virtual PPMID: the journal in the first two blocks, then two slots of equal size. */
import { ERASE_BLOCK, Flash } from './flash.ts';
import { Journal, journalSize } from './journal.ts';

/** One of the two slots. */
export type Slot = 0 | 1;

/** The slot that is not `slot`. */
export const otherSlot = (slot: Slot): Slot => (slot === 0 ? 1 : 0);

/** The journal of the bootloader and of the settings. */
export const journalOf = (flash: Flash): Journal => new Journal(flash, 0);

/** Bytes of one slot, whole blocks. */
export function slotSize(flash: Flash): number {
  const { eraseBlock } = flash.geometry;
  return Math.floor((flash.size - journalSize(flash)) / 2 / eraseBlock) * eraseBlock;
}

/** Offset of a slot. */
export const slotOffset = (flash: Flash, slot: Slot): number => journalSize(flash) + slot * slotSize(flash);

/** An erased flash of the standard part whose slots take files of up to `imageMax` bytes. */
export const flashFor = (imageMax: number): Flash => new Flash((2 + 2 * Math.ceil(imageMax / ERASE_BLOCK)) * ERASE_BLOCK);
