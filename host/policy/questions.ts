/**
 * Every question that the rules answer, by name: those of the doors, and those that the S1SP's side and people ask. What is tried on a file of
 * facts, and what is replayed from a record, is asked here, of the very rules that run.
 */
import type { Answer, Facts, Rule } from '../model/decision.ts';
import type { CancelUpdate, ServiceRequest, UpdateFirmware } from '../model/service-request.ts';
import { accessRule, type Attempts } from './access.ts';
import { anomalyRule, type Traffic } from './anomaly.ts';
import { answer, weigh, type Say } from './answer.ts';
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
import { signaturesRule } from './signatures.ts';
import { userRoleRule } from './user-role.ts';

/** What each question is asked on. */
export interface Asked {
  readonly upgrade: Facts<UpdateFirmware>;
  readonly cancel: Facts<CancelUpdate>;
  readonly intake: Facts<UpdateFirmware>;
  readonly 'intake-cancel': Facts<ServiceRequest>;
  readonly 'change-hub': HubChange;
  readonly decommission: Decommissioning;
  readonly 'configure-hub': HubConfiguration;
  readonly commission: Commissioning;
  readonly serve: serve.Serving;
  readonly 'half-hourly-on': HalfHourly;
  readonly 'half-hourly-off': HalfHourly;
  readonly deliver: Delivery;
  readonly migrate: migration.Migration;
  readonly traffic: Traffic;
  readonly access: Attempts;
  readonly incident: Incident;
}

/** The name of a question. */
export type Question = keyof Asked;

/** The rules of each question, in the order in which they are asked. */
export const QUESTIONS: { readonly [Q in Question]: readonly Rule<Asked[Q]>[] } = Object.freeze({
  upgrade: UPGRADE_RULES,
  cancel: CANCEL_RULES,
  intake: INTAKE_RULES,
  'intake-cancel': INTAKE_CANCEL_RULES,
  'change-hub': [signaturesRule, userRoleRule, leadSupplierRule, hubProductRule, hubCombinationsRule],
  decommission: [signaturesRule, userRoleRule, leadSupplierRule, decommissionRule],
  'configure-hub': [signaturesRule, userRoleRule, leadSupplierRule, configureHubRule],
  commission: [inventoryRule, commissionRule],
  serve: [
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
  'half-hourly-on': [switchControlRule, switchPartyRule, consentRule],
  'half-hourly-off': [switchControlRule],
  deliver: [functionOnRule, deliveryRule],
  migrate: [
    migration.tmadRule,
    migration.contactRule,
    migration.igtRule,
    migration.halfHourlyOffRule,
    migration.screeningRule,
    migration.preconditionsRule,
    migration.ppmidDefinitionRule,
  ],
  traffic: [anomalyRule],
  access: [accessRule],
  incident: [incidentRule],
});

/** The answer to a question. */
export const ask = <Q extends Question>(question: Q, facts: Asked[Q]): Answer => answer(QUESTIONS[question], facts);

/** What each rule of a question says for itself. */
export const weighed = <Q extends Question>(question: Q, facts: Asked[Q]): readonly Say[] => weigh(QUESTIONS[question], facts);
