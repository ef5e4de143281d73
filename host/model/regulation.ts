/**
 * What the documents of the Smart Energy Code say, as dated data: which texts are in force, which cohort is live, which services there
 * are and for whom, which thresholds hold. The texts themselves are not held; only what was published about them is.
 */
import type { Cohort } from './cohort.ts';
import type { CombinationMember, ListBase, StatementBase } from './dated.ts';
import type { Eui64 } from './ids.ts';
import type { Role } from './service-request.ts';

/** How binding something is: only the first is law, and it names documents that are not held here (seeds/sources.json). */
export type Standing =
  'direction' | 'letter-2020' | 'letter-2021' | 'dcc-conclusion-2020' | 'consultation-2020' | 'proposal-2018' | 'fact' | 'inference';

/** One text of a document: a number alone does not tell texts apart [R-DOC-02], so a text is (document, version, effective from). */
export interface TextId {
  readonly document: string;
  readonly version: string;
  readonly effectiveFrom: number;
}

/** A text, or a draft of one. */
export interface DocumentEntry {
  readonly document: string;
  readonly version: string;
  /** Undefined while a placeholder stands in its place: such a text is never in force [R-DOC-09]. */
  readonly effectiveFrom?: number | undefined;
  readonly status: 'designated' | 'draft';
  /** The text that it takes the place of; versions of DUIS are in force beside each other, so this is never guessed. */
  readonly replaces?: TextId | undefined;
  /** What the text provides for, as far as published: `ppmid-firmware`, `contact-72h`, `no-igt-check`, `ppmid-definition-2021`. */
  readonly provides: readonly string[];
  /** The S1SR version that a matrix is aligned to [R-DMVES-02]. */
  readonly alignedTo?: string | undefined;
  /** Cohorts that a TMAD version covers [R-MIG-08]; undefined = not said. */
  readonly covers?: readonly Cohort[] | undefined;
  /** Legal basis and who was notified [R-GOV-02]. */
  readonly basis: string;
  readonly notified: string;
  readonly source: string;
  readonly standing: Standing;
}

/** A change of the DCC's systems; its legal date and the day that systems follow are two things [R-UPLIFT-02]. */
export interface UpliftEntry {
  readonly uplift: string;
  readonly changes: readonly { readonly what: string; readonly needsSystem: boolean }[];
  /** From when on systems behave so; undefined while they do not. */
  readonly enabledFrom?: number | undefined;
  readonly source: string;
}

/** A provision that lapses, or one that overrides others for a time [R-DOC-12, R-MIG-07]. */
export interface ProvisionEntry {
  readonly provision: string;
  readonly from: number;
  /** Lapses at this second, or with completion of implementation when `untilCompletion`, whichever comes first. */
  readonly to?: number | undefined;
  readonly untilCompletion: boolean;
  /** The base provisions that it varies while it holds. */
  readonly varies: readonly string[];
  readonly source: string;
}

/** A day of the calendar, as reported by a source. */
export interface Milestone {
  readonly what: string;
  readonly type: 'consultation' | 'conclusion' | 'designation' | 'proposal' | 'plan' | 'report' | 'go-live' | 'tool';
  readonly from: number;
  readonly to?: number | undefined;
  /** For a proposed date: what came of it. */
  readonly actual?: number | undefined;
  /** For conclusions: when the consultation that they conclude closed. */
  readonly closes?: number | undefined;
  readonly source: string;
  readonly standing: Standing;
  readonly requirements: readonly string[];
}

/** Documents in force, uplifts, passing provisions and the calendar. */
export interface DocumentsStatement extends StatementBase {
  readonly kind: 'documents';
  readonly documents: readonly DocumentEntry[];
  readonly uplifts: readonly UpliftEntry[];
  readonly provisions: readonly ProvisionEntry[];
  readonly calendar: readonly Milestone[];
  /** Completion of implementation, once designated. */
  readonly completion?: number | undefined;
}

/** A cohort: when it was planned, when it went live, from when on its PPMIDs may be upgraded. */
export interface CohortEntry {
  readonly cohort: Cohort;
  readonly planned?: number | undefined;
  readonly live?: number | undefined;
  readonly ppmidFirmware?: number | undefined;
}

/** Cohorts and the makers by which one is told. */
export interface CohortsStatement extends StatementBase {
  readonly kind: 'cohorts';
  readonly cohorts: readonly CohortEntry[];
  readonly makers: readonly { readonly maker: string; readonly cohort: Cohort }[];
  /** Why only some live cohorts have the PPMID service, when that is so [R-PPMID-13]. */
  readonly partialBecause?: string | undefined;
}

/** Which devices something is about; a field left out matches all. */
export interface ModelPattern {
  readonly manufacturer?: number | undefined;
  readonly model?: string | undefined;
  readonly hardwareVersion?: number | undefined;
  readonly firmwareVersion?: number | undefined;
}

/** A service of the services schedule, by service reference variant. */
export interface ServiceEntry {
  readonly srv: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** What provides for it for SMETS1; nothing = not available to SMETS1 [R-SVC-02]. */
  readonly provided: 'technical-specification' | 's1sr' | 'nothing';
  /** Feature that the text of DUIS must provide for the User to ask for it [R-PPMID-11]; undefined = any text will do. */
  readonly needs?: string | undefined;
  /** Set for an elective service: it needs an agreement [R-ELEC-01]. */
  readonly elective?: ElectiveService | undefined;
}

