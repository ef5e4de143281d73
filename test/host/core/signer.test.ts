/** The signer: digests, key pairs, signatures that OpenSSL and the core verify, certificates that yield their keys. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createECDH, createHash, createPublicKey, verify as opensslVerify } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import issued from '../../../seeds/vectors/ecqv-issue.json' with { type: 'json' };
import { sizesOf, type SuiteNumber } from '../../../host/core/curves.ts';
import { Signer, SIGNER_ENTROPY_LENGTH } from '../../../host/core/signer.ts';
import { Fault, type Result } from '../../../host/model/fault.ts';
import { hex, unhex } from '../../../host/model/ids.ts';
import { freshCore, wasm } from '../../kit/core.ts';

const signer = await Signer.load(wasm('signer'));
const core = await freshCore();
const NAMES = { 1: 'sect163k1', 2: 'sect283k1' } as const;
const SUITES = [1, 2] as const;
const pattern = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i & 0xff);
const entropy = (seed: number): Uint8Array => createHash('sha384').update(`${seed}`).digest();
const valueOf = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.code);
  return result.value;
};
const codeOf = (result: Result<unknown>): string | null => (result.ok ? null : result.code);

/** The uncompressed point of a private key, by OpenSSL. */
function uncompressed(suite: SuiteNumber, privateKey: Uint8Array): Uint8Array {
  const ecdh = createECDH(NAMES[suite]);
  ecdh.setPrivateKey(privateKey);
  return ecdh.getPublicKey();
}

/** A public key as OpenSSL's object: named curve and point in a subjectPublicKeyInfo. */
function publicKeyOf(suite: SuiteNumber, point: Uint8Array) {
  const curve = suite === 1 ? '2b81040001' : '2b81040010';
  const algorithm = unhex(`301006072a8648ce3d02010605${curve}`);
  const bits = Uint8Array.of(0x03, point.length + 1, 0x00, ...point);
  const der = Uint8Array.of(0x30, algorithm.length + bits.length, ...algorithm, ...bits);
  return createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' });
}

describe('the signer', () => {
  test.each([
    ['one byte', unhex('c0'), 'ae3a102a28d43ee0d4a09e22788b206c'],
    ['16 bytes', unhex('c0c1c2c3c4c5c6c7c8c9cacbcccdcecf'), 'a7977e88bc0b61e8210827109a228f2d'],
    ['8,191 bytes, the last with short padding', pattern(8191), '24ec2fe75bbffcb34789bc0610e7f165'],
    ['8,192 bytes, the first with long padding', pattern(8192), 'dc6b0687f09f8607131c170b3bd31591'],
    ['8,201 bytes', pattern(8201), '72c9b15e178aa843e4a16c58e33643a3'],
  ])('digests %s as published', (_, message, expected) => {
    expect(hex(signer.mmo(message))).toBe(expected);
    expect(hex(signer.mmo(message))).toBe(expected);
  });

  test('refuses a module that is not the signer', async () => {
    await expect(Signer.load(wasm('core'))).rejects.toThrow(/mmoBegin/);
    await expect(Signer.load(Uint8Array.of(1, 2, 3))).rejects.toThrow(Fault);
    const importing = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 2, 7, 1, 1, 0x61, 1, 0x62, 0, 0);
    await expect(Signer.load(importing)).rejects.toThrow(/imports/);
  });
});

describe.each(SUITES)('key pairs of suite %i', (suite) => {
  test("have OpenSSL's public key", () => {
    for (let seed = 0; seed < 20; seed++) {
      const { privateKey, publicKey } = signer.keyPair(suite, entropy(seed));
      const point = valueOf(core.curves.checkPoint(suite, publicKey));
      expect(hex(point)).toBe(hex(uncompressed(suite, privateKey).subarray(1)));
      expect(valueOf(signer.publicKey(suite, privateKey))).toEqual(publicKey);
    }
  });
  test('follow from the entropy alone, of which each bit counts', () => {
    const first = hex(signer.keyPair(suite, entropy(1)).privateKey);
    expect(hex(signer.keyPair(suite, entropy(1)).privateKey)).toBe(first);
    for (let bit = 0; bit < 8 * SIGNER_ENTROPY_LENGTH; bit++) {
      const changed = Uint8Array.from(entropy(1));
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(hex(signer.keyPair(suite, changed).privateKey)).not.toBe(first);
    }
    expect(() => signer.keyPair(suite, new Uint8Array(32))).toThrow('48 random bytes');
  });
});

