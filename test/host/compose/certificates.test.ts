/** Certificate files in the forms in which they are handed out. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatCertificate, loadCertificate } from '../../../host/compose/certificates.ts';
import { certificateFields } from '../../../host/core/certificate.ts';
import { hex } from '../../../host/model/ids.ts';

/** Test certificates of a public test CA. */
const CA1 = '0200fde8a7f3d1084224962a4e7c54e69ac3f04da6b8';
const CERT1 = '0301d1d6fbe9bcc44e22ad5760df233b7e3c7f349567aaaaaaaaaaaaaaaa54455354534543410109108301234567890a';
const PRIVATE1 = '006298aea6848a9b2f4cb39239cfadb38146c95961';
const PUBLIC1 = '0306b3e50a9caeaa8199e4b5f8b8f60d068241f19496';
const CERT2 =
  '00f01dcd3e83ad44b50d08111213141516171800594bfde0ffffffffaaaaaaaaaaaaaaaa080200e8d52e0f4b95234457875f9d44853f31dc6c7fa5c25086ee9cc2631feb1030807cd0bf';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'hearthgate-cert-'))));
afterAll(() => rmSync(folder, { recursive: true }));
const write = (text: string): string => {
  const path = join(folder, 'a.cert');
  writeFileSync(path, text, { mode: 0o600 });
  return path;
};

describe('a certificate file', () => {
  test.each([
    [
      'names and values on lines of their own',
      `CA Pub Key:\n${CA1}\nDevice Implicit Cert:\n${CERT1}\nPrivate Key Reconstruction Data:\n${PRIVATE1}\nDevice Public Key:\n${PUBLIC1}\n`,
    ],
    [
      'names and values on one line',
      `CA Public Key: ${CA1.toUpperCase()}\r\nDevice Implicit Cert: ${CERT1}\r\nDevice Private Key: ${PRIVATE1}\r\n`,
    ],
  ])('is read with %s', async (_how, text) => {
    const { suite, caPublicKey, certificate, privateKey } = await loadCertificate(write(text));
    expect([suite, hex(caPublicKey), hex(certificate), hex(privateKey)]).toEqual([1, CA1, CERT1, PRIVATE1]);
  });
  test('is read as it is written', async () => {
    const material = await loadCertificate(write(`CA Pub Key: ${CA1}\nDevice Implicit Cert: ${CERT1}\nDevice Private Key: ${PRIVATE1}\n`));
    expect(await loadCertificate(write(formatCertificate(material)))).toEqual(material);
  });
  test.each([
    [
      'without a private key',
      `CA Pub Key: ${CA1}\nDevice Implicit Cert: ${CERT1}\n`,
      'has no Private Key Reconstruction Data or Device Private Key',
    ],
    [
      'with a certificate of no suite',
      `CA Pub Key: ${CA1}\nDevice Implicit Cert: 00\nDevice Private Key: 00\n`,
      'a certificate has 48 or 74 bytes, this one 1',
    ],
    [
      'with a key that is no hex',
      `CA Pub Key: ${CA1}\nDevice Implicit Cert: ${CERT1}\nDevice Private Key: secret\n`,
      ':3: Device Private Key is not hex digits',
    ],
  ])('%s is refused, and nothing secret said', async (_what, text, said) => {
    await expect(loadCertificate(write(text))).rejects.toMatchObject({ code: 'config', message: expect.stringContaining(said) as string });
  });
});

test('a certificate shows what stands in it: suite 1 its attributes, suite 2 serial, validity and usage', () => {
  const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
  expect(certificateFields(bytes(CERT1))).toEqual({
    suite: 1,
    subject: 'aaaaaaaaaaaaaaaa',
    issuer: '5445535453454341',
    attributes: '0109108301234567890a',
  });
  expect(certificateFields(bytes(CERT2))).toEqual({
    suite: 2,
    subject: 'aaaaaaaaaaaaaaaa',
    issuer: '1112131415161718',
    serial: 'f01dcd3e83ad44b5',
    validFrom: 0x594bfde0,
    validTo: undefined,
    usage: ['agreement'],
  });
  expect(certificateFields(bytes(CERT1.slice(2)))).toBeUndefined();
});
