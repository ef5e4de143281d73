/** Reports of a gateway (`host/model/job.ts`), signed by its own key: a COSE_Sign1 of the profile without countersignatures. */
import { COHORTS } from '../model/cohort.ts';
import type { JobStage, Report, ReportEvent } from '../model/job.ts';
import type { Result } from '../model/fault.ts';
import { Fault, ok, refuse } from '../model/fault.ts';
import type { KeyId } from '../model/ids.ts';
import type { TextId } from '../model/regulation.ts';
import type { Signer } from '../model/service-request.ts';
import { decode } from './cbor.ts';
import { encode } from './cbor-writer.ts';
import { parse as parseMessage, sign1 } from './cose.ts';
import type { SigningKey } from './ed25519.ts';
import { genuine } from './message-check.ts';
import type { Shape } from './shape.ts';
import {
  DIGEST,
  EUI64,
  FINGERPRINT,
  JOB_ID,
  MILLISECONDS,
  REQUEST_ID,
  SECONDS,
  SERIAL,
  UINT32,
  list,
  oneOf,
  optional,
  record,
  text,
  variant,
} from './shape.ts';

/** Content type of a signed report. */
export const REPORT_TYPE = 'application/vnd.hearthgate.report+cbor';

type AuthorityEvent = Extract<ReportEvent, { type: 'authority' }>;
type DecisionEvent = Extract<ReportEvent, { type: 'decision' }>;
type ImageEvent = Extract<ReportEvent, { type: 'image' }>;
type StageEvent = Extract<ReportEvent, { type: 'stage' }>;
type AlertEvent = Extract<ReportEvent, { type: 'alert' }>;
type KeysEvent = Extract<ReportEvent, { type: 'ppmid-keys' }>;

const CODE = text(1, 64);
const LINE = text(0, 1024);
const REQUIREMENTS = list(text(1, 32), 64);
const STAGE: Shape<JobStage> = oneOf(
  'accepted',
  'fetching',
  'verified',
  'offered',
  'transferring',
  'activating',
  'succeeded',
  'failed',
  'cancelled',
  'refused',
);

const EVENT = variant<ReportEvent>('type', {
  decision: record<DecisionEvent>({
    type: oneOf('decision'),
    requestId: optional(REQUEST_ID),
    requestDigest: DIGEST,
    verdict: oneOf('allow', 'refuse'),
    code: optional(CODE),
    detail: LINE,
    rule: optional(CODE),
    response: CODE,
    requirements: REQUIREMENTS,
    documents: list(record<TextId>({ document: CODE, version: CODE, effectiveFrom: SECONDS }), 64),
    facts: list(LINE, 64),
    job: optional(JOB_ID),
  }),
  authority: record<AuthorityEvent>({
    type: oneOf('authority'),
    job: JOB_ID,
    requestId: REQUEST_ID,
    moment: oneOf('intake', 'issue', 'start', 'resume', 'activation'),
    verdict: oneOf('allow', 'refuse'),
    code: optional(CODE),
    detail: LINE,
    rule: optional(CODE),
    response: CODE,
    requirements: REQUIREMENTS,
  }),
  image: record<ImageEvent>({
    type: oneOf('image'),
    job: JOB_ID,
    verdict: oneOf('accepted', 'refused'),
    code: optional(CODE),
    checks: list(record<ImageEvent['checks'][number]>({ name: CODE, result: CODE, expected: LINE, found: LINE }), 64),
  }),
  stage: record<StageEvent>({
    type: oneOf('stage'),
    job: JOB_ID,
    requestId: REQUEST_ID,
    stage: STAGE,
    reason: optional(record<NonNullable<StageEvent['reason']>>({ code: CODE, detail: LINE, requirements: REQUIREMENTS })),
    firmwareVersion: optional(UINT32),
  }),
  alert: record<AlertEvent>({ type: oneOf('alert'), code: CODE, detail: LINE, requirements: REQUIREMENTS }),
  'ppmid-keys': record<KeysEvent>({
    type: oneOf('ppmid-keys'),
    device: EUI64,
    cohort: oneOf(...COHORTS),
    state: oneOf('present', 'missing', 'retrying', 'investigation'),
    attempts: UINT32,
    reason: optional(CODE),
    fingerprint: optional(FINGERPRINT),
  }),
});

const REPORT = record<Report>({
  kind: oneOf('report'),
  gateway: EUI64,
  sequence: SERIAL,
  time: MILLISECONDS,
  head: record<Report['head']>({ count: SERIAL, hash: DIGEST }),
  event: EVENT,
});

/** Signs a report. Throws Fault `internal` for one that `openReport` would refuse: fractions of a millisecond, control characters. */
export function signReport(report: Report, key: SigningKey): Uint8Array {
  const payload = encode(REPORT.write(report) ?? null);
  const read = readPayload(payload);
  if (!read.ok) throw new Fault('internal', `report: ${read.detail}`);
  return sign1(payload, REPORT_TYPE, key);
}

/**
 * Opens a report. Refuses with a code of `cose.ts`, `cbor.ts` or `shape.ts`; `content-type`; `countersigned`;
 * `unknown-signer`; `not-a-gateway` for a key of another role; `signature-invalid`; `other-gateway` when a gateway
 * reports for another.
 */
export function openReport(
  bytes: Uint8Array,
  signers: (kid: KeyId) => Signer | undefined,
): Result<{ readonly report: Report; readonly signer: Signer }> {
  const message = parseMessage(bytes);
  if (!message.ok) return message;
  const { body, contentType, payload, countersignatures } = message.value;
  if (contentType !== REPORT_TYPE) return refuse('content-type', 'its content type is not that of a report');
  if (countersignatures.length > 0) return refuse('countersigned', 'a report carries no countersignature');
  const signer = signers(body.kid);
  if (signer === undefined) return refuse('unknown-signer', `nobody is known by the key ${body.kid}`);
  if (signer.role !== 'gateway') return refuse('not-a-gateway', `the key ${signer.kid} is of the role ${signer.role}`);
  if (!genuine(body, signer)) return refuse('signature-invalid', `the signature is not that of ${signer.name}`);
  const report = readPayload(payload);
  if (!report.ok) return report;
  if (report.value.gateway === signer.party) return ok({ report: report.value, signer });
  return refuse('other-gateway', `gateway ${signer.party} reports for ${report.value.gateway}`);
}

function readPayload(payload: Uint8Array): Result<Report> {
  const decoded = decode(payload);
  return decoded.ok ? REPORT.read(decoded.value, '') : decoded;
}
