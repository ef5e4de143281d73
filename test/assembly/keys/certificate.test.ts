/** Certificate keys in slots: what is refused, what stays in memory, what is wiped. */
import { beforeEach, describe, expect, test } from 'vitest';
import { CallReason, CurveReason, KeyKind, KeyReason, Role } from '../../../assembly/abi/code.ts';
import * as layout from '../../../assembly/abi/layout.ts';
import { unhex } from '../../../host/model/ids.ts';
import { bytesOf, numberOf } from '../../kit/curve-model.ts';
import { benches, call, curve, entropyOf, join, key } from './cbke-bench.ts';

const { CURVE, CURVE_SIZE, IN, IN_SIZE, KEY, KEY_EUI, OUT, SLOTS } = layout;

describe.each((await benches()).map((bench) => [bench.suite, bench] as const))('suite %i', (suite, bench) => {
  const { core, run, lengths, model, ca } = bench;
  const certificate = unhex(run.initiator.certificate);
  const privateKey = unhex(run.initiator.privateKey);
  beforeEach(() => bench.clear());

  describe('a certificate key', () => {
    test('stands once in memory, in its slot, and IN and scratch are empty', () => {
      const slot = bench.slotOf(bench.own());
      expect(core.positions(privateKey)).toEqual([slot + layout.SLOT_RAW]);
      expect(bench.copies(privateKey)).toBe(1);
      expect([bench.isZero(IN, IN_SIZE), bench.isZero(CURVE, CURVE_SIZE)]).toEqual([true, true]);
      expect(core.memory.slice(KEY + KEY_EUI, KEY + KEY_EUI + 8)).toEqual(bench.subjectOf(run.initiator));
    });
    test('is gone when it is erased', () => {
      expect(core.call('keyErase', bench.own())).toBe(0);
      expect(bench.copies(privateKey)).toBe(0);
    });
    test('has its certificate given back', () => {
      const own = bench.own();
      core.memory.fill(0, KEY, KEY + layout.KEY_SIZE);
      expect(core.call('certificateOf', own)).toBe(0);
      expect(core.memory.slice(OUT, OUT + lengths.certificate)).toEqual(certificate);
      expect(core.memory[KEY + layout.KEY_SUITE]).toBe(suite);
    });
    test('1: of another length is refused, and nothing of it stays', () => {
      for (const wrong of [certificate.subarray(1), join(certificate, Uint8Array.of(0))]) {
        expect(bench.importKey(privateKey, ca, wrong)).toBe(curve(CurveReason.CERTIFICATE_LENGTH));
      }
      expect(core.call('certificateImport', suite, -1)).toBe(curve(CurveReason.CERTIFICATE_LENGTH));
      expect([bench.copies(privateKey), bench.isZero(CURVE, CURVE_SIZE)]).toEqual([0, true]);
    });
    test('2: under a CA whose key is no good one is refused', () => {
      const [prefix, range, order] = [ca.slice(), ca.slice(), ca.slice().fill(0, 1)];
      prefix[0] = 4;
      range[1] = 0x80;
      expect(bench.importKey(privateKey, prefix, certificate)).toBe(curve(CurveReason.POINT_PREFIX));
      expect(bench.importKey(privateKey, range, certificate)).toBe(curve(CurveReason.POINT_RANGE));
      expect(bench.importKey(privateKey, order, certificate)).toBe(curve(CurveReason.POINT_ORDER));
    });
    test('4: that is 0 or not below the order is refused', () => {
      for (const bad of [0n, model.curve.n, model.curve.n + numberOf(privateKey)]) {
        expect(bench.importKey(bytesOf(bad, lengths.scalar), ca, certificate)).toBe(curve(CurveReason.PRIVATE_KEY));
      }
    });
    test('5: that is not that of the certificate is refused, its negative too', () => {
      for (const other of [numberOf(privateKey) + 1n, model.curve.n - numberOf(privateKey)]) {
        expect(bench.importKey(bytesOf(other, lengths.scalar), ca, certificate)).toBe(curve(CurveReason.MISMATCH));
        expect(bench.copies(bytesOf(other, lengths.scalar))).toBe(0);
      }
    });
    test('6: finds no slot when all are taken', () => {
      for (let i = 0; i < layout.SLOT_COUNT; i++) core.call('keyImport', (core.memory[KEY + layout.KEY_KIND] = KeyKind.LINK));
      expect(bench.importKey(privateKey, ca, certificate)).toBe(key(KeyReason.NO_SLOT));
      expect(bench.copies(privateKey)).toBe(0);
    });
    test('is no other kind of key, and no other kind is one', () => {
      core.memory[KEY + layout.KEY_KIND] = KeyKind.WRAPPING;
      core.call('keyImport');
      const wrapping = bench.handle;
      expect(core.call('certificateOf', wrapping)).toBe(key(KeyReason.HANDLE));
      expect(bench.begin(wrapping, Role.INITIATOR, new Uint8Array(8), new Uint8Array(48), certificate)).toBe(key(KeyReason.HANDLE));
      expect(core.call('certificateOf', bench.begun())).toBe(key(KeyReason.HANDLE));
    });
  });

  describe("a partner's certificate", () => {
    const good = unhex(run.responder.certificate);
    /** The answer to a certificate that was changed. */
    const answer = (change: (certificate: Uint8Array) => void, partner = bench.subjectOf(run.responder)): number => {
      const changed = good.slice();
      change(changed);
      const number = bench.begin(bench.own(), Role.RESPONDER, partner, entropyOf(Uint8Array.of(7)), changed);
      expect(bench.isZero(IN, IN_SIZE)).toBe(true);
      return number;
    };

    test('is taken as it is', () => expect(answer(() => undefined)).toBe(0));
    test('of another issuer is refused', () => {
      const at = suite === 1 ? layout.CERTIFICATE1_ISSUER : layout.CERTIFICATE2_ISSUER;
      expect(answer((it) => (it[at] = 0))).toBe(curve(CurveReason.ISSUER));
    });
    test('of another subject than the partner is refused', () => {
      expect(answer(() => undefined, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8))).toBe(curve(CurveReason.SUBJECT));
    });
    test('of oneself is refused', () => {
      const own = bench.own();
      const number = bench.begin(own, Role.RESPONDER, bench.subjectOf(run.initiator), new Uint8Array(48), certificate);
      expect(number).toBe(curve(CurveReason.SUBJECT));
    });
    test('of another length is refused', () => {
      const own = bench.own();
      for (const length of [0, good.length - 1, good.length + 1, suite === 1 ? 74 : 48]) {
        const number = bench.begin(own, Role.RESPONDER, bench.subjectOf(run.responder), new Uint8Array(48), new Uint8Array(length));
        expect(number).toBe(curve(CurveReason.CERTIFICATE_LENGTH));
      }
      expect(core.call('cbkeBegin', own, Role.RESPONDER, IN_SIZE)).toBe(call(CallReason.LENGTH));
      expect(core.call('cbkeBegin', own, Role.RESPONDER, -1)).toBe(call(CallReason.LENGTH));
    });
    test.each([0, 3, -1])('is not dealt with in role %i', (role) => {
      expect(bench.begin(bench.own(), role, bench.subjectOf(run.responder), new Uint8Array(48), good)).toBe(call(CallReason.FLAGS));
    });
    test('with a point that is none is refused, and leaves no exchange', () => {
      const at = suite === 1 ? layout.CERTIFICATE1_POINT : layout.CERTIFICATE2_POINT;
      expect(answer((it) => (it[at] = 5))).toBe(curve(CurveReason.POINT_PREFIX));
      expect(answer((it) => it.fill(0, at + 1, at + lengths.point))).toBe(curve(CurveReason.POINT_ORDER));
      const kinds = Array.from({ length: layout.SLOT_COUNT }, (_, i) => core.memory[SLOTS + i * layout.SLOT_SIZE + layout.SLOT_KIND]);
      expect(kinds).not.toContain(KeyKind.EXCHANGE);
    });
    if (suite === 1) return;
    test.each([
      ['type', layout.CERTIFICATE2_TYPE],
      ['curve', layout.CERTIFICATE2_CURVE],
      ['hash', layout.CERTIFICATE2_HASH],
    ])('of another %s is refused', (_, at) => {
      expect(answer((it) => (it[at] = (it[at] as number) ^ 1))).toBe(curve(CurveReason.CERTIFICATE_FORMAT));
    });
    test.each([0x00, 0x80, 0x77])('that is for something else than key agreement (%i) is refused', (usage) => {
      expect(answer((it) => (it[layout.CERTIFICATE2_USAGE] = usage))).toBe(curve(CurveReason.CERTIFICATE_USAGE));
    });
    test('that is for key agreement alone is taken', () => expect(answer((it) => (it[layout.CERTIFICATE2_USAGE] = 0x08))).toBe(0));
  });
});

test.each([0, 3, -1, 256])('%i is no suite', async (suite) => {
  const [bench] = await benches();
  expect(bench?.core.call('certificateImport', suite, 91)).toBe(curve(CurveReason.SUITE));
});
