/** The signer's calls leave nothing behind: whole-memory scans after every path of a private key. */
import { beforeEach, describe, expect, test } from 'vitest';
import issued from '../../../seeds/vectors/ecqv-issue.json' with { type: 'json' };
import { At, CallReason, CurveReason } from '../../../assembly/abi/code.ts';
import { CURVE, CURVE_SIZE, ENTROPY_LEN, IN, IN_SIZE, MAP_START, OUT, OUT_SIZE, SLOTS } from '../../../assembly/abi/layout.ts';
import { unhex } from '../../../host/model/ids.ts';
import { wasm } from '../../kit/core.ts';
import { bytesOf, numberOf } from '../../kit/curve-model.ts';
import { curveParts } from '../../kit/curves.ts';

const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm('signer')));
const calls = exports as unknown as Readonly<
  Record<'keyPair' | 'publicKey' | 'ecdsaSign' | 'ecqvIssue' | 'ecqvReceive', (...args: number[]) => number>
>;
const memory = Buffer.from((exports['memory'] as WebAssembly.Memory).buffer);
const join = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));
const isZero = (at: number, length: number): boolean => memory.subarray(at, at + length).every((byte) => byte === 0);

/** How often a number stands anywhere in memory, as bytes of either order. */
function copies(value: Uint8Array): number {
  const count = (needle: Uint8Array): number => {
    let found = 0;
    for (let at = memory.indexOf(needle); at >= 0; at = memory.indexOf(needle, at + 1)) found++;
    return found;
  };
  return count(value) + count(value.slice().reverse());
}

/** Puts the parts into IN and makes a call. */
function ask(name: keyof typeof calls, parts: readonly Uint8Array[], ...args: number[]): number {
  memory.set(join(...parts), IN);
  return calls[name](...args);
}

beforeEach(() => memory.fill(0, MAP_START, SLOTS));

describe.each(await curveParts().then((parts) => parts.map((part) => [part.curve.suite, part] as const)))('suite %i', (suite, part) => {
  const { n, length } = part.curve;
  const d = bytesOf(n / 3n, length);
  const hash = unhex('00112233445566778899aabbccddeeff');
  const row = issued.certificates.find((each) => each.suite === suite) as (typeof issued.certificates)[number];
  const certificate = unhex(row.certificate);

  /** What must hold after every call: nothing in IN and scratch, the secrets nowhere. */
  const expectClean = (...secrets: readonly Uint8Array[]): void => {
    expect([isZero(IN, IN_SIZE), isZero(CURVE, CURVE_SIZE)]).toEqual([true, true]);
    expect(secrets.map(copies)).toEqual(secrets.map(() => 0));
  };

  test('a signature leaves neither key nor nonce', () => {
    expect(ask('ecdsaSign', [d, hash], suite, 16)).toBe(0);
    const nonce = part.inRoom(() => {
      const k = part.room(48);
      part.call.nonceAt(suite, k, 0, part.scalar(n / 3n), part.put(hash), 16);
      return part.scalarAt(k);
    });
    expectClean(d, bytesOf(nonce, length));
  });
  test('a refused signature leaves no key', () => {
    expect(ask('ecdsaSign', [d, hash], suite, 65)).toBe(At.CALL * 256 + CallReason.LENGTH);
    expectClean(d);
    expect(ask('ecdsaSign', [d, hash], 3, 16)).toBe(At.CURVE * 256 + CurveReason.SUITE);
    expectClean(d);
  });
  test('a public key leaves no private one', () => {
    expect(ask('publicKey', [d], suite)).toBe(0);
    expectClean(d);
  });
  test('a key pair stands in OUT alone', () => {
    const entropy = join(new Uint8Array(ENTROPY_LEN - length), d);
    expect(ask('keyPair', [entropy], suite)).toBe(0);
    expect(numberOf(memory.subarray(OUT, OUT + length))).toBe(n / 3n);
    memory.fill(0, OUT, OUT + OUT_SIZE);
    expectClean(d);
  });
  test("an issued certificate leaves neither the CA's key nor its random number", () => {
    const [ca, random] = [unhex(row.caPrivate), unhex(row.caNonce.padStart(2 * ENTROPY_LEN, '0'))];
    expect(ask('ecqvIssue', [ca, random, unhex(row.request), certificate], suite, certificate.length)).toBe(0);
    expectClean(ca, unhex(row.caNonce));
    expect(memory.subarray(OUT, OUT + certificate.length)).toEqual(Buffer.from(certificate));
  });
  test('a received certificate leaves its private key in OUT alone, and that of the request nowhere', () => {
    const parts = [unhex(row.requestPrivate), unhex(row.reconstruction), unhex(row.ca), certificate];
    expect(ask('ecqvReceive', parts, suite, certificate.length)).toBe(0);
    memory.fill(0, OUT, OUT + OUT_SIZE);
    expectClean(unhex(row.requestPrivate), unhex(row.reconstruction), unhex(row.privateKey));
  });
});
