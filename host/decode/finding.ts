/** What is being found out about one frame while its layers are read, from the air upwards. */
import type { Format, NumberItem, Values } from '../clusters/item.ts';
import type { Run } from '../clusters/run.ts';
import { readInto, type Field, type ReadInto } from '../clusters/read.ts';
import { joined, shownField, shownOf, type Showing, type Shown } from '../clusters/shown.ts';
import type { Body } from './body.ts';
import type { Decoded, Headers, Verdict } from './decoded.ts';
import type { Replay } from './replay.ts';

/** Why a frame is not `ok`. */
export interface Problem {
  readonly verdict: Exclude<Verdict, 'ok'>;
  readonly code: string;
  readonly detail: string;
}

const NOTHING = new Uint8Array(0);

/** Fields, headers and verdict of the frame of the moment. */
export class Finding {
  readonly shown: Shown[] = [];
  /** The headers that were read, and the innermost payload. */
  readonly headers: { -readonly [K in keyof Headers]: Headers[K] } = {};
  /** Bytes of the innermost payload that no table describes. */
  unread: Uint8Array = NOTHING;
  /** What a receiver would refuse for its counter. */
  replay: Decoded['replay'] | undefined;
  #problem: Problem | undefined;

  /** Why the frame is not `ok`; the first reason counts. */
  get problem(): Problem | undefined {
    return this.#problem;
  }

  readonly #showing: Showing;

  /** `showing` remembers what numbers look like, from frame to frame. */
  constructor(showing: Showing) {
    this.#showing = showing;
  }

  /** Shows fields. */
  show(fields: readonly Field[]): void {
    this.showAgain(shownOf(fields));
  }

  /** Shows what was worked out before. */
  showAgain(shown: Shown | undefined): void {
    if (shown !== undefined) this.shown.push(shown);
  }

  /** Shows a number. */
  number(item: NumberItem, value: number): void {
    this.showAgain(this.#showing.number(item, value, 0));
  }

  /** Reads by a table and shows what it read; a run before it is read once for all that are equal. */
  read(format: Format, bytes: Uint8Array, around?: Values, run?: Run): ReadInto {
    return readInto(this.shown, this.#showing, format, bytes, around, run);
  }

  /** Shows a remark, in Wireshark an expert note: a name without a value. */
  remark(name: string): void {
    this.shown.push(shownField(name, ''));
  }

  /** Takes back fields that were shown from `from` on. */
  withdraw(from: number, isMeant: (name: string) => boolean): void {
    const shown = this.shown.splice(from);
    this.shown.push(...shown.filter(({ fields: [first] }) => first === undefined || !isMeant(first[0])));
  }

  /** Makes one of all that was shown, for who shows it again and again. */
  gather(): void {
    const all = joined(this.shown);
    if (all !== undefined) this.shown.splice(0, this.shown.length, all);
  }

  /** A layer broke its format. */
  refuse(code: string, detail: string): void {
    this.#problem ??= { verdict: 'refused', code, detail };
  }

  /** A layer ended inside a field, at byte `offset` of what was left of the frame for it. */
  cutShort(layer: string, offset: number): void {
    this.refuse(`${layer}-truncated`, `the ${layer.toUpperCase()} header does not fit, at byte ${offset}`);
  }

  /** Reads a payload by a table; what the table leaves is unread, and a payload that ends inside a field refused. */
  follow(kind: string, format: Format, payload: Uint8Array, around?: Values): Values {
    const { values, rest, short } = this.read(format, payload, around);
    this.unread = rest;
    if (short !== undefined) this.#truncated(kind);
    return values;
  }

  /** A payload was read by a table: shown, and refused when it ends inside a field. */
  showBody({ fields, rest, truncated }: Body): void {
    this.show(fields);
    this.unread = rest;
    if (truncated !== undefined) this.#truncated(truncated);
  }

  #truncated(kind: string): void {
    this.refuse(`truncated-${kind}`, `the ${kind} payload ends inside a field`);
  }

  /** A layer was opened that a receiver would refuse for its counter; the outermost counts. */
  replayed(layer: 'nwk' | 'aps', kind: Replay): void {
    this.replay ??= { layer, kind };
  }

  /** A secured layer found no key. */
  close(layer: 'mac' | 'nwk' | 'aps' | 'gp', detail = `no key opens the ${layer.toUpperCase()} layer`): void {
    this.#problem ??= { verdict: 'closed', code: `closed-${layer}`, detail };
  }
}

/** A finding that is complete, as the decoder's answer. Its fields are gathered when they are asked for. */
export class Finished implements Decoded {
  // Declared, not defined: there is one of them for every frame, and a field that is defined is written twice.
  declare readonly number: number;
  declare readonly time: bigint;
  declare readonly verdict: Verdict;
  declare readonly code: string | undefined;
  declare readonly detail: string | undefined;
  declare readonly shown: readonly Shown[];
  declare readonly unread: Uint8Array;
  declare readonly headers: Headers;
  declare readonly replay?: NonNullable<Decoded['replay']>;

  constructor(number: number, time: bigint, { shown, headers, unread, replay, problem }: Finding) {
    this.number = number;
    this.time = time;
    this.verdict = problem?.verdict ?? 'ok';
    this.code = problem?.code;
    this.detail = problem?.detail;
    this.shown = shown;
    this.unread = unread;
    this.headers = headers;
    if (replay !== undefined) this.replay = replay;
  }

  get fields(): readonly Field[] {
    return this.shown.flatMap(({ fields }) => fields);
  }
}
