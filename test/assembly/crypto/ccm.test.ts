/** CCM*: published vectors, node:crypto, and every way in which a sealed text may be wrong. */
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import wycheproof from '../../../seeds/vectors/aes-ccm-128-13-wycheproof.json' with { type: 'json' };
import zigbee from '../../../seeds/vectors/zigbee-primitives.json' with { type: 'json' };
import { CCM_LEN, CCM_BLOCK } from '../../../assembly/abi/layout.ts';
import { hex, unhex } from '../../../host/model/ids.ts';
import { primitives } from '../../kit/primitives.ts';
import { pattern } from './oracle.ts';
import * as oracle from './oracle.ts';

const core = await primitives();
const bytes = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength });
const key = bytes(16, 16);
const nonce = bytes(13, 13);
const text = fc.oneof(bytes(0, 130), fc.constantFrom(15, 16, 17, 31, 32, 33, 48).map(pattern));
const micLength = fc.constantFrom(0, 4, 6, 8, 10, 12, 14, 16);

describe('published vectors', () => {
  test.each(zigbee.ccm_star)('$name: sealed and opened', (vector) => {
    const [k, n, aad, plain, output] = [vector.key, vector.nonce, vector.aad, vector.plaintext, vector.output].map(unhex) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    expect(hex(core.seal(k, n, aad, plain, vector.mic_len) ?? plain)).toBe(vector.output);
    expect(hex(core.open(k, n, aad, output, vector.mic_len) ?? output)).toBe(vector.plaintext);
  });

  test.each(wycheproof.tests)('Wycheproof $tcId: sealed and opened', (vector) => {
    const [k, n, aad] = [unhex(vector.key), unhex(vector.iv), unhex(vector.aad)];
    const micLen = vector.tagbits / 8;
    expect(hex(core.seal(k, n, aad, unhex(vector.msg), micLen) ?? aad)).toBe(vector.ct + vector.tag);
    expect(hex(core.open(k, n, aad, unhex(vector.ct + vector.tag), micLen) ?? aad)).toBe(vector.msg);
  });
});

describe('seal and open', () => {
  test('equal node:crypto for every MIC length', () => {
    fc.assert(
      fc.property(key, nonce, text, text, micLength, (k, n, aad, plain, mic) => {
        const sealed = oracle.seal(k, n, aad, plain, mic);
        expect(hex(core.seal(k, n, aad, plain, mic) ?? n)).toBe(hex(sealed));
        expect(hex(core.open(k, n, aad, sealed, mic) ?? n)).toBe(hex(plain));
      }),
      { numRuns: 400 },
    );
  });

  test('equal node:crypto for every pair of lengths around one and two blocks', () => {
    const [k, n] = [pattern(16), pattern(13)];
    const lengths = [0, 1, 13, 14, 15, 16, 17, 30, 31, 32, 33];
    for (const aad of lengths.map(pattern)) {
      for (const plain of lengths.map(pattern))
        expect(hex(core.seal(k, n, aad, plain, 4) ?? n)).toBe(hex(oracle.seal(k, n, aad, plain, 4)));
    }
  });

  test('reach the longest header and data that the format has', () => {
    const [k, n, aad] = [pattern(16), pattern(13), pattern(3000)];
    const plain = pattern(20_000);
    expect(hex(core.seal(k, n, aad, plain, 16) ?? n)).toBe(hex(oracle.seal(k, n, aad, plain, 16)));
  });

  test('open in place', () => {
    const [k, n, aad, plain] = [pattern(16), pattern(13), pattern(20), pattern(37)];
    const at = core.put(oracle.seal(k, n, aad, plain, 4));
    expect(core.call.ccmOpen(core.schedule(k), core.put(n), core.put(aad), aad.length, at, 37, at + 37, 4, at)).toBe(1);
    expect(core.read(at, 37)).toEqual(plain);
    core.reset();
  });
});

