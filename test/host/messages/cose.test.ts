import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { countersign, MAX_COUNTERSIGNATURES, parse, sign1, toBeCountersigned, toBeSigned } from '../../../host/messages/cose.ts';
import { encode, type Encodable } from '../../../host/messages/cbor-writer.ts';
import { signingKey, verify } from '../../../host/messages/ed25519.ts';
import { parse as parseRequest, emit, SERVICE_REQUEST_TYPE } from '../../../host/messages/service-request.ts';
import { hex, unhex } from '../../../host/model/ids.ts';
import { CANCEL, DCC, LEAD, must, S1SP_XML, UPDATE } from './parties.ts';

interface Sign1Vector {
  readonly name: string;
  readonly protected: string;
  readonly payload: string;
  readonly external: string;
  readonly toBeSigned: string;
  readonly publicKey: string;
  readonly signature: string;
}
const seeds = JSON.parse(readFileSync('seeds/vectors/cose.json', 'utf8')) as {
  readonly primitives: {
    readonly sign1: readonly Sign1Vector[];
    readonly countersignature: Omit<Sign1Vector, 'external'> & { readonly signProtected: string; readonly countersignature: string };
  };
  readonly keys: Readonly<Record<'user' | 'countersigner', { readonly seed: string; readonly publicKey: string; readonly kid: string }>>;
  readonly profile: readonly { readonly name: string; readonly payload: string; readonly signed: string; readonly countersigned: string }[];
};
const user = signingKey(unhex(seeds.keys.user.seed));
const countersigner = signingKey(unhex(seeds.keys.countersigner.seed));
const corpus = '../shared/corpus/vectors/cose-sign1.json';

describe('what a signature is over', () => {
  test.each(seeds.primitives.sign1)('is as published: $name', (one) => {
    const bytes = toBeSigned(unhex(one.protected), unhex(one.payload), unhex(one.external));
    expect(hex(bytes)).toBe(one.toBeSigned);
    expect(verify(unhex(one.signature), bytes, unhex(one.publicKey))).toBe(true);
  });

  test('is, for a version-2 countersignature, payload and first signature (RFC 9338)', () => {
    const one = seeds.primitives.countersignature;
    const bytes = toBeCountersigned(unhex(one.protected), unhex(one.signProtected), unhex(one.payload), unhex(one.signature));
    expect(hex(bytes)).toBe(one.toBeSigned);
    expect(verify(unhex(one.countersignature), bytes, unhex(one.publicKey))).toBe(true);
  });
});

describe('a message of the profile', () => {
  test.each(seeds.profile)('is made, bit for bit, as another program made it: $name', ({ payload, signed, countersigned }) => {
    const made = sign1(unhex(payload), SERVICE_REQUEST_TYPE, user);
    expect(hex(made)).toBe(signed);
    expect(hex(must(countersign(made, countersigner)))).toBe(countersigned);
  });

  test.each([
    ['update-firmware', { ...UPDATE }],
    ['cancel-update', { ...CANCEL, counter: (1n << 64n) - 1n }],
  ])('carries the payload of that program: %s', (name, request) => {
    const payload = seeds.profile.find((one) => one.name === name)?.payload ?? '';
    expect(hex(emit(request))).toBe(payload);
    expect(must(parseRequest(unhex(payload)))).toEqual(request);
  });

  test('is read with its signatures in order and what each must be over', () => {
    const read = must(parse(unhex(seeds.profile[0]?.countersigned ?? '')));
    expect(read.contentType).toBe(SERVICE_REQUEST_TYPE);
    expect(hex(read.payload)).toBe(seeds.profile[0]?.payload);
    const [counter] = read.countersignatures;
    expect([read.body.kid, counter?.kid]).toEqual([seeds.keys.user.kid, seeds.keys.countersigner.kid]);
    expect(verify(read.body.signature, read.body.signed, user.publicKey)).toBe(true);
    expect(counter !== undefined && verify(counter.signature, counter.signed, countersigner.publicKey)).toBe(true);
  });

  test('takes several countersignatures, each over the first signature, up to a limit', () => {
    let bytes = sign1(emit(UPDATE), SERVICE_REQUEST_TYPE, LEAD.key);
    for (let count = 1; count <= MAX_COUNTERSIGNATURES; count++) {
      bytes = must(countersign(bytes, count % 2 === 0 ? DCC.key : S1SP_XML.key));
      expect(must(parse(bytes)).countersignatures).toHaveLength(count);
    }
    for (const [i, { signature, signed }] of must(parse(bytes)).countersignatures.entries()) {
      expect(verify(signature, signed, i % 2 === 1 ? DCC.signer.key : S1SP_XML.signer.key)).toBe(true);
    }
    expect(countersign(bytes, DCC.key)).toMatchObject({ ok: false, code: 'countersignature-count' });
  });

  test('is not countersigned when it is none', () => {
    expect(countersign(Uint8Array.of(0x80), DCC.key)).toMatchObject({ ok: false, code: 'tag' });
  });
});

