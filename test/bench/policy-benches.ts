/**
 * Decisions of the S1SP's door on full registers: facts of the premises read from the store, every rule asked, the answer with its texts and boundaries. Which
 * premises come next is as good as random. Beside it stands reading the same records and nothing else. No signature is verified in either:
 * that is `decide`.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createPolicy } from '../../host/policy/decide.ts';
import { situationOf } from '../../host/s1sp/situation.ts';
import { NOW, Premises } from './premises.ts';
import { race, type Bench } from './race.ts';

type Order = ReturnType<Premises['order']>;

const DECISIONS = 2_000;
/** So many rounds more are watched for what they leave behind. */
const AFTERWARDS = 20;
const SIZES = [100, 1_000, 10_000, 100_000, 1_000_000] as const;
/** Coprime to every size: all premises come before one comes again. */
const STRIDE = 7_919;

/** The benches of the rules, one a size of the registers. */
export function policyBenches(): readonly Bench[] {
  let opened: Promise<Premises> | undefined;
  return SIZES.map((size) => {
    let flat = '';
    return {
      name: `policy-${size}`,
      group: 'policy',
      versus: 'reading the same records',
      unit: 'decisions/s',
      note: () => flat,
      async measure() {
        const premises = await (opened ??= Premises.open());
        if (premises.count > size) throw new Error(`there are ${premises.count} premises already`);
        await premises.grow(size);
        const decide = deciding(premises);
        let orders: readonly Order[] = [];
        let next = 0;
        const prepare = (): void => void (orders = Array.from({ length: DECISIONS }, () => premises.order(next++ * STRIDE)));
        const many = (): string => {
          let allowed = 0;
          for (const order of orders) if (decide(order) === 'forward') allowed++;
          return allowed === (DECISIONS * 3) / 4 ? 'done' : `${allowed} allowed`;
        };
        const reading = (): string => {
          let found = 0;
          for (const { request } of orders) found += premises.read(request);
          return found === 5 * DECISIONS ? 'done' : `${found} found`;
        };
        const samples = await race(DECISIONS, { prepare, run: many }, { prepare, run: reading });
        flat = growth(many);
        return samples;
      },
    };
  });
}

/** The S1SP's door on premises. */
export function deciding(premises: Premises): (order: Order) => string {
  const policy = createPolicy({ isCountersigned: () => true, isUserSigned: () => true });
  return (order) => policy.intake(order, situationOf(premises.registers, { request: order.request, users: [order.user] }, NOW, 0)).verdict;
}

/** What many more decisions leave behind, and how many one second of a processor's own time is enough for. */
function growth(many: () => string): string {
  const [before, start] = [heap(), process.cpuUsage()];
  for (let i = 0; i < AFTERWARDS; i++) many();
  const { user, system } = process.cpuUsage(start);
  const rate = (1e6 * AFTERWARDS * DECISIONS) / (user + system);
  const more = (heap() - before) / 2 ** 20;
  return `heap ${more.toFixed(1)} MiB more after ${AFTERWARDS * DECISIONS} decisions; ${Math.round(rate)} a second of processor time`;
}

/** Bytes in use once everything that can be is collected. */
function heap(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
