/** The benches' own ground: medians are medians, contenders must agree, the peer reads what it should, the bound is the air's. */
import { createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acknowledgedFrame } from '../../firmware/air/timing.ts';
import { MAX_DATA_SIZE } from '../../firmware/ppmid/ota-client.ts';
import { freshCore } from '../kit/core.ts';
import { secured, macData, bytes, join } from '../kit/frame-oracle.ts';
import { eui64, hex } from '../../host/model/ids.ts';
import { pattern } from '../assembly/crypto/oracle.ts';
import { BLOCK, BOUND, REQUEST_PSDU } from './airtime.ts';
import { PlainReader } from './plain-reader.ts';
import { deciding } from './policy-benches.ts';
import { Premises } from './premises.ts';
import { quantile, race, rowOf, type Bench } from './race.ts';
import { rowLine } from './table.ts';

const bench: Bench = { name: 'one', versus: 'two', unit: 'things/s', measure: async () => [] };

describe('a row', () => {
  test('is the median of the ratios with their quartiles, not the ratio of medians', () => {
    const samples = [1, 2, 3, 4, 100].map((ours, i) => ({ ours, theirs: i === 0 ? 10 : 1 }));
    expect(rowOf(bench, samples)).toEqual({
      name: 'one',
      versus: 'two',
      unit: 'things/s',
      ratio: 3,
      ours: 3,
      theirs: 1,
      runs: 5,
      q1: 2,
      q3: 4,
    });
  });
  test('of no samples is an error', () => expect(() => rowOf(bench, [])).toThrow('a quantile of nothing'));
  test('has quartiles around its median, which are values between the least and the greatest', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), { minLength: 1 }), (values) => {
        const [q1, q2, q3] = [0.25, 0.5, 0.75].map((share) => quantile(values, share)) as [number, number, number];
        expect([Math.min(...values) <= q1, q1 <= q2, q2 <= q3, q3 <= Math.max(...values)]).toEqual([true, true, true, true]);
      }),
    );
  });
  test('is told with three figures', () => {
    const row = { ...rowOf(bench, [{ ours: 123_456, theirs: 61_728 }]), q1: 0.016_49 };
    expect(rowLine(row).split(/ +/)).toEqual(['one', '×2.00', '0.0165', '–', '2.00', '123000', '61700', 'things/s', '1', 'two']);
  });
});

describe('a race', () => {
  test('gives every contender each round once, prepared before, and changes who begins', async () => {
    const log: string[] = [];
    const contender = (name: string) => ({ prepare: () => void log.push(`${name}?`), run: () => (log.push(name), 'same') });
    const samples = await race(1, contender('a'), contender('b'), 2);
    expect(samples).toHaveLength(2);
    expect(log.slice(-8)).toEqual(['a?', 'a', 'b?', 'b', 'b?', 'b', 'a?', 'a']);
  });
  test('between different answers is refused', async () => {
    await expect(race(1, { run: () => '1' }, { run: () => '2' })).rejects.toThrow('the contenders disagree');
  });
});

describe('the plain reader', () => {
  const [network, link] = [pattern(16), pattern(16).map((byte) => byte ^ 0xff)];
  const source = '0200000000000202';
  const asdu = bytes('01 07 03 aabbcc');
  const apdu = secured(bytes('20 01 1900 0901 01 09'), { key: link, source, counter: 5, keyId: 0, extendedNonce: false }, asdu);
  const frame = macData(secured(bytes('0802 0000 5a5a 1e 2b'), { key: network, source, counter: 6, keyId: 1 }, apdu), 0x5a5a, 0);
  const reader = () => new PlainReader({ network: createSecretKey(network), link: createSecretKey(link) });

  test('reads of a frame what the core reads', async () => {
    const core = await freshCore();
    core.keys.importNetwork(Uint8Array.from(network), 0);
    core.keys.importLink(Uint8Array.from(link), eui64(source));
    const ours = core.rx(frame);
    if (!ours.ok) throw new Error(ours.code);
    const { mac, nwk, aps, zcl, payload } = reader().read(frame);
    expect(ours.frame).toMatchObject({ mac: { seq: mac.seq, dst: mac.dst, src: mac.src, dstPan: mac.pan }, nwk, aps, zcl });
    expect(hex(ours.frame.payload)).toBe(hex(payload));
  });
  test('opens no frame with a changed byte', () => {
    for (let at = 0; at < frame.length; at++) {
      const changed = frame.slice(0, -2);
      if (at < changed.length) changed[at] = changed[at]! ^ 0x80;
      expect(() => reader().read(at < changed.length ? join(changed, frame.slice(-2)) : join(changed, bytes('0000')))).toThrow();
    }
  });
  test('opens a frame once', () => {
    const once = reader();
    once.read(frame);
    expect(() => once.read(frame)).toThrow('replay');
  });
});

describe('the bound of the air', () => {
  test('is that of the virtual air, by two separate computations', () => {
    expect(BOUND).toBeCloseTo((BLOCK * 1e6) / (acknowledgedFrame(REQUEST_PSDU) + acknowledgedFrame(127)), 6);
  });
  test('counts as many bytes a block as a PPMID asks for', () => expect(BLOCK).toBe(MAX_DATA_SIZE));
});

describe('premises of the policy benches', () => {
  test('are decided as their registers say: three orders in four by the Lead Supplier go on, the fourth by another does not', async () => {
    const premises = await Premises.open();
    await premises.grow(50);
    const decide = deciding(premises);
    expect(Array.from({ length: 100 }, (_, n) => decide(premises.order(n)))).toEqual(
      Array.from({ length: 100 }, (_, n) => (n % 4 === 3 ? 'refuse' : 'forward')),
    );
    expect(premises.read(premises.order(7).request)).toBe(5);
    await premises.close();
  });
});