describe('outside the profile', () => {
  const SIGNATURE = new Uint8Array(64);
  const header = (entries: readonly (readonly [Encodable, Encodable])[]): Uint8Array => encode(new Map(entries));
  const KID = new Uint8Array(8);
  const GOOD = header([
    [1, -8],
    [3, 'x'],
    [4, KID],
  ]);
  const COUNTER: Encodable = [GOOD, new Map(), SIGNATURE];
  const message = (parts: Encodable): Uint8Array => Uint8Array.of(0xd2, ...encode(parts));
  const withHeader = (bytes: Encodable): Uint8Array => message([bytes, new Map(), KID, SIGNATURE]);
  const withUnprotected = (label: Encodable, value: Encodable): Uint8Array => message([GOOD, new Map([[label, value]]), KID, SIGNATURE]);
  const withCounter = (value: Encodable): Uint8Array => withUnprotected(11, value);

  test('stands next to what is inside', () => {
    expect(parse(withHeader(GOOD)).ok).toBe(true);
    expect(parse(withCounter(COUNTER)).ok).toBe(true);
    expect(parse(withCounter([COUNTER, COUNTER])).ok).toBe(true);
  });

  test.each<[string, Uint8Array, string]>([
    ['another tag', Uint8Array.of(0xd1, ...encode([GOOD, new Map(), KID, SIGNATURE])), 'tag'],
    ['no array', message(0), 'not-sign1'],
    ['an array of three', message([GOOD, new Map(), KID]), 'not-sign1'],
    ['an array of five', message([GOOD, new Map(), KID, SIGNATURE, 0]), 'not-sign1'],
    ['an unprotected header that is no map', message([GOOD, [], KID, SIGNATURE]), 'not-sign1'],
    ['a detached payload', message([GOOD, new Map(), null, SIGNATURE]), 'not-sign1'],
    ['a short signature', message([GOOD, new Map(), KID, SIGNATURE.subarray(1)]), 'signature-length'],
    ['a signature that is no byte string', message([GOOD, new Map(), KID, 'x'.repeat(64)]), 'signature-length'],
    ['a protected header outside a byte string', withHeader(new Map()), 'protected-header'],
    ['an empty protected header', withHeader(new Uint8Array()), 'truncated'],
    ['a protected header in another order', withHeader(unhex('a3044800000000000000000127036178')), 'key-order'],
    [
      'a protected header without content type',
      withHeader(
        header([
          [1, -8],
          [4, KID],
        ]),
      ),
      'protected-header',
    ],
    [
      'a protected header with more',
      withHeader(
        header([
          [1, -8],
          [2, [3]],
          [3, 'x'],
          [4, KID],
        ]),
      ),
      'protected-header',
    ],
    [
      'another label in its place',
      withHeader(
        header([
          [1, -8],
          [4, KID],
          [5, 'x'],
        ]),
      ),
      'content-type',
    ],
    [
      'ECDSA',
      withHeader(
        header([
          [1, -7],
          [3, 'x'],
          [4, KID],
        ]),
      ),
      'algorithm',
    ],
    [
      'Ed25519 under its own algorithm number',
      withHeader(
        header([
          [1, -19],
          [3, 'x'],
          [4, KID],
        ]),
      ),
      'algorithm',
    ],
    [
      'a content type as a number',
      withHeader(
        header([
          [1, -8],
          [3, 42],
          [4, KID],
        ]),
      ),
      'content-type',
    ],
    [
      'a key identifier of 7 bytes',
      withHeader(
        header([
          [1, -8],
          [3, 'x'],
          [4, KID.subarray(1)],
        ]),
      ),
      'key-id',
    ],
    [
      'a key identifier as a text',
      withHeader(
        header([
          [1, -8],
          [3, 'x'],
          [4, '01234567'],
        ]),
      ),
      'key-id',
    ],
    ['the key identifier unprotected', withUnprotected(4, KID), 'unprotected-header'],
    ['a label that is a text', withUnprotected('11', COUNTER), 'unprotected-header'],
    ['the old countersignature', withUnprotected(7, COUNTER), 'label-7'],
    ['the old abbreviated countersignature', withUnprotected(9, SIGNATURE), 'label-9'],
    ['the abbreviated countersignature', withUnprotected(12, SIGNATURE), 'label-12'],
    [
      'an old countersignature beside a good one',
      message([
        GOOD,
        new Map<Encodable, Encodable>([
          [7, COUNTER],
          [11, COUNTER],
        ]),
        KID,
        SIGNATURE,
      ]),
      'label-7',
    ],
    ['a countersignature that is no array', withCounter(SIGNATURE), 'countersignature-form'],
    ['an empty array of countersignatures', withCounter([]), 'countersignature-form'],
    ['one countersignature in an array', withCounter([COUNTER]), 'countersignature-form'],
    ['a countersignature of two parts', withCounter([GOOD, new Map()]), 'countersignature-form'],
    ['a countersignature of four parts', withCounter([GOOD, new Map(), KID, SIGNATURE]), 'countersignature-form'],
    ['a countersignature among others that is none', withCounter([COUNTER, 1]), 'countersignature-form'],
    ['too many countersignatures', withCounter(Array.from({ length: 9 }, () => COUNTER)), 'countersignature-count'],
    ['a countersignature with unprotected fields', withCounter([GOOD, new Map([[4, KID]]), SIGNATURE]), 'unprotected-header'],
    [
      'a countersignature of another content type',
      withCounter([
        header([
          [1, -8],
          [3, 'y'],
          [4, KID],
        ]),
        new Map(),
        SIGNATURE,
      ]),
      'content-type',
    ],
    [
      'a countersignature of another algorithm',
      withCounter([
        header([
          [1, -7],
          [3, 'x'],
          [4, KID],
        ]),
        new Map(),
        SIGNATURE,
      ]),
      'algorithm',
    ],
  ])('is refused by name: %s', (_, bytes, code) => expect(parse(bytes)).toMatchObject({ ok: false, code }));
});

