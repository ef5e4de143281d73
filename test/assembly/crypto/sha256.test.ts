/** SHA-256 against published digests and node:crypto, in any split. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import vectors from '../../../seeds/vectors/fips.json' with { type: 'json' };
import { hex, unhex } from '../../../host/model/ids.ts';
import { primitives } from '../../kit/primitives.ts';
import { pattern } from './oracle.ts';

const core = await primitives();
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('the digest', () => {
  test.each(vectors.sha256)('of $message is the published one', ({ message, digest }) =>
    expect(hex(core.sha256([unhex(message)]))).toBe(digest),
  );

  test('equals node:crypto for every length from 0 to 260', () => {
    for (let length = 0; length <= 260; length++) expect(hex(core.sha256([pattern(length)]))).toBe(sha256(pattern(length)));
  });
});

describe('any split equals one shot', () => {
  test('in two parts at every place, for small messages', () => {
    for (const length of [1, 55, 56, 63, 64, 65, 119, 120, 128, 129]) {
      const message = pattern(length);
      for (let at = 0; at <= length; at++) expect(hex(core.sha256([message.subarray(0, at), message.subarray(at)]))).toBe(sha256(message));
    }
  });

  test.each([8191, 8192])('in two parts at every place, for %i bytes', (length) => {
    const message = pattern(length);
    const whole = sha256(message);
    for (let at = 0; at <= length; at++) {
      if (hex(core.sha256([message.subarray(0, at), message.subarray(at)])) !== whole) throw new Error(`split at ${at}`);
    }
  });

  test('in any number of parts', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 150 }), { maxLength: 12 }), (parts) => {
        expect(hex(core.sha256(parts))).toBe(sha256(Buffer.concat(parts)));
      }),
    );
  });
});
