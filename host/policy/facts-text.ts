/** The facts of a decision as short lines for people and for the audit [R-AUD-01, R-LEAD-06]. */
import type { Facts } from '../model/decision.ts';
import { leadSupplierAt, periodsAt } from './standing.ts';
import { targetOf } from './target.ts';
import { instant, version } from './wording.ts';

/** One line a fact: who asked, who is Lead Supplier since when, which lists, which device and versions, which image. */
export function factsText(facts: Facts): readonly string[] {
  const { now, moment, user, request, requestId, gateway } = facts;
  return [
    `${moment} at ${instant(now)}`,
    `request ${requestId} for gateway ${gateway}`,
    `signed by ${user.name} (${user.party}) as ${user.role}`,
    leadLine(facts),
    gasLine(facts),
    `Central Products List ${listed(facts.products)}`,
    `Eligible Product Combinations ${listed(facts.combinations)}`,
    deviceLine(facts),
    ...keysLine(facts),
    ...(request.kind === 'update-firmware'
      ? [
          `orders firmware ${version(request.firmwareVersion)}, image ${request.image.digest} of ${request.image.length} bytes`,
          `to be complete by ${instant(request.completeBy)}, downgrade ${request.allowDowngrade ? 'permitted' : 'not permitted'}`,
          `purpose: ${request.purpose}`,
        ]
      : [`cancels ${request.cancels}`]),
  ];
}

function leadLine({ suppliers, gateway, now }: Facts): string {
  const lead = leadSupplierAt(suppliers, gateway, now);
  if (typeof lead === 'string') return `no Lead Supplier: ${lead}`;
  return `Lead Supplier ${lead.party} since ${instant(lead.from)} (suppliers statement version ${suppliers?.version})`;
}

function gasLine({ suppliers, now }: Facts): string {
  const gas = periodsAt(suppliers?.gas ?? [], now);
  return gas.length === 0 ? 'no gas supplier recorded' : `gas supplier ${gas.map(({ party }) => party).join(', ')}`;
}

function deviceLine(facts: Facts): string {
  const device = targetOf(facts);
  if (device === undefined) return `device ${facts.request.target} is not in the device log`;
  return `device ${device.eui} ${device.type} ${device.model} hardware ${device.hardwareVersion} firmware ${version(device.firmwareVersion)}`;
}

/** Where cohort and keys were asked about. */
function keysLine({ cohort, keyState }: Facts): readonly string[] {
  return cohort === undefined ? [] : [`cohort ${cohort}${keyState === undefined ? '' : `, PPMID keys ${keyState}`}`];
}

const listed = (list: { readonly version: number; readonly issued: number } | undefined): string =>
  list === undefined ? 'missing' : `version ${list.version} of ${instant(list.issued)}`;
