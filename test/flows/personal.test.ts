/**
 * Numbers of supplies are planted wherever a text comes in, and readings go over the air all the while: none of it is found in the log, in the audit or in
 * what is published, but in the signed order itself, which nobody may change.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { seededStatement } from '../../host/compose/register-seeds.ts';
import { MASK, SUPPLY_MASK } from '../../host/model/personal.ts';
import type { Message } from '../../host/ports/broker.ts';
import { sleep } from '../../host/ports/clock.ts';
import type { AuditEntry } from '../../host/stores/audit-record.ts';
import { BEGINNING, inLab, type Logged } from '../kit/world.ts';

/** Made up: an MPAN with its check digit, an MPRN, a top-up number. */
const PLANTED = { mpan: '1200023305967', mprn: '7421903508', utrn: '12345678901234567890' } as const;
const NUMBERS = Object.values(PLANTED);
const NOW = BEGINNING / 1000;
const BASE = { version: 2, environment: 'lab', issued: NOW, validFrom: NOW - 1000, validTo: NOW + 86_400 } as const;

let audit: readonly AuditEntry[];
const published: Message[] = [];
const logged: Logged[] = [];
const readings: number[] = [];

beforeAll(async () => {
  audit = await inLab({}, async (lab) => {
    lab.home.esme.onReading(({ summation }) => readings.push(summation));
    lab.world.observer.onMessage((message) => void published.push(message));
    await lab.world.observer.subscribe('#');
    const restriction = { srv: '11.1', devices: {}, from: NOW, reason: `display of ${PLANTED.mpan} blank` };
    await lab.state({ ...seededStatement('services', BASE), restrictions: [restriction] });
    await lab.logs('statement-refused', { code: 'personal-data' });
    const orders = [`blank: ${PLANTED.mpan}`, `gas ${PLANTED.mprn} 5 times`, `typed ${PLANTED.utrn} twice`];
    for (const [i, purpose] of orders.entries()) await lab.put(lab.order('gas', BigInt(i + 1), { purpose }));
    await lab.publishImage();
    expect((await lab.put(lab.order('lead', 9n, { purpose: `for ${NUMBERS.join(' and ')}` }))).event.verdict).toBe('allow');
    expect((await lab.ended()).event).toMatchObject({ stage: 'succeeded' });
    await sleep(lab.clock, 60_000);
    logged.push(...lab.logged);
  });
});

const holds = (bytes: Uint8Array, text: string): boolean => Buffer.from(bytes).includes(text);
/** What Users and the registration role signed themselves, on its way to the gateway. */
const isInbound = ({ topic }: Message): boolean => /\/(requests?|registers?\/[a-z-]+)$/.test(topic);

describe('numbers that point at a supply [R-PRIV-01, R-LEAD-08]', () => {
  test('came in with orders and a register: they are in what was signed, so that they would be found', () => {
    const inbound = published.filter(isInbound);
    for (const number of NUMBERS) expect([number, inbound.some(({ payload }) => holds(payload, number))]).toEqual([number, true]);
  });
  test('are in no log, no record and nothing that the gateway publishes', () => {
    const outbound = published.filter((message) => !isInbound(message));
    expect(outbound.length).toBeGreaterThan(10);
    for (const number of NUMBERS) {
      expect([number, JSON.stringify(logged).includes(number), JSON.stringify(audit).includes(number)]).toEqual([number, false, false]);
      expect(outbound.filter(({ payload }) => holds(payload, number)).map(({ topic }) => topic)).toEqual([]);
    }
  });
  test('leave a mask where they stood, so that a reader knows that something did', () => {
    const record = JSON.stringify(audit);
    expect([record.includes(MASK), record.includes(SUPPLY_MASK)]).toEqual([true, true]);
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
