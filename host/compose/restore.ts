/**
 * Bringing a gateway back from a backup without using a nonce twice.
 *
 * The original may have gone on sending for as long as the backup is old. Every outgoing counter therefore jumps ahead by all that the air
 * can carry in that time, and by one reserved block more; a key whose counters have no room for that is not brought back, so that nothing
 * is ever sent under it. No counter and no mark of what was accepted is lowered, in a directory that holds some already neither. The
 * network key is turned as soon as the gateway starts.
 */
import type { Core } from '../core/core.ts';
import { BLOCK } from '../han/outgoing.ts';
import { known, Vault, type Purpose } from '../gateway/vault.ts';
import { Fault, ok, refuse, type Result } from '../model/fault.ts';
import type { KeyHandle } from '../model/frame.ts';
import type { Eui64, Fingerprint } from '../model/ids.ts';
import type { Environment } from '../model/service-request.ts';
import type { Clock } from '../ports/clock.ts';
import type { Entropy } from '../ports/entropy.ts';
import { silent } from '../ports/log.ts';
import type { Store, Write } from '../ports/store.ts';
import { Audit } from '../stores/audit.ts';
import { encode } from '../stores/canonical-json.ts';
import { IncomingCounters, LAST_COUNTER, OutgoingCounters } from '../stores/counters.ts';
import { KeyOrders } from '../stores/key-orders.ts';
import { ErasedCodes } from '../stores/erased-codes.ts';
import { SealedKeys } from '../stores/keys.ts';
import { openMeta } from '../stores/meta.ts';
import { Outbox } from '../stores/outbox.ts';
import type { BackupState } from './backup-body.ts';

/**
 * Most frames that one sender can put on the air in a second: the shortest secured frame has 37 bytes (MAC 9, NWK 8, security 14 and 4, FCS
 * 2) and 6 of the PHY before them, at 32 µs each, without the pauses that the MAC asks for between frames.
 */
export const AIR_FRAMES_PER_SECOND = Math.ceil(1e6 / ((37 + 6) * 32));
/** Reports that a gateway makes in a second at most, in the long run. */
const REPORTS_PER_SECOND = 10;
/** 2020-11-24T00:00:00Z in seconds; see `Han`: a key without counters begins at the second of its first use. */
const FIRST_DAY = 1_606_176_000;

/** A key of a backup. */
export interface RestorableKey {
  readonly purpose: Purpose;
  readonly identity: string;
  /** Puts it into the core. */
  readonly open: (core: Core) => Result<KeyHandle>;
  /** Its next outgoing counter, where the backup says it with the key; by fingerprint otherwise. */
  readonly next?: number;
  /** The lowest incoming counter still acceptable from the device that it is shared with, likewise. */
  readonly expects?: number;
}

/** What is brought back: of a backup of this product, or of the plain form. */
export interface Restorable extends Pick<BackupState, 'outgoing' | 'incoming' | 'marks' | 'members' | 'records' | 'erased' | 'report'> {
  /** Names the backup; a directory takes one once. */
  readonly id: string;
  readonly gateway: Eui64;
  readonly environment: Environment;
  /** Milliseconds since 1970. */
  readonly taken: number;
  readonly keys: readonly RestorableKey[];
}

/** Where it goes. */
export interface RestoreTarget {
  readonly store: Store;
  readonly storeName: string;
  readonly core: Core;
  readonly gateway: Eui64;
  readonly environment: Environment;
  /** Wiped. */
  readonly wrappingKey: Uint8Array;
  readonly entropy: Entropy;
  readonly clock: Clock;
  /** Brings back a backup that this directory was brought back from before. */
  readonly force: boolean;
}

/** What becomes of one key. */
export interface KeyFate {
  readonly purpose: Purpose;
  readonly identity: string;
  readonly fingerprint: Fingerprint | undefined;
  /**
   * `kept`: the directory has one. `worn`: its counters have no room for the jump. `passed-over`: a network key other than the one in use,
   * since that is turned anyway. None of these is brought back.
   */
  readonly fate: 'restored' | 'kept' | 'worn' | 'passed-over';
  readonly counter: { readonly from: number; readonly to: number } | undefined;
}

/** What a restore does. */
export interface RestoreReport {
  readonly id: string;
  readonly ageSeconds: number;
  readonly jump: number;
  readonly keys: readonly KeyFate[];
  readonly members: number;
  readonly marks: number;
}

/** A restore that is ready: what it would do, and doing it. */
export interface ReadyRestore {
  readonly report: RestoreReport;
  readonly apply: () => Promise<void>;
}

/**
 * Prepares a restore; nothing is written before `apply`. Refuses `restored-before`. Throws Fault `input` when the backup is another
 * gateway's or environment's, is of the future, or is too old for a key that the directory holds; Fault `store` when a key does not open.
 */
