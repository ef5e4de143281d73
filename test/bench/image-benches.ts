/**
 * Verification of a signed image, suite 2 (sect283k1): the whole way of a file of 256 KiB, and what of it is left when the last
 * block arrives.
 */
import { createPrivateKey, createPublicKey, sign, verify as verifyBy, type KeyObject } from 'node:crypto';
import { buildImage } from '../../firmware/image/build.ts';
import { signImage, signingLength } from '../../firmware/image/sign.ts';
import { Core } from '../../host/core/core.ts';
import { ImageVerification, verifyImage } from '../../host/core/image.ts';
import { compile } from '../../host/core/module.ts';
import { hex } from '../../host/model/ids.ts';
import type { ImageExpectation } from '../../host/model/image.ts';
import { pattern } from '../assembly/crypto/oracle.ts';
import { authorities, signer, signers, trust } from '../firmware/kit/signing.ts';
import { wasm } from '../kit/core.ts';
import { publicKeyDer } from '../kit/openssl.ts';
import { mmoByNode } from './node-mmo.ts';
import { race, type Bench } from './race.ts';

const SIZE = 256 * 1024;
/** Bytes of a block as it comes over MQTT. */
const ARRIVES = 4096;
const SUITE = 2;
const SIGNATURE = 72;
const EXPECTATION: ImageExpectation = { trust, signatureRequired: true };

/** A signed image of exactly 256 KiB. */
function image(): Uint8Array {
  const build = (length: number): Uint8Array =>
    buildImage({ manufacturer: 0x1d01, imageType: 0x84, fileVersion: 2, text: 'bench', elements: [{ tag: 0, data: pattern(length) }] });
  return signImage(build(SIZE - build(0).length - signingLength(SUITE)), signers[SUITE], signer);
}

/** The signer's key pair as node:crypto takes it: PKCS #8 of the private key, by its SEC 1 form. */
function nodeKeys(): { readonly secret: KeyObject; readonly open: KeyObject } {
  const { privateKey } = signers[SUITE];
  const point = signer.publicKey(SUITE, privateKey);
  if (!point.ok) throw new Error(point.code);
  const sec1 = Buffer.concat([Buffer.from('02010104', 'hex'), Uint8Array.of(privateKey.length), privateKey]);
  const key = Buffer.concat([Uint8Array.of(0x30, sec1.length), sec1]);
  const algorithm = Buffer.from('301006072a8648ce3d020106052b81040010', 'hex');
  const body = Buffer.concat([Buffer.from('020100', 'hex'), algorithm, Uint8Array.of(0x04, key.length), key]);
  const pkcs8 = Buffer.concat([Uint8Array.of(0x30, body.length), body]);
  return {
    secret: createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }),
    open: createPublicKey({ key: publicKeyDer(SUITE, point.value), format: 'der', type: 'spki' }),
  };
}

/**
 * A file of 256 KiB: an instance of its own, AES-MMO and SHA-256, the signer's key out of its certificate, ECDSA and the report,
 * beside AES-MMO and ECDSA alone by node:crypto, its key object at hand. (It hashes the digest once more before it verifies,
 * since it verifies no bare digest: one block of SHA-256.)
 */
const whole: Bench = {
  name: 'verify-256k',
  group: 'images',
  versus: 'AES-MMO and ECDSA sect283k1 by node:crypto',
  unit: 'images/s',
  async measure() {
    const module = await compile(wasm('core'));
    const file = image();
    const message = file.subarray(0, file.length - SIGNATURE);
    const { secret, open } = nodeKeys();
    const signature = sign('sha256', mmoByNode(message), secret);
    return race(
      REPEAT,
      {
        run: () =>
          Array.from({ length: REPEAT }, () => {
            const { verdict, signature: found } = verifyImage(module, [file], EXPECTATION);
            return `${verdict} ${found?.digest}`;
          }).join(' '),
      },
      {
        run: () =>
          Array.from({ length: REPEAT }, () => {
            const digest = mmoByNode(message);
            return `${verifyBy('sha256', digest, open, signature) ? 'accepted' : 'refused'} ${hex(digest)}`;
          }).join(' '),
      },
    );
  },
};

/**
 * What is left when the last block is there and all were hashed as they came: end of both hashes, signer's key, ECDSA and
 * report, beside the two operations on the curve alone, in a core that has its tables. Above 0.83 it is within 1.2 times them.
 */
const end: Bench = {
  name: 'verify-end',
  group: 'images',
  versus: 'one ECQV reconstruction and one ECDSA verification by the core',
  unit: 'per s',
  async measure() {
    const module = await compile(wasm('core'));
    const { curves } = await Core.load(module);
    const file = image();
    const digest = mmoByNode(file.subarray(0, file.length - SIGNATURE));
    const rs = file.subarray(file.length - SIGNATURE);
    const { certificate } = signers[SUITE];
    const { key } = authorities[SUITE];
    const runs: ImageVerification[] = [];
    const arrived = (): ImageVerification => {
      const verification = new ImageVerification(module, EXPECTATION);
      for (let at = 0; at < file.length; at += ARRIVES) verification.update(file.subarray(at, at + ARRIVES));
      return verification;
    };
    return race(
      REPEAT,
      {
        prepare: () => void runs.splice(0, Infinity, ...Array.from({ length: REPEAT }, arrived)),
        run: () => runs.map((verification) => verification.finish().verdict).join(' '),
      },
      {
        run: () =>
          Array.from({ length: REPEAT }, () => {
            const found = curves.certificateKey(SUITE, certificate, key);
            if (!found.ok || !curves.prepare(SUITE, found.value.publicKey).ok) return 'refused';
            return curves.verify(digest, rs).ok ? 'accepted' : 'refused';
          }).join(' '),
      },
    );
  },
};

/**
 * Files of one round. One alone is too short to be timed, and node:crypto leaves a cipher a block behind: over a few files their
 * collection falls into every round alike, into one file's hardly ever.
 */
const REPEAT = 8;

/** The benches of images. */
export const images: readonly Bench[] = [whole, end];
