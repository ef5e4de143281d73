/**
 * The requests that a gateway must refuse, each with one defect and right in every other respect: true, registered keys, properly
 * countersigned, for this PPMID, with an image that is listed and sound. They are made here for the demonstration and for the tests
 * that leave out the one check that each must trip over.
 */
import { countersign } from '../messages/cose.ts';
import type { SigningKey } from '../messages/ed25519.ts';
import { Fault } from '../model/fault.ts';
import { eui64, type Digest, type Eui64 } from '../model/ids.ts';
import type { UpdateFirmware } from '../model/service-request.ts';
import { imageDigest } from '../s1sp/image-shelf.ts';
import type { LabMaterial, LabParty } from './lab-material.ts';
import type { RefusalCase } from './story.ts';
import { orderUpdate, signRequest } from './user.ts';

/** A request as it comes to the gateway, and the image that comes with it. */
export interface DefectiveRequest {
  readonly case: RefusalCase;
  readonly bytes: Uint8Array;
  /** Image to be published, and the digest under which it is ordered. */
  readonly image: { readonly name: Digest; readonly bytes: Uint8Array } | undefined;
}

/** What the requests are about. */
export interface RefusalScene {
  readonly material: LabMaterial;
  readonly gateway: Eui64;
  readonly ppmid: Eui64;
  /** A sound image that the PPMID may have, and its version. */
  readonly image: Uint8Array;
  readonly firmwareVersion: number;
  /** The same program in a file of another manufacturer, sound in itself. */
  readonly otherManufacturer: Uint8Array;
  /** The image with a wrong ECDSA signature, sound in every other respect. */
  readonly wrongSignature: Uint8Array;
  /** The countersigned request that was accepted before. */
  readonly accepted: Uint8Array;
  /** A counter above every one used before; the cases use the following ones. */
  readonly counter: bigint;
  /** Whole seconds since 1970. */
  readonly now: number;
}

/** A gateway that is not there. */
const ELSEWHERE = eui64('02000000000002ff');
const HOUR = 3_600;

/** Every case, in the order in which the demonstration tells them. */
export function defectiveRequests(scene: RefusalScene): readonly DefectiveRequest[] {
  const { lead, other, gas, countersigner } = scene.material.parties;
  let counter = scene.counter;
  const order = (by: LabParty, change: Partial<UpdateFirmware> = {}, image = scene.image): Uint8Array => {
    const { gateway, ppmid: target, firmwareVersion, now } = scene;
    const base = { originator: by.signer.party, target, gateway, counter: counter++, image, firmwareVersion, now };
    return signRequest({ ...orderUpdate({ ...base, purpose: 'demonstration of a refusal', environment: 'lab' }), ...change }, by.key);
  };
  const both = (request: Uint8Array, key: SigningKey = countersigner.key): Uint8Array => {
    const signed = countersign(request, key);
    if (!signed.ok) throw new Fault('internal', `a request cannot be countersigned: ${signed.code}`);
    return signed.value;
  };
  const past = { notBefore: scene.now - 2 * HOUR, expires: scene.now - HOUR };
  const ordered = oneBitOff(scene.image);
  const plain = (name: RefusalCase, bytes: Uint8Array): DefectiveRequest => ({ case: name, bytes, image: undefined });
  return [
    plain('gas-supplier', both(order(gas))),
    plain('other-supplier', both(order(other))),
    plain('one-signature', order(lead)),
    plain('same-key-twice', both(order(lead), lead.key)),
    plain('replayed', scene.accepted),
    plain('expired', both(order(lead, past))),
    plain('other-gateway', both(order(lead, { gateway: ELSEWHERE }))),
    { case: 'image-bit', bytes: both(order(lead, {}, ordered)), image: { name: imageDigest(ordered), bytes: scene.image } },
    {
      case: 'other-manufacturer',
      bytes: both(order(lead, {}, scene.otherManufacturer)),
      image: { name: imageDigest(scene.otherManufacturer), bytes: scene.otherManufacturer },
    },
    {
      case: 'image-signature',
      bytes: both(order(lead, {}, scene.wrongSignature)),
      image: { name: imageDigest(scene.wrongSignature), bytes: scene.wrongSignature },
    },
  ];
}

/** The image that was ordered when the one that comes differs from it in one bit, in the middle of its program. */
function oneBitOff(image: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(image);
  const middle = copy.length >> 1;
  copy[middle] = (copy[middle] ?? 0) ^ 0x10;
  return copy;
}
