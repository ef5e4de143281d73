/** A lab on disk: its files are what the services' own readers take, and nothing in it passes for production. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Core } from '../../../host/core/core.ts';
import { loadCertificate } from '../../../host/compose/certificates.ts';
import { loadGatewayConfig, loadS1spConfig, type GatewayConfig, type S1spConfig } from '../../../host/compose/config.ts';
import { loadModule } from '../../../host/compose/gateway.ts';
import { EUI, HOME_DEVICES, MANUFACTURER } from '../../../host/compose/home.ts';
import { loadImageTrust } from '../../../host/compose/image-config.ts';
import { labFiles, type LabFile } from '../../../host/compose/lab-folder.ts';
import { loadAnchors, loadInstallCodes, loadSigningKey, loadStatements, loadWrappingKey } from '../../../host/compose/load.ts';
import { labFactory } from '../../../host/compose/run-home.ts';
import { openStatement } from '../../../host/messages/statement.ts';
import { DEFAULT_POLICY, ImageTrustStore } from '../../../host/stores/image-trust.ts';
import { GATEWAY_KINDS } from '../../../host/model/register.ts';
import { inspectImage } from '../../../firmware/image/inspect.ts';
import { wasm } from '../../kit/core.ts';

const NOW = 1_768_478_400;
let folder: string;
let files: readonly LabFile[];
let gateway: GatewayConfig;
let s1sp: S1spConfig;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hearthgate-lab-'));
  files = await labFiles({ broker: '127.0.0.1:18830', radio: '127.0.0.1:19000' }, NOW);
  for (const { path, content, secret } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content, { mode: secret ? 0o600 : 0o644 });
  }
  gateway = await loadGatewayConfig(join(folder, 'gateway.yaml'));
  s1sp = await loadS1spConfig(join(folder, 's1sp.yaml'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a lab folder', () => {
  test('has configurations that find each other', () => {
    expect(gateway).toMatchObject({
      environment: 'lab',
      gateway: EUI.gateway,
      broker: { url: 'mqtt://127.0.0.1:18830' },
      radio: { kind: 'tcp', host: '127.0.0.1', port: 19_000 },
    });
    expect(s1sp).toMatchObject({ environment: 'lab', embeddedBroker: { listen: { host: '127.0.0.1', port: 18_830 } } });
    expect(gateway.data).not.toBe(s1sp.data);
  });

  test('has keys of the roles that each service asks for, and no secret that others may read', async () => {
    expect((await loadSigningKey(gateway.keys.signing, 'lab', ['gateway'])).signer.party).toBe(EUI.gateway);
    expect((await loadSigningKey(s1sp.keys.countersigning, 'lab', ['dcc-countersigner'])).signer.role).toBe('dcc-countersigner');
    expect(await loadWrappingKey(gateway.keys.wrapping)).toHaveLength(16);
    const secrets = files.filter(({ secret }) => secret).map(({ path }) => path);
    const names = ['registration', 'countersigner', 'lead', 'other', 'gas', 'gateway', 'wrapping', 'images', 'image-signer'].map(
      (name) => `keys/${name}.key`,
    );
    expect(secrets.toSorted()).toEqual([...names, 'keys/suite-1.cert', 'keys/suite-2.cert', 'install-codes.yaml'].toSorted());
  });

  test("has install codes of every device, the same as the home's", async () => {
    const codes = await loadInstallCodes(gateway.installCodes);
    expect(codes).toEqual((await labFactory()).installCodes);
    expect([...codes.keys()]).toEqual(HOME_DEVICES.map(({ eui }) => eui));
  });

  test('has a certificate of either suite for the gateway, of the authority that issued the devices theirs', async () => {
    const certificates = await Promise.all(gateway.keys.certificates.map(loadCertificate));
    const { certificates: issued } = await labFactory();
    expect(certificates).toEqual(issued.get(EUI.gateway));
    expect(certificates.map(({ suite }) => suite)).toEqual([1, 2]);
    const core = await Core.load(await loadModule('core.wasm'));
    for (const each of certificates) expect(core.cbke.importCertificate(each)).toMatchObject({ ok: true, value: { subject: EUI.gateway } });
  });

  test('has a statement of each kind that the gateway takes, and that no production gateway does [R-SEP-01]', async () => {
    const anchors = await loadAnchors(gateway.trust.registration, 'lab');
    const statements = await loadStatements(gateway.statements);
    const context = { anchors, gateway: EUI.gateway, now: NOW, storedVersion: () => undefined };
    const kinds = statements.map((bytes) => {
      const opened = openStatement(bytes, { ...context, environment: 'lab' });
      return opened.ok ? opened.value.statement.kind : opened.code;
    });
    expect(kinds.toSorted()).toEqual(GATEWAY_KINDS.toSorted());
    for (const bytes of statements) {
      expect(openStatement(bytes, { ...context, environment: 'production' })).toMatchObject({ ok: false, code: 'lab-in-production' });
    }
    const more = s1sp.statements.filter((path) => !gateway.statements.includes(path));
    expect(more.map((path) => basename(path))).toEqual(['equivalent-steps.cose']);
    expect(s1sp.statements).toEqual(expect.arrayContaining([...gateway.statements]));
  });

  test('trusts the signer of its sample images, whose authority is refused in production by name', async () => {
    const { curves } = await Core.load(wasm('core'));
    const store = await loadImageTrust(gateway.images, 'lab', curves);
    const { trust, signatureRequired } = store.demands(MANUFACTURER);
    expect([signatureRequired, trust.authorities.map(({ name }) => name), trust.signers]).toEqual([
      true,
      ['lab images'],
      ['0200000000000107'],
    ]);
    const forged = trust.authorities.map((authority) => ({ ...authority, name: 'some maker', environment: 'production' as const }));
    const plan = { environment: 'production' as const, authorities: forged, policy: DEFAULT_POLICY, manufacturers: new Map() };
    expect(ImageTrustStore.of(plan)).toMatchObject({
      ok: false,
      code: 'test-authority',
      detail: expect.stringContaining('some maker is the authority of the sample images') as string,
    });
  });

  test('has the sample images in two versions', () => {
    const versions = files.filter(({ path }) => path.startsWith('images/')).map(({ content }) => inspectImage(content as Uint8Array));
    expect(versions.map(({ header }) => header?.fileVersion)).toEqual([0x100, 0x200]);
  });

  test('has fresh keys each time', async () => {
    const again = await labFiles({ broker: '127.0.0.1:18830', radio: '127.0.0.1:19000' }, NOW);
    // The authority of the sample images is the same in every lab: the devices of `home run` leave the factory believing it.
    const fresh = again.filter(({ path }) => path.endsWith('.key') && !path.startsWith('keys/image'));
    expect(fresh).toHaveLength(7);
    for (const { path, content } of fresh) {
      expect(content).not.toEqual(files.find((file) => file.path === path)?.content);
    }
  });
});
