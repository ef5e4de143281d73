/**
 * Why a gateway must not be on the air: another sender with its EUI-64 was heard. Two of them would use the same nonces under the same keys,
 * so the mark outlives the process and goes only when a person says that the other is gone.
 */
import type { Store, Write } from '../ports/store.ts';

const KEY = 'twin';

/** Milliseconds since 1970 at which another of its kind was heard, or undefined. */
export function silencedAt(store: Store): number | undefined {
  const bytes = store.get('meta', KEY);
  return bytes === undefined ? undefined : Number(new TextDecoder().decode(bytes));
}

/** The write that silences a gateway. */
export const silence = (time: number): Write => ({ table: 'meta', key: KEY, value: new TextEncoder().encode(String(Math.floor(time))) });

/** The write that lets it speak again. */
export const speakAgain = (): Write => ({ table: 'meta', key: KEY, value: undefined });
