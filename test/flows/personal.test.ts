/**
 * Numbers of supplies are planted in every field that somebody outside fills, in every spelling, and readings go over the air all the while: none of it
 * is found in the log, in the audit or in what is published, but in what was signed itself, which nobody may change.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { EUI, VERSION } from '../../host/compose/home.ts';
import { seededStatement } from '../../host/compose/register-seeds.ts';
import { orderUpdate } from '../../host/compose/user.ts';
import { encode, type Encodable } from '../../host/messages/cbor-writer.ts';
import { sign1 } from '../../host/messages/cose.ts';
import { REQUEST, SERVICE_REQUEST_TYPE } from '../../host/messages/service-request.ts';
import { MASK, SUPPLY_MASK } from '../../host/model/personal.ts';
import type { Message } from '../../host/ports/broker.ts';
import { sleep } from '../../host/ports/clock.ts';
import type { AuditEntry } from '../../host/stores/audit-record.ts';
import { until } from '../../host/compose/watch.ts';
import { leaked, planted, type Planted } from '../kit/planted.ts';
import { BEGINNING, inLab, type Lab, type Logged } from '../kit/world.ts';

const NOW = BEGINNING / 1000;
const BASE = { version: 2, environment: 'lab', issued: NOW, validFrom: NOW - 1000, validTo: NOW + 86_400 } as const;
/** An MPRN that no word calls so: it may be one. */
const BARE_MPRN = '7421903508';

/** Puts a text into one field of what is signed; `n` is another each time. */
type Field = (lab: Lab, text: string, n: number) => Promise<unknown>;

/** The gas supplier's order with other members, signed as they are, whatever a reader makes of them. */
function signed(lab: Lab, n: number, change: { readonly [name: string]: Encodable }, type = SERVICE_REQUEST_TYPE): Uint8Array {
  const { gas } = lab.world.material.parties;
  const order = orderUpdate({
    originator: gas.signer.party,
    target: EUI.ppmid,
    gateway: EUI.gateway,
    counter: BigInt(n),
    image: lab.images.v2,
    firmwareVersion: VERSION.v2,
    now: NOW,
    purpose: 'flow test',
    environment: 'lab',
  });
  const payload = encode({ ...(REQUEST.write(order) as Record<string, Encodable>), ...change });
  return lab.world.s1sp.countersign(sign1(payload, type, gas.key));
}
const order =
  (change: (text: string) => { readonly [name: string]: Encodable }): Field =>
  (lab, text, n) =>
    lab.put(signed(lab, n, change(text)));

const FIELDS: readonly (readonly [string, Field])[] = [
  ['the purpose', order((text) => ({ purpose: `display of ${text} blank` }))],
  ['the version of DUIS', order((text) => ({ duis: { version: text, effectiveFrom: NOW } }))],
  ['the environment', order((environment) => ({ environment }))],
  ['the kind', order((kind) => ({ kind }))],
  ['the originator', order((originator) => ({ originator }))],
  ['the name of a member that nobody knows', order((text) => ({ [text]: 1 }))],
  ['the value of a member that nobody knows', order((text) => ({ note: text }))],
  ['the name of a member of a member', order((text) => ({ duis: { version: '3.1', effectiveFrom: NOW, [text]: 1 } }))],
  ['the content type', (lab, text, n) => lab.put(signed(lab, n, {}, text))],
  [
    'the reason of a restriction',
    async (lab, text) => {
      const told = lab.logged.length;
      const restriction = { srv: '11.1', devices: {}, from: NOW, reason: `gas ${text}, see there` };
      await lab.state({ ...seededStatement('services', BASE), restrictions: [restriction] });
      await until('the refusal of the register', () => lab.logged.slice(told).some(isPersonal), 20_000);
    },
  ],
];
const isPersonal = ({ event, fields }: Logged): boolean => event === 'statement-refused' && fields['code'] === 'personal-data';
const NUMBERS: readonly (readonly Planted[])[] = FIELDS.map((_, place) => planted(place));
const COUNT = NUMBERS[0]?.length ?? 0;

