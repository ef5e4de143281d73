/** `keys backup` and `keys verify`: a gateway's keys, counters and marks in a file, and whether that file is whole. */
import { Fault } from '../model/fault.ts';
import { EXIT, type ExitCode, type Io } from './io.ts';
import { writeNew } from './new-file.ts';
import { readingStore } from './open-store.ts';
import { required, text } from './option.ts';
import type { Options, Program } from './program.ts';

const OWNER_ONLY = 0o600;

/** Registers both verbs. */
export function register(program: Program): void {
  program.add({
    call: 'keys backup',
    summary: "Writes a gateway's keys, counters and marks, encrypted and authenticated under a key of their own; the gateway may run.",
    examples: [
      'hearthgate keys new --wrapping --out backup.key',
      'hearthgate keys backup --config gateway.yaml --key backup.key --out gateway.backup',
      'hearthgate keys backup --config gateway.yaml --plain --out coordinator.json',
    ],
    options: (command) => {
      command.requiredOption('--config <file>', "the gateway's configuration");
      command.requiredOption('--out <file>', 'where it goes; an existing file is not touched');
      command.option('--key <file>', "the backup's key, 32 hex digits; not the gateway's wrapping key");
      command.option('--plain', 'the open coordinator backup format instead: keys in clear, for other tools', false);
    },
    action: backup,
  });
  program.add({
    call: 'keys verify <file>',
    summary: 'Opens a backup, and every key in it in a core that is thrown away; nothing is changed.',
    examples: ['hearthgate keys verify gateway.backup --key backup.key'],
    codes: ['Code 0: whole. Code 2: altered, or of another key.'],
    options: (command) => void command.requiredOption('--key <file>', "the backup's key"),
    action: verify,
  });
}

async function backup(io: Io, options: Options): Promise<ExitCode> {
  const { loadGatewayConfig } = await import('../compose/config.ts');
  const config = await loadGatewayConfig(required(options, 'config'));
  const out = required(options, 'out');
  if (options['plain'] === true) {
    const { plainBackup } = await import('../compose/backup-export.ts');
    const bytes = await readingStore(config.data, (store) => plainBackup(config, store));
    await writeNew(out, bytes, OWNER_ONLY).finally(() => bytes.fill(0));
    io.out(options.json ? JSON.stringify({ file: out, plain: true }) : `${out}: keys in clear. Whoever reads it has the home's network.`);
    return EXIT.done;
  }
  const key = text(options, 'key');
  if (key === undefined) throw new Fault('config', '--key is missing (or say --plain)');
  const { encryptedBackup } = await import('../compose/backup-export.ts');
  const { head, file, keys } = await readingStore(config.data, (store) => encryptedBackup(config, store, key));
  await writeNew(out, file, OWNER_ONLY);
  io.out(
    options.json
      ? JSON.stringify({ file: out, ...head, keys })
      : `${out}: backup ${head.id} of ${head.gateway}, ${keys} keys, ${head.created}`,
  );
  return EXIT.done;
}

async function verify(io: Io, options: Options, file = ''): Promise<ExitCode> {
  const { verifyBackup } = await import('../compose/backup-export.ts');
  const { head, keys, ageSeconds } = await verifyBackup(file, required(options, 'key'));
  if (options.json) io.out(JSON.stringify({ ok: true, ...head, ageSeconds, keys }));
  else {
    io.out(
      `${io.paint('good', 'whole')}: backup ${head.id} of ${head.gateway} (${head.environment}), ${head.created}, ${ageSeconds} s old`,
    );
    for (const { purpose, identity, fingerprint } of keys)
      io.out(`${purpose.padEnd(12)} ${identity.padEnd(16)}  ${fingerprint ?? ''}`.trimEnd());
  }
  return EXIT.done;
}
