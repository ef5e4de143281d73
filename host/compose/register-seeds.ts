/**
 * The registers that come with the program (seeds/registers): what the sources report, as content of statements that somebody has yet to sign. They
 * are in force nowhere by themselves: a gateway believes what the registration role signed and nothing else.
 */
import cohorts from '../../seeds/registers/cohorts.json' with { type: 'json' };
import documents from '../../seeds/registers/documents.json' with { type: 'json' };
import equivalentSteps from '../../seeds/registers/equivalent-steps.json' with { type: 'json' };
import responseTimes from '../../seeds/registers/response-times.json' with { type: 'json' };
import services from '../../seeds/registers/services.json' with { type: 'json' };
import thresholds from '../../seeds/registers/thresholds.json' with { type: 'json' };
import { statementOfJson } from '../messages/statement-json.ts';
import type { StatementBase } from '../model/dated.ts';
import { Fault } from '../model/fault.ts';
import type { StatementOf } from '../model/register.ts';

const SEEDS = {
  documents,
  cohorts,
  services,
  thresholds,
  'response-times': responseTimes,
  'equivalent-steps': equivalentSteps,
} as const;

/** The kinds of register that come with the program. */
export type SeededKind = keyof typeof SEEDS;

/** All of them. */
export const SEEDED_KINDS = Object.keys(SEEDS) as readonly SeededKind[];

/** A register that comes with the program, as a statement to be signed. */
export function seededStatement<K extends SeededKind>(kind: K, base: StatementBase): StatementOf<K> {
  const read = statementOfJson({ ...SEEDS[kind], kind, ...base });
  if (!read.ok) throw new Fault('internal', `seeds/registers/${kind}.json: ${read.code}: ${read.detail}`);
  return read.value as StatementOf<K>;
}
