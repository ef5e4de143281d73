/** What is to be done about keys and is not done yet: durable, so that a restart forgets none of it. */
import { refuse, type Refusal } from '../model/fault.ts';
import type { Eui64 } from '../model/ids.ts';
import type { Store, Write } from '../ports/store.ts';
import { decodeObject, encode } from './canonical-json.ts';
import { SealedKeys } from './keys.ts';

/** An order about keys. */
export type KeyOrder =
  | { readonly kind: 'rotate'; readonly reason: string }
  /** `code`: the install code is forgotten too, so that the device cannot come back by it. */
  | { readonly kind: 'erase'; readonly device: Eui64; readonly code: boolean };

/** The open orders of one gateway: at most one rotation, and one erasure a device. */
export class KeyOrders {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Every open order. */
  all(): readonly KeyOrder[] {
    return this.#store.range('orders', '', '~').map(([, bytes]) => decodeObject(bytes) as unknown as KeyOrder);
  }

  /** Refuses `device-unknown`: a device of which there is no key, no install code and no address is somebody's slip of the hand. */
  refusal(order: KeyOrder): Refusal | undefined {
    if (order.kind === 'rotate') return undefined;
    const { device } = order;
    const sealed = new SealedKeys(this.#store);
    const isHeld = (['link', 'install'] as const).some((purpose) => sealed.get(purpose, device) !== undefined);
    if (isHeld || this.#store.get('members', device) !== undefined) return undefined;
    return refuse('device-unknown', `there is no key, no install code and no address of ${device}: nothing was erased`);
  }

  /** The write that opens an order, in place of one of its kind. */
  put(order: KeyOrder): Write {
    return { table: 'orders', key: keyOf(order), value: encode(order) };
  }

  /** The write that closes an order. */
  done(order: KeyOrder): Write {
    return { table: 'orders', key: keyOf(order), value: undefined };
  }
}

const keyOf = (order: KeyOrder): string => (order.kind === 'rotate' ? 'rotate' : `erase/${order.device}`);