export function prepareRestore(from: Restorable, target: RestoreTarget): Result<ReadyRestore> {
  const { store, storeName, core, clock, entropy, gateway, force } = target;
  mayBeRestored(from, target);
  if (!force && store.get('meta', restoredKey(from.id)) !== undefined)
    return refuse('restored-before', `${storeName} was brought back from this backup before. ${RESTORED_TWICE}`);
  const ageSeconds = Math.max(0, Math.ceil((clock.now() - from.taken) / 1000)) + 1;
  const jump = ageSeconds * AIR_FRAMES_PER_SECOND + BLOCK;
  const outgoing = new OutgoingCounters(store);
  const incoming = new IncomingCounters(store, clock, silent);
  const sealed = new SealedKeys(store);
  const wrapping = known(core.keys.importWrapping(target.wrappingKey), 'the wrapping key');
  const vault = new Vault({ core, sealed, entropy, gateway, wrapping });
  const writes: Write[] = [];
  const unused = Math.max(0, Math.floor(clock.now() / 1000) - FIRST_DAY);
  const keys = from.keys.map((key): KeyFate => {
    const { purpose, identity } = key;
    const handle = known(key.open(core), `${purpose} key ${identity}`);
    const fingerprint = purpose === 'certificate' ? undefined : known(core.keys.fingerprint(handle), 'a key');
    const passed = purpose === 'network' && identity !== 'active';
    const there = sealed.get(purpose, identity) !== undefined;
    const counter = fingerprint && reach(Math.max(key.next ?? from.outgoing[fingerprint] ?? unused, outgoing.next(fingerprint) ?? 0), jump);
    const worn = counter !== undefined && counter.to >= LAST_COUNTER;
    if (worn && there && !passed) throw new Fault('input', noRoom(storeName, purpose, identity));
    const fate = passed ? 'passed-over' : there ? 'kept' : worn ? 'worn' : 'restored';
    if (fate === 'restored') writes.push(vault.keep(purpose, identity, handle));
    if (fingerprint !== undefined && counter !== undefined) writes.push(outgoing.raise(fingerprint, counter.to));
    if (fingerprint !== undefined && key.expects !== undefined)
      writes.push(incoming.raise({ eui: identity as Eui64, key: fingerprint, next: key.expects }));
    core.keys.erase(handle);
    return { purpose, identity, fingerprint, fate, counter };
  });
  const held = new Set(keys.map(({ fingerprint }) => fingerprint as string | undefined));
  // Keys that are gone keep their counters too: one may come back by its install code.
  for (const [key, next] of Object.entries(from.outgoing))
    if (!held.has(key)) writes.push(outgoing.raise(key as Fingerprint, reach(next, jump).to));
  writes.push(...from.incoming.map((mark) => incoming.raise(mark)), ...raiseMarks(store, from.marks));
  for (const member of from.members)
    if (store.get('members', member.eui) === undefined) writes.push(put('members', member.eui, encode(member)));
  for (const { table, key, value } of from.records)
    if (store.get(table, key) === undefined) writes.push(put(table, key, new Uint8Array(Buffer.from(value, 'base64'))));
  for (const each of from.erased) if (sealed.get('install', each.eui) === undefined) writes.push(new ErasedCodes(store).put(each));
  const report = Math.max(new Outbox(store).next(), from.report + ageSeconds * REPORTS_PER_SECOND);
  writes.push(put('outbox', 'next', text(report)), put('meta', restoredKey(from.id), text(Math.floor(clock.now()))));
  if (keys.some(({ purpose, identity, fate }) => purpose === 'network' && identity === 'active' && fate !== 'worn'))
    writes.push(new KeyOrders(store).put({ kind: 'rotate', reason: 'restored' }));
  const members = from.members.length;
  const marks = Object.keys(from.marks).length;
  const told = {
    backup: from.id,
    age: ageSeconds,
    jump,
    keys: keys.map(({ purpose, identity, fate }) => `${purpose} ${identity} ${fate}`),
  };
  return ok({
    report: { id: from.id, ageSeconds, jump, keys, members, marks },
    async apply() {
      await openMeta(store, target.environment, storeName);
      await new Audit(store, clock).append('restored', told, writes);
    },
  });
}

function mayBeRestored(from: Restorable, { clock, environment, gateway }: RestoreTarget): void {
  if (from.gateway !== gateway) throw new Fault('input', `the backup is of the gateway ${from.gateway}, this one is ${gateway}`);
  if (from.environment !== environment)
    throw new Fault('input', `the backup is of a ${from.environment} gateway, this one is of ${environment}`);
  if (clock.now() < from.taken) {
    const when = new Date(from.taken).toISOString();
    throw new Fault('input', `the backup is of ${when}, which is still to come: set the clock, or its age cannot be told`);
  }
}

/** What a second restore of one backup risks. */
export const RESTORED_TWICE =
  'A second gateway from one backup sends under the same keys and counters as the first, if that one is still on the air, and devices that ' +
  'have turned to its network key must come in anew: be sure that the first is gone, then use --force.';

const noRoom = (storeName: string, purpose: Purpose, identity: string): string =>
  `${storeName} holds the ${purpose} key ${identity}, whose counters have no room for the age of the backup: restore into an empty directory`;

const restoredKey = (id: string): string => `restored/${id}`;

const reach = (from: number, jump: number): { from: number; to: number } => ({ from, to: Math.min(from + jump, LAST_COUNTER) });

function raiseMarks(store: Store, marks: Readonly<Record<string, string>>): readonly Write[] {
  return Object.entries(marks).flatMap(([key, counter]) => {
    const before = store.get('marks', key);
    const kept = before === undefined ? -1n : BigInt(new TextDecoder().decode(before));
    return BigInt(counter) > kept ? [put('marks', key, text(counter))] : [];
  });
}

const text = (value: string | number): Uint8Array => new TextEncoder().encode(String(value));
const put = (table: Write['table'], key: string, value: Uint8Array): Write => ({ table, key, value });
