/** Statements about what the documents of the Smart Energy Code say, in CBOR: named as in `host/model/regulation.ts`. */
import type { Cohort } from '../model/cohort.ts';
import type { CombinationMember } from '../model/dated.ts';
import type { DeviceType } from '../model/device.ts';
import type * as model from '../model/regulation.ts';
import type { Role } from '../model/service-request.ts';
import { ENVIRONMENT } from './service-request.ts';
import type { Shape } from './shape.ts';
import { BOOLEAN, EUI64, SECONDS, SERIAL, UINT16, UINT32, list, oneOf, optional, record, text } from './shape.ts';

/** Most entries of one list; the size of a message is the nearer bound. */
export const MAX_ENTRIES = 65_536;
/** Most devices of one combination. */
const MAX_DEVICES = 16;

/** The role of a key. */
export const ROLE: Shape<Role> = oneOf('import-supplier', 'gas-supplier', 'dcc-countersigner', 'registration', 's1sp-xml', 'gateway');
/** How people call a party. */
export const NAME: Shape<string> = text(1, 64);
/** A short name: of a document, a version, a provision, a clause. */
export const WORD: Shape<string> = text(1, 64);
/** One line. */
const LINE: Shape<string> = text(0, 512);
/** A cohort that is known. */
export const COHORT: Shape<Cohort> = oneOf('IOC', 'MOC-MDS', 'MOC-Secure', 'FOC');

const STANDING: Shape<model.Standing> = oneOf(
  'direction',
  'letter-2020',
  'letter-2021',
  'dcc-conclusion-2020',
  'consultation-2020',
  'proposal-2018',
  'fact',
  'inference',
);

/** What every statement says of itself. */
export const BASE = { version: SERIAL, environment: ENVIRONMENT, issued: SECONDS, validFrom: SECONDS, validTo: SECONDS };
/** The same of a list that may be cut for one gateway. */
export const LIST_BASE = { ...BASE, gateway: optional(EUI64) };

const TYPE: Shape<DeviceType> = oneOf('esme', 'gsme', 'chf', 'gpf', 'ppmid', 'ihd', 'other');
/** One combination of Device Models. */
export const COMBINATION: Shape<readonly CombinationMember[]> = list(
  record<CombinationMember>({ manufacturer: UINT16, model: text(1, 32), hardwareVersion: UINT16, firmwareVersion: UINT32, type: TYPE }),
  MAX_DEVICES,
);

const PATTERN = record<model.ModelPattern>({
  manufacturer: optional(UINT16),
  model: optional(text(1, 32)),
  hardwareVersion: optional(UINT16),
  firmwareVersion: optional(UINT32),
});
const TEXT_ID = record<model.TextId>({ document: WORD, version: WORD, effectiveFrom: SECONDS });

const DOCUMENT = record<model.DocumentEntry>({
  document: WORD,
  version: WORD,
  effectiveFrom: optional(SECONDS),
  status: oneOf('designated', 'draft'),
  replaces: optional(TEXT_ID),
  provides: list(WORD, 16),
  alignedTo: optional(WORD),
  covers: optional(list(COHORT, 4)),
  basis: LINE,
  notified: LINE,
  source: WORD,
  standing: STANDING,
});

const UPLIFT = record<model.UpliftEntry>({
  uplift: WORD,
  changes: list(record<model.UpliftEntry['changes'][number]>({ what: LINE, needsSystem: BOOLEAN }), 64),
  enabledFrom: optional(SECONDS),
  source: WORD,
});

const PROVISION = record<model.ProvisionEntry>({
  provision: WORD,
  from: SECONDS,
  to: optional(SECONDS),
  untilCompletion: BOOLEAN,
  varies: list(WORD, 64),
  source: WORD,
});

const MILESTONE = record<model.Milestone>({
  what: LINE,
  type: oneOf('consultation', 'conclusion', 'designation', 'proposal', 'plan', 'report', 'go-live', 'tool'),
  from: SECONDS,
  to: optional(SECONDS),
  actual: optional(SECONDS),
  closes: optional(SECONDS),
  source: WORD,
  standing: STANDING,
  requirements: list(text(1, 32), 16),
});

const SERVICE = record<model.ServiceEntry>({
  srv: WORD,
  name: NAME,
  roles: list(ROLE, 8),
  provided: oneOf('technical-specification', 's1sr', 'nothing'),
  needs: optional(WORD),
  elective: optional(record<model.ElectiveService>({ overSmWan: BOOLEAN, solelyEnergy: BOOLEAN })),
});

