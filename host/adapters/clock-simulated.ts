/**
 * A clock whose time is made of events: it jumps from one timer to the next and stands still while one is handled.
 *
 * Between two timers it lets the program come to rest: microtasks and one turn of the event loop, and again as long as a
 * `hold` is out. Work whose end real time decides (a file, a socket, a compilation) must hold the clock, or time passes it by.
 * Tests drive it with `advance` and `complete`; demonstrations let it `run` at a rate of real time.
 */
import { Fault } from '../model/fault.ts';
import type { Cancel, Clock } from '../ports/clock.ts';
import { TimerQueue } from './timer-queue.ts';

/** How a running clock follows real time. */
export interface Pace {
  /** Simulated milliseconds per real millisecond at most: 1 is real time, Infinity as fast as events come. */
  readonly rate: number;
}

/** A clock of simulated time. */
export class SimulatedClock implements Clock {
  readonly #queue = new TimerQueue();
  #time: number;
  #holds = 0;
  #held = 0;
  #awaitingRelease: (() => void)[] = [];
  /** Set while `run` is under way: simulated time may reach `time + (real − real then) × rate`. */
  #pace: { rate: number; time: number; real: number; stopped: boolean } | undefined;
  /** Ends the runner's sleep; set only while it sleeps, which is also when time flows between events. */
  #wake: (() => void) | undefined;

  /** A clock that stands at `start` (milliseconds since 1970). */
  constructor(start: number = Date.now()) {
    this.#time = start;
  }

  now(): number {
    if (this.#wake !== undefined && this.#holds === 0) {
      this.#time = Math.max(this.#time, Math.min(this.#allowed(), this.#queue.next() ?? Infinity));
    }
    return this.#time;
  }

  after(delay: number, action: () => void): Cancel {
    const timer = this.#queue.add(this.now() + Math.max(0, delay), action);
    this.#wake?.();
    return () => void (timer.action = undefined);
  }

  hold(): () => void {
    if (this.#holds === 0) {
      this.#time = this.now();
      this.#held = performance.now();
    }
    this.#holds++;
    let out = true;
    return () => {
      if (!out) return;
      out = false;
      if (--this.#holds > 0) return;
      if (this.#pace) this.#pace.real += performance.now() - this.#held;
      for (const resume of this.#awaitingRelease.splice(0)) resume();
    };
  }

  /** Lets `ms` milliseconds pass and fires every timer that falls due, timers set meanwhile included. */
  async advance(ms: number): Promise<void> {
    this.#refuseWhileRunning();
    const end = this.#time + ms;
    await this.#rest();
    while ((this.#queue.next() ?? Infinity) <= end) {
      this.#fire();
      await this.#rest();
    }
    this.#time = Math.max(this.#time, end);
  }

  /**
   * Lets time pass until `work` settles, and answers as it does. Throws Fault `internal` when `limit` milliseconds have
   * passed, or when no timer is left and nothing can happen any more.
   */
  async complete<T>(work: Promise<T>, limit = Infinity): Promise<T> {
    this.#refuseWhileRunning();
    const end = this.#time + limit;
    let settled = false;
    const mark = (): void => void (settled = true);
    work.then(mark, mark);
    await this.#rest();
    while (!settled) {
      const next = this.#queue.next();
      if (next === undefined) throw new Fault('internal', 'simulated time ended before the work did: no timer is left');
      if (next > end) throw new Fault('internal', `the work did not end within ${limit} ms of simulated time`);
      this.#fire();
      await this.#rest();
    }
    return work;
  }

  /** Lets time pass by itself until the returned function is called. While a hold is out no time passes, nor is it caught up. */
  run(pace: Pace): () => void {
    this.#refuseWhileRunning();
    if (!(pace.rate > 0)) throw new Fault('internal', `a clock cannot run at rate ${pace.rate}`);
    const mine = { rate: pace.rate, time: this.#time, real: performance.now(), stopped: false };
    this.#pace = mine;
    void this.#follow(mine);
    return () => {
      if (mine.stopped) return;
      this.now();
      mine.stopped = true;
      this.#pace = undefined;
      this.#wake?.();
    };
  }

  async #follow(pace: { rate: number; stopped: boolean }): Promise<void> {
    await this.#rest();
    while (!pace.stopped) {
      const next = this.#queue.next();
      const wait = next === undefined ? Infinity : next - Math.max(this.#time, this.#allowed());
      if (wait > 0) await this.#sleep(wait / pace.rate);
      else this.#fire();
      await this.#rest();
    }
  }

  #allowed(): number {
    const pace = this.#pace;
    if (pace === undefined) return this.#time;
    if (pace.rate === Infinity) return this.#queue.next() ?? this.#time;
    return pace.time + (performance.now() - pace.real) * pace.rate;
  }

  #fire(): void {
    const timer = this.#queue.take()!;
    this.#time = Math.max(this.#time, timer.time);
    timer.action!();
  }

  /** Sleeps in real time, until a timer is set at the latest. */
  #sleep(ms: number): Promise<void> {
    return new Promise((done) => {
      const timer = ms < 2 ** 31 ? setTimeout(() => this.#wake?.(), ms) : undefined;
      this.#wake = () => {
        this.#wake = undefined;
        clearTimeout(timer);
        done();
      };
    });
  }

  /** Resolves when microtasks and one turn of the event loop have passed with no hold out. */
  async #rest(): Promise<void> {
    await turn();
    while (this.#holds > 0) {
      await new Promise<void>((resume) => void this.#awaitingRelease.push(resume));
      await turn();
    }
  }

  #refuseWhileRunning(): void {
    if (this.#pace) throw new Fault('internal', 'the simulated clock is already running');
  }
}

const turn = (): Promise<void> => new Promise((done) => void setImmediate(done));
