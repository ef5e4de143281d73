/**
 * Statements of the registration role in CBOR: maps with text keys, named as in `host/model/register.ts`.
 *
 * A key whose value may be undefined there is left out here when it is. Times are whole seconds since 1970, versions rise.
 */
import type { CombinationMember } from '../model/dated.ts';
import type { DeviceModel, DeviceType, HardwareModel } from '../model/device.ts';
import type {
  CombinationsStatement,
  DeviceLogStatement,
  InventoryStatement,
  ProductEntry,
  ProductsStatement,
  RegisteredKey,
  SignersStatement,
  Statement,
  SupplierPeriod,
  SuppliersStatement,
} from '../model/register.ts';
import { KEY_SIZE } from './ed25519.ts';
import { BASE, COMBINATION, LIST_BASE, MAX_ENTRIES, NAME, REGULATION, ROLE, WORD } from './regulation-shape.ts';
import type { Shape } from './shape.ts';
import { BOOLEAN, DIGEST, EUI64, KEY_ID, SECONDS, UINT16, UINT32, bytes, list, oneOf, optional, record, text, variant } from './shape.ts';

/** Most image digests of one product. */
const MAX_IMAGES = 64;

const DEVICE_TYPE: Shape<DeviceType> = oneOf('esme', 'gsme', 'chf', 'gpf', 'ppmid', 'ihd', 'other');
const HARDWARE: { readonly [K in keyof HardwareModel]: Shape<HardwareModel[K]> } = {
  manufacturer: UINT16,
  model: text(1, 32),
  hardwareVersion: UINT16,
};

/** Periods of supply. */
export const PERIODS = list(record<SupplierPeriod>({ party: EUI64, from: SECONDS, to: optional(SECONDS) }), MAX_ENTRIES);

const KEY = record<RegisteredKey>({
  kid: KEY_ID,
  key: bytes(KEY_SIZE),
  role: ROLE,
  party: EUI64,
  name: NAME,
  from: optional(SECONDS),
  to: optional(SECONDS),
  revoked: optional(SECONDS),
  place: optional(text(2, 2)),
});

const PRODUCT = record<ProductEntry>({
  ...HARDWARE,
  firmwareVersion: UINT32,
  state: oneOf('listed', 'removed'),
  images: list(DIGEST, MAX_IMAGES),
  upgradesFrom: optional(list(UINT32, MAX_IMAGES)),
});

/** An entry of a device log. */
export const LOGGED = record<DeviceLogStatement['devices'][number]>({
  ...HARDWARE,
  eui: EUI64,
  type: DEVICE_TYPE,
  imageType: optional(UINT16),
  firmwareVersion: optional(UINT32),
});

/** The shapes of statements, by kind. */
export const STATEMENTS = {
  suppliers: record<SuppliersStatement>({ kind: oneOf('suppliers'), ...BASE, gateway: EUI64, lead: PERIODS, gas: PERIODS }),
  signers: record<SignersStatement>({ kind: oneOf('signers'), ...LIST_BASE, signers: list(KEY, MAX_ENTRIES) }),
  products: record<ProductsStatement>({ kind: oneOf('products'), ...LIST_BASE, products: list(PRODUCT, MAX_ENTRIES) }),
  combinations: record<CombinationsStatement>({
    kind: oneOf('combinations'),
    ...LIST_BASE,
    combinations: list<readonly CombinationMember[]>(COMBINATION, MAX_ENTRIES),
  }),
  'device-log': record<DeviceLogStatement>({ kind: oneOf('device-log'), ...BASE, gateway: EUI64, devices: list(LOGGED, MAX_ENTRIES) }),
  inventory: record<InventoryStatement>({
    kind: oneOf('inventory'),
    ...BASE,
    gateway: EUI64,
    hub: record<DeviceModel>({ ...HARDWARE, firmwareVersion: UINT32 }),
    cohort: oneOf('IOC', 'MOC-MDS', 'MOC-Secure', 'FOC', 'unknown'),
    maker: optional(WORD),
    premises: oneOf('domestic', 'small-non-domestic'), // both, and nothing tells them apart [R-SCOPE-01]
    stage: oneOf('with-smso', 'enrolled'),
    tag: oneOf('active', 'dormant', 'mixed'),
    enrolled: optional(SECONDS),
    wan: WORD,
    otaServer: BOOLEAN,
    halfHourlyControl: BOOLEAN,
  }),
  ...REGULATION,
} as const satisfies { readonly [K in Statement['kind']]: Shape<Extract<Statement, { kind: K }>> };

/** Any statement, told apart by `kind`. */
export const STATEMENT: Shape<Statement> = variant<Statement>('kind', STATEMENTS as unknown as Record<string, Shape<Statement>>);