describe.each(SUITES)('signatures of suite %i', (suite) => {
  const { scalar } = sizesOf(suite);
  const { privateKey, publicKey } = signer.keyPair(suite, entropy(suite));

  test('are verified by OpenSSL, over hashes of SHA', () => {
    const key = publicKeyOf(suite, uncompressed(suite, privateKey));
    for (const algorithm of ['sha1', 'sha256', 'sha384', 'sha512']) {
      const message = pattern(77);
      const signature = valueOf(signer.sign(suite, privateKey, createHash(algorithm).update(message).digest()));
      expect(opensslVerify(algorithm, message, { key, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true);
      expect(opensslVerify(algorithm, pattern(78), { key, dsaEncoding: 'ieee-p1363' }, signature)).toBe(false);
    }
  });
  test('are verified by the core, over digests of AES-MMO', () => {
    valueOf(core.curves.prepare(suite, publicKey));
    for (let length = 0; length < 40; length++) {
      const digest = signer.mmo(pattern(length));
      expect(codeOf(core.curves.verify(digest, valueOf(signer.sign(suite, privateKey, digest))))).toBeNull();
    }
  });
  test.skipIf(!hasOpenssl() && process.env['CI'] === undefined)('are verified by openssl pkeyutl, over digests of AES-MMO', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hearthgate-signer-'));
    try {
      const [pem, digest, der] = [join(folder, 'key.pem'), join(folder, 'digest'), join(folder, 'signature')];
      writeFileSync(pem, publicKeyOf(suite, uncompressed(suite, privateKey)).export({ format: 'pem', type: 'spki' }));
      writeFileSync(digest, signer.mmo(pattern(100)));
      const signature = valueOf(signer.sign(suite, privateKey, signer.mmo(pattern(100))));
      writeFileSync(der, derOf(signature.subarray(0, scalar), signature.subarray(scalar)));
      const said = execFileSync('openssl', ['pkeyutl', '-verify', '-pubin', '-inkey', pem, '-in', digest, '-sigfile', der]);
      expect(said.toString()).toContain('Signature Verified Successfully');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
  test('are the same for the same hash, and others for another hash or key', () => {
    const made = (key: Uint8Array, hash: Uint8Array): string => hex(valueOf(signer.sign(suite, key, hash)));
    const one = made(privateKey, pattern(16));
    expect(made(privateKey, pattern(16))).toBe(one);
    const r = (signature: string): string => signature.slice(0, 2 * scalar);
    expect(r(made(privateKey, pattern(15)))).not.toBe(r(one));
    expect(r(made(signer.keyPair(suite, entropy(9)).privateKey, pattern(16)))).not.toBe(r(one));
  });
  test('are refused for what is no private key and for what is no hash', () => {
    const order = suite === 1 ? '04000000000000000000020108a2e0cc0d99f8a5ef' : `01${'f'.repeat(34)}e9ae2ed07577265dff7f94451e061e163c61`;
    for (const bad of ['00'.repeat(scalar), order, 'ff'.repeat(scalar), '01']) {
      expect(codeOf(signer.sign(suite, unhex(bad), pattern(16)))).toBe('curve-private-key');
      expect(codeOf(signer.publicKey(suite, unhex(bad)))).toBe('curve-private-key');
    }
    for (const length of [0, 65]) expect(codeOf(signer.sign(suite, privateKey, new Uint8Array(length)))).toBe('call-length');
  });
});

describe('certificates', () => {
  const receipt = (row: (typeof issued.certificates)[number]) => ({
    suite: row.suite as SuiteNumber,
    privateKey: unhex(row.requestPrivate),
    reconstruction: unhex(row.reconstruction),
    caPublicKey: unhex(row.ca),
    certificate: unhex(row.certificate),
  });

  test.each(issued.certificates)('are issued as computed elsewhere: $name, suite $suite', (row) => {
    const suite = row.suite as SuiteNumber;
    const { point } = sizesOf(suite);
    const blank = unhex(row.certificate).fill(0, suite === 1 ? 0 : 37, suite === 1 ? point : 37 + point);
    const made = valueOf(
      signer.issue({
        suite,
        caPrivateKey: unhex(row.caPrivate),
        request: unhex(row.request),
        certificate: blank,
        entropy: unhex(row.caNonce.padStart(2 * SIGNER_ENTROPY_LENGTH, '0')),
      }),
    );
    expect([hex(made.certificate), hex(made.reconstruction)]).toEqual([row.certificate, row.reconstruction]);
    expect(valueOf(signer.publicKey(suite, unhex(row.caPrivate)))).toEqual(unhex(row.ca));
    const own = valueOf(signer.receive(receipt(row)));
    expect([hex(own.privateKey), hex(own.publicKey)]).toEqual([row.privateKey, row.publicKey]);
    expect(hex(valueOf(core.curves.certificateKey(suite, unhex(row.certificate), unhex(row.ca))).publicKey)).toBe(row.publicKey);
  });
  test('of another request are told when they are received', () => {
    for (const row of issued.certificates) {
      const other = signer.keyPair(row.suite as SuiteNumber, entropy(3)).privateKey;
      expect(codeOf(signer.receive({ ...receipt(row), privateKey: other }))).toBe('curve-mismatch');
      expect(codeOf(signer.receive({ ...receipt(row), reconstruction: other }))).toBe('curve-mismatch');
    }
  });
  test('are refused for parts that are none', () => {
    const row = issued.certificates[0] as (typeof issued.certificates)[number];
    const whole = {
      suite: 1,
      caPrivateKey: unhex(row.caPrivate),
      request: unhex(row.request),
      certificate: new Uint8Array(48),
      entropy: entropy(1),
    } as const;
    expect(codeOf(signer.issue({ ...whole, caPrivateKey: new Uint8Array(21) }))).toBe('curve-private-key');
    expect(codeOf(signer.issue({ ...whole, request: new Uint8Array(22) }))).toBe('curve-point-prefix');
    expect(codeOf(signer.issue({ ...whole, request: new Uint8Array(21) }))).toBe('curve-point-length');
    expect(codeOf(signer.issue({ ...whole, certificate: new Uint8Array(47) }))).toBe('curve-certificate-length');
    expect(codeOf(signer.receive({ ...receipt(row), certificate: new Uint8Array(47) }))).toBe('curve-certificate-length');
    expect(codeOf(signer.receive({ ...receipt(row), reconstruction: new Uint8Array(21) }))).toBe('curve-private-key');
  });
  test('of suite 2 have the fields of suite 2', () => {
    const row = issued.certificates.find(({ suite }) => suite === 2) as (typeof issued.certificates)[number];
    const certificate = unhex(row.certificate);
    certificate[9] = 12;
    const asked = { suite: 2, caPrivateKey: unhex(row.caPrivate), request: unhex(row.request), certificate, entropy: entropy(1) } as const;
    expect(codeOf(signer.issue(asked))).toBe('curve-certificate-format');
  });
});

/** A signature in DER: a sequence of two integers without needless zeros. */
function derOf(...halves: readonly Uint8Array[]): Uint8Array {
  const integers = halves.map((half) => {
    const plain = unhex(hex(half).replace(/^(00)+(?=.)/, ''));
    const value = (plain[0] as number) >= 0x80 ? Uint8Array.of(0, ...plain) : plain;
    return [0x02, value.length, ...value];
  });
  const body = integers.flat();
  return Uint8Array.of(0x30, body.length, ...body);
}

function hasOpenssl(): boolean {
  return spawnSync('openssl', ['version']).error === undefined;
}
