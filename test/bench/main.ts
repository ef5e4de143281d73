/**
 * `npm run bench [-- NAME…] [--json]`, a name being a bench's or a group's: how the product compares with real peers, as
 * ratios taken in turns in one run (docs/bench.md). Nothing is asserted; losers are shown like winners.
 */
import { curves } from './curve-benches.ts';
import { decode } from './decode-bench.ts';
import { decide } from './decision-bench.ts';
import { nwk, nwkAps } from './frame-benches.ts';
import { frames } from './frames-benches.ts';
import { goodput } from './goodput-bench.ts';
import { images } from './image-benches.ts';
import { ccm, mmo, sha256 } from './primitive-benches.ts';
import { policyBenches } from './policy-benches.ts';
import { rowOf, type Bench, type Row } from './race.ts';
import { start } from './start-bench.ts';
import { HEADER, rowLine } from './table.ts';

const BENCHES: readonly Bench[] = [
  ccm,
  mmo,
  sha256,
  ...curves,
  nwk,
  nwkAps,
  ...frames,
  decode,
  ...images,
  goodput,
  decide,
  ...policyBenches(),
  start,
];

/** Runs the benches that are named, all of them when none is; the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const json = args.includes('--json');
  const names = args.filter((arg) => arg !== '--json');
  const chosen = (bench: Bench, name: string): boolean => bench.name === name || bench.group === name;
  const unknown = names.find((name) => !BENCHES.some((bench) => chosen(bench, name)));
  if (unknown !== undefined) {
    const known = new Set(BENCHES.flatMap(({ name, group }) => (group === undefined ? [name] : [name, group])));
    console.error(`bench: ${unknown} is not one of ${[...known].join(', ')}`);
    return 2;
  }
  const rows: Row[] = [];
  if (!json) console.log(HEADER);
  for (const bench of BENCHES.filter((each) => names.length === 0 || names.some((name) => chosen(each, name)))) {
    const row = rowOf(bench, await bench.measure());
    rows.push(row);
    if (!json) console.log(rowLine(row));
  }
  if (json) console.log(JSON.stringify(rows, undefined, 2));
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
