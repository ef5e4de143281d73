/** The record of one upgrade, out of the reports of a gateway. */
import { describe, expect, test } from 'vitest';
import { UnitRecorder } from '../../../host/lab/unit-recorder.ts';
import type { Digest } from '../../../host/model/ids.ts';
import type { ImageCheck } from '../../../host/model/image.ts';
import { eui64 } from '../../../host/model/ids.ts';
import type { JobStage, Report, ReportEvent } from '../../../host/model/job.ts';

const DEVICE = eui64('0200000000000202');
const SENT = 'aa'.repeat(32) as Digest;
const VERIFIED: readonly ImageCheck[] = [
  { name: 'magic', result: 'passed', expected: 'a', found: 'a', range: [0, 4], requirements: ['R-PPMID-07'] },
  { name: 'digest', result: 'passed', expected: 'b', found: 'b', range: [0, 5000], requirements: ['R-SIGN-01'] },
];
const recorder = (): UnitRecorder =>
  new UnitRecorder({ number: 1, device: DEVICE, parties: [], started: 1000, verified: { length: 5000, checks: VERIFIED } });
const report = (time: number, event: object): Report => ({ time, event: event as ReportEvent }) as Report;
const stage = (time: number, name: JobStage, more: object = {}): Report =>
  report(time, { type: 'stage', stage: name, reason: undefined, firmwareVersion: undefined, ...more });
const decision = (verdict: 'allow' | 'refuse', code?: string): Report =>
  report(1100, { type: 'decision', verdict, code, detail: 'because', facts: [], requirements: ['R-PPMID-01'], requestDigest: SENT });

/** An upgrade that goes through. */
function upgraded(to: UnitRecorder): UnitRecorder {
  to.joined(1050.4, 1);
  to.take(decision('allow'));
  to.take(report(1150, { type: 'image', verdict: 'accepted', code: undefined, checks: [] }));
  to.take(report(1160, { type: 'authority', moment: 'start', verdict: 'allow', detail: 'still so', requirements: [] }));
  to.take(stage(1200.6, 'transferring'));
  to.progress({ restarts: 2 });
  to.take(stage(2200.6, 'activating'));
  to.take(stage(2300, 'succeeded', { firmwareVersion: 2 }));
  return to;
}

describe('the record of a unit', () => {
  test('has every state with its time in whole milliseconds, both versions, and the rate of the transfer', () => {
    const unit = upgraded(recorder());
    unit.received(SENT, 5000, SENT);
    expect(unit.end(2400.2)).toMatchObject({
      outcome: 'passed',
      reason: undefined,
      joined: 1050,
      ended: 2400,
      versionBefore: 1,
      versionAfter: 2,
      decision: { verdict: 'allow', requirements: ['R-PPMID-01'] },
      image: { verdict: 'accepted' },
      authority: [{ moment: 'start', time: 1160, verdict: 'allow' }],
      stages: [
        { stage: 'transferring', time: 1201 },
        { stage: 'activating', time: 2201 },
        { stage: 'succeeded', time: 2300 },
      ],
      transfer: { bytes: 5000, milliseconds: 1000, bytesPerSecond: 5000, restarts: 2 },
    });
  });

  test('has bytes and requirement ids with every check that the bench made with the same result, and none with another', () => {
    const unit = recorder();
    const checks = [
      { name: 'magic', result: 'passed', expected: 'a', found: 'a' },
      { name: 'digest', result: 'failed', expected: 'b', found: 'c' },
    ];
    unit.take(report(1150, { type: 'image', verdict: 'refused', code: 'digest', checks }));
    expect(unit.end(2000).image?.checks).toEqual([{ ...checks[0], range: [0, 4], requirements: ['R-PPMID-07'] }, checks[1]]);
  });

  test('fails when the gateway refuses, with its reason', () => {
    const unit = recorder();
    unit.take(decision('refuse', 'combination-not-eligible'));
    expect(unit.end(2000)).toMatchObject({
      outcome: 'failed',
      reason: { code: 'combination-not-eligible', detail: 'because' },
      transfer: undefined,
    });
  });

  test('fails when the device holds anything else than what was sent, however the upgrade ended', () => {
    const unit = upgraded(recorder());
    unit.received('bb'.repeat(32) as Digest, 5000, SENT);
    expect(unit.end(2400)).toMatchObject({ outcome: 'failed', reason: { code: 'not-bit-for-bit' } });
  });

  test('fails when no success was reported, and keeps the first of its reasons', () => {
    expect(recorder().end(2000).reason?.code).toBe('not-succeeded');
    const unit = recorder();
    unit.take(stage(1500, 'failed', { reason: { code: 'version-not-changed', detail: 'still 1', requirements: [] } }));
    unit.fail('later', 'something else');
    expect(unit.end(2000).reason).toEqual({ code: 'version-not-changed', detail: 'still 1' });
  });
});
