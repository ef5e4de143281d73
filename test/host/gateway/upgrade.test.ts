/** Upgrades over a whole gateway, a real device and simulated time: what ends them, what may not start, what a restart asks again. */
import { describe, expect, test } from 'vitest';
import { FaultyRadio } from '../../../host/adapters/radio-faults.ts';
import { FaultyStore } from '../../../host/adapters/store-faults.ts';
import { MemoryStore } from '../../../host/adapters/store-memory.ts';
import { gatewayTopics } from '../../../host/bridge/topics.ts';
import { signRequest } from '../../../host/compose/user.ts';
import { countersign } from '../../../host/messages/cose.ts';
import { openStatement, signStatement } from '../../../host/messages/statement.ts';
import type { RequestId } from '../../../host/model/ids.ts';
import { requestId } from '../../../host/model/ids.ts';
import type { SuppliersStatement } from '../../../host/model/register.ts';
import { seconds } from '../../../host/ports/clock.ts';
import type { Radio } from '../../../host/ports/radio.ts';
import { Audit } from '../../../host/stores/audit.ts';
import { Jobs } from '../../../host/stores/jobs.ts';
import { AirWatch } from '../../resilience/kit/air-watch.ts';
import { DEVICE, GATEWAY, image, NEW, OLD, SmallWorld } from '../../resilience/kit/small-world.ts';

const LONG_IMAGE = image(4_000);
const HOUR = 3_600_000;

async function joined(seed = 1): Promise<{ world: SmallWorld; inner: MemoryStore; run: Awaited<ReturnType<SmallWorld['run']>> }> {
  const world = new SmallWorld(seed);
  const inner = new MemoryStore();
  const run = await world.run({ store: new FaultyStore(inner) });
  await world.device.powerOn();
  await world.until(() => world.device.membership !== undefined);
  return { world, inner, run };
}
const lead = (world: SmallWorld) => world.material.parties.lead.signer.party;
const decisions = (world: SmallWorld): readonly (string | undefined)[] =>
  world.events('decision').map(({ verdict, code }) => (verdict === 'allow' ? 'allow' : code));
const reason = (world: SmallWorld): string | undefined =>
  world.events('stage').find(({ reason: found }) => found !== undefined)?.reason?.code;

/** A countersigned cancellation of the order with a counter. */
function cancelOf(world: SmallWorld, cancels: RequestId, counter: bigint): Uint8Array {
  const { lead: user, countersigner } = world.material.parties;
  const now = seconds(world.clock);
  const base = { originator: user.signer.party, target: DEVICE, counter, gateway: GATEWAY, environment: 'lab' as const };
  const request = { kind: 'cancel-update' as const, ...base, notBefore: now - 60, expires: now + 3_600, cancels };
  const signed = countersign(signRequest(request, user.key), countersigner.key);
  if (!signed.ok) throw new Error(signed.detail);
  return signed.value;
}

/** Publishes a suppliers statement in which another party is Lead Supplier from now on. */
async function changeSupplier(world: SmallWorld): Promise<void> {
  const { registration, other } = world.material.parties;
  const bytes = world.material.statements.find(({ kind }) => kind === 'suppliers')!.bytes;
  const opened = openStatement(bytes, {
    environment: 'lab',
    anchors: [registration.signer],
    gateway: GATEWAY,
    now: seconds(world.clock),
    storedVersion: () => undefined,
  });
  if (!opened.ok) throw new Error(opened.detail);
  const statement = opened.value.statement as SuppliersStatement;
  const changed = { ...statement, version: 2, issued: seconds(world.clock), lead: [{ party: other.signer.party, from: 0, to: undefined }] };
  world.broker.accept(gatewayTopics(GATEWAY).register('suppliers'), signStatement(changed, registration.key), { retain: true });
  await world.clock.advance(200);
}

