/**
 * Who is told of an alert, in order. A Device Alert is about a device and goes to the supplier of its fuel; what concerns the hub, its security
 * above all, goes to the Lead Supplier first (004 3.6). A DCC Alert goes to whoever made the request that it answers [R-ALERT-01].
 */
import type { Facts } from '../model/decision.ts';
import type { DeviceType } from '../model/device.ts';
import type { Eui64 } from '../model/ids.ts';
import { gasSuppliersAt, leadSupplierAt } from './standing.ts';

/** An alert. */
export interface AlertSubject extends Pick<Facts, 'now' | 'gateway' | 'suppliers'> {
  readonly kind: 'device' | 'dcc';
  readonly device: DeviceType;
  /** It tells of an attack or a failure of protection. */
  readonly security: boolean;
  /** For a DCC Alert: who made the request. */
  readonly requester?: Eui64 | undefined;
}

/** The parties to be told, each once, the first one first; none when nobody is of record. */
export function addressees({ kind, device, security, requester, ...authority }: AlertSubject): readonly Eui64[] {
  const lead = leadSupplierAt(authority);
  const leads = typeof lead === 'string' ? [] : [lead.party];
  const gas = gasSuppliersAt(authority).map(({ party }) => party);
  if (kind === 'dcc') return unique([...(requester === undefined ? [] : [requester]), ...(security ? leads : [])]);
  if (device === 'gsme') return unique(security ? [...gas, ...leads] : gas);
  if (device === 'chf' || device === 'gpf') return unique(security && device === 'gpf' ? [...leads, ...gas] : leads);
  return unique(device === 'esme' || security ? leads : [...leads, ...gas]);
}

const unique = (parties: readonly Eui64[]): readonly Eui64[] => [...new Set(parties)];
