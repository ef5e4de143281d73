/** What a bench learns from the log of its own gateway: who has a link key, who answered which version, and what stood in the way. */
import { Fault } from '../model/fault.ts';
import type { Eui64 } from '../model/ids.ts';
import { silent, type Log, type LogFields } from '../ports/log.ts';

/** A gateway's log as a bench reads it, and the fault that its gateway cannot go on with. */
export class GatewayLog {
  readonly #linked = new Set<Eui64>();
  readonly #versions = new Map<Eui64, number | undefined>();
  #trouble = '';
  #fault: { readonly cause: unknown } | undefined;
  #told: (cause: unknown) => void = () => {};

  /** The log to be given to the gateway. */
  readonly log: Log = { ...silent, info: (event, fields) => this.#note(event, fields), warn: (event, fields) => this.#note(event, fields) };

  /** True when certificates have given the device a link key. Throws the fault, if there is one. */
  linked(device: Eui64): boolean {
    if (this.#fault !== undefined) throw this.#fault.cause;
    return this.#linked.has(device);
  }

  /** True when the device has a link key and was asked for its version, whether it answered or not. Throws the fault, if there is one. */
  asked(device: Eui64): boolean {
    return this.linked(device) && this.#versions.has(device);
  }

  /** The version that the device answered. */
  version(device: Eui64): number | undefined {
    return this.#versions.get(device);
  }

  /** What stood in the way of joining last, as the end of a sentence. */
  get trouble(): string {
    return this.#trouble;
  }

  /** Whether the gateway cannot go on. */
  get failed(): boolean {
    return this.#fault !== undefined;
  }

  /** The gateway cannot go on; the first cause stays. */
  fail(cause: unknown): void {
    this.#fault ??= { cause };
    this.#told(cause);
  }

  /** The gateway is not to go on once its user wishes to stop, also when that was before. */
  failOn(stop: AbortSignal): void {
    const interrupted = (): void => this.fail(new Fault('internal', 'interrupted'));
    if (stop.aborted) interrupted();
    else stop.addEventListener('abort', interrupted, { once: true });
  }

  /** Tells of the fault, also of one that was before. */
  onFault(told: (cause: unknown) => void): void {
    this.#told = told;
    if (this.#fault !== undefined) told(this.#fault.cause);
  }

  #note(event: string, fields: LogFields = {}): void {
    const device = fields['device'] as Eui64;
    if (event === 'link-key-established') this.#linked.add(device);
    if (event === 'version-read') this.#versions.set(device, fields['version'] as number);
    if (event === 'version-not-read') this.#versions.set(device, undefined);
    if (event === 'join-refused' || event === 'link-key-not-established') {
      this.#trouble = `: ${device}: ${event}: ${String(fields['reason'])}`;
    }
  }
}
