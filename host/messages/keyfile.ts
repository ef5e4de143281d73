/**
 * Key files: Ed25519 keys as JSON text. One with `private` signs; one without says whose a public key is, for instance a
 * trust anchor. This file reads and writes the text; opening, modes and places of files are the caller's.
 *
 * ```json
 * { "hearthgate": "signing-key", "environment": "lab", "role": "import-supplier", "party": "02…", "name": "Lead Supplier",
 *   "kid": "16 hex digits", "public": "64 hex digits", "private": "64 hex digits" }
 * ```
 *
 * `hearthgate` is `signing-key` when `private` is there and `public-key` when it is not. Hexadecimal is lower case.
 */
import type { Result } from '../model/fault.ts';
import { ok, refuse } from '../model/fault.ts';
import type { Eui64, KeyId } from '../model/ids.ts';
import { hex, parseEui64, unhex } from '../model/ids.ts';
import type { Environment, Role, Signer } from '../model/service-request.ts';
import type { SigningKey } from './ed25519.ts';
import { KEY_SIZE, checkPublicKey, keyId, signingKey } from './ed25519.ts';
import { ENVIRONMENT } from './service-request.ts';
import type { Shape } from './shape.ts';
import { oneOf, optional, record } from './shape.ts';
import { NAME, ROLE } from './regulation-shape.ts';

/** Whose a key is. */
export interface KeyOwner {
  readonly environment: Environment;
  readonly role: Role;
  readonly party: Eui64;
  readonly name: string;
}

/** What a key file says. */
export interface KeyFile {
  readonly environment: Environment;
  /** Whose key it is, with the public key. */
  readonly signer: Signer;
  /** The signing key; undefined when the file holds the public key alone. */
  readonly signing: SigningKey | undefined;
}

interface Fields extends KeyOwner {
  readonly hearthgate: 'signing-key' | 'public-key';
  readonly kid: string;
  readonly public: string;
  readonly private: string | undefined;
}

const FIELDS = record<Fields>({
  hearthgate: oneOf('signing-key', 'public-key'),
  environment: ENVIRONMENT,
  role: ROLE,
  party: matching<Eui64>('an EUI-64 of 16 hex digits', (value) => parseEui64(value)),
  name: NAME,
  kid: hexadecimal(8),
  public: hexadecimal(KEY_SIZE),
  private: optional(hexadecimal(KEY_SIZE)),
});

/** The text of a signing key file made from a 32-byte seed. */
export function formatSigningKey(owner: KeyOwner, seed: Uint8Array): string {
  const { publicKey, kid } = signingKey(seed);
  return json({ hearthgate: 'signing-key', ...only(owner), kid, public: hex(publicKey), private: hex(seed) });
}

/** The text of a public key file. */
export const formatPublicKey = (environment: Environment, signer: Signer): string =>
  json({ hearthgate: 'public-key', ...only({ ...signer, environment }), kid: signer.kid, public: hex(signer.key), private: undefined });

/**
 * Reads a key file. Refuses `not-json`; a field with a code of `shape.ts`, naming it; a public key that is not sound with
 * a code of `ed25519.ts`; `key-mismatch` when kid, public and private do not belong together; `key-kind` when
 * `hearthgate` does not say what is there. No detail shows a private key.
 */
export function parseKeyFile(source: string): Result<KeyFile> {
  const read = readFields(source);
  if (!read.ok) return read;
  const { hearthgate, environment, role, party, name, kid, public: publicHex, private: seed } = read.value;
  const key = checkPublicKey(unhex(publicHex));
  if (!key.ok) return key;
  if (keyId(key.value) !== kid) return refuse('key-mismatch', 'kid is not the identifier of public');
  if ((hearthgate === 'signing-key') !== (seed !== undefined)) {
    return refuse('key-kind', 'a signing-key has the field private, a public-key has none');
  }
  const signing = seed === undefined ? undefined : signingKey(unhex(seed), role);
  if (signing !== undefined && signing.kid !== kid) return refuse('key-mismatch', 'private is not the private key of public');
  const signer: Signer = Object.freeze({ kid: kid as KeyId, key: key.value, role, party, name });
  return ok(Object.freeze({ environment, signer, signing }));
}

function readFields(source: string): Result<Fields> {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch {
    return refuse('not-json', 'a key file is JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse('not-json', 'a key file is a JSON object');
  return FIELDS.read(new Map(Object.entries(value)), '');
}

/** Lower-case hexadecimal of `size` bytes. */
function hexadecimal(size: number): Shape<string> {
  const form = new RegExp(`^[0-9a-f]{${2 * size}}$`);
  return matching(`${2 * size} lower-case hex digits`, (value) => (form.test(value) ? value : undefined));
}

/** A text that `read` can make something of. */
function matching<T extends string>(what: string, read: (value: string) => T | undefined): Shape<T> {
  return {
    read(value, at) {
      const found = typeof value === 'string' ? read(value) : undefined;
      return found === undefined ? refuse(typeof value === 'string' ? 'out-of-range' : 'wrong-type', `${at} is not ${what}`) : ok(found);
    },
    write: (value) => value,
  };
}

const only = ({ environment, role, party, name }: KeyOwner): KeyOwner => ({ environment, role, party, name });
const json = (fields: Fields): string => `${JSON.stringify(fields, undefined, 2)}\n`;
