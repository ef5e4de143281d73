/** `keys new`: a fresh key in a file of its own, for its owner alone and never over another. */
import { randomBytes } from 'node:crypto';
import { Fault } from '../model/fault.ts';
import { hex } from '../model/ids.ts';
import type { Environment, Role } from '../model/service-request.ts';
import { EXIT } from './io.ts';
import type { ExitCode, Io } from './io.ts';
import { writeNew } from './new-file.ts';
import { eui, oneOf, required } from './option.ts';
import type { Options, Program } from './program.ts';

const ROLES: readonly Role[] = ['import-supplier', 'gas-supplier', 'dcc-countersigner', 'registration', 's1sp-xml', 'gateway'];
const ENVIRONMENTS: readonly Environment[] = ['lab', 'production'];
const SEED_SIZE = 32;
const WRAPPING_SIZE = 16;

/** Registers the verb. */
export function register(program: Program): void {
  program.add({
    call: 'keys new',
    summary: 'Makes a signing key (FILE and FILE.pub) or, with --wrapping, the key that seals the network keys at rest.',
    examples: [
      "hearthgate keys new --role gateway --party 02-00-00-00-00-00-00-01 --name 'Gateway 1' --environment lab --out gateway.key",
      'hearthgate keys new --wrapping --out wrapping.key',
    ],
    options: (command) => {
      command.requiredOption('--out <file>', 'where the key goes; an existing file is not touched');
      command.option('--wrapping', 'a wrapping key: 16 random bytes as hex digits', false);
      command.option('--role <role>', `whose key it is: ${ROLES.join(', ')}`);
      command.option('--party <eui64>', 'EUI-64 by which the party is known');
      command.option('--name <name>', 'how people call the party');
      command.option('--environment <environment>', ENVIRONMENTS.join(' or '));
    },
    action: async (io, options) => (options['wrapping'] === true ? wrapping(io, options) : signing(io, options)),
  });
}

async function wrapping(io: Io, options: Options): Promise<ExitCode> {
  const file = required(options, 'out');
  await writeNew(file, `${hex(randomBytes(WRAPPING_SIZE))}\n`, 0o600);
  io.out(options.json ? JSON.stringify({ file }) : `${file}: wrapping key`);
  return EXIT.done;
}

async function signing(io: Io, options: Options): Promise<ExitCode> {
  const { formatPublicKey, formatSigningKey, parseKeyFile } = await import('../messages/keyfile.ts');
  const [file, role, environment] = [required(options, 'out'), oneOf(options, 'role', ROLES), oneOf(options, 'environment', ENVIRONMENTS)];
  const [name, party] = [required(options, 'name'), eui(options, 'party')];
  if (party === undefined) throw new Fault('config', '--party is missing');
  const source = formatSigningKey({ environment, role, party, name }, randomBytes(SEED_SIZE));
  const key = parseKeyFile(source);
  if (!key.ok) throw new Fault('config', `a key file cannot be made of these options: ${key.detail}`);
  await writeNew(file, source, 0o600);
  await writeNew(`${file}.pub`, formatPublicKey(environment, key.value.signer), 0o644);
  const { kid } = key.value.signer;
  io.out(
    options.json
      ? JSON.stringify({ file, public: `${file}.pub`, kid, role, party })
      : `${file}, ${file}.pub: ${role} key ${kid} of ${party}`,
  );
  return EXIT.done;
}
