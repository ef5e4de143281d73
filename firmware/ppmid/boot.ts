/**
 * The bootloader of a virtual PPMID: two slots, and a journal that says which of them runs and why.
 *
 *   confirmed(a) ──stage──► staged(a) ──start, b verifies──► trial(b) ──confirm──► confirmed(b)
 *                              │ b refused                      │ revert, or three starts unconfirmed
 *                              └──────────► confirmed(a) ◄──────┘
 *
 * Only the journal changes hands: the slot that runs is never written to, so a power cut leaves the old firmware or the
 * new one runnable. Verification happens before every start, of the running slot too; a slot that no longer verifies
 * gives way to the other.
 */
import { Fault, ok, refuse, type Refusal, type Result } from '../../host/model/fault.ts';
import type { ImageHeader } from '../../host/model/image.ts';
import { BOOT_JOURNAL, otherSlot, slotOffset, slotSize, type Slot } from './flash-map.ts';
import { ERASE_BLOCK, PROGRAM_UNIT, type Flash } from './flash.ts';
import { Journal } from './journal.ts';

/** Starts that a new image gets before it must have confirmed itself. */
export const TRIAL_STARTS = 3;

/** What came of the last upgrade. */
export type Outcome = 'none' | 'upgraded' | 'refused' | 'reverted';

/** What the journal says. */
export interface BootState {
  readonly stage: 'confirmed' | 'staged' | 'trial';
  /** The slot that runs; under `staged` the candidate is the other one. */
  readonly slot: Slot;
  /** Starts of a trial so far. */
  readonly starts: number;
  readonly outcome: Outcome;
}

/** An image found fit to run. */
export interface Firmware {
  readonly slot: Slot;
  readonly header: ImageHeader;
  /** Data of the upgrade-image element: the program. */
  readonly program: Uint8Array;
}

/** Verifies a whole upgrade file for this very hardware and finds its program. */
export type FirmwareVerifier = (file: Uint8Array) => Result<{ readonly header: ImageHeader; readonly program: Uint8Array }>;

/** What `start` decided. */
export type Started = { readonly ok: true; readonly firmware: Firmware; readonly trial: boolean; readonly outcome: Outcome } | Refusal;

const STAGES = ['confirmed', 'staged', 'trial'] as const;
const OUTCOMES = ['none', 'upgraded', 'refused', 'reverted'] as const;

/** The bootloader over a flash. */
export class Boot {
  readonly #flash: Flash;
  readonly #verify: FirmwareVerifier;
  readonly #journal: Journal;

  constructor(flash: Flash, verify: FirmwareVerifier) {
    this.#flash = flash;
    this.#verify = verify;
    this.#journal = new Journal(flash, BOOT_JOURNAL);
  }

  /** What stands in the journal; a fresh flash runs slot 0. */
  get state(): BootState {
    const record = this.#journal.last();
    if (record === undefined) return { stage: 'confirmed', slot: 0, starts: 0, outcome: 'none' };
    const [stage, slot, starts, outcome] = record as unknown as [number, number, number, number];
    return { stage: STAGES[stage]!, slot: slot === 0 ? 0 : 1, starts, outcome: OUTCOMES[outcome]! };
  }

  /** The slot that a download may be written to. */
  get spare(): Slot {
    return otherSlot(this.state.slot);
  }

  /** Writes the image that leaves the factory into slot 0. Throws Fault `input` when it does not verify or fit. */
  provision(file: Uint8Array): void {
    const verdict = file.length > slotSize(this.#flash) ? refuse('size', `${file.length} bytes exceed the slot`) : this.#verify(file);
    if (!verdict.ok) throw new Fault('input', `the factory image is refused: ${verdict.code} (${verdict.detail})`);
    const padded = new Uint8Array(Math.ceil(file.length / PROGRAM_UNIT) * PROGRAM_UNIT).fill(0xff);
    padded.set(file);
    const offset = slotOffset(this.#flash, 0);
    for (let block = 0; block < padded.length; block += ERASE_BLOCK) {
      this.#flash.erase(offset + block);
      this.#flash.program(offset + block, padded.subarray(block, block + ERASE_BLOCK));
    }
    this.#record({ stage: 'confirmed', slot: 0, starts: 0, outcome: 'none' });
  }

  /** Decides what runs, and makes the journal say so before it runs. A refusal means that neither slot holds a usable image. */
  start(): Started {
    const state = this.state;
    if (state.stage === 'staged') {
      const candidate = this.inspect(otherSlot(state.slot));
      if (!candidate.ok) return this.#run({ ...state, stage: 'confirmed', outcome: 'refused' });
      return this.#run({ stage: 'trial', slot: otherSlot(state.slot), starts: 1, outcome: state.outcome });
    }
    if (state.stage === 'trial') {
      if (state.starts >= TRIAL_STARTS) return this.#run(reverted(state));
      return this.#run({ ...state, starts: state.starts + 1 });
    }
    return this.#run(state);
  }

  /** Verifies a slot as `start` would. */
  inspect(slot: Slot): Result<Firmware> {
    const length = this.#fileLength(slot);
    if (length === undefined) return refuse('empty', `slot ${slot} holds no upgrade file`);
    const verdict = this.#verify(this.#flash.read(slotOffset(this.#flash, slot), length));
    return verdict.ok ? ok({ slot, ...verdict.value }) : verdict;
  }

  /** Makes the spare slot the candidate of the next start. */
  stage(): void {
    this.#record({ ...this.state, stage: 'staged', starts: 0 });
  }

  /** The running trial image has proved itself; without a trial nothing happens. */
  confirm(): void {
    const state = this.state;
    if (state.stage === 'trial') this.#record({ stage: 'confirmed', slot: state.slot, starts: 0, outcome: 'upgraded' });
  }

  /** The running trial image has failed: the next start runs the old one. Without a trial nothing happens. */
  revert(): void {
    const state = this.state;
    if (state.stage === 'trial') this.#record(reverted(state));
  }

  /** Runs the slot of `state`, or the other one when that slot no longer verifies. */
  #run(state: BootState): Started {
    for (const next of [state, reverted(state)]) {
      const firmware = this.inspect(next.slot);
      if (!firmware.ok) continue;
      this.#record(next);
      return { ok: true, firmware: firmware.value, trial: next.stage === 'trial', outcome: next.outcome };
    }
    return refuse('no-firmware', 'neither slot holds an image that verifies');
  }

  #record(state: BootState): void {
    const record = Uint8Array.of(STAGES.indexOf(state.stage), state.slot, state.starts, OUTCOMES.indexOf(state.outcome));
    const last = this.#journal.last();
    if (last === undefined || last.some((byte, i) => byte !== record[i])) this.#journal.append(record);
  }

  /** Length of the file in a slot by its own header (ZCL 11.4.2: magic first, total size at byte 52). */
  #fileLength(slot: Slot): number | undefined {
    const head = new DataView(this.#flash.read(slotOffset(this.#flash, slot), 56).buffer);
    const length = head.getUint32(52, true);
    return head.getUint32(0, true) === 0x0beef11e && length >= 56 && length <= slotSize(this.#flash) ? length : undefined;
  }
}

const reverted = (state: BootState): BootState => ({ stage: 'confirmed', slot: otherSlot(state.slot), starts: 0, outcome: 'reverted' });