describe('a second order', () => {
  test('for a device that is being upgraded is refused by the rule, and the first goes on to its end [R-PPMID-07]', async () => {
    const { world, inner, run } = await joined();
    await world.submit(await world.order(LONG_IMAGE));
    await world.until(() => world.device.upgrade.offset > 500, 60_000, 20);
    await world.submit(await world.order(LONG_IMAGE));
    await world.until(() => world.events('decision').length === 2);
    const refused = world.events('decision')[1];
    expect(refused).toMatchObject({ verdict: 'refuse', rule: 'underway', code: 'upgrade-under-way' });
    expect(await world.until(() => world.ends.length > 0)).toBe(true);
    expect([world.ends, new Jobs(inner, () => true).all().length]).toEqual([['succeeded'], 1]);
    await run.gateway.stop();
  });

  test('is allowed when the first was cancelled', async () => {
    const { world, run } = await joined();
    await world.submit(await world.order(LONG_IMAGE));
    await world.until(() => world.device.upgrade.offset > 500, 60_000, 20);
    await world.submit(cancelOf(world, requestId(lead(world), DEVICE, 1n), 2n));
    expect(await world.until(() => world.ends.length > 0)).toBe(true);
    expect([world.ends, world.device.fileVersion]).toEqual([['cancelled'], OLD]);
    await world.submit(await world.order(LONG_IMAGE, { counter: 3n }));
    await world.until(() => world.events('decision').length === 3);
    expect(decisions(world)).toEqual(['allow', 'allow', 'allow']);
    expect(await world.until(() => world.ends.length === 2)).toBe(true);
    expect([world.ends, world.device.fileVersion]).toEqual([['cancelled', 'succeeded'], NEW]);
    await run.gateway.stop();
  });
});

describe('a cancellation', () => {
  test('of nothing, of a request long ended, and after activation was granted is refused [R-CHURN-01]', async () => {
    const { world, run } = await joined();
    await world.submit(cancelOf(world, requestId(lead(world), DEVICE, 77n), 1n));
    await world.submit(await world.order(image(), { counter: 2n }));
    await world.until(() => world.events('stage').some(({ stage }) => stage === 'activating'), 600_000, 5);
    await world.submit(cancelOf(world, requestId(lead(world), DEVICE, 2n), 3n));
    expect(await world.until(() => world.ends.length > 0)).toBe(true);
    await world.submit(cancelOf(world, requestId(lead(world), DEVICE, 2n), 4n));
    await world.clock.advance(1_000);
    expect(decisions(world)).toEqual(['nothing-to-cancel', 'allow', 'nothing-to-cancel', 'nothing-to-cancel']);
    expect(world.ends).toEqual(['succeeded']);
    await run.gateway.stop();
  });

  test('that comes with the very end of the transfer leaves one truth: cancelled and old, or activated and new', async () => {
    for (let delay = 0; delay < 12; delay++) {
      const { world, run } = await joined();
      await world.submit(await world.order(image()));
      await world.until(() => world.device.upgrade.offset >= 600 - 56, 60_000, 1);
      await world.clock.advance(delay * 4);
      await world.submit(cancelOf(world, requestId(lead(world), DEVICE, 1n), 2n));
      expect(await world.until(() => world.ends.length > 0)).toBe(true);
      await world.clock.advance(60_000);
      expect(`${world.ends} ${world.device.fileVersion}`).toMatch(new RegExp(`^(cancelled ${OLD}|succeeded ${NEW})$`));
      await run.gateway.stop();
    }
  });
});

