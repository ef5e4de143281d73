/**
 * The dated facts of this gateway: the newest statement of each kind, kept as signed, opened again at every start, and looked at only
 * while in force. A statement that is missing, expired or cannot be opened is no statement: the rules then refuse.
 */
import { openStatement, signersBy, STATEMENT_CHECKS, type StatementContext } from '../messages/statement.ts';
import type { MessageRefusal } from '../messages/message-check.ts';
import type { DeviceLogEntry, DeviceType } from '../model/device.ts';
import { ok, type Result } from '../model/fault.ts';
import type { Eui64, KeyId } from '../model/ids.ts';
import type { DeviceLogStatement, Statement } from '../model/register.ts';
import type { Environment, Signer } from '../model/service-request.ts';
import { seconds, type Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';
import type { Devices } from '../stores/devices.ts';
import type { Registers as StoredRegisters } from '../stores/registers.ts';
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

type Kind = Statement['kind'];
type Of<K extends Kind> = Extract<Statement, { kind: K }>;

const KINDS: readonly Kind[] = ['signers', 'suppliers', 'products', 'combinations', 'device-log'];
/** Checks that a statement had to pass when it was taken, and that time or its own storing may have changed since. */
const AT_TAKING = new Set(['validity', 'version']);
const STORED_CHECKS = STATEMENT_CHECKS.filter((check) => !AT_TAKING.has(check.name));

/** The registers of one gateway. */
export class Registers {
  readonly #parts: RegistersParts;
  readonly #current = new Map<Kind, Statement>();

  /** Opens what is stored. */
  constructor(parts: RegistersParts) {
    this.#parts = parts;
    for (const kind of KINDS) this.#load(kind);
  }

  /** The newest statement of a kind, if it is in force now. */
  inForce<K extends Kind>(kind: K): Of<K> | undefined {
    const statement = this.#current.get(kind) as Of<K> | undefined;
    const now = seconds(this.#parts.clock);
    return statement !== undefined && statement.validFrom <= now && now < statement.validTo ? statement : undefined;
  }

  /** The party whose key this is, by the signers statement in force. */
  signer(kid: KeyId): Signer | undefined {
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
  async take(bytes: Uint8Array, records: Records): Promise<Result<{ readonly kind: Kind; readonly news: boolean }, MessageRefusal>> {
    const { stored, devices, log } = this.#parts;
    const known = KINDS.find((kind) => same(this.#newest(kind)?.bytes, bytes));
    if (known !== undefined) return ok({ kind: known, news: false });
    const opened = openStatement(bytes, this.#context());
    if (!opened.ok) {
      log.warn('statement-refused', { code: opened.code, check: opened.check });
      await records.note('statement-refused', { code: opened.code, detail: opened.detail, check: opened.check });
      return opened;
    }
    const { statement, signer } = opened.value;
    const write = stored.put(statement.kind, statement.version, bytes, this.#scope(statement.kind));
    if (!write.ok) return { ...write, check: 'version', requirements: ['R-EPC-03'] };
    const before = devices.all().map(({ eui }) => eui);
    const more = statement.kind === 'device-log' ? devices.replace(entries(statement)) : [];
    const { kind, version } = statement;
    await records.note('statement', { kind, version, signer: signer.kid }, [write.value, ...more]);
    this.#current.set(kind, statement);
    log.info('statement-taken', { kind, version });
    if (kind === 'device-log') this.#parts.listed(before.filter((eui) => devices.get(eui) === undefined));
    return ok({ kind, news: true });
  }

  #load(kind: Kind): void {
    const bytes = this.#newest(kind)?.bytes;
    if (bytes === undefined) return;
    const opened = openStatement(bytes, { ...this.#context(), checks: STORED_CHECKS });
    if (opened.ok) this.#current.set(kind, opened.value.statement);
    else this.#parts.log.error('stored-statement-refused', { kind, code: opened.code });
  }

  #context(): StatementContext {
    const { environment, anchors, gateway, clock } = this.#parts;
    return { environment, anchors, gateway, now: seconds(clock), storedVersion: (kind) => this.#newest(kind)?.version };
  }

  #newest(kind: Kind): { readonly version: number; readonly bytes: Uint8Array } | undefined {
    return this.#parts.stored.newest(kind, this.#scope(kind));
  }

  #scope(kind: Kind): Eui64 | undefined {
    return kind === 'suppliers' || kind === 'device-log' ? this.#parts.gateway : undefined;
  }
}

const same = (a: Uint8Array | undefined, b: Uint8Array): boolean => a !== undefined && Buffer.compare(a, b) === 0;

function entries(statement: DeviceLogStatement): readonly DeviceLogEntry[] {
  return statement.devices.map((device) => ({ ...device, type: device.type as DeviceType, firmwareVersion: device.firmwareVersion }));
}
