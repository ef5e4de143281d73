/**
 * The ten requests that a gateway must refuse. Each is put twice, byte for byte: before a gateway with every check, which refuses it by
 * the right one, and before a gateway that lacks that one alone, which takes it. So each refusal is the work of the
 * check that it names, and no check is idle.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Loosened } from '../../host/compose/gateway.ts';
import { EUI, VERSION } from '../../host/compose/home.ts';
import { defectiveRequests, type DefectiveRequest } from '../../host/compose/refusal-cases.ts';
import type { RefusalCase } from '../../host/compose/story.ts';
import { OtaCommand } from '../../host/clusters/ota.ts';
import { MESSAGE_CHECKS } from '../../host/messages/message-check.ts';
import { isUserSigned } from '../../host/messages/open.ts';
import { UPGRADE_RULES } from '../../host/policy/rules.ts';
import { sleep } from '../../host/ports/clock.ts';
import { publishImage } from '../../host/s1sp/image-shelf.ts';
import type { AuditEntry } from '../../host/stores/audit-record.ts';
import { BEGINNING, inLab, type Lab } from '../kit/world.ts';

/** The middle of a transfer. */
const MIDDLE = 4_096;

const withoutCheck = (name: string): Loosened => ({ messageChecks: MESSAGE_CHECKS.filter((check) => check.name !== name) });
const withoutRule = (name: string): Loosened => ({ rules: { upgrade: UPGRADE_RULES.filter((rule) => rule.name !== name) } });
/** The check, the register that it feeds and the rule: with any of them a request without two signatures starts nothing. */
const withoutCountersignature: Loosened = { ...withoutCheck('countersigned'), ...withoutRule('signatures'), isCountersigned: isUserSigned };

interface Case {
  /** What refuses: a check of messages, a rule, or a check of the image. */
  readonly by: string;
  readonly code: string;
  readonly requirement: string;
  /** Undefined where nothing outside the core can leave the check out. */
  readonly loosened: Loosened | undefined;
}

const CASES: Readonly<Record<RefusalCase, Case>> = {
  'gas-supplier': { by: 'lead-supplier', code: 'gas-supplier', requirement: 'R-PPMID-02', loosened: withoutRule('lead-supplier') },
  'other-supplier': { by: 'lead-supplier', code: 'not-lead-supplier', requirement: 'R-PPMID-01', loosened: withoutRule('lead-supplier') },
  'one-signature': { by: 'countersigned', code: 'one-signature', requirement: 'R-SIGN-01', loosened: withoutCountersignature },
  'same-key-twice': { by: 'countersigned', code: 'same-key-twice', requirement: 'R-SIGN-01', loosened: withoutCountersignature },
  // What this check rests on is the memory of a store; a gateway that lacks it is one that never saw the request.
  replayed: { by: 'replay', code: 'replayed', requirement: 'R-ANOM-04', loosened: {} },
  expired: { by: 'expiry', code: 'expired', requirement: 'R-ANOM-04', loosened: withoutCheck('expiry') },
  'other-gateway': { by: 'audience', code: 'other-gateway', requirement: 'R-PPMID-01', loosened: withoutCheck('audience') },
  'image-bit': {
    by: 'digest',
    code: 'digest',
    requirement: 'R-PPMID-01',
    loosened: { expectation: ({ digest: _left, ...asked }) => asked },
  },
  'other-manufacturer': {
    by: 'manufacturer',
    code: 'manufacturer',
    requirement: 'R-DM-01',
    loosened: { expectation: ({ manufacturer: _left, ...asked }) => asked },
  },
  // ECDSA can be left out in the core's source alone: test/assembly/image/checks.test.ts does it.
  'image-signature': { by: 'bad-signature', code: 'bad-signature', requirement: 'R-ASSUR-01', loosened: undefined },
};
const NAMES = Object.keys(CASES) as RefusalCase[];

/** What was put before the strict gateway, and what came of it. */
interface Strict {
  readonly requests: ReadonlyMap<RefusalCase, DefectiveRequest>;
  readonly outcomes: ReadonlyMap<RefusalCase, Outcome>;
  readonly audit: readonly AuditEntry[];
}