describe('authority that is gone', () => {
  test('before activation ends the upgrade, and the device keeps its old image [R-PPMID-01] [R-CHURN-01]', async () => {
    const { world, run } = await joined();
    await world.submit(await world.order(LONG_IMAGE));
    await world.until(() => world.device.upgrade.offset > 500, 60_000, 20);
    await changeSupplier(world);
    expect(await world.until(() => world.ends.length > 0)).toBe(true);
    await world.clock.advance(60_000);
    expect([world.ends, reason(world), world.device.fileVersion]).toEqual([['refused'], 'not-lead-supplier', OLD]);
    await run.gateway.stop();
  });

  test('at a resume ends it before anything is on the air [R-PPMID-01]', async () => {
    const { world, inner, run } = await joined();
    await world.submit(await world.order(LONG_IMAGE));
    await world.until(() => world.device.upgrade.offset > 500, 60_000, 20);
    await changeSupplier(world);
    run.kill();
    const watch = await AirWatch.on(world.air, [world.device]);
    const again = await world.run({ store: inner });
    await world.clock.advance(120_000);
    expect([world.ends, reason(world), watch.offsets]).toEqual([['refused'], 'not-lead-supplier', []]);
    const moments = new Audit(inner, world.clock).entries().filter(({ type }) => type === 'authority');
    expect(moments.at(-1)?.body).toMatchObject({ moment: 'resume', verdict: 'refuse', code: 'not-lead-supplier' });
    await again.gateway.stop();
  });

  test('at a resume because a stored request was altered: its signatures are asked again [R-SIGN-01]', async () => {
    const { world, inner, run } = await joined();
    await world.submit(await world.order(LONG_IMAGE));
    await world.until(() => world.device.upgrade.offset > 500, 60_000, 20);
    run.kill();
    const [key, value] = inner.range('jobs', 'job/', 'job0')[0]!;
    const text = new TextDecoder().decode(value);
    const at = text.indexOf('"signed":"') + 10 + 400;
    const altered = text.slice(0, at) + (text[at] === '0' ? '1' : '0') + text.slice(at + 1);
    await inner.commit([{ table: 'jobs', key, value: new TextEncoder().encode(altered) }]);
    const again = await world.run({ store: inner });
    expect(await world.until(() => world.ends.length > 0, 10_000)).toBe(true);
    expect([world.ends, world.device.fileVersion]).toEqual([['refused'], OLD]);
    await again.gateway.stop();
  });
});

describe('a top-up on its way, where a composition tells of them,', () => {
  /** An order that is to be complete within some seconds. */
  const begun = async (topUpPending: () => boolean, within = 86_400) => {
    const [world, inner] = [new SmallWorld(1), new MemoryStore()];
    const run = await world.run({ store: inner, topUpPending });
    await world.device.powerOn();
    await world.until(() => world.device.membership !== undefined);
    await world.submit(await world.order(LONG_IMAGE, {}, { completeBy: seconds(world.clock) + within }));
    const asked = () =>
      world.events('authority').flatMap(({ moment, verdict, code }) => (moment === 'activation' ? [code ?? verdict] : []));
    return { world, run, asked };
  };

  test('postpones the activation, which the device asks for again, and no longer than until it is done [R-PPMID-07]', async () => {
    let pending = true;
    const { world, run, asked } = await begun(() => pending);
    expect(await world.until(() => asked().length > 1, 2 * HOUR, 60_000)).toBe(true);
    expect([new Set(asked()), world.device.fileVersion, world.ends]).toEqual([new Set(['top-up-pending']), OLD, []]);
    pending = false;
    expect(await world.until(() => world.ends.length > 0, 2 * HOUR, 60_000)).toBe(true);
    expect([asked().at(-1), world.ends, world.device.fileVersion]).toEqual(['allow', ['succeeded'], NEW]);
    await run.gateway.stop();
  });

  test('that is never done leaves the device as it is when its time is over [R-PPMID-07]', async () => {
    const { world, run, asked } = await begun(() => true, 1_800);
    expect(await world.until(() => world.ends.length > 0, HOUR, 60_000)).toBe(true);
    expect([asked()[0], reason(world), world.device.fileVersion]).toEqual(['top-up-pending', 'complete-by-passed', OLD]);
    await run.gateway.stop();
  });
});

