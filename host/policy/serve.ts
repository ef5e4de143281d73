/**
 * Whether a Service Request of a User is served at all: which generation its device is of, whether the installation is enrolled and of a live
 * cohort, which roles may ask, what is provided and what restricted, what an elective service needs, and whether the combination is eligible.
 * One form of request serves both generations: the SMETS1 way is taken by the target's generation and by nothing in the message [R-SVC-04].
 */
import type { Facts, Objection, Rule } from '../model/decision.ts';
import type { DeviceLogEntry } from '../model/device.ts';
import type { StepsStatement, TextId } from '../model/regulation.ts';
import { cohortOf, knownCohort, notLive } from './cohort.ts';
import { notEligible } from './combinations.ts';
import { textProvides } from './duis.ts';
import { combinationOf } from './resulting.ts';
import { serviceOf, unavailable } from './service.ts';
import { holdsAt } from './standing.ts';
import { noSteps, variationsFor } from './steps.ts';
import { notHeld } from './user-role.ts';
import { instant } from '../model/calendar.ts';

/** What is looked at. */
export interface Serving extends Pick<
  Facts,
  'now' | 'user' | 'users' | 'inventory' | 'cohorts' | 'services' | 'documents' | 'combinations' | 'devices' | 'hub'
> {
  readonly srv: string;
  readonly duis: Omit<TextId, 'document'>;
  readonly generation: 'SMETS1' | 'SMETS2';
  readonly device: DeviceLogEntry;
  /** How the payload is framed; GBCS is for SMETS2+. */
  readonly framing: 'instruction' | 'gbcs';
  readonly encrypted: boolean;
  readonly steps: StepsStatement | undefined;
}

/** Date from which elective services may be asked for (004 4.6): 2018-10-01. */
export const ELECTIVE_FROM = 1_538_352_000;
/** The clause of a variation by which S1SR takes something over from GBCS for a Device Model. */
export const GBCS_REUSE = 'gbcs-reuse';

type Check = Rule<Serving>;

/** Refuses with `encryption-presumed`: of SMETS2 alone an elective request is presumed to need encryption [R-ENC-01]. */
export const encryptionRule: Check = {
  name: 'encryption',
  requirements: ['R-ENC-01'],
  family: 'SEC',
  check: ({ services, srv, generation, encrypted }) =>
    generation === 'SMETS2' && !encrypted && services !== undefined && serviceOf(services, srv)?.elective !== undefined
      ? { code: 'encryption-presumed', detail: 'an elective request to SMETS2 is presumed to need encryption', requirements: ['R-ENC-01'] }
      : undefined,
};

/** Refuses with `not-smets1`, without looking into the payload [R-PC-01]. */
export const generationRule: Check = {
  name: 'generation',
  requirements: ['R-SVC-04', 'R-PC-01'],
  family: 'S1SR',
  check: ({ generation }) =>
    generation === 'SMETS1'
      ? undefined
      : { code: 'not-smets1', detail: 'the target is a SMETS2+ device, which is out of scope here', requirements: ['R-SVC-04', 'R-PC-01'] },
};

/** Refuses with `gbcs-not-applicable`, unless a variation takes that over for the model. */
export const gbcsRule: Check = {
  name: 'gbcs',
  requirements: ['R-GBCS-01'],
  dated: ['steps.variations'],
  family: 'SEC',
  check({ framing, steps, device, inventory, cohorts, now }) {
    if (framing !== 'gbcs') return undefined;
    const cohort = inventory === undefined || cohorts === undefined ? 'unknown' : cohortOf(inventory, cohorts);
    if (variationsFor(steps, device, cohort, now).some(({ clause }) => clause === GBCS_REUSE)) return undefined;
    return {
      code: 'gbcs-not-applicable',
      detail: 'GBCS does not apply to SMETS1 devices: they take Instructions',
      requirements: ['R-GBCS-01'],
    };
  },
};

