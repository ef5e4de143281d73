/** Authorities and policies of images out of files and configuration, each wrong one refused by name. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatAuthority, formatSigner, parseAuthority, parseSigner, type AuthorityFile } from '../../../host/compose/authority-file.ts';
import { gatewaySchema, parseConfig } from '../../../host/compose/config.ts';
import { loadImageTrust, type ImagesConfig } from '../../../host/compose/image-config.ts';
import { Core } from '../../../host/core/core.ts';
import { Fault } from '../../../host/model/fault.ts';
import { unhex } from '../../../host/model/ids.ts';
import type { Environment } from '../../../host/model/service-request.ts';
import { wasm } from '../../kit/core.ts';
import { authorities, signers } from '../../firmware/kit/signing.ts';

const { curves } = await Core.load(wasm('core'));
const own: AuthorityFile = { ...authorities[2], name: 'lab images', environment: 'lab' };

const GATEWAY = `
environment: lab
gateway: '0200000000000201'
data: data
broker: { url: 'mqtt://127.0.0.1:1883' }
radio: tcp://127.0.0.1:9000
channel: 15
panId: 0x1a62
hub: { manufacturer: 1, model: HUB, hardwareVersion: 1, firmwareVersion: 1 }
installCodes: codes.yaml
keys: { wrapping: w.key, signing: g.key }
trust: { registration: [r.pub] }
`;
const images = (yaml: string): ImagesConfig => parseConfig(gatewaySchema, 'g.yaml', `${GATEWAY}\nimages: ${yaml}`).images;

let folder: string;
const put = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'hearthgate-trust-'))));
afterAll(() => rmSync(folder, { recursive: true }));

describe('files of authorities and signers', () => {
  test('are read as they were written, with and without the private key', () => {
    expect(parseAuthority('f', formatAuthority(own, true))).toEqual(own);
    expect(parseAuthority('f', formatAuthority(own, false))).toEqual({ ...own, privateKey: undefined });
    const signer = { ...signers[1], name: 'lab signer', environment: 'lab' as const };
    expect(parseSigner('f', formatSigner(signer, true))).toEqual(signer);
    expect(parseSigner('f', formatSigner(signer, false))).toEqual({ ...signer, privateKey: undefined });
  });
  test.each([
    ['{', 'f: not JSON'],
    ['{}', 'f: hearthgate'],
    [formatAuthority(own, false).replace('"suite": 2', '"suite": 1'), 'f: public has 37 bytes, its suite 22'],
    [formatAuthority(own, false).replace('image-authority', 'public-key'), 'f: hearthgate'],
    [formatAuthority(own, false).replace('"lab"', '"field"'), 'f: environment'],
    [formatAuthority(own, false).replace(/"issuer": "\w+"/, '"issuer": "x"'), 'f: issuer: is not an EUI-64'],
    [formatAuthority(own, false).replace('"name"', '"nom"'), 'f: name'],
  ])('are refused by name: %j', (source, line) => {
    expect(() => parseAuthority('f', source)).toThrow(Fault);
    expect(() => parseAuthority('f', source)).toThrow(line);
  });
});

describe('the images of a configuration', () => {
  const load = (yaml: string, environment: Environment = 'lab') => loadImageTrust(images(yaml), environment, curves);

  test('become a trust store: authorities, and what is asked of each manufacturer over what is asked of all', async () => {
    const file = put('ca.pub', formatAuthority(own, false));
    const store = await load(`
  signatureRequired: true
  maximumSize: 1000
  authorities: ['${file}']
  manufacturers:
    - { manufacturer: 0x1d01, signers: ['0200000000000007'], maximumSize: 2000 }
    - { manufacturer: 0x1d02, body: raw, signatureRequired: false, integrityRequired: false }
`);
    const trust = { authorities: [{ name: 'lab images', suite: 2, issuer: own.issuer }] };
    expect(store.demands(0x1d01)).toMatchObject({
      signatureRequired: true,
      maximumSize: 2000,
      trust: { ...trust, signers: ['0200000000000007'] },
    });
    expect(store.demands(0x1d02)).toMatchObject({ signatureRequired: false, body: 'raw', maximumSize: 1000 });
    expect(store.demands(0x1d03)).toMatchObject({ signatureRequired: true, body: 'tagged', trust: { ...trust, signers: undefined } });
  });

  test.each([
    ['{ manufacturers: [{ manufacturer: 1 }, { manufacturer: 1 }] }', 'images.manufacturers: 0x0001 stands there twice'],
    ['{ body: raw }', 'images: a raw body carries neither signature nor integrity code'],
    ['{ manufacturers: [{ manufacturer: 2, body: raw }] }', '0x0002: a raw body carries neither'],
  ])('are refused when they cannot be: %s', async (yaml, line) => {
    await expect(load(yaml)).rejects.toThrow(line);
    await expect(load(yaml)).rejects.toBeInstanceOf(Fault);
  });
  test.each([
    ['{ manufacturers: [{ signers: [] }] }', 'images.manufacturers.0.manufacturer is missing'],
    ['{ manufacturers: [{ manufacturer: 1, signer: [] }] }', 'images.manufacturers.0.signer is not a setting'],
    ['{ maximumSize: 0 }', 'images.maximumSize is below 1'],
    ['{ body: guess }', 'images.body is not one of tagged, raw'],
  ])('are no configuration: %s', (yaml, line) => expect(() => images(yaml)).toThrow(line));

  test('name an authority whose key is no point, is a test CA in production, or is of the other environment', async () => {
    const known = unhex('0200fde8a7f3d1084224962a4e7c54e69ac3f04da6b8');
    const test1 = put(
      'test.pub',
      formatAuthority({ ...authorities[1], key: known, name: 'Maker One', environment: 'production', privateKey: undefined }, false),
    );
    await expect(load(`{ authorities: ['${test1}'] }`, 'production')).rejects.toThrow(
      'images.authorities: Maker One is the Smart Energy test CA of suite 1 (TESTSECA), and is refused in the production environment',
    );
    const lab = put('lab.pub', formatAuthority(own, false));
    await expect(load(`{ authorities: ['${lab}'] }`, 'production')).rejects.toThrow('lab images is an authority of the lab environment');
    const bad = put('bad.pub', formatAuthority({ ...own, key: Uint8Array.of(2, ...new Uint8Array(36)) }, false));
    await expect(load(`{ authorities: ['${bad}'] }`)).rejects.toThrow('bad.pub: public is no key of suite 2');
    await expect(load(`{ authorities: ['${folder}/none.pub'] }`)).rejects.toThrow('none.pub: no such file');
  });
});
