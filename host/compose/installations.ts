/** The installations of a store: what its registers say of each gateway's home at one time. */
import type { Eui64 } from '../model/ids.ts';
import type { Statement } from '../model/register.ts';
import { readStatement } from '../messages/statement.ts';
import type { Installation } from '../policy/deployed.ts';
import { homeOf } from '../s1sp/home.ts';
import type { StoredStatement } from '../stores/registers.ts';

type Kind = 'inventory' | 'device-log' | 'suppliers';
type About = { -readonly [K in Kind]?: Extract<Statement, { readonly kind: K }> };

/**
 * Every gateway of which inventory, device log or suppliers are stored, by the newest version of each that is valid `at` a time (seconds since
 * 1970). `stored` is in the order of `Registers.all`: versions rise. Statements that cannot be read are passed over: `register show` names them.
 */
export function installationsOf(stored: readonly StoredStatement[], at: number): readonly Installation[] {
  const found = new Map<Eui64, About>();
  for (const { kind, gateway, bytes } of stored) {
    if (gateway === undefined || !(kind === 'inventory' || kind === 'device-log' || kind === 'suppliers')) continue;
    const read = readStatement(bytes);
    if (!read.ok || at < read.value.validFrom || at >= read.value.validTo) continue;
    found.set(gateway, { ...found.get(gateway), [kind]: read.value });
  }
  return [...found].map(([gateway, { inventory, suppliers, 'device-log': log }]) => ({
    gateway,
    ...homeOf(gateway, inventory, log),
    suppliers,
    inventory,
  }));
}
