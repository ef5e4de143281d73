/** Image verification through the calls of the core, and its report read back from the map. */
import { readFileSync } from 'node:fs';
import { At } from '../../../assembly/abi/code.ts';
import * as layout from '../../../assembly/abi/layout.ts';
import { hex } from '../../../host/model/ids.ts';
import type { Primitives } from '../../kit/primitives.ts';

const conventions = namesOf('Integrity');
const reasons = namesOf('ImageReason');
const { IMG, IMG_ELEMENT_COUNT, IMG_ELEMENT_SIZE, IMG_ELEMENTS, IN, IN_SIZE } = layout;

/** Everything that a verification reports. */
export interface Report {
  /** Name of the reason, or `accepted`. */
  readonly verdict: string;
  readonly offset: number;
  readonly length: number;
  readonly total: number;
  readonly seen: number;
  readonly elements: readonly (readonly [tag: number, length: number, offset: number])[];
  readonly integrity: string;
  readonly sha256: string;
  readonly updates: readonly number[];
}

/** Sends a file, or its parts, and reads the report. Checks that the answers of the calls agree with it. */
export function verify(core: Primitives, file: Uint8Array | readonly Uint8Array[], flags = 0): Report {
  const parts = file instanceof Uint8Array ? [file] : file;
  if (core.call.imageBegin(flags) !== 0) throw new Error('imageBegin refused');
  const updates = parts.flatMap((part) => windows(part)).map((window) => send(core, window));
  const code = core.call.imageFinish();
  const view = new DataView(core.memory.buffer);
  const u32 = (at: number): number => view.getUint32(at, true);
  if (u32(IMG + layout.IMG_CODE) !== code) throw new Error('the answer is not the code of the report');
  const seen = u32(IMG + layout.IMG_ELEMENTS_SEEN);
  const entry = (index: number): readonly [number, number, number] => {
    const at = IMG_ELEMENTS + index * IMG_ELEMENT_SIZE;
    return [view.getUint16(at + layout.ELEMENT_TAG, true), u32(at + layout.ELEMENT_LENGTH), u32(at + layout.ELEMENT_OFFSET)];
  };
  return {
    verdict: nameOf(code),
    offset: u32(IMG + layout.IMG_OFFSET),
    length: u32(IMG + layout.IMG_LENGTH),
    total: u32(IMG + layout.IMG_TOTAL),
    seen,
    elements: Array.from({ length: Math.min(seen, IMG_ELEMENT_COUNT) }, (_, i) => entry(i)),
    integrity: conventions.get(core.memory[IMG + layout.IMG_INTEGRITY] ?? -1) ?? '?',
    sha256: hex(core.read(IMG + layout.IMG_SHA256, 32)),
    updates,
  };
}

/** Names by number of a const enum of abi/code.ts, which keeps none at run time. */
export function namesOf(constEnum: string): ReadonlyMap<number, string> {
  const text = readFileSync(new URL('../../../assembly/abi/code.ts', import.meta.url), 'utf8');
  const body = text.split(`export const enum ${constEnum} {`)[1]?.split('\n}')[0] ?? '';
  return new Map([...body.matchAll(/^ {2}([A-Z_0-9]+) = (\d+),$/gm)].map(([, name = '', value]) => [Number(value), name]));
}

/** The name of an image code, `accepted` for 0. */
export function nameOf(code: number): string {
  if (code === 0) return 'accepted';
  return code >> 8 === At.IMAGE ? (reasons.get(code & 0xff) ?? '?') : `code ${code}`;
}

const windows = (part: Uint8Array): Uint8Array[] =>
  part.length === 0
    ? [part]
    : Array.from({ length: Math.ceil(part.length / IN_SIZE) }, (_, i) => part.subarray(IN_SIZE * i, IN_SIZE * (i + 1)));

function send(core: Primitives, bytes: Uint8Array): number {
  core.memory.set(bytes, IN);
  return core.call.imageUpdate(bytes.length);
}
