/** The certificates of a lab: genuine to the core, for whom they say, and the same from the same random bytes. */
import { describe, expect, test } from 'vitest';
import { Seeded } from '../../../firmware/air/seeded.ts';
import { LAB_ISSUER, labCertificates } from '../../../host/compose/lab-certificates.ts';
import { certificatesOf, equip } from '../../../host/compose/lab-factory.ts';
import { certificateFields } from '../../../host/core/certificate.ts';
import { Signer } from '../../../host/core/signer.ts';
import { eui64, hex } from '../../../host/model/ids.ts';
import { freshCore, wasm } from '../../kit/core.ts';

const HUB = eui64('0200000000000201');
const PPMID = eui64('0200000000000202');
const ESME = eui64('0200000000000203');
const WANTED = new Map([
  [HUB, [1, 2] as const],
  [PPMID, [1, 2] as const],
  [ESME, [1] as const],
]);
const signer = await Signer.load(wasm('signer'));
const issued = (seed: number) => labCertificates(signer, new Seeded(seed), WANTED);

describe('certificates of a lab', () => {
  test('are of the suites asked for, for their subject, of one issuer and one CA a suite', () => {
    const found = [...issued(1)].map(([subject, held]) => [
      subject,
      held.map(({ certificate }) => {
        const { suite, subject: named, issuer } = certificateFields(certificate)!;
        return [suite, named, issuer];
      }),
    ]);
    expect(found).toEqual([...WANTED].map(([subject, suites]) => [subject, suites.map((suite) => [suite, subject, LAB_ISSUER])]));
    for (const suite of [1, 2]) {
      const keys = [...issued(1).values()].flatMap((held) => held.flatMap((each) => (each.suite === suite ? hex(each.caPublicKey) : [])));
      expect(new Set(keys).size).toBe(1);
    }
  });

  test('of suite 2 are for agreement and signature, and hold for ever', () => {
    const [, two] = issued(1).get(HUB)!;
    expect(certificateFields(two!.certificate)).toMatchObject({ usage: ['agreement', 'signature'], validTo: undefined });
  });

  test('belong to their private keys, and to nobody else’s', async () => {
    const core = await freshCore();
    const of = (seed: number, subject: typeof HUB) => issued(seed).get(subject)!;
    for (const material of of(1, PPMID)) expect(core.cbke.importCertificate(material).ok).toBe(true);
    const [mine] = of(1, PPMID);
    const [other] = of(2, PPMID);
    expect(core.cbke.importCertificate({ ...mine!, privateKey: other!.privateKey })).toMatchObject({ ok: false, code: 'curve-mismatch' });
    expect(core.cbke.importCertificate({ ...of(1, PPMID)[0]!, caPublicKey: other!.caPublicKey })).toMatchObject({ ok: false });
  });

  test('are the same from the same random bytes, and others from others', () => {
    const text = (seed: number): string => JSON.stringify([...issued(seed).values()].flat().map(({ certificate }) => hex(certificate)));
    expect(text(3)).toBe(text(3));
    expect(text(3)).not.toBe(text(4));
  });
});

test('what one is equipped with is given out in arrays of its own: a core that wipes them wipes nothing of the factory', async () => {
  const factory = await equip(HUB, new Map([[PPMID, [1]]]), new Seeded(1));
  certificatesOf(factory, PPMID)[0]!.privateKey.fill(0);
  expect(certificatesOf(factory, PPMID)[0]!.privateKey.some((byte) => byte !== 0)).toBe(true);
  expect(factory.installCodes.get(PPMID)).toHaveLength(18);
  expect(certificatesOf(factory, ESME)).toEqual([]);
});
