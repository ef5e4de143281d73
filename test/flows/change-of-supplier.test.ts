/**
 * Authority is dated, and asked again: what happens to an upgrade when the premises change hands, when nobody can be shown to be Lead
 * Supplier, when the order is taken back, and when its time is over.
 */
import { describe, expect, test } from 'vitest';
import { Status } from '../../host/han/zcl.ts';
import { EUI, VERSION } from '../../host/compose/home.ts';
import type { LabMaterial } from '../../host/compose/lab-material.ts';
import { decodeImageBlockResponse, OtaCommand, OtaStatus } from '../../host/clusters/ota.ts';
import type { RequestId } from '../../host/model/ids.ts';
import type { Statement, SuppliersStatement } from '../../host/model/register.ts';
import { seconds, sleep } from '../../host/ports/clock.ts';
import type { AuditEntry } from '../../host/stores/audit-record.ts';
import { BEGINNING, inLab, type Lab } from '../kit/world.ts';

const NOW = BEGINNING / 1000;
const DAY = 86_400;
/** The middle of the transfer: a quarter of the image is over the air. */
const MIDDLE = 4_096;

/** A suppliers statement of this gateway's premises, in force, with one Lead Supplier. */
function suppliers(
  { parties }: LabMaterial,
  change: Partial<SuppliersStatement> & { readonly by?: 'lead' | 'other' } = {},
): SuppliersStatement {
  const { by = 'lead', ...rest } = change;
  return {
    kind: 'suppliers',
    version: 2,
    environment: 'lab',
    issued: NOW,
    validFrom: NOW - DAY,
    validTo: NOW + DAY,
    gateway: EUI.gateway,
    lead: [{ party: parties[by].signer.party, from: NOW - DAY, to: undefined }],
    gas: [{ party: parties.gas.signer.party, from: NOW - DAY, to: undefined }],
    ...rest,
  };
}

/** Begins an upgrade to v2 and stops time in the middle of its transfer. */
async function inMidTransfer(lab: Lab): Promise<{ readonly requestId: RequestId; readonly release: () => void }> {
  await lab.publishImage();
  const { event } = await lab.put(lab.order('lead', 1n));
  expect(event).toMatchObject({ verdict: 'allow' });
  const release = await lab.pausedAt(MIDDLE);
  return { requestId: event.requestId!, release };
}

const bodies = (audit: readonly AuditEntry[], type: string) => audit.filter((entry) => entry.type === type).map(({ body }) => body);

/** Statuses of the blocks that were answered, in order. */
const blockStatuses = (lab: Lab, since?: number): readonly (number | undefined)[] =>
  lab.air
    .ota(since)
    .filter(({ ofCluster, command }) => ofCluster && command === OtaCommand.IMAGE_BLOCK_RESPONSE)
    .map(({ payload }) => decodeImageBlockResponse(payload)?.status);

