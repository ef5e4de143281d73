/**
 * Signed statements: the dated facts that a gateway rests its decisions on. Each is signed by the registration role,
 * names one environment, has a version that only rises per (kind, gateway), and a validity. Times are whole seconds.
 */
import type { DeviceModel, HardwareModel } from './device.ts';
import type { Digest, Eui64 } from './ids.ts';
import type { Environment, Signer } from './service-request.ts';

interface StatementBase {
  readonly version: number;
  readonly environment: Environment;
  readonly issued: number;
  /** Bounds of validity, inclusive start, exclusive end. */
  readonly validFrom: number;
  readonly validTo: number;
}

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

/** Keys of the parties, one role each. */
export interface SignersStatement extends StatementBase {
  readonly kind: 'signers';
  readonly signers: readonly Signer[];
}

/** Central Products List: listing a SMETS1 Device Model is not certification [R-CPL-01]. */
export interface ProductsStatement extends StatementBase {
  readonly kind: 'products';
  readonly products: readonly (DeviceModel & { readonly state: 'listed' | 'removed'; readonly images: readonly Digest[] })[];
}

/** SMETS1 Eligible Product Combinations: whole combinations, by device type [R-EPC-01, R-EPC-04]. */
export interface CombinationsStatement extends StatementBase {
  readonly kind: 'combinations';
  readonly combinations: readonly (readonly (DeviceModel & { readonly type: string })[])[];
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

/** What the registration role may state. */
export type Statement = SuppliersStatement | SignersStatement | ProductsStatement | CombinationsStatement | DeviceLogStatement;
