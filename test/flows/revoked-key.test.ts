/** A User's key that is revoked while its upgrade is under way: it counts at no moment after that, and the PPMID stays on its version. */
import { describe, expect, test } from 'vitest';
import { MemoryStore } from '../../host/adapters/store-memory.ts';
import { gatewayTopics } from '../../host/bridge/topics.ts';
import { OtaCommand } from '../../host/clusters/ota.ts';
import { VERSION } from '../../host/compose/home.ts';
import type { LabMaterial } from '../../host/compose/lab-material.ts';
import { readStatement, signStatement } from '../../host/messages/statement.ts';
import type { Statement } from '../../host/model/register.ts';
import { seconds, sleep, type Clock } from '../../host/ports/clock.ts';
import { Audit } from '../../host/stores/audit.ts';
import type { AuditEntry } from '../../host/stores/audit-record.ts';
import { inLab, type Lab } from '../kit/world.ts';
import { AirWatch } from '../resilience/kit/air-watch.ts';
import { GATEWAY, image, OLD, SmallWorld } from '../resilience/kit/small-world.ts';

/** The signers statement of the lab with the Lead Supplier's key revoked from now on. */
function revoking({ parties, statements }: LabMaterial, clock: Clock): Statement {
  const read = readStatement(statements.find(({ kind }) => kind === 'signers')!.bytes);
  if (!read.ok || read.value.kind !== 'signers') throw new Error('the lab has no signers');
  const revoked = seconds(clock);
  const signers = read.value.signers.map((key) => (key.kid === parties.lead.signer.kid ? { ...key, revoked } : key));
  return { ...read.value, version: read.value.version + 1, signers };
}

const authority = (audit: readonly AuditEntry[]) => audit.flatMap(({ type, body }) => (type === 'authority' ? [body] : []));

/** What a record says of a key that was revoked: the rule, the code, and which key. */
const byRevocation = (moment: string, { parties }: LabMaterial) => ({
  moment,
  verdict: 'refuse',
  rule: 'signatures',
  code: 'key-revoked',
  requirements: ['R-SIGN-01'],
  detail: expect.stringContaining(`the key ${parties.lead.signer.kid} of ${parties.lead.signer.name} is revoked since`) as string,
});

describe("a User's key that is revoked", () => {
  test.each<[string, (lab: Lab) => number]>([
    ['in the middle of a transfer', () => 4_096],
    ['when the last block is all that is missing', ({ images }) => images.v2.length - 64],
  ])(
    '%s has the activation refused: the PPMID stays on its version, and the record names key and rule [R-SIGN-01, R-PPMID-01]',
    async (_, at) => {
      let expected: object = {};
      const audit = await inLab({}, async (lab) => {
        const { material } = lab.world;
        expected = byRevocation('activation', material);
        await lab.publishImage();
        expect((await lab.put(lab.order('lead', 1n))).event).toMatchObject({ verdict: 'allow' });
        const release = await lab.pausedAt(at(lab));
        expect(lab.home.ppmid.upgrade.offset).toBeLessThan(lab.images.v2.length);
        await lab.state(revoking(material, lab.clock));
        await lab.logs('statement-taken', { kind: 'signers', version: 2 });
        release();
        expect((await lab.ended()).event).toMatchObject({ stage: 'refused', reason: { code: 'key-revoked', requirements: ['R-SIGN-01'] } });
        await sleep(lab.clock, 10_000);
        const granted = lab.air.ota().filter(({ ofCluster, command }) => ofCluster && command === OtaCommand.UPGRADE_END_RESPONSE);
        expect([granted, lab.version]).toEqual([[], VERSION.v1]);
        expect((await lab.put(lab.order('lead', 2n))).event).toMatchObject({ verdict: 'refuse', code: 'key-revoked' });
      });
      expect(authority(audit)).toMatchObject([{ moment: 'start', verdict: 'allow' }, expected]);
      expect(audit.flatMap(({ type, body }) => (type === 'stage' ? [body['stage']] : []))).not.toContain('activating');
    },
  );

  test('in the middle of a transfer lets nothing resume after a restart: no block goes on the air any more [R-SIGN-01, R-PPMID-01]', async () => {
    const [world, store] = [new SmallWorld(1), new MemoryStore()];
    const run = await world.run({ store });
    await world.device.powerOn();
    await world.until(() => world.device.membership !== undefined);
    await world.submit(await world.order(image(4_000)));
    expect(await world.until(() => world.device.upgrade.offset > 500, 60_000, 20)).toBe(true);
    const bytes = signStatement(revoking(world.material, world.clock), world.material.parties.registration.key);
    world.broker.accept(gatewayTopics(GATEWAY).register('signers'), bytes, { retain: true });
    await world.clock.advance(200);
    run.kill();
    expect(world.ends).toEqual([]);
    const watch = await AirWatch.on(world.air, [world.device]);
    const again = await world.run({ store });
    await world.clock.advance(120_000);
    expect([world.ends, watch.offsets, world.device.fileVersion]).toEqual([['refused'], [], OLD]);
    const resumed = authority(new Audit(store, world.clock).entries()).at(-1);
    expect(resumed).toMatchObject(byRevocation('resume', world.material));
    await again.gateway.stop();
  });
});
