/**
 * Any split equals one shot, for signed files. The report of every split is compared with that of one piece: its digests, its
 * checks, its elements. The curve is asked once a file, since it takes nothing but the digest, the certificate and the
 * signature, which are compared: the splits run under a trust in nobody, where the verification ends before it.
 */
import { describe, expect, test } from 'vitest';
import { ImageFlag } from '../../../assembly/abi/code.ts';
import * as layout from '../../../assembly/abi/layout.ts';
import { Seeded } from '../../../firmware/air/seeded.ts';
import { hex } from '../../../host/model/ids.ts';
import { primitives } from '../../kit/primitives.ts';
import { begin, verify } from './report.ts';
import { signedFile, TRUST } from './signed-files.ts';

const core = await primitives();
const { IMG, IMG_AUTHORITIES, IMAGE_STATE, STATE_CERTIFICATE1, STATE_SIGNATURE, IN, IN_SIZE } = layout;
/** What the curve is given: the data of signature and certificates, kept in a row. */
const GIVEN = [IMAGE_STATE + STATE_SIGNATURE, STATE_CERTIFICATE1 - STATE_SIGNATURE + 48 + 74] as const;
/** Bytes of an image block on the air. */
const BLOCK = 56;

/** Everything that is reported of a file in pieces, and what the curve would be given, as one text. */
function reported(pieces: readonly Uint8Array[]): string {
  if (begin(core, ImageFlag.ANY_SIGNER) !== 0) throw new Error('imageBegin refused');
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; at += IN_SIZE) {
      const part = piece.subarray(at, at + IN_SIZE);
      core.memory.set(part, IN);
      core.call.imageUpdate(part.length);
    }
  }
  core.call.imageFinish();
  return hex(core.read(IMG, IMG_AUTHORITIES - IMG)) + hex(core.read(...GIVEN));
}

const split = (file: Uint8Array, ...places: readonly number[]): readonly Uint8Array[] =>
  [0, ...places].map((place, i) => file.subarray(place, places[i] ?? file.length));

/** Holds splits to the report of one piece and says how many there were. */
function expectSame(file: Uint8Array, splits: Iterable<readonly number[]>): number {
  const whole = reported([file]);
  let count = 0;
  for (const places of splits) {
    if (reported(split(file, ...places)) !== whole) throw new Error(`split at ${places.join(', ')}`);
    count++;
  }
  return count;
}

const everyPlace = (file: Uint8Array): readonly (readonly number[])[] => Array.from({ length: file.length + 1 }, (_, at) => [at]);

describe.each([1, 2] as const)('a file signed in suite %i', (suite) => {
  test.each([8191, 8192])('gives one report in all two-part splits when %i bytes are hashed', (hashed) => {
    const file = signedFile(suite, hashed + (suite === 1 ? 42 : 72));
    expect(verify(core, file, 0, TRUST)).toMatchObject({ verdict: 'accepted' });
    expect(core.int(IMG + layout.IMG_SIGNED_LEN)).toBe(hashed);
    const count = expectSame(file, everyPlace(file));
    console.log(`suite ${suite}, ${hashed} bytes hashed: ${count} two-part splits alike, the signature verified once`);
    expect(count).toBe(file.length + 1);
  });

  test('of 8,191 and of 8,192 bytes in all does so too', () => {
    for (const size of [8191, 8192]) {
      const file = signedFile(suite, size);
      expect(verify(core, file, 0, TRUST).verdict).toBe('accepted');
      expect(expectSame(file, everyPlace(file))).toBe(size + 1);
    }
  });

  test('of 70,000 bytes gives one report in every split within 64 bytes of a block or element edge, and in 2,000 seeded ones', () => {
    const file = signedFile(suite, 70_000, [{ tag: 0xf000, data: new Uint8Array(17) }]);
    const report = verify(core, file, 0, TRUST);
    expect(report.verdict).toBe('accepted');
    const edges = [0, file.length, ...report.elements.flatMap(([, length, offset]) => [offset - 6, offset, offset + length])];
    for (let edge = 0; edge <= file.length; edge += 4096) edges.push(edge);
    const near = new Set(edges.flatMap((edge) => Array.from({ length: 129 }, (_, i) => edge - 64 + i)));
    const random = new Seeded(70_000 + suite);
    const seeded = Array.from({ length: 2000 }, () =>
      Array.from({ length: 1 + random.below(4) }, () => random.below(file.length + 1)).sort((a, b) => a - b),
    );
    const close = [...near].filter((at) => at >= 0 && at <= file.length).map((at) => [at]);
    const count = expectSame(file, [...close, ...seeded]);
    console.log(
      `suite ${suite}, 70,000 bytes: ${close.length} splits at edges and ${seeded.length} seeded ones alike, the signature verified once`,
    );
    expect(count).toBe(close.length + 2000);
  }, 120_000);

  test('in blocks as they come over the air gives the report of one piece', () => {
    const file = signedFile(suite, 3000);
    const blocks = Array.from({ length: Math.ceil(file.length / BLOCK) }, (_, i) => i * BLOCK).slice(1);
    expect(expectSame(file, [blocks])).toBe(1);
    expect(verify(core, split(file, ...blocks), 0, TRUST)).toMatchObject({ verdict: 'accepted' });
  });

  test('would be found out if a split changed a digest', () => {
    const file = signedFile(suite, 3000);
    const other = Uint8Array.from(file);
    other[100]! ^= 1;
    expect(reported([other])).not.toBe(reported([file]));
  });
});
