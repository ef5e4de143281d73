/** The calls of the curves take any bytes and any lengths: they answer or refuse, never trap, and touch nothing that is not theirs. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import runs from '../../../seeds/vectors/cbke.json' with { type: 'json' };
import * as layout from '../../../assembly/abi/layout.ts';
import { nameOf } from '../../../host/core/codes.ts';
import type { CallName } from '../../../host/core/module.ts';
import { unhex } from '../../../host/model/ids.ts';
import { openCore } from '../../kit/core.ts';

const { IN, IN_CANARY, IN_CANARY_SIZE, SLOTS, SLOT_COUNT, SLOT_SIZE } = layout;
const core = await openCore();
const CANARY = 0x5a;

/** What the calls are given: rubbish, or something good with a few bytes changed. */
const good = runs.runs
  .slice(0, 2)
  .flatMap(({ ca, initiator, responder }) => [
    initiator.ephemeral,
    ca + initiator.certificate,
    initiator.privateKey + ca + initiator.certificate,
    '00'.repeat(48) + responder.certificate,
  ]);
/** Three draws in four are about what is nearly right: a refusal far into a call is then met in every run. */
const mostly = <T>(likely: fc.Arbitrary<T>, other: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 3, arbitrary: likely }, { weight: 1, arbitrary: other });
const bytes = mostly<Uint8Array>(
  fc
    .tuple(fc.constantFrom(...good), fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 3 }))
    .map(([text, changes]) => changes.reduce((whole, [at, value]) => (at < whole.length ? whole.with(at, value) : whole), unhex(text))),
  fc.uint8Array({ maxLength: 300 }),
);
const length = fc.oneof(fc.constantFrom(0, 1, 16, 21, 22, 36, 37, 42, 48, 72, 74, 91, 147, -1, 4096, 4097, 0x7fffffff), fc.integer());
const suite = mostly(fc.constantFrom(1, 2), fc.integer());
const CALLS: readonly CallName[] = [
  'pointCheck',
  'certificateKey',
  'ecdsaPrepare',
  'ecdsaVerify',
  'certificateImport',
  'cbkeAgree',
  'cbkeConfirm',
];

/** Makes a call on bytes in IN; the name of its refusal, or undefined. */
function call(name: CallName, given: Uint8Array, ...args: number[]): string | undefined {
  core.memory.fill(CANARY, IN_CANARY, IN_CANARY + IN_CANARY_SIZE);
  core.memory.set(given, IN);
  const number = core.call(name, ...args);
  const canary = core.memory.subarray(IN_CANARY, IN_CANARY + IN_CANARY_SIZE);
  expect(canary.every((byte) => byte === CANARY)).toBe(true);
  expect(core.memory.subarray(0, layout.MAP_START).every((byte) => byte === 0)).toBe(true);
  return number === 0 ? undefined : nameOf(number).name;
}

describe('any bytes', () => {
  test.each(CALLS)('in %s end in an answer or a named refusal', (name) => {
    const seen = new Set<string | undefined>();
    fc.assert(
      fc.property(bytes, suite, length, mostly(fc.constant(true), fc.constant(false)), (given, first, second, own) => {
        const code = call(name, given, first, own ? given.length : second);
        expect(code ?? '').not.toMatch(/^core-/);
        seen.add(code);
      }),
      { numRuns: 2000 },
    );
    expect(seen.size).toBeGreaterThan(name.startsWith('cbke') || name === 'ecdsaVerify' ? 0 : 3);
  });
  test('begin an exchange or are refused by name, and public calls leave all slots alone', () => {
    core.wipe();
    const { ca, initiator } = runs.runs[1] as (typeof runs.runs)[number];
    const own = core.cbke.importCertificate({
      suite: 2,
      privateKey: unhex(initiator.privateKey),
      certificate: unhex(initiator.certificate),
      caPublicKey: unhex(ca),
    });
    if (!own.ok) throw new Error(own.code);
    const slots = (): Uint8Array => core.memory.slice(SLOTS, SLOTS + SLOT_COUNT * SLOT_SIZE);
    const before = slots();
    fc.assert(
      fc.property(bytes, fc.constantFrom(0, 1, 2), length, fc.boolean(), (given, role, len, fits) => {
        const code = call('cbkeBegin', given, own.value.handle, role, fits ? given.length - 48 : len);
        expect(code ?? '').not.toMatch(/^core-/);
        for (const name of ['pointCheck', 'certificateKey', 'ecdsaPrepare', 'ecdsaVerify'] as const) call(name, given, 2, given.length);
      }),
      { numRuns: 200 },
    );
    expect(slots().subarray(0, SLOT_SIZE)).toEqual(before.subarray(0, SLOT_SIZE));
  });
});
