/** Images that are on the broker, by the request that ordered them, until its job ends: what to take off again, also after a restart. */
import type { Digest } from '../model/ids.ts';
import type { Store, Write } from '../ports/store.ts';

/** An image that a request ordered. */
export interface Order {
  readonly image: Digest;
  readonly length: number;
}

/** The open orders of one S1SP. */
export class Orders {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The write that notes an order. */
  note(requestId: string, order: Order): Write {
    return { table: 'images', key: key(requestId), value: new TextEncoder().encode(JSON.stringify(order)) };
  }

  /** The order of a request, or undefined. */
  of(requestId: string): Order | undefined {
    const bytes = this.#store.get('images', key(requestId));
    return bytes === undefined ? undefined : read(bytes);
  }

  /** The write that forgets an order. */
  done(requestId: string): Write {
    return { table: 'images', key: key(requestId), value: undefined };
  }

  /** True while an open order needs an image. */
  want(image: Digest): boolean {
    return this.#store.range('images', PREFIX, `${PREFIX}~`).some(([, bytes]) => read(bytes).image === image);
  }
}

const PREFIX = 'order/';

const key = (requestId: string): string => `${PREFIX}${requestId}`;

const read = (bytes: Uint8Array): Order => JSON.parse(new TextDecoder().decode(bytes)) as Order;
