/**
 * Signed statements: the dated facts that decisions rest on. Each is signed by the registration role, names one environment, has a
 * version that only rises per (kind, gateway), and a validity. Times are whole seconds.
 *
 * What a gateway gets of a list may be a slice of it, cut for its premises and models: the slice names the gateway, and is signed like
 * the whole. What the documents of the Smart Energy Code say is in `regulation.ts`.
 */
import type { Cohort } from './cohort.ts';
import type { CombinationMember, ListBase, StatementBase } from './dated.ts';
import type { DeviceModel, HardwareModel } from './device.ts';
import type { Digest, Eui64 } from './ids.ts';
import type {
  CohortsStatement,
  ConsentsStatement,
  DocumentsStatement,
  PendingStatement,
  ResponseTimesStatement,
  ServicesStatement,
  StepsStatement,
  ThresholdsStatement,
  UsersStatement,
} from './regulation.ts';
import type { Signer } from './service-request.ts';

/** Who the suppliers of one gateway's premises are, from when on. Intervals are [from, to); `to` undefined = open. */
export interface SuppliersStatement extends StatementBase {
  readonly kind: 'suppliers';
  readonly gateway: Eui64;
  /** The import (electricity) supplier is the Lead Supplier [R-LEAD-01]. */
  readonly lead: readonly SupplierPeriod[];
  readonly gas: readonly SupplierPeriod[];
}

/** A supplier and the time it is the supplier of record. */
export interface SupplierPeriod {
  readonly party: Eui64;
  readonly from: number;
  readonly to: number | undefined;
}

/** A key of a party, and when its signatures count. */
export interface RegisteredKey extends Signer {
  /** From when on, and before when, the key may sign; open when left out. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** From when on nothing signed with it counts any more, whenever it was signed. */
  readonly revoked?: number | undefined;
  /** Country in which the signing system stands, two letters [R-SIGN-04]. */
  readonly place?: string | undefined;
}

/** Keys of the parties, one role each. */
export interface SignersStatement extends ListBase {
  readonly kind: 'signers';
  readonly signers: readonly RegisteredKey[];
}

/** An entry of the Central Products List: listing a SMETS1 Device Model is not certification [R-CPL-01]. */
export interface ProductEntry extends DeviceModel {
  readonly state: 'listed' | 'removed';
  /** Digests of the images that this model may be made with; none = not said. */
  readonly images: readonly Digest[];
  /** Firmware versions from which a device may go to this one; left out = from any. */
  readonly upgradesFrom?: readonly number[] | undefined;
}

/** Central Products List. */
export interface ProductsStatement extends ListBase {
  readonly kind: 'products';
  readonly products: readonly ProductEntry[];
}

/** SMETS1 Eligible Product Combinations: whole combinations, by device type [R-EPC-01, R-EPC-04]. */
export interface CombinationsStatement extends ListBase {
  readonly kind: 'combinations';
  readonly combinations: readonly (readonly CombinationMember[])[];
}

/** The device log that the CHF shall hold: who may join, under which install code hash. Install codes never travel in it. */
export interface DeviceLogStatement extends StatementBase {
  readonly kind: 'device-log';
  readonly gateway: Eui64;
  readonly devices: readonly (HardwareModel & {
    readonly eui: Eui64;
    readonly type: string;
    readonly imageType: number | undefined;
    /** Version in the Smart Metering Inventory; what the device answers over the HAN supersedes it. */
    readonly firmwareVersion?: number | undefined;
  })[];
}

/** What the Smart Metering Inventory says of one installation besides its device log [R-INV-01]. */
export interface InventoryStatement extends StatementBase {
  readonly kind: 'inventory';
  readonly gateway: Eui64;
  /** The Device Model of the hub. */
  readonly hub: DeviceModel;
  readonly cohort: Cohort | 'unknown';
  /** Maker by which the cohort can be told when it is not recorded [R-COH-02]. */
  readonly maker?: string | undefined;
  /** SMETS1 is in homes and small businesses, and no rule tells them apart [R-SCOPE-01]. */
  readonly premises: 'domestic' | 'small-non-domestic';
  readonly stage: 'with-smso' | 'enrolled';
  /** Whether the meters have smart service now [R-DORM-01]. */
  readonly tag: 'active' | 'dormant' | 'mixed';
  /** When the installation was enrolled; undefined before. */
  readonly enrolled?: number | undefined;
  /** How the hub is reached; an opaque name of a profile [R-WAN-01]. */
  readonly wan: string;
  /** The hub's firmware can hand images to devices; without it no image can reach a PPMID. */
  readonly otaServer: boolean;
  /** The hub's half-hourly function can be turned on and off after migration [R-HH-04]. */
  readonly halfHourlyControl: boolean;
}

/** What the registration role may state. */
export type Statement =
  | SuppliersStatement
  | SignersStatement
  | ProductsStatement
  | CombinationsStatement
  | DeviceLogStatement
  | InventoryStatement
  | DocumentsStatement
  | CohortsStatement
  | ServicesStatement
  | UsersStatement
  | ThresholdsStatement
  | ResponseTimesStatement
  | StepsStatement
  | ConsentsStatement
  | PendingStatement;

/** The kinds of statement. */
export type StatementKind = Statement['kind'];

/** The statement of a kind. */
export type StatementOf<K extends StatementKind> = Extract<Statement, { kind: K }>;

/** The kinds that a gateway decides by: what is handed to it. */
export const GATEWAY_KINDS: readonly StatementKind[] = [
  'signers',
  'suppliers',
  'products',
  'combinations',
  'device-log',
  'inventory',
  'documents',
  'cohorts',
  'services',
  'users',
];

/** Which statement a decision rested on: enough to find it again, and to see that it is the same. */
export interface RegisterReference {
  readonly kind: StatementKind;
  readonly version: number;
  /** SHA-256 of the signed bytes. */
  readonly digest: Digest;
}
