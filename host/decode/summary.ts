/** Counts over a capture: what there was, from whom, and what stayed closed or was refused and why. */
import type { Decoded } from './decoded.ts';
import { nameOf, senderOf } from './names.ts';

/** Counts by name, largest first. */
export type Counts = readonly (readonly [name: string, count: number])[];

/** What a capture held. */
export interface CaptureSummary {
  readonly frames: number;
  readonly byVerdict: Counts;
  /** By innermost payload, such as `NWK Link Status`. */
  readonly byName: Counts;
  /** By sender: `0x1234`, an EUI-64, or a Green Power device's eight digits. */
  readonly bySender: Counts;
  /** Frames that are not ok, by code. */
  readonly byCode: Counts;
  /** Frames whose frame counter was used before, by what they are. */
  readonly byReplay: Counts;
}

/** Counts frames one by one. */
export class Summary {
  readonly #verdicts = new Map<string, number>();
  readonly #names = new Map<string, number>();
  readonly #senders = new Map<string, number>();
  readonly #codes = new Map<string, number>();
  readonly #replays = new Map<string, number>();
  #frames = 0;

  /** Counts a frame. */
  add(decoded: Decoded): void {
    const sender = senderOf(decoded.headers);
    this.#frames++;
    count(this.#verdicts, decoded.verdict);
    count(this.#names, nameOf(decoded.headers));
    if (sender !== undefined) count(this.#senders, sender);
    if (decoded.code !== undefined) count(this.#codes, decoded.code);
    if (decoded.replay !== undefined) count(this.#replays, `${decoded.replay.layer} ${decoded.replay.kind}`);
  }

  /** The counts so far. */
  report(): CaptureSummary {
    return {
      frames: this.#frames,
      byVerdict: sorted(this.#verdicts),
      byName: sorted(this.#names),
      bySender: sorted(this.#senders),
      byCode: sorted(this.#codes),
      byReplay: sorted(this.#replays),
    };
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

const sorted = (counts: ReadonlyMap<string, number>): Counts =>
  [...counts].sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1));