describe('open refuses', () => {
  test('one changed bit anywhere in key, nonce, header, ciphertext or MIC, and leaves no plaintext', () => {
    fc.assert(
      fc.property(key, nonce, bytes(1, 40), bytes(1, 60), fc.nat(), (k, n, aad, plain, where) => {
        const parts = [k, n, aad, oracle.seal(k, n, aad, plain, 4)].map((part) => Uint8Array.from(part));
        let bit = where % (8 * parts.reduce((sum, part) => sum + part.length, 0));
        for (const part of parts) {
          if (bit >= 0 && bit < 8 * part.length) part[bit >> 3] = (part[bit >> 3] ?? 0) ^ (1 << (bit & 7));
          bit -= 8 * part.length;
        }
        const [k2, n2, aad2, sealed2] = parts as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
        const cipher = core.put(sealed2);
        const out = core.room(plain.length);
        const [schedule, nonceAt, aadAt] = [core.schedule(k2), core.put(n2), core.put(aad2)];
        expect(core.call.ccmOpen(schedule, nonceAt, aadAt, aad.length, cipher, plain.length, cipher + plain.length, 4, out)).toBe(0);
        expect(core.read(out, plain.length)).toEqual(new Uint8Array(plain.length));
        core.reset();
      }),
      { numRuns: 300 },
    );
  });
});

describe('both refuse, touching nothing', () => {
  const attempt = (aadLength: number, dataLength: number, mic: number): void => {
    const [n, aad, data, tag] = [core.put(pattern(13)), core.put(pattern(64)), core.put(pattern(64)), core.put(pattern(32))];
    const schedule = core.schedule(pattern(16));
    const before = core.memory.slice();
    expect(core.call.ccmSeal(schedule, n, aad, aadLength, data, dataLength, tag, mic)).toBe(0);
    expect(core.call.ccmOpen(schedule, n, aad, aadLength, data, dataLength, tag, mic, data)).toBe(0);
    expect(Buffer.compare(before, core.memory)).toBe(0);
    core.reset();
  };
  test.each([-1, 1, 2, 3, 5, 7, 9, 11, 13, 15, 17, 18, 32])('1: a MIC of %i bytes', (mic) => attempt(8, 16, mic));
  test.each([-1, 0xff00, 0x7fffffff])('2: a header of %i bytes', (length) => attempt(length, 16, 4));
  test.each([-1, 0x10000, 0x7fffffff])('3: data of %i bytes', (length) => attempt(8, length, 4));
});

test('nothing of chain or key stream is left behind', () => {
  core.memory.fill(0, CCM_BLOCK, CCM_BLOCK + CCM_LEN);
  const sealed = core.seal(pattern(16), pattern(13), pattern(20), pattern(50), 8);
  expect(core.read(CCM_BLOCK, CCM_LEN)).toEqual(new Uint8Array(CCM_LEN));
  core.open(pattern(16), pattern(13), pattern(20), sealed ?? pattern(0), 8);
  expect(core.read(CCM_BLOCK, CCM_LEN)).toEqual(new Uint8Array(CCM_LEN));
});

const captured = new URL('../../../../shared/corpus/vectors/zigbee-captured-frames.json', import.meta.url);
describe.skipIf(!existsSync(captured))('captured NWK frames (corpus vectors/zigbee-captured-frames.json)', () => {
  interface Frame {
    readonly name: string;
    readonly frame_with_fcs: string;
    readonly network_key: string;
    readonly nonce: string;
    readonly aad: string;
    readonly plaintext: string;
  }
  const frames = existsSync(captured) ? (JSON.parse(readFileSync(captured, 'utf8')) as { readonly frames: readonly Frame[] }).frames : [];

  test.each(frames)('$name opens', ({ frame_with_fcs, network_key, nonce: n, aad, plaintext }) => {
    const sealedLength = plaintext.length / 2 + 4;
    const sealed = unhex(frame_with_fcs.slice(0, -4)).slice(-sealedLength);
    expect(hex(core.open(unhex(network_key), unhex(n), unhex(aad), sealed, 4) ?? sealed)).toBe(plaintext);
  });
});
