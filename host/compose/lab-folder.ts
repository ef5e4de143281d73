/**
 * A lab on disk: keys, signed statements, configurations and sample images for gateway, S1SP side and home in processes of their own.
 */
import { join } from 'node:path';
import { stringify } from 'yaml';
import { SystemEntropy } from '../adapters/system.ts';
import { formatPublicKey, formatSigningKey } from '../messages/keyfile.ts';
import { hex } from '../model/ids.ts';
import { GATEWAY_KINDS, type StatementKind } from '../model/register.ts';
import { formatAuthority, formatSigner } from './authority-file.ts';
import { formatCertificate } from './certificates.ts';
import { EUI, HOME_DEVICES, HUB_MODEL, MANUFACTURER, VERSION } from './home.ts';
import { certificatesOf } from './lab-factory.ts';
import { makeLabMaterial, type LabMaterial, type LabRole } from './lab-material.ts';
import { LAB_CHANNEL, labFactory } from './run-home.ts';
import { sampleImages, type SampleSigning } from './sample-images.ts';

/** A file of the lab. Secrets are for their owner alone. */
export interface LabFile {
  /** Path within the lab's folder. */
  readonly path: string;
  readonly content: string | Uint8Array;
  readonly secret: boolean;
}

/** Where the parts of the lab find each other. */
export interface LabPlaces {
  /** `host:port` of the MQTT broker that the S1SP side brings along. */
  readonly broker: string;
  /** `host:port` of the home's radio. */
  readonly radio: string;
}

const PAN_ID = 0x1a62;
const WRAPPING_SIZE = 16;

/** The files of a fresh lab, in the order in which they are to be written. */
export async function labFiles({ broker, radio }: LabPlaces, now: number): Promise<readonly LabFile[]> {
  const entropy = new SystemEntropy();
  const listed = [{ device: EUI.ppmid, versions: [VERSION.v1, VERSION.v2] }];
  const material = makeLabMaterial({ gateway: EUI.gateway, hub: HUB_MODEL, devices: HOME_DEVICES, listed, now, entropy });
  const images = await sampleImages();
  const file = (kind: StatementKind): string => `statements/${kind}.cose`;
  const kinds = material.statements.map(({ kind }) => kind);
  const open = (path: string, content: string | Uint8Array): LabFile => ({ path, content, secret: false });
  const secret = (path: string, content: string): LabFile => ({ path, content, secret: true });
  const factory = await labFactory();
  const codes = Object.fromEntries([...factory.installCodes].map(([device, code]) => [device, hex(code)]));
  const certificates = certificatesOf(factory, EUI.gateway).map((each) => secret(`keys/suite-${each.suite}.cert`, formatCertificate(each)));
  return [
    ...keyFiles(material),
    ...signingFiles(images.signing),
    secret('keys/wrapping.key', `${hex(entropy.bytes(WRAPPING_SIZE))}\n`),
    secret('install-codes.yaml', stringify(codes, { defaultStringType: 'QUOTE_DOUBLE' })),
    ...certificates,
    ...material.statements.map(({ kind, bytes }) => open(file(kind), bytes)),
    open('images/ppmid-v1.ota', images.v1),
    open('images/ppmid-v2.ota', images.v2),
    open(
      'gateway.yaml',
      stringify(
        gatewayConfig(
          broker,
          radio,
          {
            statements: kinds.filter((kind) => GATEWAY_KINDS.includes(kind)).map(file),
            certificates: certificates.map(({ path }) => path),
          },
          images.signing,
        ),
      ),
    ),
    open('s1sp.yaml', stringify(s1spConfig(broker, kinds.map(file)))),
  ];
}

function keyFiles(material: LabMaterial): readonly LabFile[] {
  return (Object.keys(material.parties) as LabRole[]).flatMap((name) => {
    const { signer, seed } = material.parties[name];
    const { role, party } = signer;
    return [
      {
        path: join('keys', `${name}.key`),
        content: formatSigningKey({ environment: 'lab', role, party, name: signer.name }, seed),
        secret: true,
      },
      { path: join('keys', `${name}.key.pub`), content: formatPublicKey('lab', signer), secret: false },
    ];
  });
}

function signingFiles({ authority, signer }: SampleSigning): readonly LabFile[] {
  const ca = { ...authority, environment: 'lab' as const };
  const keys = { ...signer, environment: 'lab' as const, name: 'lab image signer' };
  return [
    { path: 'keys/images.key', content: formatAuthority(ca, true), secret: true },
    { path: 'keys/images.key.pub', content: formatAuthority(ca, false), secret: false },
    { path: 'keys/image-signer.key', content: formatSigner(keys, true), secret: true },
    { path: 'keys/image-signer.key.pub', content: formatSigner(keys, false), secret: false },
  ];
}

const pairs = (id: string): string => id.toUpperCase().replace(/(..)(?=.)/g, '$1-');

function gatewayConfig(
  broker: string,
  radio: string,
  { statements, certificates }: { readonly statements: readonly string[]; readonly certificates: readonly string[] },
  { signer }: SampleSigning,
): object {
  const { manufacturer, model, hardwareVersion, firmwareVersion } = HUB_MODEL;
  return {
    environment: 'lab',
    gateway: pairs(EUI.gateway),
    data: 'data/gateway',
    broker: { url: `mqtt://${broker}` },
    radio: `tcp://${radio}`,
    channel: LAB_CHANNEL,
    panId: PAN_ID,
    hub: { manufacturer, model, hardwareVersion, firmwareVersion },
    installCodes: 'install-codes.yaml',
    statements,
    images: {
      authorities: ['keys/images.key.pub'],
      manufacturers: [{ manufacturer: MANUFACTURER, signatureRequired: true, signers: [pairs(signer.subject)] }],
    },
    keys: { wrapping: 'keys/wrapping.key', signing: 'keys/gateway.key', certificates },
    trust: { registration: ['keys/registration.key.pub'] },
  };
}

const s1spConfig = (broker: string, statements: readonly string[]): object => ({
  environment: 'lab',
  data: 'data/s1sp',
  broker: { url: `mqtt://${broker}` },
  embeddedBroker: { listen: broker },
  keys: { countersigning: 'keys/countersigner.key' },
  trust: { registration: ['keys/registration.key.pub'] },
  statements,
});
