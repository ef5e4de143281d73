/**
 * Every question that the rules answer, by name: those of the doors, and those that the S1SP's side and people ask. What is tried on a file of
 * facts, and what is replayed from a record, is asked here, of the very rules that run.
 */
import type { Answer, Facts, Rule } from '../model/decision.ts';
import type { CancelUpdate, ServiceRequest, UpdateFirmware } from '../model/service-request.ts';
import { accessRule, type Attempts } from './access.ts';
import { anomalyRule, type Traffic } from './anomaly.ts';
import { answer, weigh, type Say } from './answer.ts';
import { clockRule } from './clock.ts';
import { commissionRule, inventoryRule, type Commissioning } from './commission.ts';
import { configureHubRule, type HubConfiguration } from './configure-hub.ts';
import { decommissionRule, type Decommissioning } from './decommission.ts';
import { deliveryRule, functionOnRule, type Delivery } from './delivery.ts';
import { consentRule, switchControlRule, switchPartyRule, type HalfHourly } from './half-hourly.ts';
import { hubCombinationsRule, hubProductRule, type HubChange } from './hub-change.ts';
import { incidentRule, type Incident } from './incident.ts';
import { leadSupplierRule } from './lead-supplier.ts';
import * as migration from './migration.ts';
import { CANCEL_RULES, INTAKE_CANCEL_RULES, INTAKE_RULES, UPGRADE_RULES } from './rules.ts';
import * as serve from './serve.ts';
import { enrolledRule } from './enrolled.ts';
import { ruleSet, type RuleSet } from './rule-set.ts';
import { signaturesRule } from './signatures.ts';
import { userRoleRule } from './user-role.ts';

/** Facts with the latest second that stood on record: no question is answered by a clock that was set back. */
type Recorded<F> = F & Pick<Facts, 'latest'>;

/** What each question is asked on. */
export interface Asked {
  readonly upgrade: Facts<UpdateFirmware>;
  readonly cancel: Facts<CancelUpdate>;
  readonly intake: Facts<UpdateFirmware>;
  readonly 'intake-cancel': Facts<ServiceRequest>;
  readonly 'change-hub': Recorded<HubChange>;
  readonly decommission: Recorded<Decommissioning>;
  readonly 'configure-hub': Recorded<HubConfiguration>;
  readonly commission: Recorded<Commissioning>;
  readonly serve: Recorded<serve.Serving>;
  readonly 'half-hourly-on': Recorded<HalfHourly>;
  readonly 'half-hourly-off': Recorded<HalfHourly>;
  readonly deliver: Recorded<Delivery>;
  readonly migrate: Recorded<migration.Migration>;
  readonly traffic: Recorded<Traffic>;
  readonly access: Recorded<Attempts>;
  readonly incident: Recorded<Incident>;
}

/** The name of a question. */
export type Question = keyof Asked;

/** The rules of each question, in the order in which they are asked. */
export const QUESTIONS: { readonly [Q in Question]: readonly Rule<Asked[Q]>[] } = Object.freeze({
  upgrade: UPGRADE_RULES,
  cancel: CANCEL_RULES,
  intake: INTAKE_RULES,
  'intake-cancel': INTAKE_CANCEL_RULES,
  'change-hub': [clockRule, signaturesRule, userRoleRule, leadSupplierRule, hubProductRule, hubCombinationsRule],
  decommission: [clockRule, signaturesRule, userRoleRule, leadSupplierRule, decommissionRule],
  'configure-hub': [clockRule, signaturesRule, userRoleRule, leadSupplierRule, configureHubRule],
  commission: [clockRule, inventoryRule, commissionRule],
  serve: [
    clockRule,
    serve.encryptionRule,
    serve.generationRule,
    serve.gbcsRule,
    enrolledRule,
    serve.cohortLiveRule,
    serve.serviceRoleRule,
    serve.availableRule,
    serve.electiveRule,
    serve.serviceTextRule,
    serve.eligibleRule,
    serve.stepsRule,
  ],
  'half-hourly-on': [clockRule, switchControlRule, switchPartyRule, consentRule],
  'half-hourly-off': [clockRule, switchControlRule, switchPartyRule],
  deliver: [clockRule, functionOnRule, deliveryRule],
  migrate: [
    clockRule,
    migration.tmadRule,
    migration.contactRule,
    migration.igtRule,
    migration.halfHourlyOffRule,
    migration.screeningRule,
    migration.preconditionsRule,
    migration.ppmidDefinitionRule,
  ],
  traffic: [clockRule, anomalyRule],
  access: [clockRule, accessRule],
  incident: [clockRule, incidentRule],
});

const SETS = Object.freeze(
  Object.fromEntries(Object.entries(QUESTIONS).map(([question, rules]) => [question, ruleSet(rules as readonly Rule<never>[])])),
) as {
  readonly [Q in Question]: RuleSet<Asked[Q]>;
};

/** The answer to a question. */
export const ask = <Q extends Question>(question: Q, facts: Asked[Q]): Answer => answer(SETS[question], facts);

/** What each rule of a question says for itself. */
export const weighed = <Q extends Question>(question: Q, facts: Asked[Q]): readonly Say[] => weigh(SETS[question], facts);
