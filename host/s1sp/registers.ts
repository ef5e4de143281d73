/**
 * The registers of the S1SP's side: the lists whole, and the statements about every gateway it serves. Every version stays; the newest of each is
 * at hand. Lists are kept open; what is about one gateway is read when it is asked for, from a copy that was made when its signature was
 * verified, so that many premises cost no memory.
 */
import { createHash } from 'node:crypto';
import { gatewayOf, LIST_SIZE, openStatement, signersBy, STATEMENT_CHECKS, type StatementContext } from '../messages/statement.ts';
import type { MessageRefusal } from '../messages/message-check.ts';
import { ok, type Result } from '../model/fault.ts';
import { digest, type Digest, type Eui64, type KeyId } from '../model/ids.ts';
import { plain } from '../model/plain.ts';
import type { CombinationMember } from '../model/dated.ts';
import type { HardwareModel } from '../model/device.ts';
import type {
  CombinationsStatement,
  ProductEntry,
  ProductsStatement,
  RegisteredKey,
  RegisterReference,
  Statement,
  StatementKind,
  StatementOf,
} from '../model/register.ts';
import type { Environment, Signer } from '../model/service-request.ts';
import { registerDefect } from '../policy/register-defects.ts';
import { seconds, type Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';
import type { Audit } from '../stores/audit.ts';
import { Registers as StoredRegisters } from '../stores/registers.ts';

/** What the registers work with. */
export interface S1spRegistersParts {
  readonly environment: Environment;
  readonly anchors: readonly Signer[];
  readonly store: Store;
  readonly audit: Pick<Audit, 'append'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** A statement that was taken. */
export interface TakenStatement {
  readonly statement: Statement;
  readonly bytes: Uint8Array;
  /** False when it was there already. */
  readonly news: boolean;
}

/** A statement that was verified when it was taken, and the digest of its signed bytes. */
interface View {
  readonly statement: Statement;
  readonly digest: Digest;
}

/** The kinds that are about one gateway each: not kept open. */
type PremisesKind = 'suppliers' | 'device-log' | 'inventory' | 'consents';
/** The kinds that are about all. */
export type ListKind = Exclude<StatementKind, PremisesKind>;

const PREMISES: readonly StatementKind[] = ['suppliers', 'device-log', 'inventory', 'consents'];
const LISTS: readonly ListKind[] = [
  'signers',
  'products',
  'combinations',
  'documents',
  'cohorts',
  'services',
  'users',
  'thresholds',
  'response-times',
  'equivalent-steps',
  'pending',
];
const AT_TAKING = new Set(['validity', 'version']);
const STORED_CHECKS = STATEMENT_CHECKS.filter((check) => !AT_TAKING.has(check.name));

/** The registers of one S1SP. */
export class S1spRegisters {
  readonly #parts: S1spRegistersParts;
  readonly #stored: StoredRegisters;
  readonly #lists = new Map<StatementKind, View>();
  #products: ReadonlyMap<string, readonly ProductEntry[]> = new Map();
  #combinations: ReadonlyMap<string, CombinationsStatement['combinations']> = new Map();
  #keys: (kid: KeyId) => RegisteredKey | undefined = () => undefined;

  /** Opens the lists that are stored. */
  constructor(parts: S1spRegistersParts) {
    this.#parts = parts;
    this.#stored = new StoredRegisters(parts.store);
    for (const kind of LISTS) {
      const bytes = this.#stored.newest(kind)?.bytes;
      if (bytes === undefined) continue;
      const opened = openStatement(bytes, { ...this.#context(), checks: STORED_CHECKS });
      if (opened.ok) this.#keep(opened.value.statement, bytes);
      else parts.log.error('stored-statement-refused', { kind, code: opened.code });
    }
  }

  /** The newest list of a kind, whole. */
  list<K extends ListKind>(kind: K): StatementOf<K> | undefined {
    return this.#lists.get(kind)?.statement as StatementOf<K> | undefined;
  }

  /** The Central Products List, cut to one hardware. */
  productsOf(hardware: HardwareModel): ProductsStatement | undefined {
    const list = this.list('products');
    return list && { ...list, products: this.#products.get(hardwareKey(hardware)) ?? [] };
  }

  /** The Eligible Product Combinations, cut to those with one hub. */
  combinationsOf(hub: HardwareModel): CombinationsStatement | undefined {
    const list = this.list('combinations');
    return list && { ...list, combinations: this.#combinations.get(hardwareKey(hub)) ?? [] };
  }

  /** The newest statement of a kind about one gateway. */
  about<K extends PremisesKind>(kind: K, gateway: Eui64): StatementOf<K> | undefined {
    return this.#view(kind, gateway)?.statement as StatementOf<K> | undefined;
  }

  /** The statements that a judgement about a gateway rests on; the lists alone where it is about none. */
  references(gateway?: Eui64): readonly RegisterReference[] {
    const reference = (statement: Statement, sha256: Digest): RegisterReference => ({
      kind: statement.kind,
      version: statement.version,
      digest: sha256,
    });
    const lists = [...this.#lists.values()].map((each) => reference(each.statement, each.digest));
    const views =
      gateway === undefined
        ? []
        : PREMISES.flatMap((kind) => this.#view(kind, gateway) ?? []).map((each) => reference(each.statement, each.digest));
    return [...lists, ...views];
  }

  /** Whose key this is; whether it counts now is for the rules. */
  key(kid: KeyId): RegisteredKey | undefined {
    return this.#keys(kid);
  }

  /**
   * Takes a signed statement: verified, on record, durable, then in use, without a restart. One that is stored already is no news. Refused with a
   * check of `messages/`, or `register` when it cannot be taken into use as it is; that is on record too.
   */
  async take(bytes: Uint8Array): Promise<Result<TakenStatement, MessageRefusal>> {
    const { audit, clock, log } = this.#parts;
    const opened = openStatement(bytes, this.#context());
    if (!opened.ok) return this.#isStored(bytes) ?? this.#refused(bytes, opened);
    const { statement, signer } = opened.value;
    const defect = registerDefect(statement, this.list('documents'), seconds(clock));
    if (defect !== undefined) return this.#refused(bytes, { ok: false, check: 'register', ...defect });
    const { kind, version } = statement;
    const gateway = gatewayOf(statement);
    const write = this.#stored.put(kind, version, bytes, gateway);
    if (!write.ok) return this.#refused(bytes, { ...write, check: 'version', requirements: ['R-EPC-03'] });
    const view =
      PREMISES.includes(kind) && gateway !== undefined
        ? [{ table: 'views' as const, key: viewKey(kind, gateway), value: viewOf({ statement, digest: sha256Of(bytes) }) }]
        : [];
    await audit.append('statement', { kind, version, signer: signer.kid, digest: sha256Of(bytes), ...(gateway && { gateway }) }, [
      write.value,
      ...view,
    ]);
    if (gateway === undefined) this.#keep(statement, bytes);
    log.info('statement-taken', { kind, version });
    return ok({ statement, bytes, news: true });
  }

  /** Statements to be handed to a gateway: those about it, slices cut for it, and the lists for which it has no slice as new. */
  forGateway(gateway: Eui64, kinds: readonly StatementKind[]): readonly { readonly kind: StatementKind; readonly bytes: Uint8Array }[] {
    return kinds.flatMap((kind) => {
      const [own, whole] = [this.#stored.newest(kind, gateway), this.#stored.newest(kind)];
      const chosen = own === undefined || (whole !== undefined && whole.version > own.version) ? whole : own;
      return chosen === undefined ? [] : [{ kind, bytes: chosen.bytes }];
    });
  }

  /** The gateways that some statement is about. */
  gateways(): readonly Eui64[] {
    return this.#parts.store.range('views', 'suppliers/', 'suppliers0').map(([key]) => key.slice('suppliers/'.length) as Eui64);
  }

  async #refused(bytes: Uint8Array, refusal: MessageRefusal): Promise<MessageRefusal> {
    const { code, detail, check } = refusal;
    await this.#parts.audit.append('statement-refused', { digest: sha256Of(bytes), code, detail, check });
    return refusal;
  }

  #view(kind: StatementKind, gateway: Eui64): View | undefined {
    const bytes = this.#parts.store.get('views', viewKey(kind, gateway));
    return bytes === undefined ? undefined : (JSON.parse(DECODER.decode(bytes)) as View);
  }

  #keep(statement: Statement, bytes: Uint8Array): void {
    this.#lists.set(statement.kind, { statement, digest: sha256Of(bytes) });
    if (statement.kind === 'signers') this.#keys = signersBy(statement);
    if (statement.kind === 'products') this.#products = indexed(statement.products, hardwareKey);
    if (statement.kind === 'combinations') this.#combinations = indexed(statement.combinations, hubKey);
  }

  #context(): StatementContext {
    const { environment, anchors, clock } = this.#parts;
    return {
      environment,
      anchors,
      now: seconds(clock),
      maxSize: LIST_SIZE,
      storedVersion: (kind, gateway) => this.#stored.newest(kind, gateway)?.version,
    };
  }

  /** A statement whose very bytes are stored is no news, also when it would not be taken any more. */
  #isStored(bytes: Uint8Array): Result<TakenStatement, MessageRefusal> | undefined {
    const opened = openStatement(bytes, { ...this.#context(), checks: STORED_CHECKS });
    if (!opened.ok) return undefined;
    const { statement } = opened.value;
    const known = this.#stored.history(statement.kind, gatewayOf(statement)).some((each) => Buffer.compare(each.bytes, bytes) === 0);
    return known ? ok({ statement, bytes, news: false }) : undefined;
  }
}

const hardwareKey = ({ manufacturer, model, hardwareVersion }: HardwareModel): string => `${manufacturer}/${hardwareVersion}/${model}`;
const hubKey = (members: readonly CombinationMember[]): string => {
  const hub = members.find(({ type }) => type === 'chf');
  return hub === undefined ? '' : hardwareKey(hub);
};

/** Entries by key, each in the order of the list. */
function indexed<T>(entries: readonly T[], key: (entry: T) => string): ReadonlyMap<string, readonly T[]> {
  const index = new Map<string, T[]>();
  for (const entry of entries) {
    const name = key(entry);
    const known = index.get(name);
    if (known === undefined) index.set(name, [entry]);
    else known.push(entry);
  }
  return index;
}

const DECODER = new TextDecoder();
const viewKey = (kind: StatementKind, gateway: Eui64): string => `${kind}/${gateway}`;
const viewOf = (view: View): Uint8Array => new TextEncoder().encode(JSON.stringify(plain(view)));
const sha256Of = (bytes: Uint8Array): Digest => digest(createHash('sha256').update(bytes).digest());
