/** Prints how fast the primitives are beside node:crypto. Figures, not limits: nothing here asserts a speed. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { IN, IN_SIZE } from '../../../assembly/abi/layout.ts';
import { hex } from '../../../host/model/ids.ts';
import { primitives } from '../../kit/primitives.ts';
import { aes, pattern, seal } from './oracle.ts';

const core = await primitives();
const [key, nonce, aad] = [pattern(16), pattern(13), pattern(24)];

/** Seconds of the fastest of several runs. */
function best(run: () => void): number {
  let fastest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 12; i++) {
    const start = process.hrtime.bigint();
    run();
    fastest = Math.min(fastest, Number(process.hrtime.bigint() - start) / 1e9);
  }
  return fastest;
}

const rate = (count: number, unit: string, seconds: number): string => `${(count / seconds / 1e6).toFixed(2)} M ${unit}/s`;

test('prints AES blocks per second, one and two streams', () => {
  const [schedule, one, two] = [core.schedule(key), core.put(pattern(16)), core.put(pattern(16))];
  const blocks = 100_000;
  const single = best(() => core.call.aesChain(schedule, one, blocks));
  const double = best(() => core.call.aesChain2(schedule, one, two, blocks));
  console.log(`AES: one stream ${rate(blocks, 'blocks', single)}, two streams ${rate(2 * blocks, 'blocks', double)}`);
  core.reset();
  expect(hex(core.aes(key, pattern(16)))).toBe(hex(aes(key, pattern(16))));
});

test('prints CCM* of frames with 100 bytes, and the ratio to node:crypto', () => {
  const plain = pattern(100);
  const [schedule, n, a, data, mic] = [core.schedule(key), core.put(nonce), core.put(aad), core.put(plain), core.room(4)];
  const frames = 4_000;
  const ours = best(() => {
    for (let i = 0; i < frames; i++) core.call.ccmSeal(schedule, n, a, aad.length, data, plain.length, mic, 4);
  });
  const theirs = best(() => {
    for (let i = 0; i < frames; i++) seal(key, nonce, aad, plain, 4);
  });
  console.log(`CCM*: ${rate(frames, 'frames', ours)}; node:crypto ${rate(frames, 'frames', theirs)}; ratio ${(theirs / ours).toFixed(1)}`);
  core.reset();
  expect(hex(core.seal(key, nonce, aad, plain, 4) ?? key)).toBe(hex(seal(key, nonce, aad, plain, 4)));
});

test('prints AES-MMO and SHA-256 of 1 MiB in windows of 4 KiB, and the ratio of SHA-256 to node:crypto', () => {
  const rounds = (1 << 20) / IN_SIZE;
  const chunk = core.read(IN, IN_SIZE);
  const [mmo, sha] = [core.room(48), core.room(112)];
  core.call.mmoInit(mmo);
  core.call.sha256Init(sha);
  const stream = (take: (at: number) => void) => best(() => Array.from({ length: rounds }).forEach(() => take(IN)));
  const mmoSeconds = stream((at) => core.call.mmoUpdateAt(mmo, at, IN_SIZE));
  const shaSeconds = stream((at) => core.call.sha256Update(sha, at, IN_SIZE));
  const theirs = createHash('sha256');
  const theirSeconds = stream(() => theirs.update(chunk));
  console.log(
    `AES-MMO ${(1 / mmoSeconds).toFixed(0)} MiB/s; SHA-256 ${(1 / shaSeconds).toFixed(0)} MiB/s, ` +
      `node:crypto ${(1 / theirSeconds).toFixed(0)} MiB/s, ratio ${(theirSeconds / shaSeconds).toFixed(2)}`,
  );
  const digest = core.room(32);
  core.call.sha256Final(sha, digest);
  expect(hex(core.read(digest, 32))).toBe(theirs.digest('hex'));
  core.reset();
});