describe.skipIf(!existsSync(corpus))('the corpus of COSE vectors', () => {
  interface Self {
    name: string;
    protected: string;
    payload: string;
    external_aad: string;
    pk: string;
    tbs: string;
    sig: string;
    cose: string;
    countersign_tbs?: string;
    countersign_pk?: string;
    countersign_sig?: string;
  }
  const { wg, self } = existsSync(corpus)
    ? (JSON.parse(readFileSync(corpus, 'utf8')) as {
        wg: { file: string; cbor: string; key: { crv: string; x_hex: string }; to_be_signed: string; verified?: boolean }[];
        self: Self[];
      })
    : { wg: [], self: [] };

  test('gives the same bytes to be signed and every signature verifies', () => {
    expect(self).toHaveLength(7);
    for (const one of self) {
      const tbs = toBeSigned(unhex(one.protected), unhex(one.payload), unhex(one.external_aad));
      expect(hex(tbs), one.name).toBe(one.tbs);
      expect(verify(unhex(one.sig), tbs, unhex(one.pk)), one.name).toBe(true);
      if (one.countersign_tbs === undefined) continue;
      const counter = toBeCountersigned(unhex(one.protected), unhex('a10127'), unhex(one.payload), unhex(one.sig));
      expect(hex(counter), one.name).toBe(one.countersign_tbs);
      expect(verify(unhex(one.countersign_sig ?? ''), counter, unhex(one.countersign_pk ?? '')), one.name).toBe(true);
    }
  });

  test('holds verified Ed25519 messages of the working group, whose signature verifies here', () => {
    const verified = wg.filter(({ verified: yes }) => yes === true);
    expect(verified.length).toBeGreaterThanOrEqual(3);
    for (const { cbor, key, to_be_signed: tbs, file } of verified) {
      expect(verify(unhex(cbor.slice(-128)), unhex(tbs), unhex(key.x_hex)), file).toBe(true);
    }
  });

  test('holds no message of our profile: all are refused', () => {
    for (const { cbor, file } of wg) expect(parse(unhex(cbor)).ok, file).toBe(false);
    for (const { cose, name } of self) expect(parse(unhex(cose)).ok, name).toBe(false);
  });
});
