/**
 * Certificate-based key establishment (ZSE annex C) as a state machine: what is heard goes in, what is to be done comes out. It sends
 * nothing, keeps no time and no secret: time is a parameter, and private keys, the shared secret and the link key stay in the core.
 *
 *   initiator (client)                     responder (server)
 *   Initiate Request, certificate     →    checks certificate, issuer and subject
 *   checks likewise                   ←    Initiate Response, certificate
 *   Ephemeral Data Request, QEU       →    agrees
 *   agrees                            ←    Ephemeral Data Response, QEV
 *   Confirm Key Request, MACU         →    checks, keeps the link key
 *   checks, keeps the link key        ←    Confirm Key Response, MACV
 *
 * One exchange a partner, a bounded number at once. Whatever is out of place ends the exchange with a Terminate of the status that says
 * why, and is counted. A partner has as long for its next message as it said that it needs.
 */
import {
  decodeInitiate,
  decodeTerminate,
  encodeInitiate,
  encodeTerminate,
  KeCommand,
  KeStatus,
  type Terminate,
} from '../clusters/key-exchange.ts';
import { EXCHANGE_ENTROPY_LENGTH, type Beginning, type Established, type Exchange as Begun } from '../core/cbke.ts';
import type { SuiteNumber } from '../core/curves.ts';
import { ok, refuse, type Result } from '../model/fault.ts';
import type { KeyHandle } from '../model/frame.ts';
import type { Eui64 } from '../model/ids.ts';
import type { Entropy } from '../ports/entropy.ts';
import { statusOf, SUITE_TIMES, suiteOf, TRANSIT_MS, AWAIT_RESPONSE_MS, BUSY_SECONDS } from './key-establishment-rules.ts';

/** The core's part. */
export interface EstablishmentCore {
  begin(beginning: Beginning): Result<Begun>;
  agree(exchange: KeyHandle, ephemeral: Uint8Array): Result<Uint8Array | undefined>;
  confirm(exchange: KeyHandle, mac: Uint8Array): Result<Established>;
  /** Forgets an exchange; harmless when it has ended by itself. */
  abandon(exchange: KeyHandle): void;
}

/** What a machine is made of. */
export interface EstablishmentParts {
  readonly self: Eui64;
  readonly core: EstablishmentCore;
  /** One's own certificate of a suite, and the handle of its key. */
  readonly certificate: (suite: SuiteNumber) => { readonly handle: KeyHandle; readonly certificate: Uint8Array } | undefined;
  readonly entropy: Entropy;
  /** Exchanges at once, each with another partner. */
  readonly most: number;
}

/** A message of the cluster. */
export interface KeMessage {
  /** A request goes from client to server, a response back; of Terminate it says which side its sender is. */
  readonly direction: 'request' | 'response';
  readonly command: number;
  readonly payload: Uint8Array;
  /** ZCL sequence number; a response has that of its request. Undefined: a new one. */
  readonly seq: number | undefined;
}

/** What is to be done, in order. */
export type Action =
  | { readonly kind: 'send'; readonly partner: Eui64; readonly message: KeMessage }
  /** The link key is the partner's from now on: to be durable before anything that follows. */
  | { readonly kind: 'establish'; readonly partner: Eui64; readonly key: KeyHandle; readonly suite: SuiteNumber; readonly role: Role }
  | { readonly kind: 'failed'; readonly partner: Eui64; readonly role: Role; readonly reason: string; readonly waitTime: number };

/** Side of an exchange. */
export type Role = Beginning['role'];

interface Exchange {
  readonly role: Role;
  readonly suite: SuiteNumber;
  /** The command that the partner must send next. */
  readonly awaits: number;
  readonly deadline: number;
  /** Seconds that the partner said its ephemeral key and its confirmation take. */
  readonly times: { readonly ephemeral: number; readonly confirm: number };
  readonly handle: KeyHandle | undefined;
  readonly ephemeral: Uint8Array;
}

const UNKNOWN_TIMES = { ephemeral: 0, confirm: 0 };

/** Key establishment with every partner of one device. */
export class KeyEstablishment {
  readonly #parts: EstablishmentParts;
  readonly #exchanges = new Map<Eui64, Exchange>();
  /** How exchanges ended: `established`, or the reason why not; and what was heard and changed nothing. */
  readonly counts = new Map<string, number>();

  constructor(parts: EstablishmentParts) {
    this.#parts = parts;
  }

