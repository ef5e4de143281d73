/**
 * The sample firmware as signed upgrade files, and the lab's authority that certified their signer.
 *
 * The authority is made from a seed that stands here, so that every process of a lab has the same one: its private key is public
 * knowledge, and the trust store of a production gateway knows its public key by name.
 */
import { readFile } from 'node:fs/promises';
import { Seeded } from '../../firmware/air/seeded.ts';
import { issueSigner, newAuthority, type AuthorityKeys, type SignerKeys } from '../../firmware/image/authority.ts';
import { buildImage, type ImageSpec } from '../../firmware/image/build.ts';
import { PPMID_IMAGE_TYPE } from '../../firmware/image/format.ts';
import { mutation } from '../../firmware/image/mutate.ts';
import { signImage } from '../../firmware/image/sign.ts';
import { Signer } from '../core/signer.ts';
import { Fault } from '../model/fault.ts';
import { eui64 } from '../model/ids.ts';
import type { ImageTrust } from '../model/image.ts';
import { DEFAULT_POLICY, ImageTrustStore, type TrustedAuthority } from '../stores/image-trust.ts';
import { artefact } from './files.ts';
import { loadModule } from './gateway.ts';
import { MANUFACTURER, OTHER_MANUFACTURER, PPMID_HARDWARE, VERSION } from './home.ts';

const SUITE = 2;
const AUTHORITY_SEED = 2;
const ISSUER = eui64('0200000000000ca2');
const SIGNER = eui64('0200000000000107');
/** 2020-11-24T00:00:00Z, from when the signer's certificate holds. */
const VALID_FROM = 1_606_176_000;

/** Keys of the lab's authority and of the signer whom it certified. */
export interface SampleSigning {
  readonly authority: AuthorityKeys & { readonly name: string };
  readonly signer: SignerKeys;
}

/** Upgrade files of the sample firmware, and who believes them. */
export interface SampleImages {
  readonly v1: Uint8Array;
  readonly v2: Uint8Array;
  /** v2 in a file of another manufacturer, sound in itself. */
  readonly otherManufacturer: Uint8Array;
  /** v2 with one bit of its ECDSA signature flipped, sound in every other respect. */
  readonly wrongSignature: Uint8Array;
  readonly trust: ImageTrust;
  readonly signing: SampleSigning;
}

/** Builds the upgrade files out of the compiled sample programs. Rejects with Fault `core` when they are not built. */
export async function sampleImages(): Promise<SampleImages> {
  const tools = await Signer.load(await loadModule('signer.wasm'));
  const signing = sampleSigning(tools);
  const program = (name: string): Promise<Uint8Array> => readFile(artefact(`firmware/${name}.wasm`));
  const [one, two] = await Promise.all([program('ppmid-v1'), program('ppmid-v2')]);
  const mmo = (message: Uint8Array): Uint8Array => tools.mmo(message);
  const signed = (fileVersion: number, data: Uint8Array, manufacturer = MANUFACTURER): Uint8Array => {
    const spec: ImageSpec = {
      manufacturer,
      imageType: PPMID_IMAGE_TYPE,
      fileVersion,
      text: 'Hearthgate sample PPMID',
      hardware: { min: PPMID_HARDWARE, max: PPMID_HARDWARE },
      elements: [{ tag: 0, data }],
    };
    return signImage(buildImage(spec, mmo), signing.signer, tools);
  };
  const v2 = signed(VERSION.v2, two);
  return {
    v1: signed(VERSION.v1, one),
    v2,
    otherManufacturer: signed(VERSION.v2, two, OTHER_MANUFACTURER),
    wrongSignature: mutation('s-bit').apply(v2, mmo),
    trust: { authorities: [sampleAuthority(signing)], signers: [signing.signer.subject] },
    signing,
  };
}

/** The lab's authority and signer, the same in every process. */
export function sampleSigning(tools: Signer): SampleSigning {
  const entropy = new Seeded(AUTHORITY_SEED);
  const authority = newAuthority(tools, entropy, SUITE, ISSUER);
  return {
    authority: { ...authority, name: 'lab images' },
    signer: issueSigner(tools, entropy, authority, { subject: SIGNER, now: VALID_FROM }),
  };
}

/** The lab's authority as a trust store takes it. */
export function sampleAuthority({ authority: { name, suite, issuer, key } }: SampleSigning): TrustedAuthority {
  return { environment: 'lab', name, suite, issuer, key };
}

/** The trust store of a lab gateway: the sample devices' images must be signed by the lab's signer, others must be sound. */
export function sampleTrustStore({ signing }: SampleImages): ImageTrustStore {
  const store = ImageTrustStore.of({
    environment: 'lab',
    authorities: [sampleAuthority(signing)],
    policy: DEFAULT_POLICY,
    manufacturers: new Map([[MANUFACTURER, { ...DEFAULT_POLICY, signatureRequired: true, signers: [signing.signer.subject] }]]),
  });
  if (!store.ok) throw new Fault('internal', `the lab's own trust store is refused: ${store.detail}`);
  return store.value;
}
