/**
 * The virtual air: a 2.4 GHz medium on which every transceiver hears every other, with the timing of IEEE 802.15.4.
 *
 * Two transmissions that overlap on a channel destroy each other for all receivers. Otherwise each receiver's fate is
 * asked of a `Path`. One seed and one order of calls give the same air time after time. It wants a clock of simulated time:
 * a real one is too coarse for acknowledgements of 352 µs.
 */
import type { Clock } from '../../host/ports/clock.ts';
import type { Medium, Transceiver } from '../../host/ports/medium.ts';
import { clear, type Path } from './path.ts';
import { Seeded } from './seeded.ts';
import { airtime } from './timing.ts';
import { AirTransceiver, type Ether } from './transceiver.ts';

/** Hears every frame put on the air: its bytes, when it began, and the name of its sender. */
export type TrafficListener = (psdu: Uint8Array, timeMs: number, from: string) => void;

/** What an air is made of. */
export interface AirOptions {
  readonly clock: Clock;
  /** Seed of backoffs and of which bit a corruption flips. */
  readonly seed?: number;
  readonly path?: Path;
}

interface Transmission {
  readonly channel: number;
  spoiled: boolean;
}

/** The air. */
export class Air implements Medium {
  readonly #ether: Ether;
  readonly #stations: AirTransceiver[] = [];
  readonly #listeners: TrafficListener[] = [];

  constructor(options: AirOptions) {
    const { clock } = options;
    const path = options.path ?? clear;
    const random = new Seeded(options.seed ?? 1);
    const flips = new Seeded(~(options.seed ?? 1));
    const active = new Set<Transmission>();
    const lastBusy = new Map<number, number>();

    const arrive = (from: AirTransceiver, channel: number, psdu: Uint8Array): void => {
      for (const station of [...this.#stations]) {
        if (station === from || station.channel !== channel) continue;
        const fate = path(from.name, station.name, psdu);
        if (fate === 'lose') continue;
        station.hear(fate === 'corrupt' ? flip(psdu, flips.below(8 * psdu.length)) : psdu);
        if (fate === 'duplicate') station.hearAgain(psdu);
      }
    };

    this.#ether = {
      clock,
      random,
      quietSince: (channel, since) =>
        ![...active].some((other) => other.channel === channel) && (lastBusy.get(channel) ?? -Infinity) <= since,
      emit: (from, channel, psdu, ended) => {
        const mine: Transmission = { channel, spoiled: false };
        for (const other of active) if (other.channel === channel) other.spoiled = mine.spoiled = true;
        active.add(mine);
        for (const listener of this.#listeners) listener(psdu, clock.now(), from.name);
        clock.after(airtime(psdu.length) / 1000, () => {
          active.delete(mine);
          lastBusy.set(channel, clock.now());
          ended();
          if (!mine.spoiled) arrive(from, channel, psdu);
        });
      },
      leave: (station) => void this.#stations.splice(this.#stations.indexOf(station) >>> 0, 1),
    };
  }

  attach(name: string): Transceiver {
    const station = new AirTransceiver(this.#ether, name);
    this.#stations.push(station);
    return station;
  }

  onTraffic(listener: TrafficListener): void {
    this.#listeners.push(listener);
  }
}

function flip(psdu: Uint8Array, bit: number): Uint8Array {
  const copy = psdu.slice();
  copy[bit >> 3]! ^= 1 << (bit & 7);
  return copy;
}
