/** Exchanges of key establishment in slots: their order, what stays in memory, what is wiped. */
import { beforeEach, describe, expect, test } from 'vitest';
import badPoints from '../../../seeds/vectors/bad-points.json' with { type: 'json' };
import { At, CallReason, CurveReason, KeyKind, KeyReason, Role } from '../../../assembly/abi/code.ts';
import * as layout from '../../../assembly/abi/layout.ts';
import { unhex } from '../../../host/model/ids.ts';
import { bytesOf, powerModulo, type AffinePoint } from '../../kit/curve-model.ts';
import { benches, call, curve, key } from './cbke-bench.ts';

const { CURVE, CURVE_SIZE, IN, IN_SIZE, KEY, OUT } = layout;

describe.each((await benches()).map((bench) => [bench.suite, bench] as const))('an exchange of suite %i', (suite, bench) => {
  const { core, run, lengths, model } = bench;
  const ephemeral = unhex(run.initiator.ephemeralPrivate);
  const peer = unhex(run.responder.ephemeral);
  const linkKey = unhex(run.linkKey);
  const [macu, macv] = [unhex(run.macu), unhex(run.macv)];
  beforeEach(() => bench.clear());

  /** The run's exchange, agreed. */
  const agreed = (): number => {
    const exchange = bench.begun();
    expect(bench.agree(exchange, peer)).toBe(0);
    return exchange;
  };

  test('keeps its ephemeral key once, in its slot, until it is agreed; then no more', () => {
    const exchange = bench.begun();
    const slot = bench.slotOf(exchange);
    expect(core.memory.slice(OUT, OUT + lengths.point)).toEqual(unhex(run.initiator.ephemeral));
    expect(core.positions(ephemeral)).toEqual([slot + layout.SLOT_PRIVATE]);
    expect([bench.copies(ephemeral), bench.isZero(IN, IN_SIZE), bench.isZero(CURVE, CURVE_SIZE)]).toEqual([1, true, true]);
    expect(bench.agree(exchange, peer)).toBe(0);
    expect([ephemeral, unhex(run.secret), unhex(run.macKey)].map((each) => bench.copies(each))).toEqual([0, 0, 0]);
    expect(core.positions(linkKey)).toEqual([slot + layout.SLOT_LINK_KEY]);
    expect(bench.isZero(CURVE, CURVE_SIZE)).toBe(true);
  });
  test('ends in a link key that stands once, and nothing else', () => {
    const exchange = agreed();
    expect([bench.outLen, core.memory.slice(OUT, OUT + 16)]).toEqual([16, macu]);
    expect(bench.confirm(exchange, macv)).toBe(0);
    const slot = bench.slotOf(bench.handle);
    expect(core.positions(linkKey)).toEqual([slot + layout.SLOT_RAW]);
    expect(core.memory[slot + layout.SLOT_KIND]).toBe(KeyKind.LINK);
    expect(core.memory.slice(slot + layout.SLOT_EUI, slot + layout.SLOT_EUI + 8)).toEqual(bench.subjectOf(run.responder));
    expect([bench.outLen, core.call('keyErase', exchange)]).toEqual([0, key(KeyReason.HANDLE)]);
    expect(core.call('keyErase', bench.handle)).toBe(0);
    expect(bench.copies(linkKey)).toBe(0);
  });
  test('of a responder keeps its MAC until the other one was right', () => {
    const exchange = bench.begun(Role.RESPONDER);
    core.memory.fill(0, OUT, OUT + layout.OUT_SIZE);
    expect(bench.agree(exchange, unhex(run.initiator.ephemeral))).toBe(0);
    expect([bench.outLen, bench.isZero(OUT, layout.OUT_SIZE)]).toEqual([0, true]);
    expect(bench.confirm(exchange, macu)).toBe(0);
    expect([bench.outLen, core.memory.slice(OUT, OUT + 16)]).toEqual([16, macv]);
  });
  test('is gone with all its secrets when it is erased, at either step', () => {
    core.call('keyErase', bench.begun());
    expect(bench.copies(ephemeral)).toBe(0);
    core.call('keyErase', agreed());
    expect(bench.copies(linkKey)).toBe(0);
  });
  test.each(Array.from({ length: 16 }, (_, i) => i))('is refused and erased when byte %i of the MAC is wrong', (at) => {
    const exchange = agreed();
    const mac = macv.slice();
    mac[at] = (mac[at] as number) ^ 1;
    expect(bench.confirm(exchange, mac)).toBe(curve(CurveReason.CONFIRM));
    expect(bench.copies(linkKey)).toBe(0);
    expect(bench.confirm(exchange, macv)).toBe(key(KeyReason.HANDLE));
  });
  test('is refused its own MAC', () => expect(bench.confirm(agreed(), macu)).toBe(curve(CurveReason.CONFIRM)));
  test('is refused a MAC of another length, and erased', () => {
    expect(bench.confirm(agreed(), macv.subarray(1))).toBe(call(CallReason.LENGTH));
    expect(bench.copies(linkKey)).toBe(0);
  });
  test('goes one way: neither confirmed before it is agreed, nor agreed twice', () => {
    const exchange = bench.begun();
    expect(bench.confirm(exchange, macv)).toBe(call(CallReason.ORDER));
    expect(bench.agree(exchange, peer)).toBe(0);
    expect(bench.agree(exchange, peer)).toBe(call(CallReason.ORDER));
    expect(bench.confirm(exchange, macv)).toBe(0);
  });
  test.each(badPoints.points.filter((point) => point.suite === suite && point.code !== null))(
    'is refused and erased for an ephemeral key that is a bad point: $why',
    ({ point }) => {
      const exchange = bench.begun();
      expect(bench.agree(exchange, unhex(point)) >> 8).toBe(At.CURVE);
      expect(bench.copies(ephemeral)).toBe(0);
      expect(bench.agree(exchange, peer)).toBe(key(KeyReason.HANDLE));
    },
  );
  test('is refused and erased when the partner makes the shared secret infinity', () => {
    // E = -avf(E)·Q for no E that could be found; but Q = -E / avf(E) can, and the slot holds Q.
    const exchange = bench.begun();
    const e = model.decompress(peer);
    const half = suite === 1 ? 82n : 141n;
    const factor = (e.x & ((1n << half) - 1n)) | (1n << half);
    const q = model.negate(model.multiply(powerModulo(factor, model.curve.n - 2n, model.curve.n), e)) as AffinePoint;
    const size = suite === 1 ? 32 : 48;
    core.memory.set(bytesOf(q.x, size).reverse(), bench.slotOf(exchange) + layout.SLOT_PARTNER_KEY);
    core.memory.set(bytesOf(q.y, size).reverse(), bench.slotOf(exchange) + layout.SLOT_PARTNER_KEY + size);
    expect(bench.agree(exchange, peer)).toBe(curve(CurveReason.AGREEMENT));
    expect(bench.copies(ephemeral)).toBe(0);
    expect(core.call('keyErase', exchange)).toBe(key(KeyReason.HANDLE));
  });
  test('is not agreed when its certificate key is gone', () => {
    const exchange = bench.begun();
    const own = new DataView(core.memory.buffer).getInt32(bench.slotOf(exchange) + layout.SLOT_OWN, true);
    expect(core.call('keyErase', own)).toBe(0);
    expect(bench.agree(exchange, peer)).toBe(key(KeyReason.HANDLE));
  });
  test('takes 1 for an ephemeral key when the random bytes make 0', () => {
    const partner = bench.subjectOf(run.responder);
    expect(bench.begin(bench.own(), Role.INITIATOR, partner, new Uint8Array(48), unhex(run.responder.certificate))).toBe(0);
    expect(core.memory.slice(OUT, OUT + lengths.point)).toEqual(model.compress(model.curve.base));
  });
  test('goes on beside others', () => {
    const exchanges = Array.from({ length: 8 }, () => bench.begun());
    for (const exchange of exchanges) expect(bench.agree(exchange, peer)).toBe(0);
    for (const exchange of exchanges.toReversed()) expect(bench.confirm(exchange, macv)).toBe(0);
    expect(core.positions(linkKey)).toHaveLength(8);
  });
  test('finds its end, but no beginning, in a core whose slots are all taken', () => {
    const own = bench.own();
    const exchange = bench.begun();
    for (let number = 0; number === 0;) {
      core.memory[KEY + layout.KEY_KIND] = KeyKind.NETWORK;
      number = core.call('keyImport');
    }
    const partner = bench.subjectOf(run.responder);
    const number = bench.begin(own, Role.INITIATOR, partner, new Uint8Array(48), unhex(run.responder.certificate));
    expect(number).toBe(key(KeyReason.NO_SLOT));
    expect(bench.agree(exchange, peer)).toBe(0);
    expect(bench.confirm(exchange, macv)).toBe(0);
  });
});
