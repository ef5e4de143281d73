/**
 * The curves beside node:crypto, bytes in and verdict out. Each comes twice: with the key ready on both sides, and with the key imported for
 * every single run.
 */
import { createECDH, createHash, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import runs from '../../seeds/vectors/cbke.json' with { type: 'json' };
import { EXCHANGE_ENTROPY_LENGTH } from '../../host/core/cbke.ts';
import type { Core } from '../../host/core/core.ts';
import { sizesOf, type SuiteNumber } from '../../host/core/curves.ts';
import type { Result } from '../../host/model/fault.ts';
import { eui64, hex, unhex } from '../../host/model/ids.ts';
import { freshCore } from '../kit/core.ts';
import { CurveModel, CURVES, numberOf, type CurveParameters } from '../kit/curve-model.ts';
import { pattern } from '../assembly/crypto/oracle.ts';
import { race, type Bench } from './race.ts';

const GROUP = 'keys';
/** Runs of a contender in a round. */
const VERIFICATIONS = 30;
const EXCHANGES = 10;
const MESSAGE = pattern(100);

/** Verifies an ECDSA signature over SHA-256 of a short message; either side hashes it. */
function verification(suite: SuiteNumber, imports: boolean): Bench {
  const { name: curve } = CURVES[suite - 1] as CurveParameters;
  return {
    name: `ecdsa-verify-${curve.slice(4, 7)}${imports ? '-import' : ''}`,
    group: GROUP,
    versus: `node:crypto verify, ${curve}${imports ? ', key from DER each time' : ''}`,
    unit: 'verifications/s',
    async measure() {
      const core = await freshCore();
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: curve });
      const signature = sign('sha256', MESSAGE, { key: privateKey, dsaEncoding: 'ieee-p1363' });
      const der = publicKey.export({ format: 'der', type: 'spki' });
      const compressed = compressedPoint(suite, der);
      const prepare = (): void => void valueOf(core.curves.prepare(suite, compressed));
      prepare();
      const key = (): KeyObject => (imports ? createPublicKey({ key: der, format: 'der', type: 'spki' }) : publicKey);
      return race(
        VERIFICATIONS,
        {
          run: () =>
            every(VERIFICATIONS, () => {
              if (imports) prepare();
              return core.curves.verify(createHash('sha256').update(MESSAGE).digest(), signature).ok;
            }),
        },
        { run: () => every(VERIFICATIONS, () => verify('sha256', MESSAGE, { key: key(), dsaEncoding: 'ieee-p1363' }, signature)) },
      );
    },
  };
}

/**
 * A responder's whole part of key establishment, from the partner's certificate to the link key: certificate to key, ephemeral key, agreement,
 * keys, both MACs. Two key agreements by node:crypto are what such a part would take of it at the least.
 */
function exchange(suite: SuiteNumber, imports: boolean): Bench {
  const { name: curve } = CURVES[suite - 1] as CurveParameters;
  return {
    name: `cbke-${curve.slice(4, 7)}${imports ? '-import' : ''}`,
    group: GROUP,
    versus: `two ECDH by node:crypto, ${curve}${imports ? ', key imported each time' : ''}`,
    unit: 'exchanges/s',
    async measure() {
      const core = await freshCore();
      const { initiator, responder, macu } = runs.runs[suite - 1] as (typeof runs.runs)[number];
      const own = importOwn(core, suite);
      const respond = (): boolean => {
        const handle = imports ? importOwn(core, suite) : own;
        const begun = core.cbke.begin({
          own: handle,
          role: 'responder',
          partner: eui64(suite === 1 ? initiator.certificate.slice(44, 60) : initiator.certificate.slice(56, 72)),
          certificate: unhex(initiator.certificate),
          entropy: unhex(responder.ephemeralPrivate.padStart(2 * EXCHANGE_ENTROPY_LENGTH, '0')),
        });
        if (!begun.ok) return false;
        core.cbke.agree(begun.value.handle, unhex(initiator.ephemeral));
        const established = core.cbke.confirm(begun.value.handle, unhex(macu));
        if (established.ok) core.keys.erase(established.value.key);
        if (imports) core.keys.erase(handle);
        return established.ok;
      };
      const peer = createECDH(curve).generateKeys();
      const fresh = () => {
        const ecdh = createECDH(curve);
        ecdh.setPrivateKey(unhex(responder.privateKey));
        return ecdh;
      };
      const held = fresh();
      const secret = hex(held.computeSecret(peer));
      const agreeTwice = (): boolean => {
        const [first, second] = imports ? [fresh(), fresh()] : [held, held];
        return hex(first.computeSecret(peer)) === secret && hex(second.computeSecret(peer)) === secret;
      };
      return race(EXCHANGES, { run: () => every(EXCHANGES, respond) }, { run: () => every(EXCHANGES, agreeTwice) });
    },
  };
}

/** Verification and key establishment of both suites, each with the key at hand and with the key imported. */
export const curves: readonly Bench[] = [verification, exchange].flatMap((bench) =>
  ([1, 2] as const).flatMap((suite) => [bench(suite, false), bench(suite, true)]),
);

/** Does something `count` times. Throws where it once failed: a failure may be quicker than the work. */
function every(count: number, work: () => boolean): string {
  for (let i = 0; i < count; i++) if (!work()) throw new Error('a contender failed');
  return `${count} done`;
}

function importOwn(core: Core, suite: SuiteNumber): number {
  const { ca, responder } = runs.runs[suite - 1] as (typeof runs.runs)[number];
  return valueOf(
    core.cbke.importCertificate({
      suite,
      privateKey: unhex(responder.privateKey),
      certificate: unhex(responder.certificate),
      caPublicKey: unhex(ca),
    }),
  ).handle;
}

/** The point at the end of a subjectPublicKeyInfo, compressed. */
function compressedPoint(suite: SuiteNumber, der: Uint8Array): Uint8Array {
  const { scalar } = sizesOf(suite);
  const [x, y] = [der.subarray(-2 * scalar, -scalar), der.subarray(-scalar)];
  return new CurveModel(CURVES[suite - 1] as CurveParameters).compress({ x: numberOf(x), y: numberOf(y) });
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.code);
  return result.value;
}
