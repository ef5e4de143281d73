/**
 * Key establishment on the air: the machine of `key-establishment.ts` between ZCL, clock and store. A link key is durable before the
 * partner hears that it is accepted, so that a crash leaves either the old key on both sides or the new one here, which the partner's next
 * attempt replaces.
 */
import { DataType, decodeReadAttributes, encodeReadAttributesResponse, GlobalCommand } from '../clusters/foundation.ts';
import { KeAttribute } from '../clusters/key-exchange.ts';
import { ZCL } from '../core/control.ts';
import type { SuiteNumber } from '../core/curves.ts';
import type { Frame, KeyHandle } from '../model/frame.ts';
import type { Eui64 } from '../model/ids.ts';
import type { Cancel, Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { ENDPOINT, KEY_ESTABLISHMENT } from './frames.ts';
import type { Action, KeyEstablishment, KeMessage, Role } from './key-establishment.ts';
import type { Peer } from './network.ts';
import { isGlobal, Status, type ZclEndpoint } from './zcl.ts';

/** How an attempt ended. */
export type Outcome = { readonly established: true } | { readonly established: false; readonly reason: string };

/** What it is made of. */
export interface KeyExchangeParts {
  readonly machine: KeyEstablishment;
  readonly zcl: ZclEndpoint;
  readonly clock: Clock;
  readonly log: Log;
  readonly peer: (eui: Eui64) => Peer | undefined;
  /** Takes a link key; resolves when it is durable and in use. */
  readonly establish: (partner: Eui64, key: KeyHandle, suite: SuiteNumber, role: Role) => Promise<void>;
  /** Told of an attempt that came to nothing, whoever began it. */
  readonly failed: (partner: Eui64, reason: string) => void;
  readonly fault: (cause: unknown) => void;
}

const UNSUPPORTED_ATTRIBUTE = 0x86;

/** Key establishment of one hub with its devices. */
export class KeyExchange {
  readonly #parts: KeyExchangeParts;
  /** Endpoints that partners speak from. */
  readonly #endpoints = new Map<Eui64, number>();
  readonly #waiting = new Map<Eui64, (outcome: Outcome) => void>();
  #timer: Cancel = () => {};

  constructor(parts: KeyExchangeParts) {
    this.#parts = parts;
  }

  /** Handles a frame of the cluster. Queues at most two answers. */
  async handle(frame: Frame, from: Peer): Promise<void> {
    const { machine, zcl, clock } = this.#parts;
    const { zcl: header, aps, payload } = frame;
    if (header === undefined) return;
    if (isGlobal(header.control)) return this.#answerGlobal(frame, from);
    if ((header.control & ZCL.MANUFACTURER_SPECIFIC) !== 0) return zcl.answerDefault(from, frame, Status.UNSUP_CLUSTER_COMMAND);
    this.#endpoints.set(from.eui, aps?.srcEndpoint ?? ENDPOINT);
    const direction = (header.control & ZCL.FROM_SERVER) === 0 ? 'request' : 'response';
    await this.#act(machine.hear(from.eui, { direction, command: header.command, payload, seq: header.seq }, clock.now()));
  }

  /**
   * Establishes a link key with a device as initiator, and resolves with how it ended. Never call it from a frame handler: the partner's
   * answer would wait for the handler.
   */
  async initiate(to: Peer, suite: SuiteNumber): Promise<Outcome> {
    const { machine, clock } = this.#parts;
    const begun = machine.initiate(to.eui, suite, clock.now());
    if (!begun.ok) return { established: false, reason: begun.code };
    const outcome = new Promise<Outcome>((done) => this.#waiting.set(to.eui, done));
    await this.#act(begun.value);
    return outcome;
  }

  /** Ends an exchange without a word. */
  abandon(partner: Eui64): void {
    this.#parts.machine.abandon(partner);
    this.#settle(partner, { established: false, reason: 'abandoned' });
  }

  async #act(actions: readonly Action[]): Promise<void> {
    const { establish, failed, log } = this.#parts;
    for (const action of actions) {
      if (action.kind === 'send') await this.#send(action.partner, action.message);
      else if (action.kind === 'establish') {
        await establish(action.partner, action.key, action.suite, action.role);
        log.info('link-key-established', { device: action.partner, suite: action.suite, role: action.role });
        this.#settle(action.partner, { established: true });
      } else {
        log.warn('link-key-not-established', { device: action.partner, role: action.role, reason: action.reason });
        failed(action.partner, action.reason);
        this.#settle(action.partner, { established: false, reason: action.reason });
      }
    }
    this.#watch();
  }

  async #send(partner: Eui64, { direction, command, payload, seq }: KeMessage): Promise<void> {
    const to = this.#parts.peer(partner);
    if (to === undefined) return; // taken out of the device log meanwhile
    const control = ZCL.CLUSTER | ZCL.NO_DEFAULT_RESPONSE | (direction === 'response' ? ZCL.FROM_SERVER : 0);
    const endpoint = this.#endpoints.get(partner) ?? ENDPOINT;
    await this.#parts.zcl.send(to, { cluster: KEY_ESTABLISHMENT, control, command, payload }, { seq, endpoint });
  }

  async #answerGlobal(frame: Frame, from: Peer): Promise<void> {
    const { machine, zcl } = this.#parts;
    const attributes = frame.zcl?.command === GlobalCommand.READ_ATTRIBUTES ? decodeReadAttributes(frame.payload) : undefined;
    if (attributes === undefined) return zcl.answerDefault(from, frame, Status.UNSUP_GENERAL_COMMAND);
    const records = attributes.map((attribute) =>
      attribute === KeAttribute.SUITE
        ? { attribute, status: Status.SUCCESS, type: DataType.ENUM16, value: machine.suites }
        : { attribute, status: UNSUPPORTED_ATTRIBUTE },
    );
    await zcl.answer(from, frame, GlobalCommand.READ_ATTRIBUTES_RESPONSE, encodeReadAttributesResponse(records), 'global');
  }

  #settle(partner: Eui64, outcome: Outcome): void {
    this.#waiting.get(partner)?.(outcome);
    this.#waiting.delete(partner);
  }

  #watch(): void {
    const { clock, fault, machine } = this.#parts;
    this.#timer();
    const { deadline } = machine;
    if (deadline === undefined) return;
    this.#timer = clock.after(Math.max(0, deadline - clock.now()), () => void this.#act(machine.expire(clock.now())).catch(fault));
  }
}
