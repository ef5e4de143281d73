/** Which rules are asked at which door, in which order. The first objection is the answer. */
import type { Facts, IntakeFacts, Rule } from '../model/decision.ts';
import type { CancelUpdate, UpdateFirmware } from '../model/service-request.ts';
import { cancelRule } from './cancel.ts';
import { combinationsRule } from './combinations.ts';
import { completionRule, timesRule } from './completion.ts';
import { downgradeRule } from './downgrade.ts';
import { inForceRule } from './in-force.ts';
import { leadSupplierRule } from './lead-supplier.ts';
import { ppmidKeysRule } from './ppmid-keys.ts';
import { productsRule } from './products.ts';
import { targetRule } from './target.ts';
import { underwayRule } from './underway.ts';
import { userRoleRule } from './user-role.ts';

/** For Update Firmware at the gateway, at every moment from issue to activation. */
export const UPGRADE_RULES: readonly Rule<Facts<UpdateFirmware>>[] = Object.freeze([
  inForceRule,
  userRoleRule,
  leadSupplierRule,
  targetRule,
  ppmidKeysRule,
  underwayRule,
  completionRule,
  downgradeRule,
  productsRule,
  combinationsRule,
]);

/** For a cancellation at the gateway. */
export const CANCEL_RULES: readonly Rule<Facts<CancelUpdate>>[] = Object.freeze([userRoleRule, leadSupplierRule, cancelRule]);

/** For either at the S1SP, which judges without the gateway's statements and devices. */
export const INTAKE_RULES: readonly Rule<IntakeFacts>[] = Object.freeze([inForceRule, userRoleRule, timesRule]);
