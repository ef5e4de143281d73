/** Who is on the home network: short addresses given, and whether the device announced itself under them. */
import type { Eui64 } from '../model/ids.ts';
import type { Store } from '../ports/store.ts';
import { decodeObject, encode } from './canonical-json.ts';

/** A device with an address on the network. */
export interface Member {
  readonly eui: Eui64;
  readonly short: number;
  readonly joined: boolean;
}

/** The members of one network. */
export class Members {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Every member, by EUI-64. */
  all(): readonly Member[] {
    return this.#store.range('members', '', '~').map(([, bytes]) => decodeObject(bytes) as unknown as Member);
  }

  /** Keeps a member; resolves when durable. */
  async save(member: Member): Promise<void> {
    const { eui, short, joined } = member;
    await this.#store.commit([{ table: 'members', key: eui, value: encode({ eui, short, joined }) }]);
  }
}