test('an upgrade that is not complete in time ends at that time, to the second [R-PPMID-07]', async () => {
  const { world, run } = await joined();
  world.device.powerOff();
  const completeBy = seconds(world.clock) + 600;
  await world.submit(await world.order(LONG_IMAGE, {}, { completeBy }));
  expect(await world.until(() => world.ends.length > 0, 900_000, 1_000)).toBe(true);
  expect([world.ends, reason(world)]).toEqual([['refused'], 'complete-by-passed']);
  const end = world.reports.find(({ event }) => event.type === 'stage' && event.stage === 'refused')!;
  expect(end.time).toBe(completeBy * 1000);
  await run.gateway.stop();
});

test.each([
  ['a second', 1_000, 4_000],
  ['five seconds', 5_000, 8_000],
])('an upgrade whose device hears nothing for %s begins soon after, and not at the longest wait', async (_, silence, within) => {
  const world = new SmallWorld(1);
  let deaf = false;
  let unheard = 0;
  const radio = (inner: Radio): Radio => new FaultyRadio(inner, { send: () => (deaf ? (unheard++, 'no-ack') : undefined) });
  const run = await world.run({ store: new FaultyStore(new MemoryStore()), radio });
  await world.device.powerOn();
  await world.until(() => world.device.membership !== undefined);
  await world.clock.advance(60_000); // it joined, asked for an image, and was told that there is none
  deaf = true;
  await world.submit(await world.order(image(600)));
  const stages = (): readonly string[] => world.events('stage').map(({ stage }) => stage);
  expect(await world.until(() => stages().includes('offered'), 10_000, 20)).toBe(true);
  await world.clock.advance(silence);
  deaf = false;
  expect([unheard > 0, stages().includes('transferring')]).toEqual([true, false]);
  expect(await world.until(() => stages().includes('transferring'), within - silence, 20)).toBe(true);
  await run.gateway.stop();
});

test('a device that was switched off in mid-transfer goes on where it was when it is back', async () => {
  const { world, run } = await joined();
  const watch = await AirWatch.on(world.air, [world.device]);
  await world.submit(await world.order(LONG_IMAGE));
  await world.until(() => world.device.upgrade.offset > 1_000, 60_000, 20);
  world.device.powerOff();
  await world.clock.advance(300_000);
  await world.device.powerOn();
  expect(await world.until(() => world.ends.length > 0)).toBe(true);
  expect(world.ends).toEqual(['succeeded']);
  expect(watch.offsets.filter((offset) => offset === 0)).toHaveLength(1);
  await run.gateway.stop();
});

describe('a message', () => {
  test('that comes twice is one job and one refusal as a replay [R-ANOM-04]', async () => {
    const { world, inner, run } = await joined();
    const order = await world.order(image());
    await world.submit(order);
    await world.submit(order);
    expect(await world.until(() => world.ends.length > 0)).toBe(true);
    expect(decisions(world)).toEqual(['allow', 'replayed']);
    expect(new Jobs(inner, () => true).all()).toHaveLength(1);
    await run.gateway.stop();
  });

  test('of noise is refused, on record and reported, and starts nothing [R-AUD-01]', async () => {
    const { world, inner, run } = await joined();
    for (const bytes of [new Uint8Array(0), new Uint8Array(300).fill(0xff), Uint8Array.of(0xd2, 0x84)]) await world.submit(bytes);
    await world.clock.advance(1_000);
    expect(world.events('decision').map(({ verdict }) => verdict)).toEqual(['refuse', 'refuse', 'refuse']);
    expect([new Jobs(inner, () => true).all(), run.faults]).toEqual([[], []]);
    await run.gateway.stop();
  });
});

test('after a stop nothing is left running: no timer fires, nothing is published, and the store is closed', async () => {
  const { world, inner, run } = await joined();
  await world.submit(await world.order(LONG_IMAGE));
  await world.until(() => world.device.upgrade.offset > 500, 60_000, 20);
  await run.gateway.stop();
  const { length } = world.broker.published;
  await world.clock.advance(200_000);
  expect([world.broker.published.length, run.faults]).toEqual([length, []]);
  expect(() => inner.get('meta', 'boot')).toThrow('closed');
});
