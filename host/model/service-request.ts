/**
 * Service Requests as this product carries them.
 *
 * The envelope is COSE over canonical CBOR (docs/messages.md); it is our model of a Countersigned Service Request and not
 * DUIS XML. Times are whole seconds since 1970-01-01T00:00:00Z.
 */
import type { Digest, Eui64, KeyId, RequestId } from './ids.ts';

/** Roles a key may have; each key has exactly one. `s1sp-xml` signs documents between S1SP and DCC only [R-SIGN-02]. */
export type Role = 'import-supplier' | 'gas-supplier' | 'dcc-countersigner' | 'registration' | 's1sp-xml' | 'gateway';

/** Lab material never passes for production material, nor the reverse. */
export type Environment = 'production' | 'lab';

/** A party whose key the registration role has named. */
export interface Signer {
  readonly kid: KeyId;
  /** Raw Ed25519 public key, 32 bytes. */
  readonly key: Uint8Array;
  readonly role: Role;
  /** EUI-64 by which the party is known (the originator of its requests). */
  readonly party: Eui64;
  /** How people call the party; parties in examples are named by their role. */
  readonly name: string;
}

/** What both kinds of request have in common. */
interface RequestBase {
  /** Originator (the User), target (the device) and a counter that never repeats or falls. */
  readonly originator: Eui64;
  readonly target: Eui64;
  readonly counter: bigint;
  /** The Communications Hub that this request is for, and no other. */
  readonly gateway: Eui64;
  /** Which world the request was made for: a gateway of the other one refuses it, whoever signed. */
  readonly environment: Environment;
  /** Bounds of acceptance, inclusive start, exclusive end. */
  readonly notBefore: number;
  readonly expires: number;
}

/** Update Firmware (service reference variant 11.1) for a PPMID: distribution and activation in one. */
export interface UpdateFirmware extends RequestBase {
  readonly kind: 'update-firmware';
  /** SHA-256 and length of the whole ZigBee OTA file. */
  readonly image: { readonly digest: Digest; readonly length: number };
  /** Firmware version that the image carries and the device shall answer afterwards. */
  readonly firmwareVersion: number;
  /** Bound of completion: no start, resume or activation at or after it. */
  readonly completeBy: number;
  /** No activation, and nothing on the air, before it. */
  readonly activateFrom: number;
  /** The text of DUIS that the request keeps to: a version number alone does not tell texts apart [R-DOC-02]. */
  readonly duis: { readonly version: string; readonly effectiveFrom: number };
  /** Permission to install a version lower than the device's. */
  readonly allowDowngrade: boolean;
  /** Free text or incident reference for the audit [R-PPMID-14]. */
  readonly purpose: string;
}

/** Cancels what an earlier Update Firmware started, wherever it has come to. */
export interface CancelUpdate extends RequestBase {
  readonly kind: 'cancel-update';
  /** The request to be cancelled. */
  readonly cancels: RequestId;
}

/** What a User may ask. */
export type ServiceRequest = UpdateFirmware | CancelUpdate;

/** A request whose User signature verified. Made in `messages/` alone, recognised by its registry, not by shape. */
export interface UserSigned<T extends ServiceRequest = ServiceRequest> {
  readonly request: T;
  readonly requestId: RequestId;
  readonly user: Signer;
  /** The received bytes. */
  readonly bytes: Uint8Array;
}

/** A request with the User's signature and every countersignature that the configuration requires. Made in `messages/` alone. */
export interface Countersigned<T extends ServiceRequest = ServiceRequest> extends UserSigned<T> {
  readonly countersigners: readonly Signer[];
}

/** Narrows what was opened to an Update Firmware. */
export function asksUpdate(signed: Countersigned): signed is Countersigned<UpdateFirmware>;
export function asksUpdate(signed: UserSigned): signed is UserSigned<UpdateFirmware>;
export function asksUpdate(signed: UserSigned): boolean {
  return signed.request.kind === 'update-firmware';
}

/** Narrows what was opened to a cancellation. */
export function asksCancel(signed: Countersigned): signed is Countersigned<CancelUpdate>;
export function asksCancel(signed: UserSigned): signed is UserSigned<CancelUpdate>;
export function asksCancel(signed: UserSigned): boolean {
  return signed.request.kind === 'cancel-update';
}
