/** Key establishment through the host's object: whole runs, and the names of what is refused. */
import { describe, expect, test } from 'vitest';
import runs from '../../../seeds/vectors/cbke.json' with { type: 'json' };
import certificates from '../../../seeds/vectors/implicit-certificates.json' with { type: 'json' };
import { EXCHANGE_ENTROPY_LENGTH, type Beginning } from '../../../host/core/cbke.ts';
import type { LabCore } from '../../../host/core/core.ts';
import type { SuiteNumber } from '../../../host/core/curves.ts';
import type { Result } from '../../../host/model/fault.ts';
import { eui64, hex, unhex } from '../../../host/model/ids.ts';
import { freshLab } from '../../kit/core.ts';

type Run = (typeof runs.runs)[number];
type Party = Run['initiator'];

const valueOf = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.code);
  return result.value;
};
const codeOf = (result: Result<unknown>): string | null => (result.ok ? null : result.code);
const entropyOf = (privateKey: string): Uint8Array => unhex(privateKey.padStart(2 * EXCHANGE_ENTROPY_LENGTH, '0'));
const material = ({ suite, ca }: Run, party: Party) => ({
  suite: suite as SuiteNumber,
  privateKey: unhex(party.privateKey),
  certificate: unhex(party.certificate),
  caPublicKey: unhex(ca),
});

/** Both sides of a run in cores of their own; what each comes to, or the first refusal. */
async function establish(run: Run) {
  const [initiator, responder] = [await freshLab(), await freshLab()];
  const u = initiator.cbke.importCertificate(material(run, run.initiator));
  const v = responder.cbke.importCertificate(material(run, run.responder));
  if (!u.ok) return u.code;
  if (!v.ok) return v.code;
  const beginning = (own: number, role: Beginning['role'], party: Party, peer: Party, partner: typeof u.value.subject): Beginning => ({
    own,
    role,
    partner,
    certificate: unhex(peer.certificate),
    entropy: entropyOf(party.ephemeralPrivate),
  });
  const begunU = initiator.cbke.begin(beginning(u.value.handle, 'initiator', run.initiator, run.responder, v.value.subject));
  const begunV = responder.cbke.begin(beginning(v.value.handle, 'responder', run.responder, run.initiator, u.value.subject));
  if (!begunU.ok) return begunU.code;
  if (!begunV.ok) return begunV.code;
  const macu = valueOf(initiator.cbke.agree(begunU.value.handle, begunV.value.ephemeral));
  expect(valueOf(responder.cbke.agree(begunV.value.handle, begunU.value.ephemeral))).toBeUndefined();
  const atV = valueOf(responder.cbke.confirm(begunV.value.handle, macu as Uint8Array));
  const atU = valueOf(initiator.cbke.confirm(begunU.value.handle, atV.mac as Uint8Array));
  expect(atU.mac).toBeUndefined();
  const keyOf = (core: LabCore, handle: number): string => hex(valueOf(core.exportKey(handle)));
  return {
    ephemerals: [hex(begunU.value.ephemeral), hex(begunV.value.ephemeral)],
    macs: [hex(macu as Uint8Array), hex(atV.mac as Uint8Array)],
    keys: [keyOf(initiator, atU.key), keyOf(responder, atV.key)],
  };
}

/** Runs whose values are right, but whose certificates no key may be established with: an address for two, or another key usage. */
const FORBIDDEN: Readonly<Record<string, string>> = {
  cs1_test1: 'curve-subject',
  cs2_test2: 'curve-certificate-usage',
  cs2_test3: 'curve-certificate-usage',
  cs2_test4: 'curve-certificate-usage',
  cs2_test5: 'curve-certificate-usage',
  cs2_test6: 'curve-certificate-usage',
};

describe('a run between two cores', () => {
  test.each(runs.runs)('$name', async (run) => {
    const forbidden = FORBIDDEN[run.name.split(' ').at(-1) ?? ''];
    const came = await establish(run);
    if (forbidden !== undefined) expect(came).toBe(forbidden);
    else
      expect(came).toEqual({
        ephemerals: [run.initiator.ephemeral, run.responder.ephemeral],
        macs: [run.macu, run.macv],
        keys: [run.linkKey, run.linkKey],
      });
  });
});

