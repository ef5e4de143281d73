/** What a caller of `image verify` and `image inspect` trusts: `--ca [ISSUER=]HEX|FILE` and `--signer EUI`, both repeatable. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { Curves } from '../core/curves.ts';
import { Fault } from '../model/fault.ts';
import { hex, parseEui64, unhex, type Eui64 } from '../model/ids.ts';
import type { ImageAuthority, ImageTrust, SuiteNumber } from '../model/image.ts';
import type { Options } from './program.ts';

/** Bytes of a compressed public key → its suite. */
const SUITES: ReadonlyMap<number, SuiteNumber> = new Map([
  [22, 1],
  [37, 2],
]);

/** Collects a repeatable option. */
export const gather = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** Adds the two options to a verb. */
export function trustOptions(command: Command): void {
  command.option<readonly string[]>('--ca <[issuer=]key>', 'trusted authority: public key in hex, or a file; may be repeated', gather, []);
  command.option<readonly string[]>('--signer <eui64>', 'who may sign; may be repeated. Without it, whom a CA certified', gather, []);
}

/**
 * The trust of the options; undefined when no `--ca` was given. Throws Fault `config` naming what is no key of its curve, no
 * EUI-64, or `--signer` without `--ca`.
 */
export async function trustOf(options: Options, curves: () => Promise<Curves>): Promise<ImageTrust | undefined> {
  const [given, signers] = [options['ca'] as readonly string[], options['signer'] as readonly string[]];
  if (given.length === 0) {
    if (signers.length > 0) throw new Fault('config', '--signer needs a --ca that certified it');
    return undefined;
  }
  const known = await curves();
  const authorities = await Promise.all(given.map((each) => authorityOf(each, known)));
  return { authorities, signers: signers.length === 0 ? undefined : signers.map(signerOf) };
}

function signerOf(text: string): Eui64 {
  const id = parseEui64(text);
  if (id === undefined) throw new Fault('config', `--signer ${text} is not an EUI-64`);
  return id;
}

/** An authority of `[ISSUER=]KEY`; a file that names its issuer pins it, unless the option names another. */
async function authorityOf(text: string, curves: Curves): Promise<ImageAuthority> {
  const [, prefix, place = ''] = existsSync(text) ? [text, undefined, text] : (/^(?:([0-9a-f:-]+)=)?(.+)$/i.exec(text) ?? []);
  const pinned = prefix === undefined ? undefined : parseEui64(prefix);
  if (prefix !== undefined && pinned === undefined) throw new Fault('config', `--ca ${text}: ${prefix} is not an EUI-64`);
  const { name, key, issuer } =
    isHex(place) && !existsSync(place) ? { name: '--ca', key: unhex(place), issuer: undefined } : await fileOf(place);
  const suite = SUITES.get(key.length);
  if (suite === undefined) throw new Fault('config', `--ca ${text}: a key has 22 bytes (sect163k1) or 37 (sect283k1), not ${key.length}`);
  const point = curves.checkPoint(suite, key);
  if (!point.ok) throw new Fault('config', `--ca ${text}: no key of its curve: ${point.detail}`);
  return { name: name === '--ca' ? `${hex(key).slice(0, 16)}…` : name, suite, issuer: pinned ?? issuer, key };
}

/** A key file as `image ca new` makes it, or a file with the key alone: raw or in hex. */
async function fileOf(path: string): Promise<{ readonly name: string; readonly key: Uint8Array; readonly issuer: Eui64 | undefined }> {
  const [{ AUTHORITY_FILE_LIMIT, parseAuthority }, { readFileBytes }] = await Promise.all([
    import('../compose/authority-file.ts'),
    import('../compose/files.ts'),
  ]);
  const bytes = await readFileBytes(path, AUTHORITY_FILE_LIMIT, 'config');
  if (SUITES.has(bytes.length)) return { name: path, key: bytes, issuer: undefined };
  const text = new TextDecoder().decode(bytes).trim();
  if (isHex(text)) return { name: path, key: unhex(text), issuer: undefined };
  return parseAuthority(path, text);
}

const isHex = (text: string): boolean => /^([0-9a-f]{2})+$/i.test(text);
