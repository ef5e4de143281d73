/** The facts of a decision as short lines for people and for the audit [R-AUD-01, R-LEAD-06]; numbers of supplies are withheld [R-PRIV-01]. */
import type { Facts } from '../model/decision.ts';
import { withoutNumbers } from '../model/personal.ts';
import { cohortOf } from './cohort.ts';
import { isSplit, leadSupplierAt, periodsAt } from './standing.ts';
import { targetOf } from './target.ts';
import { textsInForce } from './texts.ts';
import { day, instant } from '../model/calendar.ts';
import { version } from './wording.ts';

/** One line a fact: who asked, who is Lead Supplier since when, which lists and texts, which device and versions, which image. */
export function factsText(facts: Facts): readonly string[] {
  const { now, moment, user, request, requestId, gateway, signatures } = facts;
  return [
    `${moment} at ${instant(now)}`,
    `request ${requestId} for gateway ${gateway}`,
    `signed by ${user.name} (${user.party}) as ${user.role}`,
    `signatures of ${signatures.map(({ role, kid }) => `${role} ${kid}`).join(', ')} (signers ${listed(facts.signers)})`,
    leadLine(facts),
    gasLine(facts),
    cohortLine(facts),
    `Central Products List ${listed(facts.products)}`,
    `Eligible Product Combinations ${listed(facts.combinations)}`,
    textsLine(facts),
    ...stepsLine(facts),
    deviceLine(facts),
    ...keysLine(facts),
    ...(request.kind === 'update-firmware'
      ? [
          `written to DUIS ${request.duis.version} as of ${day(request.duis.effectiveFrom)}`,
          `orders firmware ${version(request.firmwareVersion)}, image ${request.image.digest} of ${request.image.length} bytes`,
          `to be activated from ${instant(request.activateFrom)} and complete by ${instant(request.completeBy)}, downgrade ${request.allowDowngrade ? 'permitted' : 'not permitted'}`,
          `purpose: ${withoutNumbers(request.purpose)}`,
        ]
      : [`cancels ${request.cancels}`]),
  ];
}

function leadLine(facts: Facts): string {
  const lead = leadSupplierAt(facts);
  if (typeof lead === 'string') return `no Lead Supplier: ${lead}`;
  return `Lead Supplier ${lead.party} since ${instant(lead.from)} (suppliers statement version ${facts.suppliers?.version})`;
}

function gasLine(facts: Facts): string {
  const gas = periodsAt(facts.suppliers?.gas ?? [], facts.now);
  if (gas.length === 0) return 'no gas supplier recorded';
  return `gas supplier ${gas.map(({ party }) => party).join(', ')}, supply ${isSplit(facts) ? 'split' : 'not split'}`;
}

function cohortLine({ inventory, cohorts }: Facts): string {
  if (inventory === undefined) return 'no inventory record';
  const cohort = cohorts === undefined ? inventory.cohort : cohortOf(inventory, cohorts);
  return `cohort ${cohort}, ${inventory.stage} (inventory ${listed(inventory)}, cohorts ${listed(cohorts)})`;
}

function textsLine({ documents, now, accepted = now }: Facts): string {
  if (documents === undefined) return 'no register of documents';
  const texts = textsInForce(documents, accepted).map(({ document, version: number }) => `${document} ${number}`);
  return `texts in force at ${day(accepted)}: ${texts.join(', ') || 'none'} (documents ${listed(documents)})`;
}

function deviceLine(facts: Facts): string {
  const device = targetOf(facts);
  if (device === undefined) return `device ${facts.request.target} is not in the device log`;
  return `device ${device.eui} ${device.type} ${device.model} hardware ${device.hardwareVersion} firmware ${version(device.firmwareVersion)}`;
}

/** Where they are decided by. */
const stepsLine = ({ steps }: Facts): readonly string[] =>
  steps === undefined ? [] : [`equivalent steps ${listed(steps)}, aligned to S1SR ${steps.alignedTo}`];

/** Where the keys are asked about. */
const keysLine = ({ keyState }: Facts): readonly string[] => (keyState === undefined ? [] : [`PPMID keys ${keyState}`]);

const listed = (list: { readonly version: number; readonly issued: number } | undefined): string =>
  list === undefined ? 'missing' : `version ${list.version} of ${instant(list.issued)}`;
