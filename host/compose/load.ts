/** Secrets, trust anchors and statements out of their files, each refused by name when it is of the other environment. */
import { bytesOfHex } from '../core/hex-bytes.ts';
import { readInstallCode } from '../core/install-code.ts';
import type { SigningKey } from '../messages/ed25519.ts';
import { parseKeyFile, type KeyFile } from '../messages/keyfile.ts';
import { Fault } from '../model/fault.ts';
import { parseEui64, type Eui64 } from '../model/ids.ts';
import type { Environment, Role, Signer } from '../model/service-request.ts';
import { readFileBytes, readFileText } from './files.ts';
import { secretLines, trimmed } from './secret-lines.ts';
import { withSecret } from './secrets.ts';

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

/** Reads a wrapping key: 32 hex digits. Throws Fault `config`; never shows what is in the file. */
export const loadWrappingKey = (path: string): Promise<Uint8Array> =>
  withSecret(path, (bytes) => {
    const key = bytesOfHex(trimmed(bytes));
    if (key?.length === WRAPPING_SIZE) return key;
    throw new Fault('config', `${path}: not ${2 * WRAPPING_SIZE} hex digits`);
  });

/**
 * Reads install codes: one device a line, EUI-64, colon and the code as printed (docs/keys.md). Throws Fault `config` naming the line; the
 * CRC is judged by the core.
 */
export const loadInstallCodes = (path: string): Promise<ReadonlyMap<Eui64, Uint8Array>> =>
  withSecret(path, (bytes) => {
    const codes = new Map<Eui64, Uint8Array>();
    for (const { line, name, value } of secretLines(bytes)) {
      const device = parseEui64(name);
      if (device === undefined)
        throw new Fault('config', `${path}:${line}: ${name === '' ? 'no EUI-64 and colon' : `${name} is not an EUI-64`}`);
      const code = readInstallCode(value);
      if (!code.ok) throw new Fault('config', `${path}:${line}: ${name}: ${code.detail}`);
      if (codes.has(device)) throw new Fault('config', `${path}:${line}: ${name} has a code already`);
      codes.set(device, code.value);
    }
    return codes;
  });

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
