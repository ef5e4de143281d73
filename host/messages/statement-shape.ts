/**
 * Statements of the registration role in CBOR: maps with text keys, named as in `host/model/register.ts`.
 *
 * A key whose value may be undefined there is left out here when it is. Times are whole seconds since 1970, versions rise.
 */
import type { DeviceType, HardwareModel } from '../model/device.ts';
import type {
  CombinationsStatement,
  DeviceLogStatement,
  ProductsStatement,
  SignersStatement,
  Statement,
  SupplierPeriod,
  SuppliersStatement,
} from '../model/register.ts';
import type { Role, Signer } from '../model/service-request.ts';
import { KEY_SIZE } from './ed25519.ts';
import { ENVIRONMENT } from './service-request.ts';
import type { Shape } from './shape.ts';
import { DIGEST, EUI64, KEY_ID, SECONDS, SERIAL, UINT16, UINT32, bytes, list, oneOf, optional, record, text, variant } from './shape.ts';

/** Most entries of one list; the size of a message is the nearer bound. */
const MAX_ENTRIES = 1024;
/** Most image digests of one product. */
const MAX_IMAGES = 64;
/** Most devices of one combination. */
const MAX_DEVICES = 16;

/** The role of a key. */
export const ROLE: Shape<Role> = oneOf('import-supplier', 'gas-supplier', 'dcc-countersigner', 'registration', 's1sp-xml', 'gateway');
/** How people call a party. */
export const NAME: Shape<string> = text(1, 64);

const DEVICE_TYPE: Shape<DeviceType> = oneOf('esme', 'gsme', 'chf', 'gpf', 'ppmid', 'ihd', 'other');
const HARDWARE: { readonly [K in keyof HardwareModel]: Shape<HardwareModel[K]> } = {
  manufacturer: UINT16,
  model: text(1, 32),
  hardwareVersion: UINT16,
};
const MODEL = { ...HARDWARE, firmwareVersion: UINT32 };
const BASE = { version: SERIAL, environment: ENVIRONMENT, issued: SECONDS, validFrom: SECONDS, validTo: SECONDS };

const PERIODS = list(record<SupplierPeriod>({ party: EUI64, from: SECONDS, to: optional(SECONDS) }), MAX_ENTRIES);
const SIGNER = record<Signer>({ kid: KEY_ID, key: bytes(KEY_SIZE), role: ROLE, party: EUI64, name: NAME });

/** Any statement, told apart by `kind`. */
export const STATEMENT: Shape<Statement> = variant<Statement>('kind', {
  suppliers: record<SuppliersStatement>({ kind: oneOf('suppliers'), ...BASE, gateway: EUI64, lead: PERIODS, gas: PERIODS }),
  signers: record<SignersStatement>({ kind: oneOf('signers'), ...BASE, signers: list(SIGNER, MAX_ENTRIES) }),
  products: record<ProductsStatement>({
    kind: oneOf('products'),
    ...BASE,
    products: list(
      record<ProductsStatement['products'][number]>({ ...MODEL, state: oneOf('listed', 'removed'), images: list(DIGEST, MAX_IMAGES) }),
      MAX_ENTRIES,
    ),
  }),
  combinations: record<CombinationsStatement>({
    kind: oneOf('combinations'),
    ...BASE,
    combinations: list(
      list(record<CombinationsStatement['combinations'][number][number]>({ ...MODEL, type: DEVICE_TYPE }), MAX_DEVICES),
      MAX_ENTRIES,
    ),
  }),
  'device-log': record<DeviceLogStatement>({
    kind: oneOf('device-log'),
    ...BASE,
    gateway: EUI64,
    devices: list(
      record<DeviceLogStatement['devices'][number]>({
        ...HARDWARE,
        eui: EUI64,
        type: DEVICE_TYPE,
        imageType: optional(UINT16),
        firmwareVersion: optional(UINT32),
      }),
      MAX_ENTRIES,
    ),
  }),
});