/** What an elective service is [R-ELEC-03]. */
export interface ElectiveService {
  readonly overSmWan: boolean;
  readonly solelyEnergy: boolean;
}

/** A restriction of a service to SMETS1 devices, or to some of them [R-SVC-01]. */
export interface ServiceRestriction {
  readonly srv: string;
  readonly devices: ModelPattern;
  readonly from: number;
  readonly to?: number | undefined;
  readonly reason: string;
}

/** An agreement on an elective service; a transitional one holds for its dates alone [R-ELEC-02]. */
export interface Agreement {
  readonly user: Eui64;
  readonly srv: string;
  readonly type: 'bilateral' | 'transitional';
  readonly from: number;
  readonly to?: number | undefined;
}

/** Services, restrictions and agreements. */
export interface ServicesStatement extends ListBase {
  readonly kind: 'services';
  readonly services: readonly ServiceEntry[];
  readonly restrictions: readonly ServiceRestriction[];
  readonly agreements: readonly Agreement[];
}

/** Which party holds which User role, from when on. */
export interface UsersStatement extends ListBase {
  readonly kind: 'users';
  readonly users: readonly { readonly party: Eui64; readonly role: Role; readonly from: number; readonly to?: number | undefined }[];
}

/** A bound on what may come in, set by the DCC or by a User for itself [R-ANOM-02]. */
export interface Threshold {
  readonly setBy: 'dcc' | 'user';
  /** The User, or the device, that is bound; undefined = each for itself. */
  readonly user?: Eui64 | undefined;
  readonly of: 'request' | 'instruction';
  /** Service reference variant of a request, or name of an instruction. */
  readonly what: string;
  /** Most in any `seconds`. */
  readonly limit: number;
  readonly seconds: number;
  /** What becomes of a message over it: deleted unless said otherwise [R-ANOM-01]. */
  readonly breach: 'delete' | 'quarantine';
  readonly from: number;
  readonly to?: number | undefined;
}

/** Anomaly thresholds. */
export interface ThresholdsStatement extends StatementBase {
  readonly kind: 'thresholds';
  readonly thresholds: readonly Threshold[];
}

/** Target Response Times. SMETS1 has a table of its own, empty until somebody fills it [R-TRT-01]. */
export interface ResponseTimesStatement extends StatementBase {
  readonly kind: 'response-times';
  readonly smets1: readonly { readonly srv: string; readonly seconds: number }[];
  readonly smets2: readonly { readonly srv: string; readonly seconds: number }[];
}

/** A device-specific behaviour: a clause of S1SR Section 18 and the models that it holds for [R-DMVES-01]. */
export interface Variation {
  readonly clause: string;
  readonly devices: readonly ModelPattern[];
  readonly cohort?: Cohort | undefined;
  readonly from: number;
  /** From when on it no longer holds; models under investigation keep it [R-DMVES-03]. */
  readonly to?: number | undefined;
  readonly underInvestigation: readonly ModelPattern[];
}

/** A value that stands in for one that a request leaves out (S1SR Section 23, Annex C). */
export interface DefaultValue {
  readonly srv: string;
  readonly field: string;
  readonly cohort: Cohort;
  readonly value: string;
}

/** Equivalent steps, variations and default values. */
export interface StepsStatement extends StatementBase {
  readonly kind: 'equivalent-steps';
  /** The S1SR version that the matrix belongs to [R-DMVES-02]. */
  readonly alignedTo: string;
  readonly steps: readonly { readonly srv: string; readonly devices: ModelPattern; readonly instructions: readonly string[] }[];
  readonly variations: readonly Variation[];
  readonly defaults: readonly DefaultValue[];
}

/** Consent of a consumer to half-hourly data of one meter, given to one supplier. No meter point number stands here [R-PRIV-01]. */
export interface Consent {
  readonly id: string;
  readonly meter: Eui64;
  readonly fuel: 'electricity' | 'gas';
  readonly supplier: Eui64;
  readonly from: number;
  readonly ended?: { readonly at: number; readonly why: 'change-of-tenant' | 'change-of-supplier' | 'revoked' } | undefined;
}

/** Consents at one gateway's premises. */
export interface ConsentsStatement extends StatementBase {
  readonly kind: 'consents';
  readonly gateway: Eui64;
  readonly consents: readonly Consent[];
}

/** A combination under test [R-PPC-01]. */
export interface PendingEntry {
  readonly combination: readonly CombinationMember[];
  /** Who asked: a party of the Code or any other testing participant. */
  readonly requester: Eui64;
  readonly requesterIsParty: boolean;
  readonly reason: 'upgrade' | 'replacement' | 'pre-existing';
  readonly requested: number;
  /** Whether the test was announced beforehand [R-PPC-08]. */
  readonly forecast: boolean;
  readonly status: 'requested' | 'testing' | 'failed' | 'modification-required';
  /** What went wrong; told to the requester, and to others only if it says so [R-PPC-07]. */
  readonly findings?: string | undefined;
  readonly shared: boolean;
}

/** SMETS1 Pending Product Combinations. */
export interface PendingStatement extends ListBase {
  readonly kind: 'pending';
  readonly pending: readonly PendingEntry[];
}
