/**
 * `bench verify`, and how the verbs of the bench write their reports: signed JSON, and beside it a page to print.
 *
 * A report is signed with the key that `--key` names. Without one a key is made for this run alone, and its public half is written beside
 * the report: it shows that the report was not changed since, not who wrote it.
 */
import { randomBytes } from 'node:crypto';
import type { SigningKey } from '../messages/ed25519.ts';
import type { KeyOwner } from '../messages/keyfile.ts';
import { Fault } from '../model/fault.ts';
import { eui64 } from '../model/ids.ts';
import type { Role } from '../model/service-request.ts';
import { EXIT, type ExitCode, type Io } from './io.ts';
import { writeNew } from './new-file.ts';
import { text } from './option.ts';
import type { Options, Program } from './program.ts';
import { readSource } from './source.ts';

const ROLES: readonly Role[] = ['import-supplier', 'gas-supplier', 'dcc-countersigner', 'registration', 's1sp-xml', 'gateway'];
/** Nobody in particular: the owner of keys that live for one run. */
const BENCH = { environment: 'lab', role: 'gateway', party: eui64('0200000000000000'), name: 'a key made for this run' } as const;
const SEED_SIZE = 32;

/** Who signs a report. */
export interface ReportKey {
  readonly owner: KeyOwner;
  readonly key: SigningKey;
  /** Text of the public key file, for a key that nobody else has. */
  readonly public: string | undefined;
}

/** The options of a verb that writes a report. */
export const REPORT_OPTIONS: readonly (readonly [flags: string, what: string])[] = [
  ['--report <file>', 'write a signed report here, and beside it the page FILE.html'],
  ['--key <file>', 'signing key of the lab for the report; without it one is made for this run, its public key in FILE.pub'],
];

/** The key of the options; undefined when no report was asked for. Throws Fault `config`. */
export async function reportKey(options: Options): Promise<ReportKey | undefined> {
  const [report, file] = [text(options, 'report'), text(options, 'key')];
  if (report === undefined) {
    if (file !== undefined) throw new Fault('config', '--key signs a report: name --report too');
    return undefined;
  }
  if (file !== undefined) {
    const { loadSigningKey } = await import('../compose/load.ts');
    const { key, signer } = await loadSigningKey(file, 'lab', ROLES);
    const { role, party, name } = signer;
    return { key, owner: { environment: 'lab', role, party, name }, public: undefined };
  }
  const [{ signingKey }, { formatPublicKey }] = await Promise.all([import('../messages/ed25519.ts'), import('../messages/keyfile.ts')]);
  const key = signingKey(randomBytes(SEED_SIZE));
  const { role, party, name } = BENCH;
  return { key, owner: BENCH, public: formatPublicKey('lab', { kid: key.kid, key: key.publicKey, role, party, name }) };
}

/** Writes the signed report, its page, and the public key of a key that was made for it. Throws Fault `input` when one is there already. */
export async function writeReport(io: Io, options: Options, report: object, by: ReportKey | undefined): Promise<void> {
  const file = text(options, 'report');
  if (file === undefined || by === undefined) return;
  const [{ openReport, signReport }, { pageOf }] = await Promise.all([import('../lab/signed-report.ts'), import('../lab/pages.ts')]);
  const signed = signReport(report, by.owner, by.key);
  const opened = openReport(signed);
  if (!opened.ok) throw new Fault('internal', `a report that was just signed does not open: ${opened.detail}`);
  const files = [file, `${file}.html`, ...(by.public === undefined ? [] : [`${file}.pub`])];
  await writeNew(file, signed);
  await writeNew(`${file}.html`, pageOf(opened.value, file));
  if (by.public !== undefined) await writeNew(`${file}.pub`, by.public);
  if (options.json) io.out(JSON.stringify({ event: 'report', files, kid: by.key.kid }));
  else io.out(`report  ${files.join(', ')}, signed with key ${by.key.kid}`);
}

/** Registers the verb. */
export function register(program: Program): void {
  program.add({
    call: 'bench verify <report>',
    summary: 'Verifies a bench\'s signed report, and prints its page anew; "-" is standard input.',
    examples: ['hearthgate bench verify report.json --key lab.key.pub', 'hearthgate bench verify report.json --page report.html'],
    codes: [
      'Without --key the signature is held to the key that the report itself names: that shows a whole report, not its writer.',
      'Code 0: the signature is right. Code 1: it is not, or of another key than --key. Code 2: not a signed report.',
    ],
    options: (command) => {
      command
        .option('--key <file>', 'key file of the lab that must have signed it')
        .option('--page <file>', 'write the page to be printed here');
    },
    action: verify,
  });
}

async function verify(io: Io, options: Options, file = ''): Promise<ExitCode> {
  const { openReport } = await import('../lab/signed-report.ts');
  const opened = openReport(new TextDecoder().decode(await readSource(io, file)));
  const tell = (ok: boolean, code: string, detail: string): ExitCode => {
    const signer = opened.ok ? opened.value.signer : undefined;
    if (options.json) io.out(JSON.stringify({ ok, code, detail, signer, report: opened.ok ? opened.value.report : undefined }));
    else io.out(`${file}: ${ok ? io.paint('good', 'verified') : io.paint('bad', `refused (${code})`)}: ${detail}`);
    return ok ? EXIT.done : EXIT.refused;
  };
  if (!opened.ok) {
    if (opened.code === 'not-a-report') throw new Fault('input', `${file}: ${opened.detail}`);
    return tell(false, opened.code, opened.detail);
  }
  const { signer } = opened.value;
  const pinned = text(options, 'key');
  if (pinned !== undefined) {
    const { loadKey } = await import('../compose/load.ts');
    const { signer: expected } = await loadKey(pinned, signer.environment, ROLES);
    if (expected.kid !== signer.kid)
      return tell(false, 'other-signer', `signed with key ${signer.kid}, not ${expected.kid} of ${expected.name}`);
  }
  const page = text(options, 'page');
  if (page !== undefined) {
    const { pageOf } = await import('../lab/pages.ts');
    await writeNew(page, pageOf(opened.value, file));
  }
  const { name, role, party, kid } = signer;
  return tell(true, 'ok', `signed by ${name} (${role} ${party}, key ${kid})${pinned === undefined ? ', not pinned' : ''}`);
}
