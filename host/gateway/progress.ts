/**
 * Progress of one transfer, as people read it: never backwards, the rate of this session alone, unknown while unknown.
 */
import type { Eui64, JobId } from '../model/ids.ts';
import type { Progress } from '../model/job.ts';
import type { Clock } from '../ports/clock.ts';

/** Time over which the rate is taken. */
const WINDOW_MS = 10_000;
/** Progress is told at most so often. */
const INTERVAL_MS = 250;

/** Counts what was served of one image to one device. */
export class ProgressMeter {
  readonly #clock: Clock;
  readonly #job: JobId;
  readonly #device: Eui64;
  readonly #total: number;
  /** Samples (time, bytes served in this session) within the window. */
  readonly #samples: { readonly time: number; readonly bytes: number }[] = [];
  #bytes = 0;
  #offset = 0;
  #restarts: number;
  #told = -Infinity;

  constructor(clock: Clock, job: JobId, device: Eui64, total: number, restarts: number) {
    this.#clock = clock;
    this.#job = job;
    this.#device = device;
    this.#total = total;
    this.#restarts = restarts;
  }

  /** Furthest byte served so far; back to the block's end when the device began anew. */
  get offset(): number {
    return this.#offset;
  }

  /** How often the device began anew. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Notes a served block. Answers progress when it is time to tell it again, always for the last block. */
  served(offset: number, length: number, restart: boolean): Progress | undefined {
    const now = this.#clock.now();
    if (restart) {
      this.#restarts++;
      this.#offset = 0;
    }
    this.#bytes += length;
    this.#offset = Math.max(this.#offset, offset + length);
    this.#samples.push({ time: now, bytes: this.#bytes });
    while (this.#samples.length > 2 && (this.#samples[0]?.time ?? now) < now - WINDOW_MS) this.#samples.shift();
    if (now - this.#told < INTERVAL_MS && this.#offset < this.#total) return undefined;
    this.#told = now;
    return this.#read();
  }

  #read(): Progress {
    const first = this.#samples[0];
    const last = this.#samples[this.#samples.length - 1];
    const elapsed = first === undefined || last === undefined ? 0 : last.time - first.time;
    const rate = first === undefined || last === undefined || elapsed <= 0 ? 0 : ((last.bytes - first.bytes) * 1000) / elapsed;
    return {
      job: this.#job,
      device: this.#device,
      offset: this.#offset,
      total: this.#total,
      bytesPerSecond: Math.round(rate),
      secondsLeft: rate > 0 ? Math.ceil((this.#total - this.#offset) / rate) : undefined,
      restarts: this.#restarts,
    };
  }
}
