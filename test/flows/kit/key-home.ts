/** A small world whose keys are looked at: its gateway takes orders, its air is listened to, and its devices are switched on and join. */
import { expect } from 'vitest';
import type { BenchDevice } from '../../../firmware/devices/bench.ts';
import { MemoryStore } from '../../../host/adapters/store-memory.ts';
import type { ControlAnswer } from '../../../host/gateway/control.ts';
import type { Log } from '../../../host/ports/log.ts';
import type { ControlHandler } from '../../../host/ports/control.ts';
import { hex } from '../../../host/model/ids.ts';
import type { Store } from '../../../host/ports/store.ts';
import { Audit } from '../../../host/stores/audit.ts';
import { NonceWatch } from '../../kit/nonce-watch.ts';
import { FACTORY, SmallWorld, type Run, type RunOptions, type WorldOptions } from '../../resilience/kit/small-world.ts';

/** The home. */
export class KeyHome {
  readonly world: SmallWorld;
  readonly watch: NonceWatch;
  readonly store = new MemoryStore();
  /** Events of the gateway's log, each with its fields. */
  readonly logged: { readonly event: string; readonly fields: Readonly<Record<string, unknown>> }[] = [];
  run!: Run;
  #handler: ControlHandler | undefined;

  private constructor(seed: number, options: WorldOptions) {
    this.world = new SmallWorld(seed, options);
    this.watch = new NonceWatch(this.world.air, () => this.devices);
  }

  /** A home whose gateway runs and whose devices are off. */
  static async start(options: WorldOptions & Partial<RunOptions> & { readonly seed?: number } = {}): Promise<KeyHome> {
    const home = new KeyHome(options.seed ?? 1, options);
    await home.watch.learnCodes(FACTORY.installCodes);
    await home.restart(options);
    return home;
  }

  /** Starts the gateway, over its store. The one before must have been stopped or killed. */
  async restart(options: Partial<RunOptions> = {}): Promise<void> {
    const keep = (event: string, fields: Readonly<Record<string, unknown>> = {}): void => void this.logged.push({ event, fields });
    const log: Log = { debug: () => undefined, info: keep, warn: keep, error: keep };
    const control = {
      listen: async (handler: ControlHandler) => void (this.#handler = handler),
      close: async () => void (this.#handler = undefined),
    };
    this.run = await this.world.run({ store: open(this.store), log, control, ...options });
  }

  get devices(): readonly BenchDevice[] {
    return [this.world.device, ...this.world.neighbours];
  }

  /** Switches devices on and waits until all have joined. */
  async join(devices = this.devices): Promise<void> {
    for (const device of devices) await device.powerOn();
    expect(await this.world.until(() => devices.every(({ membership }) => membership !== undefined))).toBe(true);
    await this.world.clock.advance(2_000);
  }

  /** Gives the gateway an order and lets time pass until it is done. */
  async order(request: Readonly<Record<string, unknown>>): Promise<ControlAnswer> {
    let answer: ControlAnswer | undefined;
    void this.#handler?.(request).then((given) => (answer = given as ControlAnswer));
    expect(await this.world.until(() => answer !== undefined)).toBe(true);
    return answer!;
  }

  /** Log events of one name. */
  events(name: string): readonly Readonly<Record<string, unknown>>[] {
    return this.logged.filter(({ event }) => event === name).map(({ fields }) => fields);
  }

  /** Records of one type in the audit log. */
  audit(type: string): readonly Readonly<Record<string, unknown>>[] {
    return new Audit(this.store, this.world.clock)
      .entries()
      .filter((entry) => entry.type === type)
      .map(({ body }) => body);
  }

  /** What a device holds, as hexadecimal, out of its lab core. */
  keysOf({ core, membership, partners }: BenchDevice): { network: string; link: string; partners: readonly string[] } {
    const value = (handle: number): string => {
      const key = core?.exportKey(handle);
      return key?.ok === true ? hex(key.value) : '';
    };
    if (membership === undefined) throw new Error('the device is not on the network');
    return { network: value(membership.networkKey), link: value(membership.linkKey), partners: [...partners.values()].map(value) };
  }
}

/** A store that stays open when a gateway closes it, for the next one. */
const open = (store: Store): Store => ({
  get: (table, key) => store.get(table, key),
  range: (table, from, to) => store.range(table, from, to),
  last: (table, to) => store.last(table, to),
  commit: (writes) => store.commit(writes),
  close: async () => undefined,
});
