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

/** What a device keeps of networks. Counters go by the fingerprint of their key and outlive the membership: the key may come back. */
export interface NetworkSettings {
  readonly membership?: KeptMembership;
  /** First outgoing frame counters that have not been reserved, so that none is ever used twice. */
  readonly limits: Readonly<Record<string, number>>;
  /** Incoming frame counters: the lowest that is still acceptable, by sender. */
  readonly marks: readonly KeptMark[];
}

/** The lowest frame counter that a device still accepts from a sender under a key. */
export interface KeptMark {
  readonly key: string;
  readonly eui: Eui64;
  readonly next: number;
}

/** Membership of a network as a device keeps it. Keys are sealed under the device's own key, as hexadecimal. */
export interface KeptMembership {
  readonly panId: number;
  readonly shortAddress: number;
  /** EUI-64 of the trust centre, which is the PAN coordinator too. */
  readonly trustCentre: Eui64;
  readonly network: KeptNetworkKey;
  /** The network key to come, or the one before. */
  readonly alternate?: KeptNetworkKey;
  /** The link key that certificates established with the trust centre; without it the device knows nobody yet. */
  readonly link?: string;
  /** Link keys with other devices. */
  readonly partners: readonly { readonly eui: Eui64; readonly key: string }[];
}

/** A network key as it is kept. */
export interface KeptNetworkKey {
  readonly sealed: string;
  readonly seq: number;
}