/** What a gateway said of a request, by decision or by verification of the image that it ordered. */
interface Outcome {
  readonly verdict: 'allowed' | 'refused';
  readonly by: string | undefined;
  readonly code: string | undefined;
  readonly requirements: readonly string[];
  /** Frames of the OTA cluster since the request was put. */
  readonly onAir: number;
  readonly version: number | undefined;
}

/** Orders v2 and cancels it in the middle of the transfer, so that an accepted request is there and the PPMID is as before. */
async function acceptOne(lab: Lab): Promise<Uint8Array> {
  const accepted = lab.order('lead', 1n);
  await lab.publishImage();
  const { event } = await lab.put(accepted);
  const release = await lab.pausedAt(MIDDLE);
  expect((await lab.verified()).event.verdict).toBe('accepted');
  expect(await lab.put(lab.cancellation('lead', 2n, event.requestId!))).toMatchObject({ event: { verdict: 'allow' } });
  release();
  expect((await lab.ended()).event.stage).toBe('cancelled');
  await sleep(lab.clock, 10_000);
  return accepted;
}

async function put(lab: Lab, { bytes, image }: DefectiveRequest): Promise<Outcome> {
  const since = lab.clock.now();
  const now = () => ({ onAir: lab.air.ota(since).length, version: lab.version });
  if (image !== undefined) await publishImage(lab.world.observer, image.bytes, image.name);
  const { event } = await lab.put(bytes);
  const { code, rule, requirements } = event;
  if (event.verdict === 'refuse') return { verdict: 'refused', by: rule, code, requirements, ...now() };
  if (image === undefined) return { verdict: 'allowed', by: undefined, code, requirements, ...now() };
  const { event: verified } = await lab.verified();
  if (verified.verdict === 'accepted') return { verdict: 'allowed', by: undefined, code: verified.code, requirements, ...now() };
  const { event: end } = await lab.ended();
  const { code: by, requirements: ids = [] } = end.reason ?? {};
  return { verdict: 'refused', by: verified.code, code: by, requirements: ids, ...now() };
}

let strict: Strict;
beforeAll(async () => {
  const requests = new Map<RefusalCase, DefectiveRequest>();
  const outcomes = new Map<RefusalCase, Outcome>();
  const audit = await inLab({}, async (lab) => {
    const accepted = await acceptOne(lab);
    const { v2, otherManufacturer, wrongSignature } = lab.images;
    const scene = { material: lab.world.material, gateway: EUI.gateway, ppmid: EUI.ppmid, image: v2, firmwareVersion: VERSION.v2 };
    const made = defectiveRequests({ ...scene, otherManufacturer, wrongSignature, accepted, counter: 3n, now: BEGINNING / 1000 });
    expect(made.map((request) => request.case)).toEqual(NAMES);
    for (const request of made) {
      requests.set(request.case, request);
      outcomes.set(request.case, await put(lab, request));
    }
    const since = lab.clock.now();
    await sleep(lab.clock, 60_000);
    expect(lab.air.ota(since)).toEqual([]);
    expect(lab.version).toBe(VERSION.v1);
  });
  strict = { requests, outcomes, audit };
});

describe('a gateway with every check', () => {
  test.each(NAMES)(
    'refuses %s by the check that is there for it, and nothing goes on the air [R-PPMID-01, R-PPMID-02, R-SIGN-01]',
    (name) => {
      const { by, code, requirement } = CASES[name];
      const outcome = strict.outcomes.get(name);
      expect(outcome).toMatchObject({ verdict: 'refused', by, code, onAir: 0, version: VERSION.v1 });
      expect(outcome?.requirements).toContain(requirement);
    },
  );

  test('has each refusal on record, and no job that came further than its verification [R-AUD-01]', () => {
    const refusals = strict.audit.filter(({ type, body }) => type === 'decision' && body['verdict'] === 'refuse');
    const decided = NAMES.filter((name) => strict.requests.get(name)?.image === undefined);
    expect(refusals.map(({ body }) => body['code'])).toEqual(decided.map((name) => CASES[name].code));
    const images = strict.audit.filter(({ type, body }) => type === 'image' && body['verdict'] === 'refused');
    expect(images.map(({ body }) => body['code'])).toEqual(['digest', 'manufacturer', 'bad-signature']);
    const stages = strict.audit.filter(({ type }) => type === 'stage' || type === 'end').map(({ body }) => body['stage']);
    expect(stages).toEqual([
      'fetching',
      'verified',
      'offered',
      'transferring',
      'cancelled',
      ...Array(3).fill(['fetching', 'refused']).flat(),
    ]);
  });
});

