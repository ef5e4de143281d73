/**
 * `npm run test:powercut`: the power-cut proof whole, its counts a line a part and one for all. `-- --tenth SEED` runs a
 * seeded tenth of it. Exit code 1 when anything was found, 2 for wrong usage.
 */
import { parts } from './parts.ts';
import { line, sum } from './proof.ts';

const SEED = 20_201_124;

function main([flag, given, ...rest]: readonly string[]): number {
  if (flag !== undefined && (flag !== '--tenth' || !/^\d{1,9}$/.test(given ?? '') || rest.length > 0)) {
    console.error('powercut: usage: npm run test:powercut [-- --tenth SEED]');
    return 2;
  }
  const seed = given === undefined ? SEED : Number(given);
  console.log(`${flag === undefined ? 'the whole proof' : 'a tenth of the proof'}, seed ${seed}`);
  const counted = parts(flag === undefined ? 1 : 0.1, seed).map(({ name, count }) => {
    const begun = performance.now();
    const counts = count();
    console.log(`${name}, ${((performance.now() - begun) / 1000).toFixed(1)} s: ${line(counts)}`);
    return counts;
  });
  const total = sum(counted);
  for (const fault of total.faults) console.error(`powercut: ${fault}`);
  console.log(line(total));
  return total.faults.length + total.bricks + total.downgrades === 0 ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
