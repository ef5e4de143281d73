/** Secrets, trust anchors and statements out of their files, each refused by name when it is of the other environment. */
import { parse as parseYaml } from 'yaml';
import type { SigningKey } from '../messages/ed25519.ts';
import { parseKeyFile, type KeyFile } from '../messages/keyfile.ts';
import { Fault } from '../model/fault.ts';
import { parseEui64, unhex, type Eui64 } from '../model/ids.ts';
import type { Environment, Role, Signer } from '../model/service-request.ts';
import { readFileBytes, readFileText } from './files.ts';

const KEY_FILE_LIMIT = 64 * 1024;
const WRAPPING_SIZE = 16;

/** Reads a key file. Throws Fault `config` naming file and reason, also when it is of another environment or role. */
export async function loadKey(path: string, environment: Environment, roles: readonly Role[]): Promise<KeyFile> {
  const parsed = parseKeyFile(await readFileText(path, KEY_FILE_LIMIT, 'config'));
  if (!parsed.ok) throw new Fault('config', `${path}: ${parsed.detail}`);
  const { environment: found, signer } = parsed.value;
  if (found !== environment) {
    throw new Fault('config', `${path}: ${signer.name} (${signer.kid}) is a ${found} key and is refused in the ${environment} environment`);
  }
  if (!roles.includes(signer.role)) throw new Fault('config', `${path}: a key of the role ${signer.role}, not ${roles.join(' or ')}`);
  return parsed.value;
}

/** Reads a key that can sign; as `loadKey`. */
export async function loadSigningKey(
  path: string,
  environment: Environment,
  roles: readonly Role[],
): Promise<{ readonly key: SigningKey; readonly signer: Signer }> {
  const { signing, signer } = await loadKey(path, environment, roles);
  if (signing === undefined) throw new Fault('config', `${path}: holds the public key alone; signing needs the private one`);
  return { key: signing, signer };
}

/** Reads the trust anchors: keys of the registration role. */
export async function loadAnchors(paths: readonly string[], environment: Environment): Promise<readonly Signer[]> {
  const files = await Promise.all(paths.map((path) => loadKey(path, environment, ['registration'])));
  return files.map(({ signer }) => signer);
}

/** Reads a wrapping key: 32 hex digits. */
export async function loadWrappingKey(path: string): Promise<Uint8Array> {
  const text = (await readFileText(path, KEY_FILE_LIMIT, 'config')).trim();
  if (!/^[0-9a-f]+$/i.test(text) || text.length !== 2 * WRAPPING_SIZE)
    throw new Fault('config', `${path}: not ${2 * WRAPPING_SIZE} hex digits`);
  return unhex(text);
}

/** Reads install codes: a YAML map of EUI-64 to hex digits, spaces and dashes allowed. Throws Fault `config` naming the entry. */
export async function loadInstallCodes(path: string): Promise<ReadonlyMap<Eui64, Uint8Array>> {
  const text = await readFileText(path, KEY_FILE_LIMIT, 'config');
  let value: unknown;
  try {
    value = parseYaml(text, { maxAliasCount: 0 });
  } catch (cause) {
    throw new Fault('config', `${path}: ${(cause as Error).message.split('\n')[0]}`, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Fault('config', `${path}: not a map of EUI-64 to code`);
  return new Map(
    Object.entries(value).map(([name, code]): [Eui64, Uint8Array] => {
      const device = parseEui64(name);
      if (device === undefined) throw new Fault('config', `${path}: ${name} is not an EUI-64`);
      const digits = typeof code === 'string' ? code.replaceAll(/[\s-]/g, '') : '';
      if (!/^([0-9a-f]{2})+$/i.test(digits)) throw new Fault('config', `${path}: the code of ${name} is not hex digits in quotes`);
      return [device, unhex(digits)];
    }),
  );
}

/** Reads signed statements as they are; they are judged where they are taken. */
export const loadStatements = (paths: readonly string[]): Promise<readonly Uint8Array[]> =>
  Promise.all(paths.map((path) => readFileBytes(path, KEY_FILE_LIMIT, 'config')));

/** Account at a broker as a configuration names it. */
export interface BrokerAccount {
  readonly url: string;
  readonly username?: string | undefined;
  readonly passwordFile?: string | undefined;
}

/** Connection settings of an account; the password is read from its file. */
export async function account({
  url,
  username,
  passwordFile,
}: BrokerAccount): Promise<{ url: string; username?: string; password?: string }> {
  const password = passwordFile === undefined ? undefined : (await readFileText(passwordFile, 4096, 'config')).replace(/\r?\n$/, '');
  return { url, ...(username !== undefined && { username }), ...(password !== undefined && { password }) };
}
