/**
 * Key establishment by certificates on a device (ZSE annex C), either side of it: as initiator it walks through the four
 * messages and waits for each answer; as responder it answers what its trust centre begins. Written apart from the hub's
 * state machine, so that a mistake of either shows.
 */
import { decodeInitiate, decodeTerminate, encodeInitiate, encodeTerminate, KeCommand, KeStatus } from '../../host/clusters/key-exchange.ts';
import { EXCHANGE_ENTROPY_LENGTH, type CertificateMaterial } from '../../host/core/cbke.ts';
import type { Core } from '../../host/core/core.ts';
import type { SuiteNumber } from '../../host/core/curves.ts';
import { Fault, ok, refuse, type Result } from '../../host/model/fault.ts';
import type { KeyHandle } from '../../host/model/frame.ts';
import type { Eui64 } from '../../host/model/ids.ts';
import type { Entropy } from '../../host/ports/entropy.ts';
import type { Power } from './power.ts';

/** Seconds that this device says it needs, by suite. */
const TIMES = { 1: { ephemeralTime: 10, confirmTime: 15 }, 2: { ephemeralTime: 20, confirmTime: 25 } } as const;
/** How long the first answer may take, and what any may take through the air. */
const ANSWER_MS = 12_000;
const TRANSIT_MS = 2_000;

/** Sends a command of the cluster; a response has the number of its request. */
export type SendKe = (direction: 'request' | 'response', command: number, payload: Uint8Array, seq?: number) => void;

/** What it is made of. */
export interface EstablisherParts {
  readonly core: Core;
  readonly entropy: Entropy;
  readonly power: Power;
  /** The device's certificates, which it left the factory with. */
  readonly certificates: readonly CertificateMaterial[];
  /** The trust centre; nobody else is answered. */
  readonly partner: () => Eui64 | undefined;
  readonly send: SendKe;
  /** Takes a link key that the trust centre began to establish. */
  readonly established: (key: KeyHandle) => void;
}

interface Answer {
  readonly command: number;
  readonly payload: Uint8Array;
}

/** Key establishment of one device with its trust centre. */
export class KeyEstablisher {
  readonly #parts: EstablisherParts;
  readonly #own = new Map<SuiteNumber, { readonly handle: KeyHandle; readonly certificate: Uint8Array }>();
  #waiting: ((answer: Answer | undefined) => void) | undefined;
  #responding: { readonly handle: KeyHandle; readonly ephemeral: Uint8Array } | undefined;

  constructor(parts: EstablisherParts) {
    this.#parts = parts;
    for (const material of parts.certificates) {
      const taken = parts.core.cbke.importCertificate({ ...material, privateKey: material.privateKey.slice() });
      if (!taken.ok) throw new Fault('core', `a certificate of the factory is refused: ${taken.code}`);
      this.#own.set(material.suite, { handle: taken.value.handle, certificate: material.certificate });
    }
  }