let audit: readonly AuditEntry[];
const published: Message[] = [];
const logged: Logged[] = [];
const readings: number[] = [];

beforeAll(async () => {
  audit = await inLab({}, async (lab) => {
    lab.home.esme.onReading(({ summation }) => readings.push(summation));
    lab.world.observer.onMessage((message) => void published.push(message));
    await lab.world.observer.subscribe('#');
    let n = 0;
    for (const [place, [, put]] of FIELDS.entries()) for (const { text } of NUMBERS[place] ?? []) await put(lab, text, ++n);
    await lab.put(lab.order('gas', BigInt(++n), { purpose: `gas ${BARE_MPRN} 5 times` }));
    await lab.publishImage();
    const purpose = `for ${NUMBERS[0]?.[0]?.text} and ${BARE_MPRN}`;
    expect((await lab.put(lab.order('lead', 9n, { purpose }))).event.verdict).toBe('allow');
    expect((await lab.ended()).event).toMatchObject({ stage: 'succeeded' });
    await sleep(lab.clock, 60_000);
    logged.push(...lab.logged);
  });
}, 120_000);

/** What Users and the registration role signed themselves, on its way to the gateway. */
const isInbound = ({ topic }: Message): boolean => /\/(requests?|registers?\/[a-z-]+)$/.test(topic);
const outbound = (): readonly Message[] => published.filter((message) => !isInbound(message));
const holds = (bytes: Uint8Array, text: string): boolean => Buffer.from(bytes).includes(text);

describe('numbers that point at a supply [R-PRIV-01, R-LEAD-08]', () => {
  test.each(FIELDS.map(([field], place) => [field, NUMBERS[place] ?? []] as const))(
    'came in by %s and stand in no log, no record and nothing that the gateway publishes',
    (_, numbers) => {
      const inbound = Buffer.concat(published.filter(isInbound).map(({ payload }) => payload));
      for (const { text } of numbers) expect([text, inbound.includes(text)]).toEqual([text, true]);
      expect(leaked(numbers, JSON.stringify(logged))).toEqual([]);
      expect(leaked(numbers, JSON.stringify(audit))).toEqual([]);
      expect(outbound().flatMap(({ payload }) => leaked(numbers, payload))).toEqual([]);
    },
  );
  test('are looked for where something is: a record and a report of each order, a line of the log of each register', () => {
    const orders = (FIELDS.length - 1) * COUNT + 2;
    expect(audit.filter(({ type }) => type === 'decision')).toHaveLength(orders);
    expect(outbound().filter(({ topic }) => topic.endsWith('/report')).length).toBeGreaterThanOrEqual(orders);
    expect(logged.filter(isPersonal)).toHaveLength(COUNT);
  });
  test('leave a mask where they stood in a purpose, so that a reader knows that something did; one that may be an MPRN too', () => {
    const record = JSON.stringify(audit);
    expect([record.includes(MASK), record.includes(SUPPLY_MASK), record.includes(BARE_MPRN)]).toEqual([true, true, false]);
  });
  test('nor is consumption: what the meter sent over the air all the while stays in the home', () => {
    expect(readings.length).toBeGreaterThan(3);
    const outside = [JSON.stringify(logged), JSON.stringify(audit)];
    for (const reading of new Set(readings)) {
      expect(outside.filter((text) => new RegExp(`(?<!\\d)${reading}(?!\\d)`).test(text))).toEqual([]);
      const wire = Buffer.alloc(4);
      wire.writeUInt32BE(reading);
      expect(
        published.filter(({ payload }) => holds(payload, String(reading)) || Buffer.from(payload).includes(wire)).map(({ topic }) => topic),
      ).toEqual([]);
    }
  });
});
