/** Reads the tables of seeds/policy: facts of base.json, changed row by row. */
import { readFileSync } from 'node:fs';
import type { Facts, Situation } from '../../../host/model/decision.ts';
import type { DeviceLogEntry } from '../../../host/model/device.ts';
import { eui64, requestId, type KeyId } from '../../../host/model/ids.ts';
import type { CancelUpdate, Countersigned, Role, ServiceRequest, UpdateFirmware } from '../../../host/model/service-request.ts';

export interface Row {
  readonly name: string;
  /** New values by dotted path into the facts; `request` leads into the request. */
  readonly set: Readonly<Record<string, unknown>>;
  /** The refusal expected; absent = allowed. */
  readonly refuse?: { readonly rule: string; readonly code: string; readonly requirements: readonly string[] };
}

type Json = { [key: string]: Json } | Json[] | string | number | boolean | null | undefined;
const load = (name: string): unknown => JSON.parse(readFileSync(`seeds/policy/${name}.json`, 'utf8'));

const BASE = load('base') as Record<string, Json>;

/** The rows of a table. */
export const rows = (name: string): readonly Row[] => (load(name) as { rows: Row[] }).rows;

/** The facts of a row for an update or a cancellation. */
export function facts<K extends 'update' | 'cancel'>(
  kind: K,
  set: Row['set'] = {},
): Facts<K extends 'update' ? UpdateFirmware : CancelUpdate> {
  const base = structuredClone(BASE);
  const root: Json = { ...(base['facts'] as object), request: base[kind] as Json };
  for (const [path, value] of Object.entries(set)) change(root, path.split('.'), value as Json);
  const plain = withoutNull(root) as unknown as Facts & { request: ServiceRequest };
  const request = { ...plain.request, counter: BigInt(String(plain.request.counter)) };
  const id = requestId(eui64(request.originator), eui64(request.target), request.counter);
  return { ...plain, request, requestId: id } as unknown as ReturnType<typeof facts<K>>;
}

/** A signed message with the request and the signer of the facts; not from `messages/`, so a test's policy must take it. */
export function signedAs<T extends ServiceRequest>({ request, requestId: id, user }: Facts<T>): Countersigned<T> {
  const signer = { kid: '0000000000000000' as KeyId, key: new Uint8Array(32), role: user.role as Role, party: user.party, name: user.name };
  return { request, requestId: id, user: signer, bytes: new Uint8Array(), countersigners: [] };
}

/** What a door is given besides the message. */
export function situation({
  now,
  moment,
  gateway,
  suppliers,
  products,
  combinations,
  devices,
  hub,
  cancellable,
  underway,
  cohort,
  keyState,
}: Facts): Situation {
  return { now, moment, gateway, suppliers, products, combinations, devices, hub, cancellable, underway, cohort, keyState };
}

/** The target's entry of the device log. */
export const target = (of: Facts): DeviceLogEntry => of.devices.find(({ eui }) => eui === of.request.target) as DeviceLogEntry;

function change(node: Json, [first = '', ...rest]: readonly string[], value: Json): void {
  const record = node as { [key: string]: Json };
  if (rest.length > 0) change(record[first], rest, value);
  else record[first] = value;
}

/** null stands for undefined. */
function withoutNull(node: Json): Json {
  if (node === null) return undefined;
  if (Array.isArray(node)) return node.map(withoutNull);
  if (typeof node !== 'object') return node;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, withoutNull(value)]));
}
