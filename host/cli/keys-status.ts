/** `keys status`: which keys a gateway has, by fingerprint, and where those of its PPMIDs stand [R-KEYS-01]. */
import type { Cohort } from '../model/cohort.ts';
import type { PpmidKeys } from '../model/key-state.ts';
import type { Store } from '../ports/store.ts';
import { EXIT, type ExitCode, type Io } from './io.ts';
import { readingStore } from './open-store.ts';
import { required } from './option.ts';
import type { Options, Program } from './program.ts';

/** Registers the verb. */
export function register(program: Program): void {
  program.add({
    call: 'keys status',
    summary: 'Shows keys by fingerprint, their counters, and the key state of each PPMID; no key is opened to anybody.',
    examples: ['hearthgate keys status --config gateway.yaml', 'hearthgate keys status --config gateway.yaml --json'],
    codes: ['Code 0: nothing is under investigation. Code 1: something is.'],
    options: (command) => void command.requiredOption('--config <file>', "the gateway's configuration"),
    action: status,
  });
}

async function status(io: Io, options: Options): Promise<ExitCode> {
  const { loadGatewayConfig } = await import('../compose/config.ts');
  const config = await loadGatewayConfig(required(options, 'config'));
  return readingStore(config.data, async (store) => {
    const [{ loadWrappingKey }, { listKeys }, { KeyStates }] = await Promise.all([
      import('../compose/load.ts'),
      import('../compose/key-list.ts'),
      import('../stores/key-states.ts'),
    ]);
    const { gateway } = config;
    const { keys, certificates } = await listKeys({ store, gateway, wrappingKey: await loadWrappingKey(config.keys.wrapping) });
    const ppmids = new KeyStates(store).all();
    const cohort = await askedCohort(store);
    if (options.json) io.out(JSON.stringify({ gateway, gated: cohort !== undefined, cohort, keys, certificates, ppmids }));
    else {
      for (const { purpose, identity, fingerprint, counter } of keys)
        io.out(
          `${purpose.padEnd(8)} ${identity.padEnd(16)}  ${fingerprint}  ${counter === undefined ? 'not used yet' : `counter ${counter}`}`,
        );
      for (const { suite, subject, issuer } of certificates) io.out(`certificate of suite ${suite}  for ${subject}, issued by ${issuer}`);
      io.out(cohort === undefined ? 'PPMID keys: not asked about' : `PPMID keys (${cohort}):`);
      for (const each of ppmids) io.out(`  ${each.device}  ${stateText(each)}`);
    }
    return ppmids.some(({ state }) => state === 'investigation') ? EXIT.refused : EXIT.done;
  });
}

/** The cohort of the hub if its PPMIDs' keys are asked about, by the registers of its store. */
async function askedCohort(store: Store): Promise<Cohort | undefined> {
  const [{ Registers }, { readStatement }, { gatedCohort }] = await Promise.all([
    import('../stores/registers.ts'),
    import('../messages/statement.ts'),
    import('../policy/ppmid-keys.ts'),
  ]);
  const statements = new Registers(store).all().flatMap(({ bytes }) => {
    const read = readStatement(bytes);
    return read.ok ? [read.value] : [];
  });
  const inventory = statements.findLast((each) => each.kind === 'inventory');
  const cohorts = statements.findLast((each) => each.kind === 'cohorts');
  return gatedCohort(inventory, cohorts);
}

/** A state in words: present, retrying n, under investigation. */
export function stateText({
  state,
  attempts,
  reason,
  fingerprint,
}: Pick<PpmidKeys, 'state' | 'attempts' | 'reason' | 'fingerprint'>): string {
  switch (state) {
    case 'present':
      return `present ${fingerprint ?? ''}`.trimEnd();
    case 'retrying':
      return `retrying ${attempts} (${reason ?? 'unknown'})`;
    case 'investigation':
      return `under investigation${attempts === 0 ? '' : ` after ${attempts}`} (${reason ?? 'unknown'})`;
    default:
      return 'missing';
  }
}