describe('a change of supplier in the middle of a transfer', () => {
  test('has the activation refused: the PPMID stays on its version [R-PPMID-01, R-CHURN-01, R-LEAD-01, R-EPC-03]', async () => {
    const audit = await inLab({}, async (lab) => {
      const { release } = await inMidTransfer(lab);
      await lab.state(suppliers(lab.world.material, { by: 'other' }));
      await lab.logs('statement-taken', { kind: 'suppliers', version: 2 });
      release();
      const { event } = await lab.ended();
      expect(event).toMatchObject({ stage: 'refused', firmwareVersion: undefined });
      expect(event.reason).toMatchObject({ code: 'not-lead-supplier', requirements: ['R-PPMID-01', 'R-LEAD-01'] });
      expect(event.reason?.detail).toContain(lab.world.material.parties.other.signer.party);
      await sleep(lab.clock, 10_000);
      expect(lab.version).toBe(VERSION.v1);
      const ends = lab.air.ota().filter(({ ofCluster, command }) => ofCluster && command === OtaCommand.UPGRADE_END_RESPONSE);
      expect(ends).toEqual([]);
    });
    expect(bodies(audit, 'authority')).toMatchObject([
      { moment: 'start', verdict: 'allow' },
      { moment: 'activation', verdict: 'refuse', rule: 'lead-supplier', code: 'not-lead-supplier' },
    ]);
    expect(bodies(audit, 'stage').map(({ stage }) => stage)).not.toContain('activating');
  });

  test('leaves the old supplier without a word and gives the new one its say at once, and no device joins anew [R-LEAD-01, R-EPC-03, R-CHURN-02]', async () => {
    const audit = await inLab({}, async (lab) => {
      await lab.state(suppliers(lab.world.material, { by: 'other' }));
      await lab.logs('statement-taken', { kind: 'suppliers', version: 2 });
      await lab.publishImage();
      expect((await lab.put(lab.order('lead', 1n))).event).toMatchObject({ verdict: 'refuse', code: 'not-lead-supplier' });
      expect((await lab.put(lab.order('other', 1n))).event).toMatchObject({ verdict: 'allow' });
      expect((await lab.ended()).event).toMatchObject({ stage: 'succeeded', firmwareVersion: VERSION.v2 });
      expect(lab.version).toBe(VERSION.v2);
    });
    const types = audit.map(({ type }) => type);
    const change = types.indexOf('decision');
    expect(types.slice(0, change)).toContain('device-joined');
    // Whoever restarts into a new image announces itself again.
    const activating = audit.findIndex(({ body }) => body['stage'] === 'activating');
    expect(activating).toBeGreaterThan(change);
    expect(types.slice(change, activating)).not.toContain('device-joined');
  });
});

/** Statements about suppliers that are none, and what is said of each when it is brought. */
const WORTHLESS: readonly (readonly [name: string, code: string, make: (material: LabMaterial) => SuppliersStatement, by?: 'lead'])[] = [
  ['expired', 'expired', (material) => suppliers(material, { validTo: NOW - 1 })],
  ['not yet in force', 'not-yet-valid', (material) => suppliers(material, { validFrom: NOW + DAY / 2 })],
  ['of another gateway', 'other-gateway', (material) => suppliers(material, { gateway: EUI.esme })],
  ['of the production environment', 'production-in-lab', (material) => suppliers(material, { environment: 'production' })],
  ['signed by the supplier itself', 'unknown-signer', (material) => suppliers(material), 'lead'],
  ['ambiguous', 'ambiguous', (material) => suppliers(material, { lead: twice(material) })],
];

const twice = ({ parties: { lead, other } }: LabMaterial): SuppliersStatement['lead'] => [
  { party: lead.signer.party, from: NOW - DAY, to: undefined },
  { party: other.signer.party, from: NOW - 60, to: undefined },
];

const withoutSuppliers = (statement: Statement): Statement | undefined => (statement.kind === 'suppliers' ? undefined : statement);

