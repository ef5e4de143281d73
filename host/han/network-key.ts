/**
 * Turning to another network key (ZigBee specification 4.6.3.4): the new one goes to each device under its own link key, then Switch-Key
 * goes to all, then the hub turns. The old key is heard for a while: who still uses it is sent the new one again, and told once more.
 *
 * Each step is durable before the next, and begun anew after a restart: a key that waits is handed out again, never made anew.
 */
import type { KeyHandle } from '../model/frame.ts';
import type { Eui64 } from '../model/ids.ts';
import { sleep, type Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { switchKey, transportNetworkKey } from './key-frames.ts';
import { isSecured, type Network, type NetworkKey, type NetworkKeys, type Peer, type SecuredPeer } from './network.ts';

/** The network keys and their steps; each step resolves when it is durable. */
export interface TurningKeys extends NetworkKeys {
  readonly next: NetworkKey | undefined;
  /** The key that waits, or a fresh one whose sequence number is `ahead` of the one in use. */
  prepareNext(ahead: number): Promise<NetworkKey>;
  turn(): Promise<void>;
  retire(): Promise<void>;
}

/** What a rotation is made of. */
export interface RotationParts {
  readonly network: Network;
  readonly keys: TurningKeys;
  /** Devices on the network. */
  readonly peers: () => readonly Peer[];
  readonly clock: Clock;
  readonly log: Log;
  readonly fault: (cause: unknown) => void;
}

/** What came of a rotation. */
export interface Turned {
  readonly seq: number;
  /** Devices that acknowledged the new key, and those that did not. */
  readonly reached: readonly Eui64[];
  readonly missed: readonly Eui64[];
}

/** A device is sent the new key so often before the network turns without it. */
const TRIES = 3;
/** Between two tries, and between the last and the turn: longer than a broadcast takes through a home. */
export const PAUSE_MS = 9_000;
/** How long the old key is heard. A device that is away longer comes back by a rejoin. */
export const KEEP_MS = 3_600_000;
/**
 * How far ahead the sequence number goes where turns may have been forgotten, as after a restore: a device that has turned since would have
 * two keys of one number, and stay with the other one. Less than half way round, or it would look like an old one.
 */
const FAR_AHEAD = 64;
/** Who is behind is told so at most so often. */
const REMIND_MS = 10_000;

/** Rotation of the network key. */
export class NetworkKeyRotation {
  readonly #parts: RotationParts;
  readonly #reminded = new Map<Eui64, number>();
  #turning: Promise<Turned> | undefined;
  #forgetOld = false;

  constructor(parts: RotationParts) {
    this.#parts = parts;
  }

  /** Goes on with what a restart interrupted: an old key that is still heard, and a rotation that was under way. */
  resume(): void {
    const { keys, fault } = this.#parts;
    if (keys.previous !== undefined) this.#retireLater();
    if (keys.next !== undefined) this.rotate('resumed').catch(fault);
  }

  /**
   * Turns the network to another key; a rotation under way is joined. With `forgetOld` the old key is heard no longer, not even for a
   * while: what was sent under it may be known to others, and so may the numbers of keys that came after it. Rejects with Fault `store`.
   */
  rotate(reason: string, forgetOld = false): Promise<Turned> {
    this.#forgetOld ||= forgetOld;
    this.#turning ??= this.#rotate(reason).finally(() => (this.#turning = undefined));
    return this.#turning;
  }

  /** A device used the key before: it gets the new one and the word to turn, under the key that it has. */
  async behind(from: Peer): Promise<void> {
    const { clock, keys, network, log } = this.#parts;
    const { previous } = keys;
    const last = this.#reminded.get(from.eui) ?? -Infinity;
    if (previous === undefined || !isSecured(from) || clock.now() - last < REMIND_MS) return;
    this.#reminded.set(from.eui, clock.now());
    log.info('network-key-again', { device: from.eui, seq: keys.network.seq });
    await this.#handOut(from, previous.key, keys.network);
    await network.send([previous.key], (numbers) => switchKey(network.hub, numbers, from, previous.key, keys.network.seq));
  }

  async #rotate(reason: string): Promise<Turned> {
    const { clock, keys, log, network } = this.#parts;
    const next = await keys.prepareNext(this.#forgetOld ? FAR_AHEAD : 1);
    log.info('network-key-rotation', { seq: next.seq, reason });
    const reached = new Set<Eui64>();
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      const waiting = this.#waiting(reached);
      for (const to of waiting) if ((await (await this.#handOut(to, keys.network.key, next)).ended) === 'sent') reached.add(to.eui);
      await sleep(clock, PAUSE_MS);
      if (this.#waiting(reached).length === 0) break;
    }
    const missed = this.#waiting(reached).map(({ eui }) => eui);
    const old = keys.network.key;
    const said = await network.send([old], (numbers) => switchKey(network.hub, numbers, undefined, old, next.seq));
    await said.ended;
    await keys.turn();
    if (this.#forgetOld) await keys.retire();
    else this.#retireLater();
    this.#forgetOld = false;
    log.info('network-key-turned', { seq: next.seq, reached: reached.size, missed: missed.length });
    return { seq: next.seq, reached: [...reached], missed };
  }

  /** Devices on the network that have no new key yet. */
  #waiting(reached: ReadonlySet<Eui64>): readonly SecuredPeer[] {
    return this.#parts.peers().filter((peer): peer is SecuredPeer => peer.joined && isSecured(peer) && !reached.has(peer.eui));
  }

  #handOut(to: SecuredPeer, under: KeyHandle, carried: NetworkKey): ReturnType<Network['send']> {
    const { network } = this.#parts;
    const keys = { link: to.linkKey, network: under };
    return network.send([keys.network, keys.link], (numbers) => transportNetworkKey(network.hub, numbers, to, keys, carried));
  }

  #retireLater(): void {
    const { clock, keys, fault } = this.#parts;
    const old = keys.previous?.key;
    clock.after(KEEP_MS, () => {
      if (keys.previous?.key === old) keys.retire().catch(fault);
    });
  }
}
