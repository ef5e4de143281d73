/** AES-MMO: published vectors, an independent oracle, both paddings, any split. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import vectors from '../../../seeds/vectors/zigbee-primitives.json' with { type: 'json' };
import { At, CallReason } from '../../../assembly/abi/code.ts';
import { IN, IN_SIZE, OUT } from '../../../assembly/abi/layout.ts';
import { hex, unhex } from '../../../host/model/ids.ts';
import { primitives } from '../../kit/primitives.ts';
import * as oracle from './oracle.ts';
import { pattern } from './oracle.ts';

const core = await primitives();
const PIECE = 4096;

/** A message in pieces that fit beside the module's data. */
const pieces = (message: Uint8Array): Uint8Array[] =>
  Array.from({ length: Math.ceil(message.length / PIECE) }, (_, i) => message.subarray(PIECE * i, PIECE * (i + 1)));

describe('published vectors', () => {
  test.each(vectors.aes_mmo)('$name', (vector) => {
    const message = vector.msg === undefined ? pattern(vector.length ?? 0) : unhex(vector.msg);
    expect(hex(core.mmo(pieces(message)))).toBe(vector.hash);
  });
});

describe('the digest', () => {
  test('equals the oracle for every length from 0 to 130', () => {
    for (let length = 0; length <= 130; length++) expect(hex(core.mmo([pattern(length)]))).toBe(hex(oracle.mmo(pattern(length))));
  });

  test('equals the oracle for lengths around 2^16 bits, where the padding changes', () => {
    for (let length = 8176; length <= 8208; length++) expect(hex(core.mmo(pieces(pattern(length))))).toBe(hex(oracle.mmo(pattern(length))));
  });

  test('at once equals the streamed one', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (message) => {
        const digest = core.room(16);
        core.call.mmoHash(core.put(message), message.length, digest);
        expect(hex(core.read(digest, 16))).toBe(hex(oracle.mmo(message)));
        core.reset();
      }),
    );
  });
});

describe('short padding', () => {
  test('is the ordinary one below 2^16 bits', () => {
    for (const length of [0, 1, 13, 14, 15, 16, 8191]) {
      expect(hex(core.mmo(pieces(pattern(length)), { short: true }))).toBe(hex(core.mmo(pieces(pattern(length)))));
    }
  });

  test.each([8192, 8205, 8206, 8207, 16_384])('counts bits modulo 2^16 at %i bytes', (length) => {
    const short = hex(core.mmo(pieces(pattern(length)), { short: true }));
    expect(short).toBe(hex(oracle.mmo(pattern(length), { short: true })));
    expect(short).not.toBe(hex(core.mmo(pieces(pattern(length)))));
  });
});

describe('any split equals one shot', () => {
  test('in two parts at every place, for small messages', () => {
    for (const length of [1, 15, 16, 17, 31, 32, 33, 64, 100]) {
      const message = pattern(length);
      const whole = hex(core.mmo([message]));
      for (let at = 0; at <= length; at++) expect(hex(core.mmo([message.subarray(0, at), message.subarray(at)]))).toBe(whole);
    }
  });

  test.each([8191, 8192])('in two parts at every place, for %i bytes', (length) => {
    const message = pattern(length);
    const whole = hex(core.mmo([message]));
    for (let at = 0; at <= length; at++) {
      if (hex(core.mmo([message.subarray(0, at), message.subarray(at)])) !== whole) throw new Error(`split at ${at}`);
    }
  });

  test('in any number of parts', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 12 }), (parts) => {
        expect(hex(core.mmo(parts))).toBe(hex(oracle.mmo(Buffer.concat(parts))));
      }),
    );
  });
});

describe('a forked message', () => {
  test('goes on in two ways', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }),
        fc.uint8Array({ maxLength: 40 }),
        fc.uint8Array({ maxLength: 40 }),
        (start, left, right) => {
          const [a, b, digest] = [core.room(48), core.room(48), core.room(16)];
          core.call.mmoInit(a);
          core.call.mmoUpdateAt(a, core.put(start), start.length);
          core.call.mmoFork(b, a);
          core.call.mmoUpdateAt(a, core.put(left), left.length);
          core.call.mmoUpdateAt(b, core.put(right), right.length);
          core.call.mmoFinal(a, digest);
          expect(hex(core.read(digest, 16))).toBe(hex(oracle.mmo(Buffer.concat([start, left]))));
          core.call.mmoFinal(b, digest);
          expect(hex(core.read(digest, 16))).toBe(hex(oracle.mmo(Buffer.concat([start, right]))));
          core.reset();
        },
      ),
    );
  });
});

test('a finished state holds nothing of the message', () => {
  const [state, digest] = [core.room(48), core.room(16)];
  core.call.mmoInit(state);
  core.call.mmoUpdateAt(state, core.put(pattern(21)), 21);
  core.call.mmoFinal(state, digest);
  expect(core.read(state, 48)).toEqual(new Uint8Array(48));
  core.reset();
});

test('the calls of the signer give the same digest, chunk by chunk', () => {
  const message = pattern(8193);
  expect(core.call.mmoBegin()).toBe(0);
  for (const piece of pieces(message)) {
    core.memory.set(piece, IN);
    expect(core.call.mmoUpdate(piece.length)).toBe(0);
  }
  expect(core.call.mmoUpdate(IN_SIZE + 1)).toBe(At.CALL * 256 + CallReason.LENGTH);
  expect(core.call.mmoUpdate(-1)).toBe(At.CALL * 256 + CallReason.LENGTH);
  expect(core.call.mmoFinish()).toBe(0);
  expect(hex(core.read(OUT, 16))).toBe(hex(oracle.mmo(message)));
});
