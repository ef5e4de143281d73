/**
 * Registers: the signed statements that decisions rest on, as received, every version kept, so that an old decision can
 * be explained later [R-AUD-01]. Signature, environment and validity are judged by `messages/`, before storing and after
 * reading; here only the version counts.
 */
import { refuse, type Refusal, type Result } from '../model/fault.ts';
import type { Eui64 } from '../model/ids.ts';
import type { StatementKind } from '../model/register.ts';
import type { Store, Write } from '../ports/store.ts';

/** A statement as stored. */
export interface StoredStatement {
  readonly kind: StatementKind;
  /** The gateway that it is about, or was cut for. */
  readonly gateway: Eui64 | undefined;
  readonly version: number;
  /** The signed bytes as received. */
  readonly bytes: Uint8Array;
}

/** The registers of one gateway, or of an S1SP that knows many gateways. */
export class Registers {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The statement with the highest version, or undefined. `gateway` for kinds that are about one gateway, and for slices. */
  newest(kind: StatementKind, gateway?: Eui64): StoredStatement | undefined {
    const found = this.#store.last('registers', `${prefix(kind, gateway)}~`);
    return found?.[0].startsWith(prefix(kind, gateway)) === true ? statement(found) : undefined;
  }

  /** Every version, lowest first. */
  history(kind: StatementKind, gateway?: Eui64): readonly StoredStatement[] {
    return this.#store.range('registers', prefix(kind, gateway), `${prefix(kind, gateway)}~`).map(statement);
  }

  /** Everything that is stored: by kind, then by gateway, then by version. */
  all(): readonly StoredStatement[] {
    return this.#store.range('registers', '', '~').map(statement);
  }

  /** The write that stores a statement. Refused `older` when its version is not above the newest: versions only rise. */
  put(kind: StatementKind, version: number, bytes: Uint8Array, gateway?: Eui64): Result<Write, Refusal> {
    const newest = this.newest(kind, gateway)?.version;
    if (newest !== undefined && version <= newest) return refuse('older', `version ${version} of ${kind} is not above ${newest}`);
    return { ok: true, value: { table: 'registers', key: `${prefix(kind, gateway)}${String(version).padStart(16, '0')}`, value: bytes } };
  }
}

const prefix = (kind: StatementKind, gateway: Eui64 | undefined): string => `${kind}/${gateway ?? 'all'}/`;

function statement([key, bytes]: readonly [string, Uint8Array]): StoredStatement {
  const [kind = '', scope = '', version = ''] = key.split('/');
  return { kind: kind as StatementKind, gateway: scope === 'all' ? undefined : (scope as Eui64), version: Number(version), bytes };
}
