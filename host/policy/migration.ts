/**
 * Whether an installation may go from its SMSO to the DCC now: every pre-condition is a check of its own, with a code of its own, so that
 * failures can be counted by cause (TMAD as far as 001, 003 and 004 report it; its text is not held).
 *
 * Two changes came together with TMAD 17.0 and uplift 3.0 (001 §9, §10): the window in which gas meter and hub must have talked grew from 24
 * to 72 hours, and the certificates of independent gas transporters are no longer checked. They hold once both the text is in force
 * and the systems follow, and never one without the other [R-UPLIFT-02].
 */
import type { Cohort } from '../model/cohort.ts';
import type { Rule } from '../model/decision.ts';
import type { DocumentsStatement } from '../model/regulation.ts';
import type { Switch } from './half-hourly.ts';
import { inForce } from './standing.ts';
import { textInForce } from './texts.ts';
import { instant } from '../model/calendar.ts';

/** What is looked at. */
export interface Migration {
  readonly now: number;
  readonly cohort: Cohort | 'unknown';
  readonly tag: 'active' | 'dormant' | 'mixed';
  readonly documents: DocumentsStatement | undefined;
  /** When gas meter and hub last talked; undefined = nobody knows. Left out of what is asked where there is no gas meter. */
  readonly gas: { readonly lastContact: number | undefined } | undefined;
  /** What the registration data of an independent gas transporter says agrees with its certificates. */
  readonly igtAgrees: boolean;
  /** The hub's half-hourly switch; undefined where a hub has none, which no hub of FOC is. */
  readonly halfHourly: Switch | undefined;
  /** Checks by which enabled hubs are found; `positive` = it found one. */
  readonly screening: readonly { readonly check: string; readonly positive: boolean }[];
  /** The configuration that S1SR asks for before migration, by check. */
  readonly configuration: readonly { readonly check: string; readonly met: boolean }[];
  /** Other pre-conditions of TMAD, by check. */
  readonly preconditions: readonly { readonly check: string; readonly met: boolean }[];
  /** It has a PPMID that the definition before 24 August 2021 did not know. */
  readonly ppmidOutsideOldDefinition: boolean;
}

type Check = Rule<Migration>;
const HOUR = 3_600;
/** Hours within which gas meter and hub must have talked, before and after uplift 3.0. */
const WINDOW = { before: 24, uplifted: 72 } as const;

/** Refuses with `no-documents-register`, `no-tmad`, `cohort-unknown` or `cohort-not-covered`. */
export const tmadRule: Check = {
  name: 'tmad',
  requirements: ['R-MIG-08', 'R-MIG-09', 'R-COH-01', 'R-MIG-06'],
  dated: ['documents'],
  family: 'TMAD',
  inference: 'which cohorts a version covers: the texts are not held',
  check({ documents, cohort, now }) {
    if (documents === undefined || !inForce(documents, now)) {
      return { code: 'no-documents-register', detail: 'there is no register of documents in force', requirements: ['R-MIG-06'] };
    }
    const tmad = textInForce(documents, 'TMAD', now);
    if (tmad === undefined)
      return { code: 'no-tmad', detail: `no TMAD is in force at ${instant(now)}`, requirements: ['R-MIG-06', 'R-MIG-09'] };
    if (cohort === 'unknown') {
      return { code: 'cohort-unknown', detail: 'nobody says of which cohort the installation is', requirements: ['R-COH-01'] };
    }
    if (tmad.covers === undefined || tmad.covers.includes(cohort)) return undefined;
    return { code: 'cohort-not-covered', detail: `TMAD ${tmad.version} does not cover ${cohort}`, requirements: ['R-MIG-08'] };
  },
};

/** Refuses with `no-recent-contact`, the main cause of failed migrations (001 §9). */
export const contactRule: Check = {
  name: 'contact',
  requirements: ['R-MIG-01', 'R-MIG-02', 'R-MIG-04', 'R-UPLIFT-02'],
  dated: ['documents', 'documents.uplifts'],
  instants({ gas }) {
    const last = gas?.lastContact;
    if (last === undefined) return [];
    // The last second of a window is within it.
    return Object.values(WINDOW).map((hours) => ({ what: `${hours} h after gas.lastContact`, at: last + hours * HOUR + 1 }));
  },
  family: 'TMAD',
  check({ gas, documents, now }) {
    if (gas === undefined) return undefined;
    const hours = isUplifted(documents, now) ? WINDOW.uplifted : WINDOW.before;
    if (gas.lastContact !== undefined && now - gas.lastContact <= hours * HOUR) return undefined;
    const last = gas.lastContact === undefined ? 'never, as far as known' : instant(gas.lastContact);
    return {
      code: 'no-recent-contact',
      detail: `gas meter and hub last talked ${last}; it has to be within ${hours} h`,
      requirements: ['R-MIG-01', 'R-MIG-02'],
    };
  },
};

