/** The part of the gateway's configuration that is about images: whose signatures count, and what each manufacturer's files must be. */
import * as z from 'zod';
import type { Curves } from '../core/curves.ts';
import { Fault } from '../model/fault.ts';
import type { Eui64 } from '../model/ids.ts';
import type { ImagePolicy } from '../model/image.ts';
import type { Environment } from '../model/service-request.ts';
import { DEFAULT_POLICY, ImageTrustStore, type TrustedAuthority } from '../stores/image-trust.ts';
import { AUTHORITY_FILE_LIMIT, parseAuthority } from './authority-file.ts';
import { readFileText } from './files.ts';

const MAXIMUM_SIZE_END = 0x20000000;

/** Schema of `images`; `eui` reads an EUI-64. */
export const imagesSchema = (eui: z.ZodType<Eui64>) => {
  const asked = {
    signatureRequired: z.boolean(),
    integrityRequired: z.boolean(),
    body: z.enum(['tagged', 'raw']),
    maximumSize: z
      .int()
      .min(1)
      .max(MAXIMUM_SIZE_END - 1),
  };
  const manufacturer = z.strictObject({ manufacturer: z.int().min(0).max(0xffff), ...asked, signers: z.array(eui) }).partial();
  return z
    .strictObject({
      integrityRequired: asked.integrityRequired.default(DEFAULT_POLICY.integrityRequired),
      signatureRequired: asked.signatureRequired.default(DEFAULT_POLICY.signatureRequired),
      body: asked.body.default(DEFAULT_POLICY.body),
      maximumSize: asked.maximumSize.default(DEFAULT_POLICY.maximumSize),
      authorities: z.array(z.string().min(1)).default([]),
      manufacturers: z.array(manufacturer.required({ manufacturer: true })).default([]),
    })
    .prefault({});
};

/** `images` of a configuration, the paths in it absolute. */
export type ImagesConfig = z.output<ReturnType<typeof imagesSchema>>;

/**
 * The trust store of a configuration. Throws Fault `config`: an authority that is not one, of the other environment, or a test
 * CA in production; a manufacturer twice; a body that cannot carry the signature that is asked for.
 */
export async function loadImageTrust(config: ImagesConfig, environment: Environment, curves: Curves): Promise<ImageTrustStore> {
  const authorities = await Promise.all(config.authorities.map((path) => loadAuthority(path, curves)));
  const { signatureRequired, integrityRequired, body, maximumSize } = config;
  const policy: ImagePolicy = { signatureRequired, integrityRequired, body, maximumSize, signers: undefined };
  const manufacturers = new Map<number, ImagePolicy>();
  requirePossible('images', policy);
  for (const { manufacturer, ...asked } of config.manufacturers) {
    const name = `images.manufacturers: 0x${manufacturer.toString(16).padStart(4, '0')}`;
    if (manufacturers.has(manufacturer)) throw new Fault('config', `${name} stands there twice`);
    const own = over(policy, asked);
    requirePossible(name, own);
    manufacturers.set(manufacturer, own);
  }
  const store = ImageTrustStore.of({ environment, authorities, policy, manufacturers });
  if (!store.ok) throw new Fault('config', `images.authorities: ${store.detail}, and is refused in the ${environment} environment`);
  return store.value;
}

/** Reads an authority and holds its key to be one of its curve. Throws Fault `config`. */
export async function loadAuthority(path: string, curves: Curves): Promise<TrustedAuthority> {
  const { environment, name, suite, issuer, key } = parseAuthority(path, await readFileText(path, AUTHORITY_FILE_LIMIT, 'config'));
  const point = curves.checkPoint(suite, key);
  if (!point.ok) throw new Fault('config', `${path}: public is no key of suite ${suite}: ${point.detail}`);
  return { environment, name, suite, issuer, key };
}

/** What is asked of one manufacturer: what it says, and what is asked of all where it says nothing. */
const over = (policy: ImagePolicy, asked: Omit<ImagesConfig['manufacturers'][number], 'manufacturer'>): ImagePolicy => ({
  signatureRequired: asked.signatureRequired ?? policy.signatureRequired,
  integrityRequired: asked.integrityRequired ?? policy.integrityRequired,
  body: asked.body ?? policy.body,
  maximumSize: asked.maximumSize ?? policy.maximumSize,
  signers: asked.signers ?? policy.signers,
});

function requirePossible(name: string, { body, signatureRequired, integrityRequired }: ImagePolicy): void {
  if (body === 'raw' && (signatureRequired || integrityRequired)) {
    throw new Fault('config', `${name}: a raw body carries neither signature nor integrity code: set both to false`);
  }
}
