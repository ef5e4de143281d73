/** A program of a few hundred bytes that obeys firmware/payload/abi.ts, for upgrades that are run hundreds of times. */
import { OUTPUT } from '../../../firmware/payload/abi.ts';

const EXPORTS = ['abiVersion', 'version', 'model', 'render', 'key'];
const text = (value: string): number[] => [...new TextEncoder().encode(value)];

/** Unsigned LEB128. */
function u(value: number): number[] {
  const low = value & 0x7f;
  return value > 0x7f ? [low | 0x80, ...u(value >>> 7)] : [low];
}

/** Signed LEB128 of a number of [0, 2^31). */
function s(value: number): number[] {
  const low = value & 0x7f;
  const rest = value >> 7;
  return rest === 0 && low < 0x40 ? [low] : [low | 0x80, ...s(rest)];
}

const section = (id: number, body: number[]): number[] => [id, ...u(body.length), ...body];
const list = (items: number[][]): number[] => [...u(items.length), ...items.flat()];
const named = (name: string): number[] => [...u(name.length), ...text(name)];

/** A program that says `version` and shows `line`, with `padding` bytes of an unknown section behind it. */
export function tinyProgram(version: number, line: string, padding = 0): Uint8Array {
  const shown = text(`${line}\n`);
  const constant = (value: number): number[] => [0, 0x41, ...s(value), 0x0b];
  const bodies = [constant(1), constant(version), constant(4), constant(shown.length), [0, 0x20, 0, 0x0b]];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(
      1,
      list([
        [0x60, 0, 1, 0x7f],
        [0x60, 1, 0x7f, 1, 0x7f],
      ]),
    ),
    ...section(3, list([[0], [0], [0], [0], [1]])),
    ...section(5, [1, 1, 1, 1]),
    ...section(7, list([...EXPORTS.map((name, index) => [...named(name), 0, index]), [...named('memory'), 2, 0]])),
    ...section(10, list(bodies.map((body) => [...u(body.length), ...body]))),
    ...section(11, [1, 0, 0x41, ...s(OUTPUT), 0x0b, ...u(shown.length), ...shown]),
    ...(padding > 0 ? section(0, [...named('padding'), ...Array.from({ length: padding }, (_, i) => (i * 29) & 0xff)]) : []),
  ]);
}