/** Refuses with `igt-certificates`, before uplift 3.0 alone. */
export const igtRule: Check = {
  name: 'igt',
  requirements: ['R-MIG-03', 'R-MIG-04', 'R-UPLIFT-02'],
  dated: ['documents', 'documents.uplifts'],
  family: 'TMAD',
  check: ({ igtAgrees, documents, now }) =>
    igtAgrees || isUplifted(documents, now)
      ? undefined
      : {
          code: 'igt-certificates',
          detail: 'registration data and certificates of the gas transporter differ',
          requirements: ['R-MIG-03'],
        },
};

/** Refuses with `half-hourly-not-off`: confirmed off is the one state that will do (TMAD 4.24, 4.24A, 4.44B). */
export const halfHourlyOffRule: Check = {
  name: 'half-hourly-off',
  requirements: ['R-HH-05', 'R-HH-06', 'R-DORM-01'],
  family: 'TMAD',
  check({ halfHourly, cohort, tag }) {
    const state = halfHourly?.state ?? (cohort === 'FOC' ? 'unknown' : 'off');
    if (state === 'off' && (halfHourly === undefined || halfHourly.confirmed !== undefined)) return undefined;
    const clause = tag === 'dormant' ? '4.24 and 4.24A' : '4.44B';
    const detail = `the half-hourly switch is ${state}${state === 'off' ? ' but not confirmed' : ''}: TMAD ${clause} asks for confirmed off`;
    return { code: 'half-hourly-not-off', detail, requirements: [tag === 'dormant' ? 'R-HH-05' : 'R-HH-06'] };
  },
};

/** Refuses with `screened-out`: one positive finding excludes. */
export const screeningRule: Check = {
  name: 'screening',
  requirements: ['R-HH-07'],
  family: 'TMAD',
  check({ screening }) {
    const found = screening.find(({ positive }) => positive);
    return found && { code: 'screened-out', detail: `the check ${found.check} found the function enabled`, requirements: ['R-HH-07'] };
  },
};

/** Refuses with `configuration` or `precondition`, naming the check. */
export const preconditionsRule: Check = {
  name: 'preconditions',
  requirements: ['R-MIG-06', 'R-MIG-10', 'R-DMVES-05'],
  family: 'S1SR',
  check({ configuration, preconditions }) {
    const unset = configuration.find(({ met }) => !met);
    if (unset !== undefined)
      return { code: 'configuration', detail: `not configured as asked for: ${unset.check}`, requirements: ['R-MIG-10', 'R-DMVES-05'] };
    const unmet = preconditions.find(({ met }) => !met);
    return unmet && { code: 'precondition', detail: `not met: ${unmet.check}`, requirements: ['R-MIG-06'] };
  },
};

/** Refuses with `ppmid-definition` until a text with the newer definition is in force. */
export const ppmidDefinitionRule: Check = {
  name: 'ppmid-definition',
  requirements: ['R-MIG-05'],
  dated: ['documents'],
  family: 'TMAD',
  check: ({ ppmidOutsideOldDefinition, documents, now }) =>
    !ppmidOutsideOldDefinition || provides(documents, 'ppmid-definition-2021', now)
      ? undefined
      : { code: 'ppmid-definition', detail: 'its PPMID is none by the definition in force', requirements: ['R-MIG-05'] },
};

/** True once both changes of uplift 3.0 are law and the systems follow; they come and go together. */
export function isUplifted(documents: DocumentsStatement | undefined, now: number): boolean {
  const enabled = documents?.uplifts.find(({ uplift }) => uplift === '3.0')?.enabledFrom;
  return provides(documents, 'contact-72h', now) && provides(documents, 'no-igt-check', now) && enabled !== undefined && enabled <= now;
}

const provides = (documents: DocumentsStatement | undefined, feature: string, now: number): boolean =>
  documents !== undefined && textInForce(documents, 'TMAD', now)?.provides.includes(feature) === true;
