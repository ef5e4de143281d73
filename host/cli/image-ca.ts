/** `image ca new` and `image ca issue`: authorities for labs, and signers that they certify. */
import type { Environment } from '../model/service-request.ts';
import type { SuiteNumber } from '../model/image.ts';
import { Fault } from '../model/fault.ts';
import { EXIT } from './io.ts';
import type { ExitCode, Io } from './io.ts';
import { writeNew } from './new-file.ts';
import { eui, oneOf, required, text } from './option.ts';
import type { Options, Program } from './program.ts';

const ENVIRONMENTS: readonly Environment[] = ['lab', 'production'];
const SECRET = 0o600;

/** Registers the verbs. */
export function register(program: Program): void {
  program.add({
    call: 'image ca new',
    summary: 'Makes an authority that certifies signers of images: FILE with its private key, FILE.pub for those who trust it.',
    examples: ["hearthgate image ca new --suite 2 --issuer 02-00-00-00-00-00-0c-a0 --name 'lab images' --environment lab --out ca.key"],
    options: (command) => {
      command.requiredOption('--out <file>', 'where the key goes; an existing file is not touched');
      command
        .requiredOption('--suite <1|2>', 'sect163k1 or sect283k1')
        .requiredOption('--issuer <eui64>', 'the issuer that certificates name');
      command
        .requiredOption('--name <name>', 'how people call it')
        .requiredOption('--environment <environment>', ENVIRONMENTS.join(' or '));
    },
    action: create,
  });
  program.add({
    call: 'image ca issue',
    summary: 'Certifies a new signer: FILE with certificate and private key, FILE.pub with the certificate alone.',
    examples: ["hearthgate image ca issue --ca ca.key --subject 02-00-00-00-00-00-00-07 --name 'lab signer' --out signer.key"],
    options: (command) => {
      command.requiredOption('--out <file>', 'where the key goes; an existing file is not touched');
      command.requiredOption('--ca <file>', 'the authority').requiredOption('--subject <eui64>', 'whom it certifies');
      command.option('--name <name>', 'how people call the signer', 'image signer');
      command.option('--usage <signing|agreement|both>', 'what a certificate of suite 2 allows', 'signing');
    },
    action: issue,
  });
}

async function create(io: Io, options: Options): Promise<ExitCode> {
  const { newAuthority, formatAuthority, signer, entropy } = await tools();
  const suite = Number(oneOf(options, 'suite', ['1', '2'])) as SuiteNumber;
  const [out, name, issuer] = [required(options, 'out'), required(options, 'name'), eui(options, 'issuer')];
  if (issuer === undefined) throw new Fault('config', '--issuer is missing');
  const authority = { ...newAuthority(signer, entropy, suite, issuer), name, environment: oneOf(options, 'environment', ENVIRONMENTS) };
  await writeNew(out, formatAuthority(authority, true), SECRET);
  await writeNew(`${out}.pub`, formatAuthority(authority, false));
  const files = { file: out, public: `${out}.pub`, suite, issuer };
  io.out(options.json ? JSON.stringify(files) : `${out}, ${out}.pub: authority ${issuer} of suite ${suite}`);
  return EXIT.done;
}

async function issue(io: Io, options: Options): Promise<ExitCode> {
  const { issueSigner, Usage, parseAuthority, formatSigner, readText, signer, entropy, now } = await tools();
  const [out, file, subject] = [required(options, 'out'), required(options, 'ca'), eui(options, 'subject')];
  if (subject === undefined) throw new Fault('config', '--subject is missing');
  const { privateKey, ...authority } = parseAuthority(file, await readText(file));
  if (privateKey === undefined) throw new Fault('config', `${file}: holds no private key`);
  const uses = { signing: Usage.SIGNING, agreement: Usage.AGREEMENT, both: Usage.SIGNING | Usage.AGREEMENT };
  const usage = uses[oneOf(options, 'usage', ['signing', 'agreement', 'both'])];
  const keys = issueSigner(signer, entropy, { ...authority, privateKey }, { subject, now, usage });
  const made = { ...keys, environment: authority.environment, name: text(options, 'name') ?? '' };
  await writeNew(out, formatSigner(made, true), SECRET);
  await writeNew(`${out}.pub`, formatSigner(made, false));
  const files = { file: out, public: `${out}.pub`, suite: keys.suite, subject, issuer: authority.issuer };
  io.out(options.json ? JSON.stringify(files) : `${out}, ${out}.pub: signer ${subject}, certified by ${authority.issuer}`);
  return EXIT.done;
}

/** What both verbs work with, loaded when one of them runs. */
async function tools() {
  const [authority, files, { readFileText }, { Signer }, { loadModule }, { SystemClock, SystemEntropy }] = await Promise.all([
    import('../../firmware/image/authority.ts'),
    import('../compose/authority-file.ts'),
    import('../compose/files.ts'),
    import('../core/signer.ts'),
    import('../compose/gateway.ts'),
    import('../adapters/system.ts'),
  ]);
  return {
    ...authority,
    ...files,
    readText: (path: string): Promise<string> => readFileText(path, files.AUTHORITY_FILE_LIMIT, 'config'),
    signer: await Signer.load(await loadModule('signer.wasm')),
    entropy: new SystemEntropy(),
    now: Math.floor(new SystemClock().now() / 1000),
  };
}
