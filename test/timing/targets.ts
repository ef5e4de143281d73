/** What is examined: the core's operations on secrets, and the planted leaks beside them. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { compiledFile } from '../kit/compiled.ts';
import { bytesOf, numberOf, type AffinePoint } from '../kit/curve-model.ts';
import { curveParts, type CurveParts } from '../kit/curves.ts';
import { primitives } from '../kit/primitives.ts';
import type { Target } from './harness.ts';

type Call = (...args: number[]) => number;

const FRAME = 100;
const AAD = 22;
const MIC = 4;
const SCALAR = 48;

/** All targets, each on module instances of its own. */
export async function targets(): Promise<readonly Target[]> {
  const leaks = new WebAssembly.Module(readFileSync(await compiledFile('test/kit/leaks.as.ts')));
  const both = (await curveParts()).flatMap((part) => curveTargets(part, leaks));
  return [...(await frameTargets(leaks)), ...(await compareTargets(leaks)), ...both];
}

/** CCM*: key and plaintext are the secret; and a MIC that is wrong in its first byte, or anywhere. */
async function frameTargets(leaks: WebAssembly.Module): Promise<readonly Target[]> {
  const planted = new WebAssembly.Instance(leaks).exports as unknown as Planted;
  const targets: Target[] = [];
  for (const [name, leaky] of [
    ['CCM* seal', false],
    ['planted: CCM* seal, a block more', true],
  ] as const) {
    const core = await primitives();
    const memory = leaky ? new Uint8Array(planted.memory.buffer) : core.memory;
    const at = leaky ? planted.FREE.value : core.room(1);
    const [key, schedule, nonce, aad, data, mic] = [at, at + 16, at + 208, at + 224, at + 256, at + 400];
    const seal = leaky ? planted.sealUneven : core.call.ccmSeal;
    targets.push({
      name,
      leaks: leaky,
      calls: 20,
      input: (fixed) => (fixed ? new Uint8Array(16 + FRAME) : randomBytes(16 + FRAME)),
      stage(input) {
        memory.set(input.subarray(0, 16), key);
        memory.set(input.subarray(16), data);
        // The planted module has no expansion of its own: its schedule is whatever stands there, which costs the same.
        if (!leaky) core.call.aesExpand(key, schedule);
      },
      run: () => void seal(schedule, nonce, aad, AAD, data, FRAME, mic, MIC),
    });
  }
  const core = await primitives();
  const schedule = core.schedule(new Uint8Array(16));
  const [nonce, aad, mic, plain] = [core.put(new Uint8Array(13)), core.put(new Uint8Array(AAD)), core.room(MIC), core.room(FRAME)];
  const cipher = core.room(FRAME);
  targets.push({
    name: 'CCM* open, MIC wrong from its first byte on or anywhere',
    leaks: false,
    calls: 20,
    input: (fixed) => (fixed ? new Uint8Array(FRAME + MIC) : randomBytes(FRAME + MIC)),
    stage(input) {
      core.memory.set(input.subarray(0, FRAME), cipher);
      core.memory.set(input.subarray(FRAME), mic);
    },
    run: () => void core.call.ccmOpen(schedule, nonce, aad, AAD, cipher, FRAME, mic, MIC, plain),
  });
  return targets;
}

/** Comparison of a MAC of zeros with one that is right, and with random ones. */
async function compareTargets(leaks: WebAssembly.Module): Promise<readonly Target[]> {
  const core = await primitives();
  const [a, b] = [core.put(new Uint8Array(16)), core.room(16)];
  const planted = new WebAssembly.Instance(leaks).exports as unknown as Planted;
  const memory = new Uint8Array(planted.memory.buffer);
  const free = planted.FREE.value;
  const input = (fixed: boolean): Uint8Array => (fixed ? new Uint8Array(16) : randomBytes(16));
  return [
    {
      ...{ name: 'MAC compare', leaks: false, calls: 200, input },
      stage: (bytes) => core.memory.set(bytes, b),
      run: () => void core.call.equal(a, b, 16),
    },
    {
      ...{ name: 'planted: MAC compare that stops early', leaks: true, calls: 200, input },
      stage: (bytes) => memory.set(bytes, free + 16),
      run: () => void planted.equalEarly(free, free + 16, 16),
    },
  ];
}

/** Secret scalars: 1, all of whose digits are the same few, and random ones. */
function curveTargets(part: CurveParts, leaks: WebAssembly.Module): readonly Target[] {
  const { curve, call, size } = part;
  const { suite, n, base, name } = curve;
  const other = part.model.multiply(0x1234567n, base) as AffinePoint;
  const [p, q, k, z] = [part.point(other), part.room(2 * size), part.scalar(1n), part.room(curve.length)];
  const [work, own, ephemeral, x] = [part.room(3 * size), part.scalar(1n), part.scalar(2n), part.element(other.x)];
  const hash = part.put(new Uint8Array(16));
  const signature = part.room(2 * curve.length);
  const planted = new WebAssembly.Instance(leaks).exports as unknown as Planted;
  const memory = new Uint8Array(planted.memory.buffer);
  const free = planted.FREE.value;
  memory.set(part.read(p, 2 * size), free);
  const littleEndian = (value: bigint): Uint8Array => bytesOf(value, SCALAR).reverse();
  const scalarOf = (value: bigint) => (fixed: boolean) => littleEndian(fixed ? value : (numberOf(randomBytes(SCALAR)) % (n - 1n)) + 1n);
  const target = (what: string, leaky: boolean, fixed: bigint, into: Uint8Array, at: number, run: () => void): Target => ({
    name: `${leaky ? 'planted: ' : ''}${what}, ${name}`,
    leaks: leaky,
    calls: 1,
    input: scalarOf(fixed),
    stage: (bytes) => into.set(bytes, at),
    run,
  });
  return [
    target('scalar multiplication', false, 1n, part.memory, k, () => void call.pointMultiply(suite, q, k, p)),
    target('multiplication of the base point', false, 1n, part.memory, k, () => void call.pointMultiplyBase(suite, q, k)),
    target('inversion modulo n', false, 1n, part.memory, k, () => void call.scalarInvert(suite, work, k)),
    target('key agreement, static key', false, 1n, part.memory, own, () => void call.mqvAgree(suite, z, ephemeral, own, x, p, p)),
    target('key agreement, ephemeral key', false, 1n, part.memory, ephemeral, () => void call.mqvAgree(suite, z, ephemeral, own, x, p, p)),
    target('signature, private key', false, 1n, part.memory, own, () => {
      // The nonce is used up by each signature: the same one every time.
      part.memory.set(part.memory.subarray(x, x + 16), k);
      part.memory.fill(0, k + 16, k + SCALAR);
      call.ecdsaSignWith(suite, signature, own, k, hash, 16);
    }),
    target(
      'scalar multiplication, additions more',
      true,
      8n,
      memory,
      free + 256,
      () => void planted.multiplyUneven(suite, free + 128, free + 256, free, free + 320),
    ),
    target('scalar multiplication for public points', true, 1n, part.memory, k, () => void call.pointMultiplyVarTime(suite, q, k, p, work)),
  ];
}

/** Exports of test/kit/leaks.as.ts. */
interface Planted {
  readonly memory: WebAssembly.Memory;
  readonly FREE: { readonly value: number };
  readonly equalEarly: Call;
  readonly multiplyUneven: Call;
  readonly sealUneven: Call;
}