describe('a gateway that cannot tell who its Lead Supplier is', () => {
  test('refuses every upgrade, whatever worthless statements it is brought, and obeys once it knows [R-PPMID-04, R-EPC-03]', async () => {
    const audit = await inLab({ revise: withoutSuppliers }, async (lab) => {
      const { material } = lab.world;
      let counter = 1n;
      const refused = async (): Promise<void> => {
        for (const by of ['lead', 'other', 'gas'] as const) {
          const { event } = await lab.put(lab.order(by, counter));
          expect(event).toMatchObject({ verdict: 'refuse', code: 'no-lead-supplier', rule: 'lead-supplier', requirements: ['R-PPMID-04'] });
        }
        counter++;
      };
      await refused();
      expect((await lab.alerted()).event).toMatchObject({ code: 'no-lead-supplier', requirements: ['R-PPMID-04'] });
      for (const [, code, make, by] of WORTHLESS) {
        await lab.state(make(material), by);
        await lab.logs('statement-refused', { code });
        await refused();
      }
      await lab.state(suppliers(material));
      await lab.logs('statement-taken', { kind: 'suppliers', version: 2 });
      expect((await lab.put(lab.order('lead', counter))).event).toMatchObject({ verdict: 'allow' });
    });
    expect(bodies(audit, 'statement-refused').map(({ code }) => code)).toEqual(WORTHLESS.map(([, code]) => code));
    const detail = expect.stringContaining('there is no suppliers statement') as string;
    expect(bodies(audit, 'alert')).toEqual([{ code: 'no-lead-supplier', detail, requirements: ['R-PPMID-04'] }]);
  });

  test.each([
    [
      'an ambiguous statement',
      (statement: SuppliersStatement) => ({ ...statement, lead: [...statement.lead, { ...statement.lead[0]!, from: NOW }] }),
    ],
    ['an expired statement', (statement: SuppliersStatement) => ({ ...statement, validTo: NOW - 1 })],
    [
      'no period of lead supply that holds now',
      (statement: SuppliersStatement) => ({ ...statement, lead: [{ ...statement.lead[0]!, to: NOW }] }),
    ],
  ])('refuses when it is set up with %s [R-PPMID-04]', async (_name, change) => {
    const revise = (statement: Statement): Statement => (statement.kind === 'suppliers' ? change(statement) : statement);
    await inLab({ revise }, async (lab) => {
      expect((await lab.put(lab.order('lead', 1n))).event).toMatchObject({ verdict: 'refuse', code: 'no-lead-supplier' });
    });
  });

  test('refuses from the moment on at which the statement ends, an activation too [R-PPMID-01, R-PPMID-04]', async () => {
    await inLab({ rate: 200 }, async (lab) => {
      const { release } = await inMidTransfer(lab);
      const validTo = seconds(lab.clock) + 1;
      await lab.state(suppliers(lab.world.material, { validTo }));
      await lab.logs('statement-taken', { kind: 'suppliers', version: 2 });
      release();
      expect((await lab.ended()).event).toMatchObject({ stage: 'refused', reason: { code: 'no-lead-supplier' } });
      expect(seconds(lab.clock)).toBeGreaterThanOrEqual(validTo);
      expect(lab.version).toBe(VERSION.v1);
    });
  });
});

describe('a statement that is not newer than the one in force', () => {
  test('changes nothing: its supplier is refused, and the Lead Supplier obeyed [R-EPC-03, R-LEAD-01]', async () => {
    const audit = await inLab({}, async (lab) => {
      const { material } = lab.world;
      await lab.state(suppliers(material, { by: 'other', version: 1 }));
      await lab.state(suppliers(material, { version: 5, lead: twice(material) }));
      await lab.logs('statement-refused', { code: 'ambiguous' });
      expect((await lab.put(lab.order('other', 1n))).event).toMatchObject({ verdict: 'refuse', code: 'not-lead-supplier' });
      await lab.publishImage();
      expect((await lab.put(lab.order('lead', 1n))).event).toMatchObject({ verdict: 'allow' });
    });
    expect(bodies(audit, 'statement-refused').map(({ code }) => code)).toEqual(['older', 'ambiguous']);
  });
});

