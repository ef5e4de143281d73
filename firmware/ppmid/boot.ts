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
 *
 * Images carry a security counter (0 when they have none). The journal keeps the highest that was ever confirmed, raised in
 * the record that confirms; an image below it is not run, whatever its file version says.
 */
import { Fault, ok, refuse, type Refusal, type Result } from '../../host/model/fault.ts';
import type { ImageHeader } from '../../host/model/image.ts';
import { journalOf, otherSlot, slotOffset, slotSize, type Slot } from './flash-map.ts';
import type { Flash } from './flash.ts';
import { Kind, type Journal } from './journal.ts';

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
  /** Lowest security counter that may run. */
  readonly counter: number;
}

/** What a file that is fit to run holds. */
export interface VerifiedImage {
  readonly header: ImageHeader;
  /** Data of the upgrade-image element: the program. */
  readonly program: Uint8Array;
  /** Its security counter; 0 when it has none. */
  readonly counter: number;
}

/** An image found fit to run, and where it stands. */
export interface Firmware extends VerifiedImage {
  readonly slot: Slot;
}

/** Verifies a whole upgrade file for this very hardware and finds its program. */
export type FirmwareVerifier = (file: Uint8Array) => Result<VerifiedImage>;

/** What `start` decided. */
export type Started = { readonly ok: true; readonly firmware: Firmware; readonly trial: boolean; readonly outcome: Outcome } | Refusal;

const STAGES = ['confirmed', 'staged', 'trial'] as const;
const OUTCOMES = ['none', 'upgraded', 'refused', 'reverted'] as const;
/** A record: stage, slot, starts and outcome a byte each, the counter as u32. */
const RECORD_LENGTH = 8;
const COUNTER_AT = 4;
const FRESH: BootState = { stage: 'confirmed', slot: 0, starts: 0, outcome: 'none', counter: 0 };

/** The bootloader over a flash. */
export class Boot {
  readonly #flash: Flash;
  readonly #verify: FirmwareVerifier;
  readonly #journal: Journal;

  constructor(flash: Flash, verify: FirmwareVerifier) {
    this.#flash = flash;
    this.#verify = verify;
    this.#journal = journalOf(flash);
  }

  /** What stands in the journal; a fresh flash runs slot 0. */
  get state(): BootState {
    const record = this.#journal.last(Kind.BOOT);
    if (record === undefined) return FRESH;
    const [stage, slot, starts, outcome] = record as unknown as [number, number, number, number];
    const counter = new DataView(record.buffer).getUint32(COUNTER_AT, true);
    return { stage: STAGES[stage]!, slot: slot === 0 ? 0 : 1, starts, outcome: OUTCOMES[outcome]!, counter };
  }

  /** The slot that a download may be written to. */
  get spare(): Slot {
    return otherSlot(this.state.slot);
  }

  /** Writes the image that leaves the factory into slot 0. Throws Fault `input` when it does not verify or fit. */
  provision(file: Uint8Array): void {
    const verdict = file.length > slotSize(this.#flash) ? refuse('size', `${file.length} bytes exceed the slot`) : this.#verify(file);
    if (!verdict.ok) throw new Fault('input', `the factory image is refused: ${verdict.code} (${verdict.detail})`);
    const { eraseBlock, programUnit } = this.#flash.geometry;
    const padded = new Uint8Array(Math.ceil(file.length / programUnit) * programUnit).fill(0xff);
    padded.set(file);
    const offset = slotOffset(this.#flash, 0);
    for (let block = 0; block < padded.length; block += eraseBlock) {
      this.#flash.erase(offset + block);
      this.#flash.program(offset + block, padded.subarray(block, block + eraseBlock));
    }
    this.#record({ ...FRESH, counter: verdict.value.counter });
  }

  /** Decides what runs, and makes the journal say so before it runs. A refusal means that neither slot holds a usable image. */
  start(): Started {
    const state = this.state;
    if (state.stage === 'staged') {
      const candidate = this.inspect(otherSlot(state.slot));
      if (!candidate.ok) return this.#run({ ...state, stage: 'confirmed', outcome: 'refused' });
      return this.#run({ ...state, stage: 'trial', slot: otherSlot(state.slot), starts: 1 });
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
    if (!verdict.ok) return verdict;
    const { counter } = this.state;
    if (verdict.value.counter < counter) return refuse('security-counter', `${verdict.value.counter} is below ${counter}`);
    return ok({ slot, ...verdict.value });
  }

  /** Makes the spare slot the candidate of the next start. */
  stage(): void {
    this.#record({ ...this.state, stage: 'staged', starts: 0 });
  }

  /** The running trial image has proved itself, and none below its security counter runs any more; without a trial nothing happens. */
  confirm(): void {
    const state = this.state;
    if (state.stage !== 'trial') return;
    const running = this.inspect(state.slot);
    const counter = running.ok ? running.value.counter : state.counter;
    this.#record({ stage: 'confirmed', slot: state.slot, starts: 0, outcome: 'upgraded', counter });
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
    const record = new Uint8Array(RECORD_LENGTH);
    record.set([STAGES.indexOf(state.stage), state.slot, state.starts, OUTCOMES.indexOf(state.outcome)]);
    new DataView(record.buffer).setUint32(COUNTER_AT, state.counter, true);
    const last = this.#journal.last(Kind.BOOT);
    if (last === undefined || last.some((byte, i) => byte !== record[i])) this.#journal.append(Kind.BOOT, record);
  }

  /** Length of the file in a slot by its own header (ZCL 11.4.2: magic first, total size at byte 52). */
  #fileLength(slot: Slot): number | undefined {
    const head = new DataView(this.#flash.read(slotOffset(this.#flash, slot), 56).buffer);
    const length = head.getUint32(52, true);
    return head.getUint32(0, true) === 0x0beef11e && length >= 56 && length <= slotSize(this.#flash) ? length : undefined;
  }
}

const reverted = ({ slot, counter }: BootState): BootState => ({
  stage: 'confirmed',
  slot: otherSlot(slot),
  starts: 0,
  outcome: 'reverted',
  counter,
});
