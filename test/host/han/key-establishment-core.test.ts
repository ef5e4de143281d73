/** The state machine over real cores: both suites, certificates of a CA written apart, and what a wrong one is answered. */
import { describe, expect, test } from 'vitest';
import { decodeTerminate, KeCommand, KeStatus } from '../../../host/clusters/key-exchange.ts';
import type { CertificateMaterial } from '../../../host/core/cbke.ts';
import type { SuiteNumber } from '../../../host/core/curves.ts';
import { KeyEstablishment, type Action } from '../../../host/han/key-establishment.ts';
import { eui64, hex, unhex, type Eui64 } from '../../../host/model/ids.ts';
import { Seeded } from '../../../firmware/air/seeded.ts';
import { openCore, type OpenCore } from '../../kit/core.ts';
import { TestCa } from '../../kit/test-ca.ts';

const [A, B, CA, OTHER_CA] = ['020000000000000a', '020000000000000b', '02000000000000ca', '02000000000000cb'].map(eui64) as [
  Eui64,
  Eui64,
  Eui64,
  Eui64,
];

interface Party {
  readonly eui: Eui64;
  readonly core: OpenCore;
  readonly machine: KeyEstablishment;
}

async function party(eui: Eui64, material: CertificateMaterial, seed: number): Promise<Party> {
  const core = await openCore();
  const { suite, certificate } = material;
  const taken = core.cbke.importCertificate({ ...material, privateKey: material.privateKey.slice() });
  if (!taken.ok) throw new Error(taken.code);
  const machine = new KeyEstablishment({
    self: eui,
    core: {
      begin: (beginning) => core.cbke.begin(beginning),
      agree: (exchange, ephemeral) => core.cbke.agree(exchange, ephemeral),
      confirm: (exchange, mac) => core.cbke.confirm(exchange, mac),
      abandon: (exchange) => void core.keys.erase(exchange),
    },
    certificate: (wanted) => (wanted === suite ? { handle: taken.value.handle, certificate } : undefined),
    entropy: new Seeded(seed),
    most: 2,
  });
  return { eui, core, machine };
}

/** Runs an exchange to its end; the actions of either side, and every message by command. */
function run(
  one: Party,
  other: Party,
  suite: SuiteNumber,
): { readonly ends: readonly Action[]; readonly lengths: readonly number[]; readonly last: Uint8Array } {
  const begun = one.machine.initiate(other.eui, suite, 0);
  if (!begun.ok) throw new Error(begun.code);
  const ends: Action[] = [];
  const lengths: number[] = [];
  let last = new Uint8Array(0);
  let [actions, speaker, listener] = [begun.value, one, other];
  while (actions.some(({ kind }) => kind === 'send')) {
    const next: Action[] = [];
    for (const action of actions) {
      if (action.kind !== 'send') ends.push(action);
      else {
        lengths.push(action.message.payload.length);
        last = action.message.payload.slice();
        next.push(...listener.machine.hear(speaker.eui, { ...action.message, seq: 1 }, 0));
      }
    }
    [actions, speaker, listener] = [next, listener, speaker];
  }
  ends.push(...actions);
  return { ends, lengths, last };
}

const established = (ends: readonly Action[]) => ends.flatMap((each) => (each.kind === 'establish' ? [each] : []));