/** Refuses with the codes of `knownCohort`, or with `cohort-not-live`. */
export const cohortLiveRule: Check = {
  name: 'cohort-live',
  requirements: ['R-COH-01', 'R-DATE-02'],
  dated: ['inventory', 'cohorts'],
  family: 'TMAD',
  check(facts) {
    const known = knownCohort(facts);
    return 'code' in known ? known : notLive(known, facts.now);
  },
};

/** Refuses with `role-not-eligible` or `role-not-held`. */
export const serviceRoleRule: Check = {
  name: 'service-role',
  requirements: ['R-CHFW-02', 'R-SVC-02'],
  dated: ['users'],
  family: 'DUIS',
  check({ services, srv, user, users, now }) {
    const entry = services === undefined ? undefined : serviceOf(services, srv);
    if (entry === undefined || entry.roles.some((role) => role === user.role)) return notHeld(users, user, now);
    const detail = `the role ${user.role} may not ask for ${srv}`;
    return { code: 'role-not-eligible', detail, requirements: ['R-CHFW-02'] };
  },
};

/** Refuses with the codes of `service`. */
export const availableRule: Check = {
  name: 'available',
  requirements: ['R-SVC-01', 'R-SVC-02'],
  dated: ['services.validFrom', 'services.validTo', 'services.restrictions'],
  family: 'UISS',
  check: ({ services, srv, device, now }) => unavailable(services, srv, device, now),
};

/** Refuses with `elective-not-yet`, `not-an-elective-service` or `no-agreement`. */
export const electiveRule: Check = {
  name: 'elective',
  requirements: ['R-ELEC-01', 'R-ELEC-02', 'R-ELEC-03'],
  dated: ['services.agreements'],
  instants: ({ services, srv }) =>
    services !== undefined && serviceOf(services, srv)?.elective !== undefined
      ? [{ what: 'elective services begin', at: ELECTIVE_FROM }]
      : [],
  family: 'SEC',
  check({ services, srv, user, now }) {
    const elective = services === undefined ? undefined : serviceOf(services, srv)?.elective;
    if (services === undefined || elective === undefined) return undefined;
    const objection = (code: string, detail: string, requirement: string): Objection => ({ code, detail, requirements: [requirement] });
    if (now < ELECTIVE_FROM) return objection('elective-not-yet', `elective services begin on ${instant(ELECTIVE_FROM)}`, 'R-ELEC-01');
    if (!elective.overSmWan || !elective.solelyEnergy) {
      return objection('not-an-elective-service', `${srv} has no leg over the SM WAN, or is not solely about energy`, 'R-ELEC-03');
    }
    if (services.agreements.some((each) => each.user === user.party && each.srv === srv && holdsAt(each, now))) return undefined;
    return objection('no-agreement', `${user.party} has no agreement on ${srv} at ${instant(now)}`, 'R-ELEC-01');
  },
};

/** Refuses with the codes of `duis`: only who asks for what a newer text brought needs that text. */
export const serviceTextRule: Check = {
  name: 'service-text',
  requirements: ['R-PPMID-11', 'R-PPMID-12', 'R-DOC-02'],
  dated: ['documents'],
  family: 'DUIS',
  check({ services, srv, documents, duis, now }) {
    const needs = services === undefined ? undefined : serviceOf(services, srv)?.needs;
    return needs === undefined ? undefined : textProvides(documents, duis, needs, now);
  },
};

/** Refuses with the codes of `combinations`: what there is now must be eligible for anything to be served. */
export const eligibleRule: Check = {
  name: 'eligible',
  requirements: ['R-EPC-01', 'R-EPC-02', 'R-EPC-04', 'R-EPC-05', 'R-LEAD-04'],
  dated: ['combinations'],
  family: 'SEC',
  check: ({ combinations, hub, devices, now }) => notEligible(combinations, combinationOf(hub, devices), now),
};

/** Refuses with `no-equivalent-steps`: nobody says what the request means for this device. */
export const stepsRule: Check = {
  name: 'steps',
  requirements: ['R-SVC-05', 'R-DMVES-01', 'R-DMVES-02'],
  dated: ['steps.validFrom', 'steps.validTo', 'documents'],
  family: 'DMVES',
  check: (facts) => noSteps(facts, facts.srv, facts.device),
};
