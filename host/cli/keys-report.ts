/** `keys report`: where the keys of PPMIDs stand over all gateways, for the department, and case by case for their suppliers [R-KEYS-07]. */
import type { S1spConfig } from '../compose/config.ts';
import type { Eui64 } from '../model/ids.ts';
import type { SuppliersStatement } from '../model/register.ts';
import { Fault } from '../model/fault.ts';
import type { Store } from '../ports/store.ts';
import { EXIT, type ExitCode, type Io } from './io.ts';
import { stateText } from './keys-status.ts';
import { readingStore } from './open-store.ts';
import { required } from './option.ts';
import type { Options, Program } from './program.ts';

/** Registers the verb. */
export function register(program: Program): void {
  program.add({
    call: 'keys report',
    summary: 'Counts the key states of PPMIDs that gateways reported to the S1SP, and lists what is open by supplier.',
    examples: ['hearthgate keys report --config s1sp.yaml', 'hearthgate keys report --config s1sp.yaml --threshold 99 --json'],
    codes: ['Code 0: every cohort is materially complete. Code 1: one is not.'],
    options: (command) => {
      command.requiredOption('--config <file>', "the S1SP's configuration");
      command.option('--threshold <percent>', 'share that must have succeeded for a cohort to be materially complete', '99.5');
    },
    action: report,
  });
}

async function report(io: Io, options: Options): Promise<ExitCode> {
  const [{ loadS1spConfig }, { KeyLedger, keyReport, percent }] = await Promise.all([
    import('../compose/config.ts'),
    import('../s1sp/key-ledger.ts'),
  ]);
  const config = await loadS1spConfig(required(options, 'config'));
  const threshold = Number(required(options, 'threshold')) / 100;
  if (!(threshold >= 0 && threshold <= 1)) throw new Fault('config', `--threshold is not a share from 0 to 100`);
  const told = await readingStore(config.data, async (store) => {
    const leadOf = await suppliers(config, store);
    return keyReport(new KeyLedger(store).entries(), threshold, leadOf);
  });
  if (options.json) io.out(JSON.stringify(told));
  else {
    for (const {
      cohort,
      attempted,
      succeeded,
      failed,
      retrying,
      investigating,
      resolved,
      failureRate,
      materiallyComplete,
    } of told.cohorts) {
      io.out(
        `${cohort}: ${attempted} attempted, ${succeeded} succeeded, ${failed} failed (${percent(failureRate)}): ${retrying} retrying, ${investigating} under investigation; ${resolved} resolved`,
      );
      io.out(
        `  ${materiallyComplete ? io.paint('good', 'materially complete') : io.paint('bad', 'not materially complete')} at ${percent(threshold)}`,
      );
    }
    for (const { supplier, gateway, device, ...state } of told.open)
      io.out(`${supplier ?? 'no Lead Supplier'}  ${gateway}  ${device}  ${stateText({ ...state, fingerprint: undefined })}`);
  }
  return told.cohorts.every(({ materiallyComplete }) => materiallyComplete) ? EXIT.done : EXIT.refused;
}

/** The Lead Supplier of each gateway now, by the newest of the statements that the S1SP holds and of those that its configuration names. */
async function suppliers(config: S1spConfig, store: Store): Promise<(gateway: Eui64) => Eui64 | undefined> {
  const [{ loadAnchors, loadStatements }, { Registers }, { openStatement }, { leadSupplierAt }] = await Promise.all([
    import('../compose/load.ts'),
    import('../stores/registers.ts'),
    import('../messages/statement.ts'),
    import('../policy/standing.ts'),
  ]);
  const { environment } = config;
  const anchors = await loadAnchors(config.trust.registration, environment);
  const now = Math.floor(Date.now() / 1000);
  const held = new Registers(store).all().flatMap(({ kind, bytes }) => (kind === 'suppliers' ? [bytes] : []));
  const known = [...(await loadStatements(config.statements)), ...held].flatMap((bytes): SuppliersStatement[] => {
    const opened = openStatement(bytes, { environment, anchors, now, storedVersion: () => undefined });
    return opened.ok && opened.value.statement.kind === 'suppliers' ? [opened.value.statement] : [];
  });
  const newest = new Map(known.toSorted((a, b) => a.version - b.version).map((statement) => [statement.gateway, statement]));
  return (gateway) => {
    const lead = leadSupplierAt({ suppliers: newest.get(gateway), gateway, now });
    return typeof lead === 'string' ? undefined : lead.party;
  };
}
