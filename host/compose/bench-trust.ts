/** Whose image signatures a bench believes: whom its user names, or the lab's own authority. */
import { Signer } from '../core/signer.ts';
import { Fault } from '../model/fault.ts';
import type { ImageTrust } from '../model/image.ts';
import { DEFAULT_POLICY, ImageTrustStore } from '../stores/image-trust.ts';
import { loadModule } from './gateway.ts';
import { sampleAuthority, sampleSigning } from './sample-images.ts';

/** Makers' files often have no integrity code; a bench flashes them all the same, and says so. */
const POLICY = { ...DEFAULT_POLICY, integrityRequired: false };

/**
 * The trust store of a bench. Under named authorities every image must be signed; without, one may be unsigned, and one that is signed must
 * be so under the lab's own authority. Rejects with Fault `core` when signer.wasm is not built.
 */
export async function benchTrust(named: ImageTrust | undefined): Promise<ImageTrustStore> {
  const authorities =
    named === undefined
      ? [sampleAuthority(sampleSigning(await Signer.load(await loadModule('signer.wasm'))))]
      : named.authorities.map((each) => ({ ...each, environment: 'lab' as const }));
  const policy = { ...POLICY, signatureRequired: named !== undefined, signers: named?.signers };
  const store = ImageTrustStore.of({ environment: 'lab', authorities, policy, manufacturers: new Map() });
  if (!store.ok) throw new Fault('internal', `the bench's own trust store is refused: ${store.detail}`);
  return store.value;
}
