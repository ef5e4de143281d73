/** What the power-cut proof is about: a small flash with small images, and one as devices have it. */
import { createHash } from 'node:crypto';
import { Seeded } from '../../firmware/air/seeded.ts';
import { buildImage, type ImageSpec } from '../../firmware/image/build.ts';
import { PPMID_IMAGE_TYPE, Tag } from '../../firmware/image/format.ts';
import { signImage, signingLength } from '../../firmware/image/sign.ts';
import type { FirmwareVerifier } from '../../firmware/ppmid/boot.ts';
import { flashFor } from '../../firmware/ppmid/flash-map.ts';
import { Flash } from '../../firmware/ppmid/flash.ts';
import { firmwareVerifier } from '../../firmware/ppmid/verifier.ts';
import { HARDWARE, MANUFACTURER, mmo, verify } from '../firmware/kit/bench.ts';
import { signer, signers, trust } from '../firmware/kit/signing.ts';
import { provision, type Images } from './rig.ts';

const SUITE = 2;
const VERSIONS = { old: 0x10000, next: 0x20000 };

/** What a proof is made of: a provisioned flash, the device's verifier, the images. */
export interface ProofParts {
  readonly flash: Flash;
  readonly accepts: FirmwareVerifier;
  readonly images: Images;
}

/** The smallest flash that holds two images of 3 KiB: eight blocks of 1 KiB. */
export const smallParts = (): ProofParts => partsOver(new Flash(8 * 1024, { eraseBlock: 1024, programUnit: 4 }), 3 * 1024);

/** A flash of the standard part, with images of 256 KiB. */
export const realParts = (): ProofParts => partsOver(flashFor(256 * 1024), 256 * 1024);

function partsOver(flash: Flash, size: number): ProofParts {
  const images: Images = {
    old: image(VERSIONS.old, 1, size),
    next: image(VERSIONS.next, 2, size),
    manufacturer: MANUFACTURER,
    imageType: PPMID_IMAGE_TYPE,
    versions: VERSIONS,
  };
  const hardware = { manufacturer: MANUFACTURER, imageType: PPMID_IMAGE_TYPE, hardwareVersion: HARDWARE, trust };
  const accepts = remembering(firmwareVerifier(verify, hardware));
  provision(flash, accepts, images);
  return { flash, accepts, images };
}

/** A signed image of exactly `size` bytes with a security counter. */
function image(fileVersion: number, counter: number, size: number): Uint8Array {
  const build = (length: number): Uint8Array => {
    const spec: ImageSpec = {
      manufacturer: MANUFACTURER,
      imageType: PPMID_IMAGE_TYPE,
      fileVersion,
      text: `power-cut proof ${counter}`,
      elements: [
        { tag: Tag.SECURITY_COUNTER, data: Uint8Array.of(counter, 0, 0, 0) },
        { tag: Tag.UPGRADE_IMAGE, data: new Seeded(counter).bytes(length) },
      ],
    };
    return buildImage(spec, mmo);
  };
  return signImage(build(size - build(0).length - signingLength(SUITE)), signers[SUITE], signer);
}

/** The device's own verifier, which is a function of the file's bytes: what it said of them once, it says again. */
function remembering(verifier: FirmwareVerifier): FirmwareVerifier {
  const said = new Map<string, ReturnType<FirmwareVerifier>>();
  return (file) => {
    const name = createHash('sha1').update(file).digest('base64');
    const before = said.get(name);
    if (before !== undefined) return before;
    const verdict = verifier(file);
    said.set(name, verdict);
    return verdict;
  };
}
