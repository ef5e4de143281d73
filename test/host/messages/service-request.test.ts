import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decode } from '../../../host/messages/cbor.ts';
import { encode, type Encodable } from '../../../host/messages/cbor-writer.ts';
import { emit, MAX_PURPOSE, parse } from '../../../host/messages/service-request.ts';
import { Fault } from '../../../host/model/fault.ts';
import { euiFromBytes, digest, hex, parseRequestId, requestId } from '../../../host/model/ids.ts';
import type { ServiceRequest } from '../../../host/model/service-request.ts';
import { CANCEL, LEAD, must, PPMID, UPDATE } from './parties.ts';

/** The map of a request as written. */
const mapOf = (request: ServiceRequest): Map<Encodable, Encodable> =>
  new Map(must(decode(emit(request))) as ReadonlyMap<Encodable, Encodable>);

/** The same with one field replaced; undefined leaves it out. */
function changed(request: ServiceRequest, name: string, value: Encodable | undefined): Uint8Array {
  const map = mapOf(request);
  if (value === undefined) map.delete(name);
  else map.set(name, value);
  return encode(map);
}

describe('a service request', () => {
  test.each([UPDATE, CANCEL])('of the kind $kind is read as it was written', (request) => {
    expect(must(parse(emit(request)))).toEqual(request);
  });

  test('is frozen when it is read', () => {
    const read = must(parse(emit(UPDATE)));
    expect(Object.isFrozen(read) && read.kind === 'update-firmware' && Object.isFrozen(read.image)).toBe(true);
  });

  const eui = fc.uint8Array({ minLength: 8, maxLength: 8 }).map(euiFromBytes);
  const times = fc.tuple(fc.nat(0xffff_ffff), fc.nat(0xffff_ffff)).filter(([from, to]) => from < to);
  test('is read as it was written, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.record({
          ids: fc.tuple(eui, eui, eui),
          counter: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
          window: times,
          sum: fc.uint8Array({ minLength: 32, maxLength: 32 }).map(digest),
          length: fc.integer({ min: 1, max: 0xffff_ffff }),
          firmwareVersion: fc.nat(0xffff_ffff),
          allowDowngrade: fc.boolean(),
          purpose: fc.string({ minLength: 1, maxLength: 60 }).filter((text) => !/\p{Cc}/u.test(text)),
          lab: fc.boolean(),
          cancel: fc.boolean(),
        }),
        ({
          ids: [originator, target, gateway],
          counter,
          window: [notBefore, expires],
          sum,
          length,
          firmwareVersion,
          allowDowngrade,
          purpose,
          lab,
          cancel,
        }) => {
          const base = {
            originator,
            target,
            counter,
            gateway,
            environment: lab ? ('lab' as const) : ('production' as const),
            notBefore,
            expires,
          };
          const request: ServiceRequest = cancel
            ? { kind: 'cancel-update', ...base, cancels: requestId(target, originator, counter) }
            : {
                kind: 'update-firmware',
                ...base,
                image: { digest: sum, length },
                firmwareVersion,
                completeBy: expires,
                activateFrom: notBefore,
                duis: { version: '3.1', effectiveFrom: notBefore },
                allowDowngrade,
                purpose,
              };
          const bytes = emit(request);
          expect(must(parse(bytes))).toEqual(request);
          expect(hex(emit(must(parse(bytes))))).toBe(hex(bytes));
        },
      ),
    );
  });

  test.each<[string, ServiceRequest, string, Encodable | undefined, string]>([
    ['no kind', UPDATE, 'kind', undefined, 'missing-field'],
    ['another kind', UPDATE, 'kind', 'read-firmware-version', 'out-of-range'],
    ['no counter', UPDATE, 'counter', undefined, 'missing-field'],
    ['a negative counter', UPDATE, 'counter', -1, 'out-of-range'],
    ['a counter as a text', UPDATE, 'counter', '1000', 'wrong-type'],
    ['an originator of 7 bytes', UPDATE, 'originator', new Uint8Array(7), 'out-of-range'],
    ['an originator as a text', UPDATE, 'originator', '0200000000000101', 'wrong-type'],
    ['another environment', UPDATE, 'environment', 'test', 'out-of-range'],
    ['a time after the year 9999', UPDATE, 'expires', 253_402_300_800, 'out-of-range'],
    ['acceptance that ends as it begins', UPDATE, 'expires', UPDATE.notBefore, 'empty-window'],
    ['completion that ends as it begins', UPDATE, 'completeBy', UPDATE.notBefore, 'empty-window'],
    ['activation that may begin when completion is due', UPDATE, 'activateFrom', UPDATE.completeBy, 'empty-window'],
    ['no text of DUIS', UPDATE, 'duis', undefined, 'missing-field'],
    ['a text of DUIS by its number alone', UPDATE, 'duis', { version: '3.1' }, 'missing-field'],
    ['a version of DUIS that is no version [R-PRIV-01]', UPDATE, 'duis', { version: '1200.0233.05967', effectiveFrom: 0 }, 'out-of-range'],
    ['a version of DUIS in words', UPDATE, 'duis', { version: 'three', effectiveFrom: 0 }, 'out-of-range'],
    ['a version of DUIS as a number', UPDATE, 'duis', { version: 3, effectiveFrom: 0 }, 'wrong-type'],
    ['no image', UPDATE, 'image', undefined, 'missing-field'],
    ['an image that is no map', UPDATE, 'image', 'x', 'wrong-type'],
    ['an image without length', UPDATE, 'image', { digest: new Uint8Array(32) }, 'missing-field'],
    ['an empty image', UPDATE, 'image', { digest: new Uint8Array(32), length: 0 }, 'out-of-range'],
    ['an image of 4 GiB', UPDATE, 'image', { digest: new Uint8Array(32), length: 2 ** 32 }, 'out-of-range'],
    ['a short digest', UPDATE, 'image', { digest: new Uint8Array(31), length: 1 }, 'out-of-range'],
    ['more about the image', UPDATE, 'image', { digest: new Uint8Array(32), length: 1, url: 'x' }, 'unknown-field'],
    ['a version of 33 bits', UPDATE, 'firmwareVersion', 2 ** 32, 'out-of-range'],
    ['a permission as a number', UPDATE, 'allowDowngrade', 1, 'wrong-type'],
    ['no purpose [R-PPMID-14]', UPDATE, 'purpose', undefined, 'missing-field'],
    ['an empty purpose [R-PPMID-14]', UPDATE, 'purpose', '', 'out-of-range'],
    ['a long purpose', UPDATE, 'purpose', 'x'.repeat(MAX_PURPOSE + 1), 'out-of-range'],
    ['a purpose with a line break', UPDATE, 'purpose', 'a\nb', 'out-of-range'],
    ['a field that nobody knows', UPDATE, 'force', true, 'unknown-field'],
    ['a field of the other kind', UPDATE, 'cancels', CANCEL.cancels, 'unknown-field'],
    ['a RequestID in lower case', CANCEL, 'cancels', CANCEL.cancels.toLowerCase(), 'out-of-range'],
    ['a RequestID with a leading zero', CANCEL, 'cancels', CANCEL.cancels.replace(':1000', ':01000'), 'out-of-range'],
    ['a RequestID beyond 64 bits', CANCEL, 'cancels', CANCEL.cancels.replace(':1000', `:${1n << 64n}`), 'out-of-range'],
    ['a RequestID that is no text', CANCEL, 'cancels', 7, 'wrong-type'],
  ])('is refused by name: %s', (_, request, name, value, code) => {
    const refused = parse(changed(request, name, value));
    expect(refused).toMatchObject({ ok: false, code });
    expect(!refused.ok && refused.detail).toMatch(new RegExp(name));
  });

  test.each([
    ['an array', encode([])],
    ['a key that is no text', encode(new Map<Encodable, Encodable>([[1, 2]]))],
    ['no CBOR', Uint8Array.of(0x18, 0x00)],
  ])('is refused when it is %s', (_, bytes) => expect(parse(bytes).ok).toBe(false));

  test('names a key that is no text when all others are there', () => {
    expect(parse(encode(mapOf(CANCEL).set(1, 2)))).toMatchObject({
      ok: false,
      code: 'unknown-field',
      detail: 'a key that is not a text is not known',
    });
  });

  test('that no reader would take is not written', () => {
    expect(() => emit({ ...UPDATE, purpose: '' })).toThrow(
      new Fault('input', 'service request: purpose is not within: 1 to 256 characters'),
    );
  });
});

test('a RequestID is taken apart as it was put together, and in one form only', () => {
  expect(parseRequestId(requestId(LEAD.signer.party, PPMID, 1000n))).toEqual({
    originator: LEAD.signer.party,
    target: PPMID,
    counter: 1000n,
  });
  expect(parseRequestId('')).toBeUndefined();
  expect(parseRequestId(`${requestId(LEAD.signer.party, PPMID, 1n)} `)).toBeUndefined();
});
