/** What a device keeps over a loss of power, as a port: the PPMID's stands in its flash, simple devices hold it in memory. */
import type { Eui64 } from '../../host/model/ids.ts';

/** A value that outlives the power. `write` is durable when it returns. */
export interface Kept<T> {
  read(): T | undefined;
  write(value: T): void;
}

/** A value kept in memory, for devices whose power is never cut. */
export function keptInMemory<T>(): Kept<T> {
  let kept: T | undefined;
  return { read: () => kept, write: (value) => void (kept = value) };
}

/** Membership of a network as a device keeps it. Keys are sealed under the device's own key, as hexadecimal. */
export interface NetworkSettings {
  readonly panId: number;
  readonly shortAddress: number;
  /** EUI-64 of the trust centre, which is the PAN coordinator too. */
  readonly trustCentre: Eui64;
  readonly networkKey: string;
  readonly linkKey: string;
  /** First outgoing frame counters that have not been reserved, so that none is ever used twice. */
  readonly networkLimit: number;
  readonly linkLimit: number;
  /** Incoming frame counters: the lowest that is still acceptable, by sender. */
  readonly marks: readonly { readonly key: 'network' | 'link'; readonly eui: Eui64; readonly next: number }[];
}
