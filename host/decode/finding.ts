/** What is being found out about one frame while its layers are read, from the air upwards. */
import type { Field } from '../clusters/read.ts';
import type { Body } from './body.ts';
import type { Decoded, Headers, Verdict } from './decoded.ts';
import type { Replay } from './replay.ts';

/** Why a frame is not `ok`. */
export interface Problem {
  readonly verdict: Exclude<Verdict, 'ok'>;
  readonly code: string;
  readonly detail: string;
}

/** Fields, headers and verdict of the frame of the moment. */
export class Finding {
  readonly fields: Field[] = [];
  /** The headers that were read, and the innermost payload. */
  readonly headers: { -readonly [K in keyof Headers]: Headers[K] } = {};
  /** Bytes of the innermost payload that no table describes. */
  unread: Uint8Array = new Uint8Array(0);
  /** What a receiver would refuse for its counter. */
  replay: Decoded['replay'] | undefined;
  #problem: Problem | undefined;

  /** Why the frame is not `ok`; the first reason counts. */
  get problem(): Problem | undefined {
    return this.#problem;
  }

  /** Shows fields. */
  show(fields: readonly Field[]): void {
    for (const field of fields) this.fields.push(field);
  }

  /** Shows a remark, in Wireshark an expert note: a name without a value. */
  remark(name: string): void {
    this.fields.push([name, '']);
  }

  /** A layer broke its format. */
  refuse(code: string, detail: string): void {
    this.#problem ??= { verdict: 'refused', code, detail };
  }

  /** A layer ended inside a field, at byte `offset` of what was left of the frame for it. */
  cutShort(layer: string, offset: number): void {
    this.refuse(`${layer}-truncated`, `the ${layer.toUpperCase()} header does not fit, at byte ${offset}`);
  }

  /** A payload was read by a table: shown, and refused when it ends inside a field. */
  showBody({ fields, rest, truncated }: Body): void {
    this.show(fields);
    this.unread = rest;
    if (truncated !== undefined) this.refuse(`truncated-${truncated}`, `the ${truncated} payload ends inside a field`);
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
