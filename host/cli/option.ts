/** Reading the texts of options and arguments; what they refuse is one line that names the option. */
import { Fault } from '../model/fault.ts';
import { parseEui64 } from '../model/ids.ts';
import type { Digest, Eui64 } from '../model/ids.ts';
import type { Options } from './program.ts';

/** An option as it is written on a command line: `completeWithin` is `--complete-within`. */
const flag = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** The text of an option, or undefined when it was not given. */
export function text(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

/** The text of an option that must be given. Throws Fault `config`. */
export function required(options: Options, name: string): string {
  const value = text(options, name);
  if (value === undefined) throw new Fault('config', `${flag(name)} is missing`);
  return value;
}

/** A whole number of an option, decimal or 0x-hexadecimal, `min` to `max`. Throws Fault `config`. */
export function number(options: Options, name: string, min: number, max: number): number | undefined {
  const value = text(options, name);
  if (value === undefined) return undefined;
  const parsed = /^(0x[0-9a-f]+|\d+)$/i.test(value) ? Number(value) : Number.NaN;
  if (!(parsed >= min && parsed <= max)) throw new Fault('config', `${flag(name)} ${value} is not a whole number from ${min} to ${max}`);
  return parsed;
}

/** An EUI-64 of an option. Throws Fault `config`. */
export function eui(options: Options, name: string): Eui64 | undefined {
  const value = text(options, name);
  if (value === undefined) return undefined;
  const id = parseEui64(value);
  if (id === undefined) throw new Fault('config', `${flag(name)} ${value} is not an EUI-64`);
  return id;
}

/** A SHA-256 of an option, 64 hex digits. Throws Fault `config`. */
export function sha256(options: Options, name: string): Digest | undefined {
  const value = text(options, name);
  if (value !== undefined && !/^[0-9a-f]{64}$/i.test(value)) throw new Fault('config', `${flag(name)} is not a SHA-256 of 64 hex digits`);
  return value?.toLowerCase() as Digest | undefined;
}

/** One of some words. Throws Fault `config` that lists them. */
export function oneOf<T extends string>(options: Options, name: string, words: readonly T[]): T {
  const value = required(options, name);
  const word = words.find((each) => each === value);
  if (word === undefined) throw new Fault('config', `${flag(name)} ${value} is not one of ${words.join(', ')}`);
  return word;
}
