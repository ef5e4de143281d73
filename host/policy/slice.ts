/**
 * Cutting registers to what concerns one home, and the facts of one decision to what it was made on. A slice answers every question about that home
 * as the whole list does: entries of other models, parties and services are left out, and nothing is changed.
 */
import type { SignersFacts, Situation } from '../model/decision.ts';
import type { HardwareModel } from '../model/device.ts';
import type { Eui64 } from '../model/ids.ts';
import type { CombinationMember } from '../model/dated.ts';
import type { SignersStatement, Statement, SuppliersStatement } from '../model/register.ts';
import type { ModelPattern } from '../model/regulation.ts';
import type { ServiceRequest } from '../model/service-request.ts';
import { UPDATE_FIRMWARE } from './service.ts';

/** What a slice is cut for. */
export interface SliceSubject {
  readonly gateway: Eui64;
  /** Hardware of the hub and of every device, whatever firmware it runs. */
  readonly hardware: readonly HardwareModel[];
  /** The suppliers of the premises, past, present and to come. */
  readonly suppliers: SuppliersStatement | undefined;
}

/** Cuts a list for a gateway; what is no list, or is about one gateway anyhow, comes back as it is. */
export function sliceOf<T extends Statement>(statement: T, subject: SliceSubject): T;
export function sliceOf(statement: Statement, subject: SliceSubject): Statement {
  const { gateway, hardware } = subject;
  const ours = (model: HardwareModel): boolean => hardware.some((each) => sameHardware(each, model));
  switch (statement.kind) {
    case 'signers':
      return { ...statement, gateway, signers: statement.signers.filter((key) => concerns(key.role, key.party, subject)) };
    case 'users':
      return { ...statement, gateway, users: statement.users.filter(({ party }) => partiesOf(subject).has(party)) };
    case 'products':
      return { ...statement, gateway, products: statement.products.filter(ours) };
    case 'combinations':
      return { ...statement, gateway, combinations: statement.combinations.filter((entry) => entry.every(ours)) };
    case 'pending':
      return { ...statement, gateway, pending: statement.pending.filter(({ combination }) => combination.every(ours)) };
    case 'services':
      return {
        ...statement,
        gateway,
        restrictions: statement.restrictions.filter(({ devices }) => hardware.some((model) => mayMatch(devices, model))),
        agreements: statement.agreements.filter(({ user }) => partiesOf(subject).has(user)),
      };
    default:
      return statement;
  }
}

/**
 * The facts of a decision about a request, cut to what its rules look at: the target's products, the home's combinations, the keys that signed, the
 * service asked for, the texts. The decision on them is the decision on the whole.
 */
export function factsFor<S extends Situation>(situation: S, request: ServiceRequest, kids: readonly string[]): S {
  const { products, combinations, signers, users, services, documents, devices, hub, suppliers, steps } = situation;
  const target = devices.find(({ eui }) => eui === request.target);
  const home = [hub, ...devices];
  return {
    ...situation,
    signers: signers && { ...signers, signers: signers.signers.filter(({ kid }) => kids.includes(kid)) },
    users: users && { ...users, users: users.users.filter(({ party }) => party === request.originator) },
    suppliers: suppliers && { ...suppliers },
    products: products && {
      ...products,
      products: target === undefined ? [] : products.products.filter((entry) => sameHardware(entry, target)),
    },
    combinations: combinations && {
      ...combinations,
      combinations: combinations.combinations.filter((entry) => isOf(entry, home)),
    },
    services: services && {
      ...services,
      services: services.services.filter(({ srv }) => srv === UPDATE_FIRMWARE),
      restrictions: services.restrictions.filter(({ srv }) => srv === UPDATE_FIRMWARE),
      agreements: [],
    },
    documents: documents && { ...documents, uplifts: [], provisions: [], calendar: [] },
    ...(steps && { steps: { ...steps, steps: steps.steps.filter(({ srv }) => srv === UPDATE_FIRMWARE), variations: [], defaults: [] } }),
  };
}

/** What the rules look at of the signers register: everything but the keys. */
export const signersFacts = ({ signers, ...statement }: SignersStatement): SignersFacts => ({
  ...statement,
  signers: signers.map(({ key: _key, ...rest }) => rest),
});

const sameHardware = (a: HardwareModel, b: HardwareModel): boolean =>
  a.hardwareVersion === b.hardwareVersion && a.manufacturer === b.manufacturer && a.model === b.model;

/** By loops, since it is asked of every combination of a hub for every decision. */
function isOf(entry: readonly CombinationMember[], home: readonly (HardwareModel & { readonly type: string })[]): boolean {
  next: for (const member of entry) {
    for (const device of home) if (device.type === member.type && sameHardware(device, member)) continue next;
    return false;
  }
  return true;
}

const mayMatch = (pattern: ModelPattern, model: HardwareModel): boolean =>
  (pattern.manufacturer ?? model.manufacturer) === model.manufacturer &&
  (pattern.model ?? model.model) === model.model &&
  (pattern.hardwareVersion ?? model.hardwareVersion) === model.hardwareVersion;

/** Keys that a gateway may have to know: its suppliers', the countersigners', its own. */
const concerns = (role: string, party: Eui64, subject: SliceSubject): boolean =>
  role === 'dcc-countersigner' || party === subject.gateway || partiesOf(subject).has(party);

const partiesOf = ({ suppliers }: SliceSubject): ReadonlySet<Eui64> =>
  new Set([...(suppliers?.lead ?? []), ...(suppliers?.gas ?? [])].map(({ party }) => party));
