/**
 * Service Requests in CBOR: a map with text keys, named as in `host/model/service-request.ts`, nothing optional.
 *
 * It carries what Update Firmware (DUIS, service reference variant 11.1) needs for one PPMID, and its cancellation. It is
 * this product's form of a Service Request, not DUIS XML (docs/messages.md).
 */
import type { Result } from '../model/fault.ts';
import { Fault, ok, refuse } from '../model/fault.ts';
import type { CancelUpdate, Environment, ServiceRequest, UpdateFirmware } from '../model/service-request.ts';
import { decode } from './cbor.ts';
import { encode } from './cbor-writer.ts';
import type { Shape } from './shape.ts';
import { BOOLEAN, DIGEST, EUI64, REQUEST_ID, SECONDS, UINT32, UINT64, matching, oneOf, record, text, variant, whole } from './shape.ts';

/** Content type of a signed service request. */
export const SERVICE_REQUEST_TYPE = 'application/vnd.hearthgate.service-request+cbor';
/** Longest purpose in UTF-16 code units [R-PPMID-14]. */
export const MAX_PURPOSE = 256;

/** The two worlds. */
export const ENVIRONMENT: Shape<Environment> = oneOf('production', 'lab');

/** Digits and dots, and too few of them for a number that points at a supply: it is repeated in records and reports [R-PRIV-01]. */
const DUIS_VERSION = matching(/^\d{1,2}(\.\d{1,2}){0,2}$/, 'a version such as 3.1');

/** The fields that every request has, besides its kind. */
export const REQUEST_BASE = {
  originator: EUI64,
  target: EUI64,
  counter: UINT64,
  gateway: EUI64,
  environment: ENVIRONMENT,
  notBefore: SECONDS,
  expires: SECONDS,
};

/** The fields of a service request. */
export const REQUEST: Shape<ServiceRequest> = variant<ServiceRequest>('kind', {
  'update-firmware': record<UpdateFirmware>({
    kind: oneOf('update-firmware'),
    ...REQUEST_BASE,
    image: record<UpdateFirmware['image']>({ digest: DIGEST, length: whole(1, 0xffff_ffff) }),
    firmwareVersion: UINT32,
    completeBy: SECONDS,
    activateFrom: SECONDS,
    duis: record<UpdateFirmware['duis']>({ version: DUIS_VERSION, effectiveFrom: SECONDS }),
    allowDowngrade: BOOLEAN,
    purpose: text(1, MAX_PURPOSE),
  }),
  'cancel-update': record<CancelUpdate>({ kind: oneOf('cancel-update'), ...REQUEST_BASE, cancels: REQUEST_ID }),
});

/**
 * Reads a service request. Refuses with a code of `cbor.ts` or `shape.ts`, and `empty-window` when acceptance,
 * completion or activation would end before it begins. The value is frozen.
 */
export function parse(payload: Uint8Array): Result<ServiceRequest> {
  const decoded = decode(payload);
  if (!decoded.ok) return decoded;
  const read = REQUEST.read(decoded.value, '');
  if (!read.ok) return read;
  const request = read.value;
  if (request.expires <= request.notBefore) return refuse('empty-window', 'expires is not after notBefore');
  if (request.kind === 'update-firmware' && request.completeBy <= request.notBefore) {
    return refuse('empty-window', 'completeBy is not after notBefore');
  }
  if (request.kind === 'update-firmware' && request.completeBy <= request.activateFrom) {
    return refuse('empty-window', 'completeBy is not after activateFrom');
  }
  return ok(request);
}

/** Writes a service request. Throws Fault `input` for one that `parse` would refuse, with the reason as its message. */
export function emit(request: ServiceRequest): Uint8Array {
  const payload = encode(REQUEST.write(request) ?? null);
  const read = parse(payload);
  if (!read.ok) throw new Fault('input', `service request: ${read.detail}`);
  return payload;
}
