/** The cipher and CCM* alone, compiled as in the core: what is looked at for instructions that a secret must not reach. */
import { encrypt, expand } from '../../assembly/crypto/aes.ts';
import { open, seal } from '../../assembly/crypto/ccm.ts';

export { encrypt, expand, open, seal };
