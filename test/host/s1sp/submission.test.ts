import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeSubmission, encodeSubmission, IMAGE_LIMIT } from '../../../host/s1sp/submission.ts';

const bytes = fc.uint8Array({ maxLength: 300 });

test('what is handed over reads back, request and image, also when one is empty', () => {
  fc.assert(
    fc.property(bytes, bytes, (request, image) => {
      expect(decodeSubmission(encodeSubmission({ request, image }))).toEqual({ ok: true, value: { request, image } });
    }),
  );
});

test('every proper beginning of a form that ends inside length or request is refused', () => {
  const whole = encodeSubmission({ request: new Uint8Array(40).fill(1), image: new Uint8Array(0) });
  for (let length = 0; length < whole.length; length++)
    expect(decodeSubmission(whole.subarray(0, length))).toMatchObject({ ok: false, code: 'submission-form' });
});

test('a length that lies is refused, to the largest, and a view into other bytes is read as its own', () => {
  for (const length of [5, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff]) {
    const form = new Uint8Array(8);
    new DataView(form.buffer).setUint32(0, length);
    expect(decodeSubmission(form)).toMatchObject({ ok: false, code: 'submission-form' });
  }
  const inner = encodeSubmission({ request: Uint8Array.of(1, 2), image: Uint8Array.of(3) });
  const outer = new Uint8Array(inner.length + 20).fill(0xff);
  outer.set(inner, 10);
  expect(decodeSubmission(outer.subarray(10, 10 + inner.length))).toEqual({
    ok: true,
    value: { request: Uint8Array.of(1, 2), image: Uint8Array.of(3) },
  });
});

test('an image at the limit is taken, one byte more is not', () => {
  const request = Uint8Array.of(1);
  expect(decodeSubmission(encodeSubmission({ request, image: new Uint8Array(IMAGE_LIMIT) })).ok).toBe(true);
  expect(decodeSubmission(encodeSubmission({ request, image: new Uint8Array(IMAGE_LIMIT + 1) }))).toMatchObject({
    code: 'image-too-large',
  });
});
