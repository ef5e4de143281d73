/**
 * Gateways whose premises have no Lead Supplier, with the cause that a person was told of last [R-PPMID-04]: that is a state which must not be,
 * and is told of once for each cause, however many requests meet it and over restarts.
 */
import type { Eui64 } from '../model/ids.ts';
import type { Store, Write } from '../ports/store.ts';

/** What of a gateway was told in one store. */
export class Leadless {
  readonly #store: Pick<Store, 'get'>;
  /** What a commit on its way will say, so that two requests at once tell it once. */
  readonly #told = new Map<Eui64, string | undefined>();

  constructor(store: Pick<Store, 'get'>) {
    this.#store = store;
  }

  /**
   * Takes what a decision found: `cause` says why there is no Lead Supplier, undefined = there is one. Answers the write that keeps it when that is
   * news: it belongs into the commit that tells a person of a cause.
   */
  found(gateway: Eui64, cause: string | undefined): Write | undefined {
    const before = this.#told.has(gateway) ? this.#told.get(gateway) : this.#stored(gateway);
    if (before === cause) return undefined;
    this.#told.set(gateway, cause);
    return { table: 'meta', key: key(gateway), value: cause === undefined ? undefined : new TextEncoder().encode(cause) };
  }

  #stored(gateway: Eui64): string | undefined {
    const bytes = this.#store.get('meta', key(gateway));
    return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
  }
}

const key = (gateway: Eui64): string => `leadless/${gateway}`;
