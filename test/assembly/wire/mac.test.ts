/** MAC headers: which fields stand there, against the tables of both versions of the standard, and the FCS. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { freshCore } from '../../kit/core.ts';
import { bytes, fcsOf, join, le, withFcs } from '../../kit/frame-oracle.ts';

const core = await freshCore();

const SHORT = 2;
const EXTENDED = 3;

/** IEEE 802.15.4-2015 table 7-2: `dst src compression` → PAN identifiers present, `ds`. */
const TABLE_7_2: Readonly<Record<string, string>> = {
  '000': '', '001': 'd',
  '200': 'd', '201': '', '300': 'd', '301': '',
  '020': 's', '021': '', '030': 's', '031': '',
  '330': 'd', '331': '',
  '220': 'ds', '221': 'd', '230': 'ds', '231': 'd', '320': 'ds', '321': 'd',
}; // prettier-ignore

/** 2006 clause 7.2.1.1.5; undefined where the standard forbids compression. */
function pans2006(dst: number, src: number, compression: number): string | undefined {
  if (compression && (!dst || !src)) return undefined;
  return (dst ? 'd' : '') + (src && !compression ? 's' : '');
}

const modes = [0, SHORT, EXTENDED];
const rows = modes.flatMap((dst) => modes.flatMap((src) => [0, 1].map((compression) => ({ dst, src, compression }))));

const address = (mode: number, seed: number): { air: Uint8Array; value: number | string | undefined } => {
  if (mode === 0) return { air: new Uint8Array(0), value: undefined };
  if (mode === SHORT) return { air: le(seed, 2), value: seed };
  return { air: le(0x0200000000000000n + BigInt(seed), 8), value: `02000000${seed.toString(16).padStart(8, '0')}` };
};

describe.each([0, 1, 2])('version %i', (version) => {
  test.each(rows)('destination mode $dst, source mode $src, compression $compression', ({ dst, src, compression }) => {
    const pans = version === 2 ? TABLE_7_2[`${dst}${src}${compression}`] : pans2006(dst, src, compression);
    const fcf = 3 | (compression << 6) | (dst << 10) | (version << 12) | (src << 14);
    const to = address(dst, 0x1234);
    const from = address(src, 0x5678);
    const frame = join(
      le(fcf, 2), le(0x2a, 1),
      pans?.includes('d') ? le(0x1a62, 2) : new Uint8Array(0), to.air,
      pans?.includes('s') ? le(0xbeef, 2) : new Uint8Array(0), from.air,
      bytes('04'),
    ); // prettier-ignore
    const answer = core.rx(withFcs(frame));
    if (pans === undefined) return expect(answer).toMatchObject({ ok: false, code: 'mac-compression' });
    if (!answer.ok) throw new Error(answer.code);
    expect(answer.frame.mac).toMatchObject({ fcf, seq: 0x2a, dst: to.value, src: from.value, command: 4 });
    expect(answer.frame.mac.dstPan).toBe(pans.includes('d') ? 0x1a62 : undefined);
    expect(answer.frame.mac.srcPan).toBe(pans.includes('s') ? 0xbeef : undefined);
    expect(answer.frame.mac.payload).toEqual({ offset: frame.length - 1, length: 1 });
  });
});

describe('the FCS', () => {
  const frame = bytes('6188 01 621a 3412 0000');

  test('is that of the bit by bit definition', () => {
    const command = fc.uint8Array({ minLength: 0, maxLength: 110 }).map((rest) => join(bytes('0300 01 04'), rest));
    fc.assert(
      fc.property(
        command,
        (bytes) =>
          void expect(core.rx(withFcs(bytes))).toMatchObject({ ok: true, frame: { mac: { fcs: { value: fcsOf(bytes), good: true } } } }),
      ),
    );
  });

  test('that is wrong refuses the frame, and in passive reception is shown', () => {
    const wrong = join(frame, le(fcsOf(frame) ^ 1, 2));
    expect(core.rx(wrong)).toMatchObject({ ok: false, code: 'mac-fcs', offset: 9 });
    expect(core.rx(wrong, { passive: true })).toMatchObject({ ok: true, frame: { mac: { fcs: { good: false } } } });
  });

  test('replaced by CC24xx metadata is right when its highest bit says so', () => {
    expect(core.rx(join(frame, bytes('c4 eb')), { tiMetadata: true })).toMatchObject({
      ok: true,
      frame: { mac: { fcs: { value: 0xebc4, good: true } } },
    });
    expect(core.rx(join(frame, bytes('c4 6b')), { tiMetadata: true })).toMatchObject({ ok: false, code: 'mac-fcs' });
  });

  test('that is not there is undefined', () => {
    const answer = core.rx(frame, { noFcs: true });
    expect(answer).toMatchObject({ ok: true, frame: { mac: { payload: { offset: 9, length: 0 } } } });
    expect(answer.frame.mac?.fcs).toBeUndefined();
  });
});
