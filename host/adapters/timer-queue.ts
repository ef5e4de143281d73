/**
 * Timers in the order in which they fall due: a binary heap by time, ties in the order of insertion.
 * It knows no clock and runs nothing.
 */

/** A timer in the queue. Cancelling clears `action`; the queue drops such entries when they reach the front. */
export interface Timer {
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Rank among timers of the same time. */
  readonly order: number;
  action: (() => void) | undefined;
}

/** A queue of timers. */
export class TimerQueue {
  readonly #heap: Timer[] = [];
  #order = 0;

  /** Adds a timer and answers it, so that its `action` can be cleared. */
  add(time: number, action: () => void): Timer {
    const timer: Timer = { time, order: this.#order++, action };
    let at = this.#heap.push(timer) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(timer, this.#heap[parent]!)) break;
      this.#heap[at] = this.#heap[parent]!;
      at = parent;
    }
    this.#heap[at] = timer;
    return timer;
  }

  /** Time of the timer that is due first, or undefined when none is left. */
  next(): number | undefined {
    while (this.#heap.length > 0 && this.#heap[0]!.action === undefined) this.#removeFirst();
    return this.#heap[0]?.time;
  }

  /** Removes the timer that `next` told of. Undefined when none is left. */
  take(): Timer | undefined {
    return this.next() === undefined ? undefined : this.#removeFirst();
  }

  #removeFirst(): Timer {
    const first = this.#heap[0]!;
    const last = this.#heap.pop()!;
    const size = this.#heap.length;
    if (size === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && before(this.#heap[child + 1]!, this.#heap[child]!)) child++;
      if (!before(this.#heap[child]!, last)) break;
      this.#heap[at] = this.#heap[child]!;
      at = child;
    }
    this.#heap[at] = last;
    return first;
  }
}

const before = (a: Timer, b: Timer): boolean => a.time < b.time || (a.time === b.time && a.order < b.order);
