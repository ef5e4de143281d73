/**
 * Certificate files of ZigBee Smart Energy, in the text form in which they are handed out: the CA's public key, the implicit certificate
 * and the device's private key, each named and as hex digits, on its line or the one behind it.
 *
 *   CA Pub Key: 0200fd…
 *   Device Implicit Cert: 0202…
 *   Private Key Reconstruction Data: 0392…   (so the issuers' tool calls it; it is the private key, and may be called that)
 *   Device Public Key: 0207…                 (not needed: it follows from the certificate)
 */
import type { CertificateMaterial } from '../core/cbke.ts';
import { suiteOfCertificate } from '../core/certificate.ts';
import { bytesOfHex } from '../core/hex-bytes.ts';
import { Fault } from '../model/fault.ts';
import { hex } from '../model/ids.ts';
import { secretLines } from './secret-lines.ts';
import { withSecret } from './secrets.ts';

const CA = ['CA Pub Key', 'CA Public Key'];
const CERTIFICATE = ['Device Implicit Cert'];
const PRIVATE = ['Private Key Reconstruction Data', 'Device Private Key'];

/** Reads a certificate file. Throws Fault `config` naming what is missing or no hex; whether the parts belong together is the core's to say. */
export const loadCertificate = (path: string): Promise<CertificateMaterial> =>
  withSecret(path, (bytes) => {
    const lines = secretLines(bytes);
    const part = (names: readonly string[]): Uint8Array => {
      const line = lines.find(({ name }) => names.includes(name));
      if (line === undefined) throw new Fault('config', `${path}: has no ${names.join(' or ')}`);
      const value = bytesOfHex(line.value);
      if (value === undefined) throw new Fault('config', `${path}:${line.line}: ${line.name} is not hex digits`);
      return value;
    };
    const certificate = part(CERTIFICATE);
    const suite = suiteOfCertificate(certificate);
    if (suite === undefined) throw new Fault('config', `${path}: a certificate has 48 or 74 bytes, this one ${certificate.length}`);
    return { suite, certificate, caPublicKey: part(CA), privateKey: part(PRIVATE) };
  });

/** The text of a certificate file. */
export const formatCertificate = ({ caPublicKey, certificate, privateKey }: CertificateMaterial): string =>
  `CA Pub Key: ${hex(caPublicKey)}\nDevice Implicit Cert: ${hex(certificate)}\nPrivate Key Reconstruction Data: ${hex(privateKey)}\n`;
