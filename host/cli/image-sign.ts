/** `image sign`: puts certificate and signature into an upgrade file, through signer.wasm. */
import { createHash } from 'node:crypto';
import type { AuthorityKeys, SignerKeys } from '../../firmware/image/authority.ts';
import type { Signer } from '../core/signer.ts';
import { Fault } from '../model/fault.ts';
import { unhex } from '../model/ids.ts';
import type { SuiteNumber } from '../model/image.ts';
import { EXIT } from './io.ts';
import type { ExitCode, Io } from './io.ts';
import { eui, required, text } from './option.ts';
import type { Options, Program } from './program.ts';
import { sayWritten, writeSink } from './sink.ts';
import { readImage } from './source.ts';

/** Registers the verb. */
export function register(program: Program): void {
  program.add({
    call: 'image sign <file>',
    summary: 'Signs a ZigBee OTA upgrade file by ECDSA, suite 1 or 2; "-" is standard input or output.',
    examples: [
      'hearthgate image sign ppmid.ota --key signer.key --out ppmid-signed.ota',
      'hearthgate image sign ppmid.ota --certificate 0026… --private private.hex --out ppmid-signed.ota',
      'hearthgate image sign ppmid.ota --ca ca.key --signer 02-00-00-00-00-00-00-07 --out - | hearthgate image verify - --ca ca.key.pub',
    ],
    codes: [
      'Nonces follow from key and digest (RFC 6979): the same file is always signed alike. An integrity code, which covers the header, is made',
      'anew by the convention that it followed; one that fitted none is hashed up to its tag.',
      'Code 2: it cannot be signed.',
    ],
    options: (command) => {
      command.requiredOption('--out <file>', 'where the file goes; an existing one is not touched');
      command.option('--key <file>', 'certificate and private key, as `image ca issue` makes them');
      command.option('--certificate <hex|file>', 'signing certificate of 48 or 74 bytes, with --private');
      command.option('--private <file>', 'private key of that certificate, in hex');
      command.option('--ca <file>', 'authority that certifies --signer on the spot').option('--signer <eui64>', 'whom it certifies');
    },
    action: sign,
  });
}

async function sign(io: Io, options: Options, file = ''): Promise<ExitCode> {
  const [{ signImage }, { conventionOf }, tools, { loadModule }] = await Promise.all([
    import('../../firmware/image/sign.ts'),
    import('../../firmware/image/integrity.ts'),
    import('../core/signer.ts'),
    import('../compose/gateway.ts'),
  ]);
  const signer = await tools.Signer.load(await loadModule('signer.wasm'));
  const keys = await keysOf(options, signer);
  const given = await readImage(io, file);
  const signed = signImage(given, keys, signer);
  keys.privateKey.fill(0);
  const out = required(options, 'out');
  await writeSink(io, out, signed);
  const sha256 = createHash('sha256').update(signed).digest('hex');
  const { suite, subject } = keys;
  const [before, integrity] = [given, signed].map((each) => conventionOf(each, (message, padding) => signer.mmo(message, padding)));
  const sealed =
    integrity === undefined ? '' : `, integrity code ${integrity}${before === undefined ? ' (the one before fitted no convention)' : ''}`;
  sayWritten(
    io,
    out,
    options.json,
    { length: signed.length, sha256, suite, signer: subject, integrity },
    `signed by ${subject}, suite ${suite}, SHA-256 ${sha256}${sealed}`,
  );
  return EXIT.done;
}

/** Key and certificate in one of the three ways. */
async function keysOf(options: Options, signer: Signer): Promise<SignerKeys> {
  const [{ AUTHORITY_FILE_LIMIT, parseAuthority, parseSigner }, { readFileText }] = await Promise.all([
    import('../compose/authority-file.ts'),
    import('../compose/files.ts'),
  ]);
  const read = (path: string): Promise<string> => readFileText(path, AUTHORITY_FILE_LIMIT, 'config');
  const [key, certificate, secret, ca] = ['key', 'certificate', 'private', 'ca'].map((name) => text(options, name));
  const ways = [key, certificate ?? secret, ca].filter((way) => way !== undefined).length;
  if (ways !== 1) throw new Fault('config', 'name either --key, or --certificate and --private, or --ca and --signer');
  if (key !== undefined) return withPrivate(key, parseSigner(key, await read(key)));
  if (ca !== undefined) {
    const subject = eui(options, 'signer');
    if (subject === undefined) throw new Fault('config', '--ca needs the --signer whom it certifies');
    const [{ issueSigner }, { SystemClock, SystemEntropy }] = await Promise.all([
      import('../../firmware/image/authority.ts'),
      import('../adapters/system.ts'),
    ]);
    const authority: AuthorityKeys = withPrivate(ca, parseAuthority(ca, await read(ca)));
    return issueSigner(signer, new SystemEntropy(), authority, { subject, now: Math.floor(new SystemClock().now() / 1000) });
  }
  if (certificate === undefined || secret === undefined) throw new Fault('config', '--certificate and --private belong together');
  const form = isHex(certificate) ? certificate : await read(certificate);
  return given(hexOf(form, '--certificate'), hexOf(await read(secret), secret));
}

function withPrivate<T extends { readonly privateKey: Uint8Array | undefined }>(
  file: string,
  keys: T,
): T & { readonly privateKey: Uint8Array } {
  if (keys.privateKey === undefined) throw new Fault('config', `${file}: holds no private key`);
  return { ...keys, privateKey: keys.privateKey };
}

const SUITES: ReadonlyMap<number, { readonly suite: SuiteNumber; readonly subjectAt: number; readonly scalar: number }> = new Map([
  [48, { suite: 1, subjectAt: 22, scalar: 21 }],
  [74, { suite: 2, subjectAt: 28, scalar: 36 }],
]);

async function given(certificate: Uint8Array, privateKey: Uint8Array): Promise<SignerKeys> {
  const { euiFromBytes } = await import('../model/ids.ts');
  const form = SUITES.get(certificate.length);
  if (form === undefined) throw new Fault('config', `--certificate has ${certificate.length} bytes, not 48 (suite 1) or 74 (suite 2)`);
  const { suite, subjectAt, scalar } = form;
  if (privateKey.length !== scalar) throw new Fault('config', `--private has ${privateKey.length} bytes; suite ${suite} takes ${scalar}`);
  return { suite, subject: euiFromBytes(certificate.slice(subjectAt, subjectAt + 8)), certificate, privateKey };
}

function hexOf(text: string, name: string): Uint8Array {
  const digits = text.replaceAll(/\s/g, '');
  if (!isHex(digits)) throw new Fault('config', `${name}: not hex digits`);
  return unhex(digits);
}

const isHex = (text: string): boolean => /^([0-9a-f]{2})+$/i.test(text);
