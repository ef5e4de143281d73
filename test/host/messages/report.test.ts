import { describe, expect, test } from 'vitest';
import { encode } from '../../../host/messages/cbor-writer.ts';
import { countersign, sign1 } from '../../../host/messages/cose.ts';
import { openReport, REPORT_TYPE, signReport } from '../../../host/messages/report.ts';
import { Fault } from '../../../host/model/fault.ts';
import { digest, requestId, type Fingerprint, type JobId } from '../../../host/model/ids.ts';
import type { Report, ReportEvent } from '../../../host/model/job.ts';
import { DCC, GATEWAY, HUB, impostor, LEAD, must, NOW, OTHER_GATEWAY, party, PPMID, signers } from './parties.ts';

const JOB = '00000000000000aa' as JobId;
const ID = requestId(LEAD.signer.party, PPMID, 1000n);
const events: readonly ReportEvent[] = [
  {
    type: 'decision',
    requestId: ID,
    requestDigest: digest(new Uint8Array(32)),
    verdict: 'allow',
    code: undefined,
    detail: '',
    rule: undefined,
    response: 'I0',
    requirements: ['R-PPMID-01'],
    documents: [{ document: 'DUIS', version: '3.1', effectiveFrom: 1_606_176_000 }],
    facts: ['Lead Supplier'],
    job: JOB,
  },
  {
    type: 'decision',
    requestId: undefined,
    requestDigest: digest(new Uint8Array(32)),
    verdict: 'refuse',
    code: 'truncated',
    detail: 'CBOR',
    rule: 'form',
    response: 'none',
    requirements: [],
    documents: [],
    facts: [],
    job: undefined,
  },
  {
    type: 'authority',
    job: JOB,
    requestId: ID,
    moment: 'activation',
    verdict: 'refuse',
    code: 'not-lead-supplier',
    detail: 'another is',
    rule: 'lead-supplier',
    response: 'E4',
    requirements: ['R-PPMID-01'],
  },
  {
    type: 'image',
    job: JOB,
    verdict: 'refused',
    code: 'digest',
    checks: [{ name: 'digest', result: 'failed', expected: '00', found: '' }],
  },
  {
    type: 'stage',
    job: JOB,
    requestId: ID,
    stage: 'failed',
    reason: { code: 'no-answer', detail: 'device silent', requirements: ['R-PPMID-07'] },
    firmwareVersion: undefined,
  },
  { type: 'stage', job: JOB, requestId: ID, stage: 'succeeded', reason: undefined, firmwareVersion: 0x0102_0304 },
  { type: 'alert', code: 'own-address-heard', detail: 'another sender', requirements: ['R-KEYMAT-01'] },
  {
    type: 'ppmid-keys',
    device: PPMID,
    cohort: 'IOC',
    state: 'present',
    attempts: 0,
    reason: undefined,
    fingerprint: '00112233445566aa' as Fingerprint,
  },
  { type: 'ppmid-keys', device: PPMID, cohort: 'MOC-MDS', state: 'retrying', attempts: 3, reason: 'no-answer', fingerprint: undefined },
];
const HEAD = { count: 12, hash: digest(new Uint8Array(32).fill(7)) };
const report = (event: ReportEvent): Report => ({ kind: 'report', gateway: GATEWAY, sequence: 7, time: NOW * 1000 + 5, head: HEAD, event });

describe('a report', () => {
  test.each(events)('of the type $type is opened as the gateway signed it', (event) => {
    expect(openReport(signReport(report(event), HUB.key), signers)).toEqual({
      ok: true,
      value: { report: report(event), signer: HUB.signer },
    });
  });

  test('is refused after any change of one byte', () => {
    const bytes = signReport(report(events[3] as ReportEvent), HUB.key);
    for (let at = 0; at < bytes.length; at++) {
      const flipped = Uint8Array.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      expect(openReport(flipped, signers).ok, `byte ${at}`).toBe(false);
    }
  });

  const good = report(events[5] as ReportEvent);
  const other = party('another gateway', 'gateway', OTHER_GATEWAY);
  test.each([
    ['no message', Uint8Array.of(1), 'tag'],
    ['another content type', sign1(encode({}), 'application/cbor', HUB.key), 'content-type'],
    ['a countersignature', must(countersign(signReport(good, HUB.key), DCC.key)), 'countersigned'],
    ['a signer nobody knows', signReport(good, other.key), 'unknown-signer'],
    ['a supplier that reports', signReport(good, LEAD.key), 'not-a-gateway'],
    ['a wrong signature', signReport(good, impostor(HUB).key), 'signature-invalid'],
    ['a gateway that reports for another', signReport({ ...good, gateway: OTHER_GATEWAY }, HUB.key), 'other-gateway'],
    ['a payload that is none', sign1(Uint8Array.of(0xf7), REPORT_TYPE, HUB.key), 'simple'],
    [
      'a payload without an event',
      sign1(
        encode({ kind: 'report', gateway: new Uint8Array(8), sequence: 1, time: 1, head: { count: 1, hash: new Uint8Array(32) } }),
        REPORT_TYPE,
        HUB.key,
      ),
      'missing-field',
    ],
  ])('is refused: %s', (_, bytes, code) => expect(openReport(bytes, signers)).toMatchObject({ ok: false, code }));

  test('that no reader would take is not signed', () => {
    expect(() => signReport({ ...good, time: 0.5 }, HUB.key)).toThrow(Fault);
    expect(() => signReport({ ...good, sequence: 0 }, HUB.key)).toThrow(
      new Fault('internal', 'report: sequence is not within: 1 to 9007199254740991'),
    );
  });
});
