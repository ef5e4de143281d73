/** Image verification through the calls of the core, and its report read back from the map. */
import { readFileSync } from 'node:fs';
import { At, CheckResult, ImageFlag } from '../../../assembly/abi/code.ts';
import * as layout from '../../../assembly/abi/layout.ts';
import { unhex } from '../../../host/model/ids.ts';
import type { Primitives } from '../../kit/primitives.ts';

const conventions = namesOf('Integrity');
const reasons = namesOf('ImageReason');
const { IMG, IMG_ELEMENT_COUNT, IMG_ELEMENT_SIZE, IMG_ELEMENTS, IN, IN_SIZE } = layout;

/** Everything that a verification reports. */
export interface Report {
  /** Name of the reason, or `accepted`. */
  readonly verdict: string;
  /** The same as the core's number. */
  readonly code: number;
  /** Where the first failed check saw it; 0 when none failed. */
  readonly offset: number;
  /** Checks that came to a result, by name. */
  readonly checks: Readonly<Record<string, string>>;
  readonly length: number;
  readonly total: number;
  readonly seen: number;
  readonly elements: readonly (readonly [tag: number, length: number, offset: number])[];
  readonly integrity: string;
  readonly updates: readonly number[];
}

/** What a file without signature and integrity code needs to be accepted. */
export const PLAIN: number = ImageFlag.UNSIGNED | ImageFlag.WITHOUT_INTEGRITY;

/** Sends a file, or its parts, and reads the report. Checks that the answers of the calls agree with it. */
export function verify(core: Primitives, file: Uint8Array | readonly Uint8Array[], flags = PLAIN, trust: Trust = {}): Report {
  const parts = file instanceof Uint8Array ? [file] : file;
  if (begin(core, flags, trust) !== 0) throw new Error('imageBegin refused');
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
    code,
    offset: firstFailure(view),
    checks: checksOf(view),
    length: u32(IMG + layout.IMG_LENGTH),
    total: u32(IMG + layout.IMG_TOTAL),
    seen,
    elements: Array.from({ length: Math.min(seen, IMG_ELEMENT_COUNT) }, (_, i) => entry(i)),
    integrity: conventions.get(core.memory[IMG + layout.IMG_INTEGRITY] ?? -1) ?? '?',
    updates,
  };
}

/** An authority as the core takes it; `issuer` most significant byte first, left out for any. */
export interface Authority {
  readonly suite: number;
  readonly issuer?: string;
  readonly key: string;
}

/** What is trusted. */
export interface Trust {
  readonly authorities?: readonly Authority[];
  /** EUI-64s, most significant byte first. */
  readonly signers?: readonly string[];
}

/** Begins a file under a trust. */
export function begin(core: Primitives, flags: number, { authorities = [], signers = [] }: Trust = {}): number {
  for (const [i, { suite, issuer, key }] of authorities.entries()) {
    const entry = layout.IMG_AUTHORITIES + i * layout.AUTHORITY_SIZE;
    core.memory.fill(0, entry, entry + layout.AUTHORITY_SIZE);
    core.memory[entry + layout.AUTHORITY_SUITE] = suite;
    core.memory[entry + layout.AUTHORITY_FLAGS] = issuer === undefined ? 1 : 0;
    core.memory.set(unhex(issuer ?? '').reverse(), entry + layout.AUTHORITY_ISSUER);
    core.memory.set(unhex(key), entry + layout.AUTHORITY_KEY);
  }
  signers.forEach((signer, i) => core.memory.set(unhex(signer).reverse(), layout.IMG_SIGNERS + i * layout.IMG_SIGNER_SIZE));
  return core.call.imageBegin(flags, authorities.length, signers.length);
}

function entries(view: DataView): readonly (readonly [name: string, result: CheckResult, reason: number, start: number, end: number])[] {
  return [...namesOf('ImageCheck')].map(([check, name]) => {
    const at = layout.IMG_CHECKS + check * layout.IMG_CHECK_SIZE;
    const range = [view.getUint32(at + layout.CHECK_START, true), view.getUint32(at + layout.CHECK_END, true)] as const;
    return [name, view.getUint8(at + layout.CHECK_RESULT), view.getUint8(at + layout.CHECK_REASON), ...range];
  });
}

function firstFailure(view: DataView): number {
  return entries(view).find(([, result]) => result === CheckResult.FAILED)?.[3] ?? 0;
}

/** Name of a check → `passed start-end`, `absent`, or the reason and where. */
function checksOf(view: DataView): Record<string, string> {
  const told = entries(view).flatMap(([name, result, reason, start, end]): (readonly [string, string])[] => {
    if (result === CheckResult.OPEN) return [];
    if (result === CheckResult.ABSENT) return [[name, 'absent']];
    return [[name, `${result === CheckResult.PASSED ? 'passed' : reasons.get(reason)} ${start}-${end}`]];
  });
  return Object.fromEntries(told);
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
