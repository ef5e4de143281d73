/** The switch of a virtual device: starts one run at a time, each with fresh power and a fresh core, and ends it. */
import type { Core } from '../../host/core/core.ts';
import type { Cancel, Clock } from '../../host/ports/clock.ts';
import { Power } from './power.ts';

/** One run of a device; `stop` takes it off the air. */
export interface Run {
  stop(): void;
}

/** What a switch needs. */
export interface PowerSwitchParts<C extends Core> {
  readonly clock: Clock;
  /** A fresh core; the clock is held meanwhile. */
  readonly loadCore: () => Promise<C>;
  /** Begins a run. What it throws ends the run: a PowerCut as `onCut`, anything else as the rejection of `on`. */
  readonly start: (power: Power, core: C) => Run;
  /** Called when a PowerCut ended a run. */
  readonly onCut?: () => void;
}

/** A switch, off at first. */
export class PowerSwitch<C extends Core> {
  readonly #parts: PowerSwitchParts<C>;
  #power: Power | undefined;
  #run: Run | undefined;
  #restart: Cancel = () => undefined;

  constructor(parts: PowerSwitchParts<C>) {
    this.#parts = parts;
  }

  /** Whether the device runs. */
  get isOn(): boolean {
    return this.#power?.on === true;
  }

  /** Switches on; a device that is on is switched off first. Resolves when its run has begun. */
  async on(): Promise<void> {
    this.off();
    const { clock, loadCore, start, onCut } = this.#parts;
    const power = new Power(clock, () => {
      this.off();
      onCut?.();
    });
    this.#power = power;
    const release = clock.hold();
    try {
      const core = await loadCore();
      power.run(() => {
        this.#run = start(power, core);
      });
    } finally {
      release();
    }
  }

  /** Switches off at once. */
  off(): void {
    this.#restart();
    this.#power?.off();
    this.#run?.stop();
    this.#power = undefined;
    this.#run = undefined;
  }

  /** Switches off, and on again after `delay` milliseconds. */
  restart(delay: number): void {
    this.off();
    this.#restart = this.#parts.clock.after(delay, () => void this.on());
  }
}