describe('a gateway without one check', () => {
  test.each(NAMES.filter((name) => CASES[name].loosened !== undefined))(
    'takes the very request that the check refuses: %s [R-PPMID-01, R-SIGN-01]',
    async (name) => {
      const request = strict.requests.get(name)!;
      const audit = await inLab({ loosened: CASES[name].loosened ?? {} }, async (lab) => {
        expect(await put(lab, request)).toMatchObject({ verdict: 'allowed' });
      });
      expect(audit.filter(({ type }) => type === 'decision').at(-1)?.body).toMatchObject({ verdict: 'allow' });
    },
  );

  test.each([
    ['one-signature', withoutCheck('countersigned'), 'not-countersigned'],
    ['same-key-twice', withoutCheck('countersigned'), 'not-countersigned'],
    ['one-signature', { isCountersigned: isUserSigned }, 'one-signature'],
    ['one-signature', withoutRule('signatures'), 'one-signature'],
    ['one-signature', { ...withoutCheck('countersigned'), isCountersigned: isUserSigned }, 'one-signature'],
    ['same-key-twice', { ...withoutCheck('countersigned'), isCountersigned: isUserSigned }, 'same-key-twice'],
  ] as const)('still refuses %s when one of three locks is left [R-SIGN-01]', async (name, loosened, code) => {
    await inLab({ loosened }, async (lab) => {
      expect(await put(lab, strict.requests.get(name)!)).toMatchObject({ verdict: 'refused', code, version: VERSION.v1 });
    });
  });

  test('still starts nothing for a replayed request when the check is open: the store keeps a counter from being marked twice [R-ANOM-04]', async () => {
    const audit = await inLab({ loosened: withoutCheck('replay') }, async (lab) => {
      const accepted = await acceptOne(lab);
      expect(accepted).toEqual(strict.requests.get('replayed')?.bytes);
      await lab.world.s1sp.dispatch(EUI.gateway, accepted);
      await lab.logs('message-handler-failed');
      expect(lab.version).toBe(VERSION.v1);
    });
    expect(audit.filter(({ type }) => type === 'decision')).toHaveLength(2);
  });

  test('lets the PPMID come to the image that was not ordered: the defect would reach the home [R-PPMID-01]', async () => {
    await inLab({ loosened: CASES['image-bit'].loosened ?? {} }, async (lab) => {
      await put(lab, strict.requests.get('image-bit')!);
      expect((await lab.ended()).event).toMatchObject({ stage: 'succeeded' });
      expect(lab.version).toBe(VERSION.v2);
    });
  });
});

describe('an image that is accepted', () => {
  test('has no frame of the OTA cluster on the air before its verification is on record [R-PPMID-01, R-AUD-01]', async () => {
    await inLab({}, async (lab) => {
      await lab.publishImage();
      const asked = lab.clock.now();
      await lab.put(lab.order('lead', 1n));
      const { report, event } = await lab.verified();
      expect(event).toMatchObject({ verdict: 'accepted', code: undefined });
      expect((await lab.ended()).event.stage).toBe('succeeded');
      const frames = lab.air.ota(asked);
      expect(frames[0]).toMatchObject({ from: 'hub', ofCluster: true, command: OtaCommand.IMAGE_NOTIFY });
      expect(frames[0]?.time).toBeGreaterThanOrEqual(report.time);
      const seen = new Set(frames.filter(({ ofCluster }) => ofCluster).map(({ command }) => command));
      expect(seen).toEqual(
        new Set([
          OtaCommand.IMAGE_NOTIFY,
          OtaCommand.QUERY_NEXT_IMAGE_REQUEST,
          OtaCommand.QUERY_NEXT_IMAGE_RESPONSE,
          OtaCommand.IMAGE_BLOCK_REQUEST,
          OtaCommand.IMAGE_BLOCK_RESPONSE,
          OtaCommand.UPGRADE_END_REQUEST,
          OtaCommand.UPGRADE_END_RESPONSE,
        ]),
      );
    });
  });
});
