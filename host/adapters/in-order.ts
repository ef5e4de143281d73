/**
 * Delivery in order, one at a time: what the Broker, Radio and Medium ports promise of their handlers.
 *
 * Items that come before there is a handler wait for it. A handler that rejects does not stop the delivery; `onError` is told.
 */

/** A queue in front of a handler. */
export class InOrder<T> {
  readonly #onError: (error: unknown, item: T) => void;
  #waiting: T[] = [];
  #handler: ((item: T) => void | Promise<void>) | undefined;
  #running = false;

  constructor(onError: (error: unknown, item: T) => void) {
    this.#onError = onError;
  }

  /** Items that were not handed over yet. */
  get length(): number {
    return this.#waiting.length;
  }

  /** Sets who gets the items from now on; the first handler gets what waited. */
  handle(handler: (item: T) => void | Promise<void>): void {
    this.#handler = handler;
    void this.#run();
  }

  /** Adds an item. */
  push(item: T): void {
    this.#waiting.push(item);
    void this.#run();
  }

  /** Drops what was not handed over yet. */
  clear(): void {
    this.#waiting = [];
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    while (this.#handler !== undefined && this.#waiting.length > 0) {
      const item = this.#waiting.shift() as T;
      try {
        await this.#handler(item);
      } catch (error) {
        this.#onError(error, item);
      }
    }
    this.#running = false;
  }
}
