/** `npm run timing [-- SAMPLES]`: examines every operation on secrets, and the planted leaks; 1 where one is flagged or the other is not. */
import { examine, THRESHOLD } from './harness.ts';
import { targets } from './targets.ts';

const samples = Number(process.argv[2] ?? 2000);
console.log(`|t| above ${THRESHOLD} twice is a leak; ${samples} samples a class and measurement`);
let wrong = 0;
for (const target of await targets()) {
  const { name, leaks, ts, found } = examine(target, samples, Math.random);
  const verdict = found === leaks ? 'as it should be' : 'NOT as it should be';
  if (found !== leaks) wrong++;
  console.log(`${name.padEnd(62)} t ${ts.map((t) => t.toFixed(1).padStart(8)).join(' ')}  ${found ? 'leak' : 'none'}  ${verdict}`);
}
process.exitCode = wrong === 0 ? 0 : 1;
