/**
 * The pairwise table is one: every two values of supplier, role, device, cohort, date, combination and signatures meet in some row. Values are told from the
 * facts of a row, by a reading of its own, and not from its name.
 */
import { describe, expect, test } from 'vitest';
import type { Facts } from '../../../host/model/decision.ts';
import type { UpdateFirmware } from '../../../host/model/service-request.ts';
import { factsOf, table, TABLES } from './table.ts';

type Order = Facts<UpdateFirmware>;
const FIRST_DAY = 1_606_176_000;

/** What values each factor has, and which of them some facts are. */
const FACTORS: readonly { readonly name: string; readonly values: readonly string[]; readonly of: (facts: Order) => string }[] = [
  { name: 'supplier', values: ['lead', 'gas', 'other', 'none', 'before', 'to-come'], of: supplier },
  { name: 'role', values: ['import-supplier', 'gas-supplier', 'dcc-countersigner', 's1sp-xml'], of: ({ user }) => user.role },
  { name: 'device', values: ['ppmid', 'no-image', 'esme', 'unknown'], of: device },
  { name: 'cohort', values: ['IOC', 'MOC-MDS', 'MOC-Secure', 'FOC', 'unknown'], of: ({ inventory }) => inventory?.cohort ?? 'none' },
  { name: 'date', values: ['before', 'first', 'now'], of: ({ now }) => (now < FIRST_DAY ? 'before' : now === FIRST_DAY ? 'first' : 'now') },
  { name: 'combination', values: ['listed', 'different', 'empty', 'expired'], of: combination },
  { name: 'signatures', values: ['two', 'one', 'same-key', 'xml', 'revoked'], of: signatures },
];

function supplier({ suppliers, user, now }: Order): string {
  if (suppliers === undefined) return 'none';
  if (suppliers.gas.some(({ party }) => party === user.party)) return 'gas';
  const period = suppliers.lead.find(({ party }) => party === user.party);
  if (period === undefined) return 'other';
  if (period.from > now) return 'to-come';
  return period.to !== undefined && period.to <= now ? 'before' : 'lead';
}

function device({ devices, request }: Order): string {
  const target = devices.find(({ eui }) => eui === request.target);
  if (target === undefined) return 'unknown';
  return target.type === 'ppmid' && target.imageType === undefined ? 'no-image' : target.type;
}

function combination({ combinations, now, request, devices }: Order): string {
  if (combinations === undefined || combinations.validTo <= now) return 'expired';
  if (combinations.combinations.length === 0) return 'empty';
  const { model } = devices.find(({ type }) => type === 'ppmid')!;
  const together = combinations.combinations.some(
    (entry) =>
      entry.some(({ type }) => type === 'esme') &&
      entry.some((member) => member.model === model && member.firmwareVersion === request.firmwareVersion),
  );
  return together ? 'listed' : 'different'; // each model on the list, and no entry that has them all
}

function signatures({ signatures: made, signers, now }: Order): string {
  if (made.length === 1) return 'one';
  if (made[0]?.kid === made[1]?.kid) return 'same-key';
  if (made[1]?.role === 's1sp-xml') return 'xml';
  return signers?.signers.some(({ kid, revoked = Infinity }) => kid === made[0]?.kid && revoked <= now) ? 'revoked' : 'two';
}

const rows = table('upgrade-pairwise').rows.map((row) => {
  const facts = factsOf('upgrade', row);
  return { name: row.name, refuse: row.refuse, values: new Map(FACTORS.map(({ name, of }) => [name, of(facts)] as const)) };
});

describe('the pairwise table', () => {
  test('names its rows by what their facts are', () => {
    for (const { name, values } of rows) expect([...values].map(([factor, value]) => `${factor} ${value}`).join(', ')).toBe(name);
  });
  test('has every two values of two factors together in some row', () => {
    const missing = FACTORS.flatMap((a, i) =>
      FACTORS.slice(0, i).flatMap((b) =>
        a.values.flatMap((x) =>
          b.values.flatMap((y) =>
            rows.some(({ values }) => values.get(a.name) === x && values.get(b.name) === y) ? [] : [`${a.name} ${x}, ${b.name} ${y}`],
          ),
        ),
      ),
    );
    expect(missing).toEqual([]);
  });
  test('would miss pairs if any row were left out: none is there for nothing but the first, whose values are those that are allowed', () => {
    const pairs = (of: typeof rows): number =>
      new Set(
        of.flatMap(({ values }) => {
          const all = [...values].map(([factor, value]) => `${factor} ${value}`);
          return all.flatMap((a, i) => all.slice(0, i).map((b) => `${a}, ${b}`));
        }),
      ).size;
    const idle = rows.filter((row) => pairs(rows.filter((each) => each !== row)) === pairs(rows));
    expect(idle.map(({ refuse }) => refuse)).toEqual(idle.map(() => undefined));
  });
});

test('the tables have more than five hundred and fifty rows', () => {
  const count = TABLES.reduce((sum, { rows: all }) => sum + all.length, 0);
  expect(count).toBeGreaterThanOrEqual(550);
});