  /** Bits of the suites that this side has a certificate for. */
  get suites(): number {
    return ([1, 2] as const).filter((suite) => this.#parts.certificate(suite) !== undefined).reduce((bits, suite) => bits | suite, 0);
  }

  /** Partners with an exchange under way. */
  get partners(): readonly Eui64[] {
    return [...this.#exchanges.keys()];
  }

  /** When `expire` has something to do; undefined while no exchange is under way. */
  get deadline(): number | undefined {
    const all = [...this.#exchanges.values()].map(({ deadline }) => deadline);
    return all.length === 0 ? undefined : Math.min(...all);
  }

  /** Begins as initiator. Refuses `busy` with the partner or with too many, and `no-certificate`. */
  initiate(partner: Eui64, suite: SuiteNumber, now: number): Result<readonly Action[]> {
    const own = this.#parts.certificate(suite);
    if (own === undefined) return refuse('no-certificate', `there is no certificate of suite ${suite}`);
    if (this.#exchanges.has(partner) || this.#exchanges.size >= this.#parts.most) return refuse('busy', `an exchange is under way already`);
    this.#exchanges.set(partner, {
      role: 'initiator',
      suite,
      awaits: KeCommand.INITIATE,
      deadline: now + AWAIT_RESPONSE_MS,
      times: UNKNOWN_TIMES,
      handle: undefined,
      ephemeral: new Uint8Array(0),
    });
    return ok([this.#say(partner, 'request', KeCommand.INITIATE, this.#initiate(suite, own.certificate))]);
  }

  /** Takes a message of a partner. */
  hear(partner: Eui64, message: KeMessage, now: number): readonly Action[] {
    const { command, direction, payload } = message;
    if (command === KeCommand.TERMINATE) return this.#terminated(partner, direction, payload);
    if (command === KeCommand.INITIATE && direction === 'request') return this.#invited(partner, message, now);
    const exchange = this.#exchanges.get(partner);
    const expected = exchange?.role === 'responder' ? 'request' : 'response';
    if (exchange === undefined || direction !== expected || command !== exchange.awaits)
      return this.#end(partner, message, 'out-of-order', KeStatus.BAD_MESSAGE);
    if (command === KeCommand.INITIATE) return this.#answered(partner, exchange, message, now);
    return command === KeCommand.EPHEMERAL ? this.#agree(partner, exchange, message, now) : this.#confirm(partner, exchange, message);
  }

  /** Ends what took too long. */
  expire(now: number): readonly Action[] {
    const late = [...this.#exchanges].filter(([, { deadline }]) => deadline <= now);
    return late.map(([partner, { role }]) => this.#drop(partner, role, 'timed-out', 0));
  }

  /** Ends an exchange without a word, as when its partner has left the network. */
  abandon(partner: Eui64): void {
    const exchange = this.#exchanges.get(partner);
    if (exchange !== undefined) this.#drop(partner, exchange.role, 'abandoned', 0);
  }

  /** Initiate Request. */
  #invited(partner: Eui64, message: KeMessage, now: number): readonly Action[] {
    const { self, most } = this.#parts;
    const under = this.#exchanges.get(partner);
    // Both began at once: the higher EUI-64's exchange goes on. A responder's is begun anew: its partner has forgotten it.
    if (under?.role === 'initiator' && self > partner) {
      this.#count('both-began');
      return [this.#terminate(partner, message, KeStatus.NO_RESOURCES, BUSY_SECONDS)];
    }
    if (under !== undefined) this.#drop(partner, under.role, 'begun-anew', 0);
    if (this.#exchanges.size >= most) return this.#end(partner, message, 'too-many', KeStatus.NO_RESOURCES, BUSY_SECONDS);
    const asked = decodeInitiate(message.payload);
    if (asked === undefined) return this.#end(partner, message, 'malformed', KeStatus.BAD_MESSAGE);
    const suite = suiteOf(asked.suite);
    const own = suite === undefined ? undefined : this.#parts.certificate(suite);
    if (suite === undefined || own === undefined) return this.#end(partner, message, 'suite', KeStatus.UNSUPPORTED_SUITE);
    const begun = this.#begin('responder', partner, own.handle, asked.certificate);
    if (!begun.ok) return this.#end(partner, message, begun.code, statusOf(begun.code));
    const times = { ephemeral: asked.ephemeralTime, confirm: asked.confirmTime };
    const deadline = now + times.ephemeral * 1000 + TRANSIT_MS;
    this.#exchanges.set(partner, { role: 'responder', suite, awaits: KeCommand.EPHEMERAL, deadline, times, ...begun.value });
    return [this.#say(partner, 'response', KeCommand.INITIATE, this.#initiate(suite, own.certificate), message.seq)];
  }

  /** Initiate Response. */
  #answered(partner: Eui64, exchange: Exchange, message: KeMessage, now: number): readonly Action[] {
    const answer = decodeInitiate(message.payload);
    if (answer === undefined) return this.#end(partner, message, 'malformed', KeStatus.BAD_MESSAGE);
    if (answer.suite !== exchange.suite) return this.#end(partner, message, 'suite', KeStatus.UNSUPPORTED_SUITE);
    const own = this.#parts.certificate(exchange.suite);
    const begun = this.#begin('initiator', partner, own?.handle ?? 0, answer.certificate);
    if (!begun.ok) return this.#end(partner, message, begun.code, statusOf(begun.code));
    const times = { ephemeral: answer.ephemeralTime, confirm: answer.confirmTime };
    const deadline = now + times.ephemeral * 1000 + TRANSIT_MS;
    this.#exchanges.set(partner, { ...exchange, awaits: KeCommand.EPHEMERAL, deadline, times, ...begun.value });
    return [this.#say(partner, 'request', KeCommand.EPHEMERAL, begun.value.ephemeral)];
  }

  /** Ephemeral Data, Request or Response. */
  #agree(partner: Eui64, exchange: Exchange, message: KeMessage, now: number): readonly Action[] {
    const agreed = this.#parts.core.agree(exchange.handle ?? 0, message.payload);
    if (!agreed.ok) return this.#end(partner, message, agreed.code, statusOf(agreed.code));
    const deadline = now + exchange.times.confirm * 1000 + TRANSIT_MS;
    this.#exchanges.set(partner, { ...exchange, awaits: KeCommand.CONFIRM, deadline });
    const mac = agreed.value;
    return mac === undefined
      ? [this.#say(partner, 'response', KeCommand.EPHEMERAL, exchange.ephemeral, message.seq)]
      : [this.#say(partner, 'request', KeCommand.CONFIRM, mac)];
  }

  /** Confirm Key, Request or Response. */
  #confirm(partner: Eui64, exchange: Exchange, message: KeMessage): readonly Action[] {
    const confirmed = this.#parts.core.confirm(exchange.handle ?? 0, message.payload);
    if (!confirmed.ok) return this.#end(partner, message, confirmed.code, statusOf(confirmed.code));
    this.#exchanges.delete(partner);
    this.#count('established');
    const { key, mac } = confirmed.value;
    const { suite, role } = exchange;
    const establish: Action = { kind: 'establish', partner, key, suite, role };
    return mac === undefined ? [establish] : [establish, this.#say(partner, 'response', KeCommand.CONFIRM, mac, message.seq)];
  }

  /** The partner ended it; what it says of an exchange that is not is ignored. */
  #terminated(partner: Eui64, direction: KeMessage['direction'], payload: Uint8Array): readonly Action[] {
    const exchange = this.#exchanges.get(partner);
    const said: Terminate | undefined = decodeTerminate(payload);
    if (exchange === undefined || direction !== (exchange.role === 'responder' ? 'request' : 'response')) {
      this.#count('terminate-ignored');
      return [];
    }
    return [this.#drop(partner, exchange.role, `terminated-${said?.status ?? 'malformed'}`, said?.waitTime ?? 0)];
  }

  #begin(role: Role, partner: Eui64, own: KeyHandle, certificate: Uint8Array): Result<Begun> {
    const { core, entropy } = this.#parts;
    return core.begin({ own, role, partner, certificate, entropy: entropy.bytes(EXCHANGE_ENTROPY_LENGTH) });
  }

  #initiate(suite: SuiteNumber, certificate: Uint8Array): Uint8Array {
    return encodeInitiate({ suite, ...SUITE_TIMES[suite], certificate });
  }

  /** Ends an exchange, or an attempt at one, and says so. */
  #end(partner: Eui64, message: KeMessage, reason: string, status: number, waitTime = 0): readonly Action[] {
    const role = this.#exchanges.get(partner)?.role ?? (message.direction === 'request' ? 'responder' : 'initiator');
    return [this.#terminate(partner, message, status, waitTime), this.#drop(partner, role, reason, 0)];
  }

  #terminate(partner: Eui64, { direction, seq }: KeMessage, status: number, waitTime: number): Action {
    const back = direction === 'request' ? 'response' : 'request';
    return this.#say(partner, back, KeCommand.TERMINATE, encodeTerminate({ status, waitTime, suite: this.suites }), seq);
  }

  #drop(partner: Eui64, role: Role, reason: string, waitTime: number): Action {
    const handle = this.#exchanges.get(partner)?.handle;
    if (handle !== undefined) this.#parts.core.abandon(handle);
    this.#exchanges.delete(partner);
    this.#count(reason);
    return { kind: 'failed', partner, role, reason, waitTime };
  }

  #say(partner: Eui64, direction: KeMessage['direction'], command: number, payload: Uint8Array, seq?: number): Action {
    return { kind: 'send', partner, message: { direction, command, payload, seq } };
  }

  #count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }
}
