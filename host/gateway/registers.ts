/**
 * The dated facts of this gateway: the newest statement of each kind, kept as signed, and opened again at every start. A list may come whole or as
 * a slice cut for this gateway: the higher version counts. A statement that cannot be opened is no statement; whether one is in
 * force is asked by whoever looks at it: the rules refuse without.
 */
import { createHash } from 'node:crypto';
import { gatewayOf, openStatement, signersBy, STATEMENT_CHECKS, type StatementContext } from '../messages/statement.ts';
import type { MessageRefusal } from '../messages/message-check.ts';
import type { DeviceLogEntry, DeviceType } from '../model/device.ts';
import { ok, refuse, type Result } from '../model/fault.ts';
import { digest, type Digest, type Eui64, type KeyId } from '../model/ids.ts';
import { GATEWAY_KINDS } from '../model/register.ts';
import type { DeviceLogStatement, RegisteredKey, RegisterReference, Statement, StatementKind, StatementOf } from '../model/register.ts';
import type { Environment, Signer } from '../model/service-request.ts';
import { registerDefect } from '../policy/register-defects.ts';
import { seconds, type Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';
import type { Devices } from '../stores/devices.ts';
import type { Registers as StoredRegisters, StoredStatement } from '../stores/registers.ts';
import type { Records } from './records.ts';

/** What the registers work with. */
export interface RegistersParts {
  readonly gateway: Eui64;
  readonly environment: Environment;
  readonly anchors: readonly Signer[];
  readonly stored: StoredRegisters;
  readonly devices: Devices;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Told when the device log has changed, of the devices that are no longer in it. */
  readonly listed: (gone: readonly Eui64[]) => void;
}

/** Checks that a statement had to pass when it was taken, and that time or its own storing may have changed since. */
const AT_TAKING = new Set(['validity', 'version']);
const STORED_CHECKS = STATEMENT_CHECKS.filter((check) => !AT_TAKING.has(check.name));

/** The registers of one gateway. */
export class Registers {
  readonly #parts: RegistersParts;
  readonly #current = new Map<StatementKind, { readonly statement: Statement; readonly digest: Digest }>();

  /** Opens what is stored. */
  constructor(parts: RegistersParts) {
    this.#parts = parts;
    for (const kind of GATEWAY_KINDS) this.#load(kind);
  }

  /** The newest statement of a kind, whether it is in force or not. */
  newest<K extends StatementKind>(kind: K): StatementOf<K> | undefined {
    return this.#current.get(kind)?.statement as StatementOf<K> | undefined;
  }

  /** The newest statement of a kind, if it is in force now. */
  inForce<K extends StatementKind>(kind: K): StatementOf<K> | undefined {
    const statement = this.newest(kind);
    const now = seconds(this.#parts.clock);
    return statement !== undefined && statement.validFrom <= now && now < statement.validTo ? statement : undefined;
  }

  /** The statements that a decision of now rests on. */
  references(): readonly RegisterReference[] {
    return [...this.#current].map(([kind, { statement, digest: sha256 }]) => ({ kind, version: statement.version, digest: sha256 }));
  }

  /** The party whose key this is, by the signers statement in force. */
  signer(kid: KeyId): RegisteredKey | undefined {
    return signersBy(this.inForce('signers'))(kid);
  }

  /** A device of the device log. */
  device(eui: Eui64): DeviceLogEntry | undefined {
    return this.#parts.devices.get(eui);
  }

  /** The device log. */
  devices(): readonly DeviceLogEntry[] {
    return this.#parts.devices.all();
  }

  /** Keeps the firmware version that a device answered; resolves when durable. */
  async setFirmwareVersion(eui: Eui64, version: number): Promise<void> {
    const writes = this.#parts.devices.answered(eui, version);
    if (writes.length > 0) await this.#parts.store.commit(writes);
  }

  /**
   * Takes a signed statement: verified, on record, durable, then in use, without a restart [R-EPC-03]. One that is stored already is
   * no news. Answers whether it was new.
   */
  async take(
    bytes: Uint8Array,
    records: Records,
  ): Promise<Result<{ readonly kind: StatementKind; readonly news: boolean }, MessageRefusal>> {
    const { stored, devices, log, clock } = this.#parts;
    const known = GATEWAY_KINDS.find((kind) => this.#stored(kind).some((each) => same(each.bytes, bytes)));
    if (known !== undefined) return ok({ kind: known, news: false });
    const opened = openStatement(bytes, this.#context());
    if (!opened.ok) return this.#refused(records, opened);
    const { statement, signer } = opened.value;
    const { kind, version } = statement;
    const foreign = GATEWAY_KINDS.includes(kind) ? undefined : refuse('kind-not-used', `a gateway does not decide by ${kind}`);
    const defect = registerDefect(statement, this.newest('documents'), seconds(clock));
    if (foreign !== undefined) return this.#refused(records, { ...foreign, check: 'kind', requirements: [] });
    if (defect !== undefined) return this.#refused(records, { ok: false, check: 'register', ...defect });
    const write = stored.put(kind, version, bytes, gatewayOf(statement));
    if (!write.ok) return { ...write, check: 'version', requirements: ['R-EPC-03'] };
    const before = devices.all().map(({ eui }) => eui);
    const more = statement.kind === 'device-log' ? devices.replace(entries(statement)) : [];
    await records.note('statement', { kind, version, signer: signer.kid, digest: sha256(bytes) }, [write.value, ...more]);
    this.#load(kind);
    log.info('statement-taken', { kind, version });
    if (kind === 'device-log') this.#parts.listed(before.filter((eui) => devices.get(eui) === undefined));
    return ok({ kind, news: true });
  }

  async #refused(records: Records, refusal: MessageRefusal): Promise<MessageRefusal> {
    const { code, detail, check } = refusal;
    this.#parts.log.warn('statement-refused', { code, check });
    await records.note('statement-refused', { code, detail, check });
    return refusal;
  }

  /** Takes the newest that is stored into use: of slice and whole the one of the higher version. */
  #load(kind: StatementKind): void {
    for (const { bytes } of this.#stored(kind)) {
      const opened = openStatement(bytes, { ...this.#context(), checks: STORED_CHECKS });
      if (opened.ok) {
        this.#current.set(kind, { statement: opened.value.statement, digest: sha256(bytes) });
        return;
      }
      this.#parts.log.error('stored-statement-refused', { kind, code: opened.code });
    }
  }

  #context(): StatementContext {
    const { environment, anchors, gateway, clock, stored } = this.#parts;
    return { environment, anchors, gateway, now: seconds(clock), storedVersion: (kind, scope) => stored.newest(kind, scope)?.version };
  }

  /** The newest of each scope, the higher version first; the slice first when they are equal. */
  #stored(kind: StatementKind): readonly StoredStatement[] {
    const { stored, gateway } = this.#parts;
    return [stored.newest(kind, gateway), stored.newest(kind)]
      .filter((each) => each !== undefined)
      .toSorted((a, b) => b.version - a.version);
  }
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

const sha256 = (bytes: Uint8Array): Digest => digest(createHash('sha256').update(bytes).digest());

function entries(statement: DeviceLogStatement): readonly DeviceLogEntry[] {
  return statement.devices.map((device) => ({ ...device, type: device.type as DeviceType, firmwareVersion: device.firmwareVersion }));
}
