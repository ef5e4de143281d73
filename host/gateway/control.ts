/** Orders that a person at the machine gives to a running gateway: what is asked, and what is answered. */
import { parseEui64 } from '../model/ids.ts';
import type { KeyOrder } from '../stores/key-orders.ts';
import type { KeyOrderDesk } from './key-orders.ts';

/** What is answered. */
export type ControlAnswer =
  | {
      readonly ok: true;
      readonly turned?: { readonly seq: number; readonly reached: readonly string[]; readonly missed: readonly string[] };
    }
  | { readonly ok: false; readonly code: string; readonly detail: string };

/** Does what is asked; resolves when it is done. Refuses `not-an-order`, and `device-unknown` when there is nothing to erase. */
export async function answerControl(request: unknown, desk: KeyOrderDesk): Promise<ControlAnswer> {
  const order = orderOf(request);
  if (order === undefined) return { ok: false, code: 'not-an-order', detail: 'an order is to rotate the network key or to erase a device' };
  const refusal = desk.refusal(order);
  if (refusal !== undefined) return { ok: false, code: refusal.code, detail: refusal.detail };
  const turned = await desk.take(order);
  return turned === undefined ? { ok: true } : { ok: true, turned };
}

function orderOf(request: unknown): KeyOrder | undefined {
  if (typeof request !== 'object' || request === null) return undefined;
  const { kind, device, code, reason } = request as Readonly<Record<string, unknown>>;
  if (kind === 'rotate') return { kind, reason: typeof reason === 'string' ? reason.slice(0, 64) : 'ordered' };
  const eui = typeof device === 'string' ? parseEui64(device) : undefined;
  return kind === 'erase' && eui !== undefined ? { kind, device: eui, code: code === true } : undefined;
}