const THRESHOLD = record<model.Threshold>({
  setBy: oneOf('dcc', 'user'),
  user: optional(EUI64),
  of: oneOf('request', 'instruction'),
  what: WORD,
  limit: UINT32,
  seconds: SERIAL,
  breach: oneOf('delete', 'quarantine'),
  from: SECONDS,
  to: optional(SECONDS),
});

const TARGETS = list(record<model.ResponseTimesStatement['smets1'][number]>({ srv: WORD, seconds: SERIAL }), MAX_ENTRIES);

const VARIATION = record<model.Variation>({
  clause: WORD,
  devices: list(PATTERN, 256),
  cohort: optional(COHORT),
  from: SECONDS,
  to: optional(SECONDS),
  underInvestigation: list(PATTERN, 256),
});

/** One consent to half-hourly data. */
export const CONSENT = record<model.Consent>({
  id: WORD,
  meter: EUI64,
  fuel: oneOf('electricity', 'gas'),
  supplier: EUI64,
  from: SECONDS,
  ended: optional(
    record<NonNullable<model.Consent['ended']>>({ at: SECONDS, why: oneOf('change-of-tenant', 'change-of-supplier', 'revoked') }),
  ),
});

/** One combination under test. */
export const PENDING = record<model.PendingEntry>({
  combination: COMBINATION,
  requester: EUI64,
  requesterIsParty: BOOLEAN,
  reason: oneOf('upgrade', 'replacement', 'pre-existing'),
  requested: SECONDS,
  forecast: BOOLEAN,
  status: oneOf('requested', 'testing', 'failed', 'modification-required'),
  findings: optional(LINE),
  shared: BOOLEAN,
});

/** The shapes, by kind. */
export const REGULATION = {
  documents: record<model.DocumentsStatement>({
    kind: oneOf('documents'),
    ...BASE,
    documents: list(DOCUMENT, MAX_ENTRIES),
    uplifts: list(UPLIFT, MAX_ENTRIES),
    provisions: list(PROVISION, MAX_ENTRIES),
    calendar: list(MILESTONE, MAX_ENTRIES),
    completion: optional(SECONDS),
  }),
  cohorts: record<model.CohortsStatement>({
    kind: oneOf('cohorts'),
    ...BASE,
    cohorts: list(
      record<model.CohortEntry>({ cohort: COHORT, planned: optional(SECONDS), live: optional(SECONDS), ppmidFirmware: optional(SECONDS) }),
      4,
    ),
    makers: list(record<model.CohortsStatement['makers'][number]>({ maker: WORD, cohort: COHORT }), MAX_ENTRIES),
    partialBecause: optional(LINE),
  }),
  services: record<model.ServicesStatement>({
    kind: oneOf('services'),
    ...LIST_BASE,
    services: list(SERVICE, MAX_ENTRIES),
    restrictions: list(
      record<model.ServiceRestriction>({ srv: WORD, devices: PATTERN, from: SECONDS, to: optional(SECONDS), reason: LINE }),
      MAX_ENTRIES,
    ),
    agreements: list(
      record<model.Agreement>({ user: EUI64, srv: WORD, type: oneOf('bilateral', 'transitional'), from: SECONDS, to: optional(SECONDS) }),
      MAX_ENTRIES,
    ),
  }),
  users: record<model.UsersStatement>({
    kind: oneOf('users'),
    ...LIST_BASE,
    users: list(
      record<model.UsersStatement['users'][number]>({ party: EUI64, role: ROLE, from: SECONDS, to: optional(SECONDS) }),
      MAX_ENTRIES,
    ),
  }),
  thresholds: record<model.ThresholdsStatement>({ kind: oneOf('thresholds'), ...BASE, thresholds: list(THRESHOLD, MAX_ENTRIES) }),
  'response-times': record<model.ResponseTimesStatement>({ kind: oneOf('response-times'), ...BASE, smets1: TARGETS, smets2: TARGETS }),
  'equivalent-steps': record<model.StepsStatement>({
    kind: oneOf('equivalent-steps'),
    ...BASE,
    alignedTo: WORD,
    steps: list(record<model.StepsStatement['steps'][number]>({ srv: WORD, devices: PATTERN, instructions: list(WORD, 64) }), MAX_ENTRIES),
    variations: list(VARIATION, MAX_ENTRIES),
    defaults: list(record<model.DefaultValue>({ srv: WORD, field: WORD, cohort: COHORT, value: LINE }), MAX_ENTRIES),
  }),
  consents: record<model.ConsentsStatement>({ kind: oneOf('consents'), ...BASE, gateway: EUI64, consents: list(CONSENT, MAX_ENTRIES) }),
  pending: record<model.PendingStatement>({ kind: oneOf('pending'), ...LIST_BASE, pending: list(PENDING, MAX_ENTRIES) }),
} as const;
