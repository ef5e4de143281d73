/** Values as plain JSON has them. */
import { hex } from './ids.ts';

/** What JSON can hold. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [name: string]: Plain };

/** A copy that JSON can hold: undefined members left out, big integers as decimal text, bytes as hexadecimal. */
export function plain(value: object): { readonly [name: string]: Plain } {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]: readonly [string, unknown]) => (each === undefined ? [] : [[name, plainValue(each)]])),
  );
}

function plainValue(value: unknown): Plain {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value as Plain;
  if (value instanceof Uint8Array) return hex(value);
  return Array.isArray(value) ? (value as readonly unknown[]).map(plainValue) : plain(value);
}
