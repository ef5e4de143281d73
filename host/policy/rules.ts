/** Which rules are asked at which door, in which order. The first objection is the answer. */
import type { Facts, Rule } from '../model/decision.ts';
import type { CancelUpdate, ServiceRequest, UpdateFirmware } from '../model/service-request.ts';
import { cancelRule } from './cancel.ts';
import { clockRule } from './clock.ts';
import { cohortRule } from './cohort.ts';
import { combinationsRule } from './combinations.ts';
import { completionRule, timesRule } from './completion.ts';
import { topUpRule, windowRule } from './consumer.ts';
import { downgradeRule } from './downgrade.ts';
import { duisRule } from './duis.ts';
import { enrolledRule, otaServerRule } from './enrolled.ts';
import { inForceRule } from './in-force.ts';
import { leadSupplierRule } from './lead-supplier.ts';
import { pathRule } from './path.ts';
import { ppmidKeysRule } from './ppmid-keys.ts';
import { productsRule } from './products.ts';
import { purposeRule } from './purpose.ts';
import { serviceRule } from './service.ts';
import { signaturesRule, userKeyRule } from './signatures.ts';
import { orderStepsRule } from './steps.ts';
import { targetRule } from './target.ts';
import { underwayRule } from './underway.ts';
import { userRoleRule } from './user-role.ts';

/** For Update Firmware at the gateway, at every moment from issue to activation. */
export const UPGRADE_RULES: readonly Rule<Facts<UpdateFirmware>>[] = Object.freeze([
  clockRule,
  inForceRule,
  signaturesRule,
  userRoleRule,
  leadSupplierRule,
  serviceRule,
  duisRule,
  enrolledRule,
  cohortRule,
  targetRule,
  otaServerRule,
  ppmidKeysRule,
  underwayRule,
  completionRule,
  windowRule,
  topUpRule,
  downgradeRule,
  pathRule,
  productsRule,
  combinationsRule,
]);

/** For a cancellation at the gateway. */
export const CANCEL_RULES: readonly Rule<Facts<CancelUpdate>>[] = Object.freeze([
  clockRule,
  signaturesRule,
  userRoleRule,
  leadSupplierRule,
  cancelRule,
]);

/**
 * For Update Firmware at the S1SP, on its own registers: everything that does not depend on what only the gateway knows (which version a device
 * runs, what is under way there).
 */
export const INTAKE_RULES: readonly Rule<Facts<UpdateFirmware>>[] = Object.freeze([
  clockRule,
  inForceRule,
  userKeyRule,
  userRoleRule,
  leadSupplierRule,
  serviceRule,
  duisRule,
  enrolledRule,
  cohortRule,
  targetRule,
  otaServerRule,
  timesRule,
  purposeRule,
  productsRule,
  orderStepsRule,
]);

/** For a cancellation at the S1SP. */
export const INTAKE_CANCEL_RULES: readonly Rule<Facts<ServiceRequest>>[] = Object.freeze([
  clockRule,
  userKeyRule,
  userRoleRule,
  leadSupplierRule,
  timesRule,
]);