describe('a cancellation in the middle of a transfer', () => {
  test('by the Lead Supplier ends the upgrade; the PPMID is answered ABORT and keeps its version [R-PPMID-01]', async () => {
    const audit = await inLab({}, async (lab) => {
      const { requestId, release } = await inMidTransfer(lab);
      const { event } = await lab.put(lab.cancellation('lead', 2n, requestId));
      expect(event).toMatchObject({ verdict: 'allow', job: expect.any(String) as string });
      release();
      const { event: end, report } = await lab.ended();
      expect(end).toMatchObject({ stage: 'cancelled', reason: { code: 'cancelled' } });
      await sleep(lab.clock, 10_000);
      expect(blockStatuses(lab).at(-1)).toBe(OtaStatus.ABORT);
      expect(blockStatuses(lab, report.time + 1_000)).toEqual([]);
      expect(lab.home.ppmid.upgrade.stage).toBe('normal');
      expect(lab.version).toBe(VERSION.v1);
      const again = await lab.put(lab.cancellation('lead', 3n, requestId));
      expect(again.event).toMatchObject({ verdict: 'refuse', code: 'nothing-to-cancel' });
    });
    expect(bodies(audit, 'end')).toMatchObject([{ stage: 'cancelled', reason: { code: 'cancelled' } }]);
  });

  test.each([
    ['another electricity supplier', 'other', 'not-lead-supplier', 'R-PPMID-01'],
    ['the gas supplier', 'gas', 'gas-supplier', 'R-PPMID-02'],
  ] as const)('by %s is refused, and the upgrade succeeds [R-PPMID-01, R-PPMID-02]', async (_name, by, code, requirement) => {
    await inLab({}, async (lab) => {
      const { requestId, release } = await inMidTransfer(lab);
      const { event } = await lab.put(lab.cancellation(by, 2n, requestId));
      expect(event).toMatchObject({ verdict: 'refuse', code, rule: 'lead-supplier' });
      expect(event.requirements).toContain(requirement);
      release();
      expect((await lab.ended()).event).toMatchObject({ stage: 'succeeded', firmwareVersion: VERSION.v2 });
      expect(new Set(blockStatuses(lab))).toEqual(new Set([Status.SUCCESS]));
      expect(lab.version).toBe(VERSION.v2);
    });
  });
});

describe('an order whose time of completion passes', () => {
  test('in the middle of a transfer is refused, and the PPMID keeps its version [R-PPMID-07]', async () => {
    const audit = await inLab({ rate: 500 }, async (lab) => {
      await lab.publishImage();
      const completeBy = seconds(lab.clock) + 600;
      expect((await lab.put(lab.order('lead', 1n, { completeBy }))).event).toMatchObject({ verdict: 'allow' });
      const release = await lab.pausedAt(MIDDLE);
      lab.home.ppmid.powerOff();
      release();
      const { event, report } = await lab.ended();
      expect(event).toMatchObject({ stage: 'refused', reason: { code: 'complete-by-passed', requirements: ['R-PPMID-07'] } });
      expect(report.time).toBeGreaterThanOrEqual(completeBy * 1000);
      await lab.home.ppmid.powerOn();
      await sleep(lab.clock, 60_000);
      expect(blockStatuses(lab, report.time)).not.toContain(Status.SUCCESS);
      expect(lab.version).toBe(VERSION.v1);
    });
    expect(bodies(audit, 'end')).toMatchObject([{ stage: 'refused', reason: { code: 'complete-by-passed' } }]);
  });
  test('before it comes is refused at once [R-PPMID-07]', async () => {
    await inLab({}, async (lab) => {
      const { event } = await lab.put(lab.order('lead', 1n, { completeBy: seconds(lab.clock) }));
      expect(event).toMatchObject({ verdict: 'refuse', code: 'complete-by-passed', requirements: ['R-PPMID-07'] });
    });
  });
});

describe('a second order while an upgrade is under way', () => {
  test('is refused: a device has one upgrade at a time, and the first goes on undisturbed [R-PPMID-07]', async () => {
    const audit = await inLab({}, async (lab) => {
      const { release } = await inMidTransfer(lab);
      const { event } = await lab.put(lab.order('lead', 2n));
      release();
      expect(event).toMatchObject({ verdict: 'refuse', code: 'upgrade-under-way' });
      expect((await lab.ended()).event).toMatchObject({ stage: 'succeeded' });
      expect(lab.version).toBe(VERSION.v2);
      expect((await lab.put(lab.order('lead', 2n))).event).toMatchObject({ verdict: 'allow' });
    });
    expect(bodies(audit, 'end')[0]).toMatchObject({ stage: 'succeeded' });
  });
});