describe.each([1, 2] as const)('two cores with certificates of one CA, suite %i', (suite) => {
  test('establish one link key, each with the other as partner; messages have the sizes of the suite', async () => {
    const ca = new TestCa(suite, CA);
    const [a, b] = [await party(A, ca.issue(A), 11), await party(B, ca.issue(B), 12)];
    const { ends, lengths } = run(a, b, suite);
    const [theirs, mine] = established(ends);
    expect([theirs?.partner, mine?.partner]).toEqual([A, B]);
    const keys = [b.core.exportKey(theirs!.key), a.core.exportKey(mine!.key)].map((key) => (key.ok ? hex(key.value) : key.code));
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys[0]).toBe(keys[1]);
    const [certificate, point] = suite === 1 ? [48, 22] : [74, 37];
    expect(lengths).toEqual([4 + certificate, 4 + certificate, point, point, 16, 16]);
    for (const { core } of [a, b]) expect(core.positions(unhex(keys[0]!))).toHaveLength(1);
  });
  test('refuse a certificate of another CA as of an unknown issuer, and leave no exchange in any slot', async () => {
    const [a, b] = [await party(A, new TestCa(suite, CA).issue(A), 11), await party(B, new TestCa(suite, OTHER_CA, 5).issue(B), 12)];
    const { ends, last } = run(a, b, suite);
    expect(decodeTerminate(last)?.status).toBe(KeStatus.UNKNOWN_ISSUER);
    expect([established(ends), a.machine.partners, b.machine.partners]).toEqual([[], [], []]);
  });
  test('do not establish a key with a CA that only claims the name: the confirmation does not hold', async () => {
    const [a, b] = [await party(A, new TestCa(suite, CA).issue(A), 11), await party(B, new TestCa(suite, CA, 99).issue(B), 12)];
    const { ends, last } = run(a, b, suite);
    expect(decodeTerminate(last)?.status).toBe(KeStatus.BAD_KEY_CONFIRM);
    expect(established(ends)).toEqual([]);
  });
  test('refuse the certificate of another device than the one that speaks', async () => {
    const ca = new TestCa(suite, CA);
    const [a, b] = [await party(A, ca.issue(A), 11), await party(B, ca.issue(eui64('020000000000000e')), 12)];
    const { ends, last } = run(a, b, suite);
    expect(decodeTerminate(last)?.status).toBe(KeStatus.BAD_MESSAGE);
    expect(established(ends)).toEqual([]);
  });
});

test('suite 2: a certificate without key agreement, of another curve or hash is invalid', async () => {
  for (const change of [
    (fields: Uint8Array) => void (fields[36] = 0x80),
    (fields: Uint8Array) => void (fields[9] = 0x0e),
    (fields: Uint8Array) => void (fields[10] = 0x02),
  ]) {
    const ca = new TestCa(2, CA);
    const a = await party(A, ca.issue(A), 11);
    const { certificate } = ca.issue(B, change);
    const payload = Uint8Array.of(2, 0, 20, 25, ...certificate);
    const actions = a.machine.hear(B, { direction: 'request', command: KeCommand.INITIATE, payload, seq: 1 }, 0);
    const [said] = actions.flatMap((each) => (each.kind === 'send' ? [each.message] : []));
    expect(decodeTerminate(said!.payload)?.status).toBe(KeStatus.INVALID_CERTIFICATE);
  }
});

test('points of no curve, outside the subgroup and of low order end an exchange as bad messages', async () => {
  const ca = new TestCa(1, CA);
  const bad = [
    '00'.repeat(22),
    '02' + '00'.repeat(21),
    '04' + '11'.repeat(21),
    '02' + 'ff'.repeat(21),
    '02' + '00'.repeat(20) + '02',
    '02',
  ];
  for (const point of bad) {
    const a = await party(A, ca.issue(A), 11);
    const { certificate } = ca.issue(B);
    a.machine.hear(
      B,
      { direction: 'request', command: KeCommand.INITIATE, payload: Uint8Array.of(1, 0, 10, 15, ...certificate), seq: 1 },
      0,
    );
    const actions = a.machine.hear(B, { direction: 'request', command: KeCommand.EPHEMERAL, payload: unhex(point), seq: 2 }, 0);
    const [said] = actions.flatMap((each) => (each.kind === 'send' ? [each.message] : []));
    expect(decodeTerminate(said!.payload)?.status).toBe(KeStatus.BAD_MESSAGE);
    expect(a.machine.partners).toEqual([]);
  }
});
