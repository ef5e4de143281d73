/** `keys restore`: a gateway's keys, counters and marks out of a backup, so that no nonce is used twice. */
import { EXIT, type ExitCode, type Io } from './io.ts';
import { required, text } from './option.ts';
import type { Options, Program } from './program.ts';

/** Registers the verb. */
export function register(program: Program): void {
  program.add({
    call: 'keys restore <file>',
    summary: 'Brings a stopped gateway back from a backup, once; counters jump ahead of all that the air can have carried since.',
    examples: [
      'hearthgate keys restore gateway.backup --config gateway.yaml --key backup.key --dry-run',
      'hearthgate keys restore gateway.backup --config gateway.yaml --key backup.key',
      'hearthgate keys restore coordinator.json --config gateway.yaml --plain --taken 2026-01-15T12:00:00Z',
    ],
    codes: [
      'Code 0: restored, or with --dry-run: could be. Code 1: this backup was restored before, and --force is not said. Code 2: it cannot be used.',
    ],
    options: (command) => {
      command.requiredOption('--config <file>', "the gateway's configuration; its data directory may be empty or hold a store");
      command.option('--key <file>', "the backup's key");
      command.option('--plain', 'the file is in the open coordinator backup format', false);
      command.option('--taken <time>', 'when a plain backup was taken (ISO 8601); what it says itself when left out');
      command.option('--dry-run', 'say what would be done, and do nothing', false);
      command.option('--force', 'restore once more from a backup that was restored before', false);
    },
    action: restore,
  });
}

async function restore(io: Io, options: Options, file = ''): Promise<ExitCode> {
  const [{ loadGatewayConfig }, { restoreFile }] = await Promise.all([
    import('../compose/config.ts'),
    import('../compose/restore-file.ts'),
  ]);
  const config = await loadGatewayConfig(required(options, 'config'));
  const dryRun = options['dryRun'] === true;
  const done = await restoreFile(config, file, {
    plain: options['plain'] === true,
    key: text(options, 'key'),
    taken: text(options, 'taken'),
    dryRun,
    force: options['force'] === true,
  });
  if (!done.ok) {
    if (options.json) io.out(JSON.stringify({ ok: false, code: done.code, detail: done.detail }));
    else io.out(`${io.paint('bad', 'refused')}: ${done.detail}`);
    return EXIT.refused;
  }
  const { id, ageSeconds, jump, keys, members, marks } = done.value;
  if (options.json) io.out(JSON.stringify({ ok: true, dryRun, ...done.value }));
  else {
    io.out(`backup ${id}, ${ageSeconds} s old: outgoing counters jump by ${jump}; ${members} devices, ${marks} marks of requests`);
    for (const { purpose, identity, fate, counter } of keys)
      io.out(
        `${purpose.padEnd(12)} ${identity.padEnd(16)}  ${fate}${counter === undefined ? '' : `, counter ${counter.from} to ${counter.to}`}`,
      );
    io.out(dryRun ? 'nothing was changed' : 'restored; the network key is turned as soon as the gateway starts');
  }
  return EXIT.done;
}
