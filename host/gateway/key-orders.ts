/**
 * Orders about keys, from a person at the gateway or from a restore: durable first, then done, then closed. What a restart interrupts is
 * done again; each of them may be done twice without harm.
 */
import type { Turned } from '../han/network-key.ts';
import type { Refusal } from '../model/fault.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';
import { KeyOrders, type KeyOrder } from '../stores/key-orders.ts';
import type { Han } from './han.ts';

/** What works orders off. */
export interface KeyOrderParts {
  readonly store: Store;
  readonly han: Han;
  readonly log: Log;
}

/** The orders of one running gateway. */
export class KeyOrderDesk {
  readonly #parts: KeyOrderParts;
  readonly #orders: KeyOrders;

  constructor(parts: KeyOrderParts) {
    this.#parts = parts;
    this.#orders = new KeyOrders(parts.store);
  }

  /** Does what was left open; resolves when all of it is done. */
  async resume(): Promise<void> {
    for (const order of this.#orders.all()) await this.#do(order);
  }

  /** Why an order is none (see `KeyOrders.refusal`). */
  refusal(order: KeyOrder): Refusal | undefined {
    return this.#orders.refusal(order);
  }

  /** Takes an order; resolves when it is done. */
  async take(order: KeyOrder): Promise<Turned | undefined> {
    await this.#parts.store.commit([this.#orders.put(order)]);
    return this.#do(order);
  }

  async #do(order: KeyOrder): Promise<Turned | undefined> {
    const { han, log, store } = this.#parts;
    log.info('key-order', { kind: order.kind });
    let turned: Turned | undefined;
    if (order.kind === 'rotate') turned = await han.rotation.rotate(order.reason, order.reason === 'restored');
    else await han.expel(order.device, order.code);
    await store.commit([this.#orders.done(order)]);
    return turned;
  }
}