  /** Suites that the device has a certificate for, the stronger first. */
  get suites(): readonly SuiteNumber[] {
    return ([2, 1] as const).filter((suite) => this.#own.has(suite));
  }

  /** Tries once with one suite. Refuses `no-answer`, `terminated` with the status, or what the core refused. */
  async attempt(suite: SuiteNumber): Promise<Result<KeyHandle>> {
    const { core, entropy, partner } = this.#parts;
    const [own, to] = [this.#own.get(suite), partner()];
    if (own === undefined || to === undefined) return refuse('no-certificate', `no certificate of suite ${suite}, or no partner`);
    const initiate = { suite, ...TIMES[suite], certificate: own.certificate };
    const said = await this.#ask(KeCommand.INITIATE, encodeInitiate(initiate), ANSWER_MS);
    if (!said.ok) return said;
    const theirs = decodeInitiate(said.value);
    if (theirs?.suite !== suite) return this.#end('request', 'suite', KeStatus.UNSUPPORTED_SUITE);
    const { certificate, ephemeralTime, confirmTime } = theirs;
    const entropyBytes = entropy.bytes(EXCHANGE_ENTROPY_LENGTH);
    const begun = core.cbke.begin({ own: own.handle, role: 'initiator', partner: to, certificate, entropy: entropyBytes });
    if (!begun.ok) return this.#end('request', begun.code, KeStatus.BAD_MESSAGE);
    const { handle, ephemeral } = begun.value;
    const answered = await this.#ask(KeCommand.EPHEMERAL, ephemeral, ephemeralTime * 1000 + TRANSIT_MS);
    if (!answered.ok) return this.#abandon(handle, answered);
    const agreed = core.cbke.agree(handle, answered.value);
    if (!agreed.ok) return this.#end('request', agreed.code, KeStatus.BAD_MESSAGE);
    const confirmed = await this.#ask(KeCommand.CONFIRM, agreed.value ?? new Uint8Array(0), confirmTime * 1000 + TRANSIT_MS);
    if (!confirmed.ok) return this.#abandon(handle, confirmed);
    const established = core.cbke.confirm(handle, confirmed.value);
    return established.ok ? ok(established.value.key) : this.#end('request', established.code, KeStatus.BAD_KEY_CONFIRM);
  }

  /** Takes a command of the cluster from the trust centre. */
  hear(fromServer: boolean, command: number, payload: Uint8Array, seq: number): void {
    if (fromServer) this.#waiting?.({ command, payload });
    else this.#respond(command, payload, seq);
  }

  /** Sends a request and waits for its response. */
  async #ask(command: number, payload: Uint8Array, wait: number): Promise<Result<Uint8Array>> {
    const answer = new Promise<Answer | undefined>((done) => {
      const cancel = this.#parts.power.after(wait, () => done(undefined));
      this.#waiting = (heard) => {
        cancel();
        done(heard);
      };
    });
    this.#parts.send('request', command, payload);
    const heard = await answer;
    this.#waiting = undefined;
    if (heard === undefined) return refuse('no-answer', `command ${command} was not answered within ${wait} ms`);
    if (heard.command === KeCommand.TERMINATE) return refuse('terminated', `status ${decodeTerminate(heard.payload)?.status}`);
    return heard.command === command ? ok(heard.payload) : this.#end('request', 'out-of-order', KeStatus.BAD_MESSAGE);
  }

  /** Answers the trust centre's own attempt. */
  #respond(command: number, payload: Uint8Array, seq: number): void {
    const { core, send, established } = this.#parts;
    const before = this.#responding;
    this.#responding = undefined;
    if (command === KeCommand.INITIATE) {
      if (before !== undefined) core.keys.erase(before.handle);
      this.#begin(payload, seq);
    } else if (command === KeCommand.EPHEMERAL && before !== undefined) {
      if (!core.cbke.agree(before.handle, payload).ok) return void this.#end('response', 'agree', KeStatus.BAD_MESSAGE, seq);
      this.#responding = before;
      send('response', KeCommand.EPHEMERAL, before.ephemeral, seq);
    } else if (command === KeCommand.CONFIRM && before !== undefined) {
      const done = core.cbke.confirm(before.handle, payload);
      if (!done.ok) return void this.#end('response', done.code, KeStatus.BAD_KEY_CONFIRM, seq);
      send('response', KeCommand.CONFIRM, done.value.mac ?? new Uint8Array(0), seq);
      established(done.value.key);
    } else if (before !== undefined) {
      core.keys.erase(before.handle);
    }
  }

  #begin(payload: Uint8Array, seq: number): void {
    const { core, entropy, partner, send } = this.#parts;
    const asked = decodeInitiate(payload);
    const suite = asked?.suite === 1 || asked?.suite === 2 ? asked.suite : undefined;
    const own = suite === undefined ? undefined : this.#own.get(suite);
    const to = partner();
    if (asked === undefined || suite === undefined || own === undefined || to === undefined)
      return void this.#end('response', 'suite', KeStatus.UNSUPPORTED_SUITE, seq);
    const entropyBytes = entropy.bytes(EXCHANGE_ENTROPY_LENGTH);
    const { certificate } = asked;
    const begun = core.cbke.begin({ own: own.handle, role: 'responder', partner: to, certificate, entropy: entropyBytes });
    if (!begun.ok) return void this.#end('response', begun.code, KeStatus.BAD_MESSAGE, seq);
    this.#responding = begun.value;
    send('response', KeCommand.INITIATE, encodeInitiate({ suite, ...TIMES[suite], certificate: own.certificate }), seq);
  }

  #abandon(handle: KeyHandle, why: Result<never> | ReturnType<typeof refuse>): Result<never> {
    this.#parts.core.keys.erase(handle);
    return why as Result<never>;
  }

  #end(direction: 'request' | 'response', code: string, status: number, seq?: number): Result<never> {
    const suite = this.suites.reduce((bits, each) => bits | each, 0);
    this.#parts.send(direction, KeCommand.TERMINATE, encodeTerminate({ status, waitTime: 0, suite }), seq);
    return refuse(code, `key establishment ended with status ${status}`);
  }
}