describe('a certificate key', () => {
  test.each(certificates.certificates)('of $name is taken where it fits: $consistent', async (row) => {
    const core = await freshLab();
    const privateKey = unhex(row.privateKey);
    const caPublicKey = unhex(row.ca);
    const imported = core.cbke.importCertificate({
      suite: row.suite as SuiteNumber,
      privateKey,
      certificate: unhex(row.certificate),
      caPublicKey,
    });
    expect(privateKey).toEqual(new Uint8Array(privateKey.length));
    const usage = row.suite === 1 ? 0x08 : Number.parseInt(row.certificate.slice(72, 74), 16);
    if (!row.consistent)
      expect(codeOf(imported)).toMatch(/^curve-(mismatch|certificate-usage|certificate-format|point-(prefix|curve|order))$/);
    else expect(codeOf(imported)).toBe((usage & 0x08) === 0 ? 'curve-certificate-usage' : null);
  });
  test('is given back with its subject', async () => {
    const core = await freshLab();
    const run = runs.runs[1] as Run;
    const { handle } = valueOf(core.cbke.importCertificate(material(run, run.initiator)));
    const held = valueOf(core.cbke.certificateOf(handle));
    expect(held).toEqual({ suite: 2, certificate: unhex(run.initiator.certificate), subject: eui64('0a0b0c0d0e0f1012') });
    expect(codeOf(core.cbke.certificateOf(handle + 256))).toBe('key-handle');
  });
  test('with a part of another length is refused by name, and wiped all the same', async () => {
    const core = await freshLab();
    const whole = material(runs.runs[0] as Run, (runs.runs[0] as Run).initiator);
    const short = whole.privateKey.slice(1);
    expect(codeOf(core.cbke.importCertificate({ ...whole, privateKey: short }))).toBe('curve-private-key');
    expect(short).toEqual(new Uint8Array(20));
    const again = () => ({ ...whole, privateKey: unhex((runs.runs[0] as Run).initiator.privateKey) });
    expect(codeOf(core.cbke.importCertificate({ ...again(), caPublicKey: whole.caPublicKey.slice(1) }))).toBe('curve-point-length');
    expect(codeOf(core.cbke.importCertificate({ ...again(), certificate: whole.certificate.slice(1) }))).toBe('curve-certificate-length');
    expect(codeOf(core.cbke.importCertificate(again()))).toBeNull();
  });
});

describe('an exchange', () => {
  test('wipes the entropy it was given, and takes no other amount', async () => {
    const core = await freshLab();
    const run = runs.runs[0] as Run;
    const { handle: own } = valueOf(core.cbke.importCertificate(material(run, run.initiator)));
    const beginning = {
      own,
      role: 'initiator',
      partner: eui64('0000000000000001'),
      certificate: unhex(run.responder.certificate),
    } as const;
    const entropy = entropyOf('07');
    expect(codeOf(core.cbke.begin({ ...beginning, entropy }))).toBeNull();
    expect(entropy).toEqual(new Uint8Array(EXCHANGE_ENTROPY_LENGTH));
    expect(() => core.cbke.begin({ ...beginning, entropy: new Uint8Array(32) })).toThrow('48 random bytes');
  });
  test('under no certificate key is refused', async () => {
    const core = await freshLab();
    const beginning = { own: 256, role: 'responder', partner: eui64('0000000000000001'), certificate: new Uint8Array(48) } as const;
    expect(codeOf(core.cbke.begin({ ...beginning, entropy: new Uint8Array(48) }))).toBe('key-handle');
    expect(codeOf(core.cbke.agree(256, new Uint8Array(22)))).toBe('key-handle');
    expect(codeOf(core.cbke.confirm(256, new Uint8Array(16)))).toBe('key-handle');
  });
});
