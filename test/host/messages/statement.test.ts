import { describe, expect, test } from 'vitest';
import { encode } from '../../../host/messages/cbor-writer.ts';
import { countersign, sign1 } from '../../../host/messages/cose.ts';
import {
  gatewayOf,
  openStatement,
  signersBy,
  signStatement,
  LIST_SIZE,
  STATEMENT_CHECKS,
  STATEMENT_TYPE,
  type StatementContext,
} from '../../../host/messages/statement.ts';
import { keyId } from '../../../host/messages/ed25519.ts';
import { Fault } from '../../../host/model/fault.ts';
import { digest, unhex } from '../../../host/model/ids.ts';
import type { SignersStatement, Statement, SuppliersStatement } from '../../../host/model/register.ts';
import * as p from './parties.ts';

const { NOW, GATEWAY, LEAD, GAS, RIVAL, DCC, REGISTRATION } = p;
const BASE = { version: 5, environment: 'lab', issued: NOW - 100, validFrom: NOW - 100, validTo: NOW + 100 } as const;
const MODEL = { manufacturer: 0x10aa, model: 'PPMID-1', hardwareVersion: 3 };
const SUPPLIERS: SuppliersStatement = {
  kind: 'suppliers',
  ...BASE,
  gateway: GATEWAY,
  lead: [
    { party: RIVAL.signer.party, from: 0, to: NOW - 50 },
    { party: LEAD.signer.party, from: NOW - 50, to: undefined },
  ],
  gas: [{ party: GAS.signer.party, from: 0, to: undefined }],
};
const SIGNERS: SignersStatement = { kind: 'signers', ...BASE, signers: [LEAD.signer, GAS.signer, DCC.signer] };
const ALL: readonly Statement[] = [
  SUPPLIERS,
  SIGNERS,
  { kind: 'products', ...BASE, products: [{ ...MODEL, firmwareVersion: 7, state: 'listed', images: [digest(new Uint8Array(32))] }] },
  { kind: 'combinations', ...BASE, combinations: [[{ ...MODEL, firmwareVersion: 7, type: 'ppmid' }]] },
  {
    kind: 'device-log',
    ...BASE,
    gateway: GATEWAY,
    devices: [
      { ...MODEL, eui: p.PPMID, type: 'ppmid', imageType: 0x84, firmwareVersion: 7 },
      { ...MODEL, eui: p.OTHER_GATEWAY, type: 'esme', imageType: undefined, firmwareVersion: undefined },
    ],
  },
];
const CONTEXT: StatementContext = {
  environment: 'lab',
  now: NOW,
  anchors: [REGISTRATION.signer],
  gateway: GATEWAY,
  storedVersion: () => 4,
};
const open = (statement: Statement, context: Partial<StatementContext> = {}) =>
  openStatement(signStatement(statement, REGISTRATION.key), { ...CONTEXT, ...context });

describe('a statement', () => {
  test.each(ALL)('of the kind $kind is opened as it was signed', (statement) => {
    const bytes = signStatement(statement, REGISTRATION.key);
    expect(openStatement(bytes, CONTEXT)).toEqual({ ok: true, value: { statement, signer: REGISTRATION.signer, bytes } });
  });

  test.each(ALL)('of the kind $kind is refused after any change of one byte', (statement) => {
    const bytes = signStatement(statement, REGISTRATION.key);
    for (let at = 0; at < bytes.length; at++) {
      const flipped = Uint8Array.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      expect(openStatement(flipped, CONTEXT).ok, `byte ${at}`).toBe(false);
    }
  });

  test('says which gateway it is about, if one', () => {
    expect(ALL.map(gatewayOf)).toEqual([GATEWAY, undefined, undefined, undefined, GATEWAY]);
  });

  test('is the first of its kind when none is stored', () => expect(open(SUPPLIERS, { storedVersion: () => undefined }).ok).toBe(true));

  test('asks for the stored version by kind and gateway', () => {
    const asked: unknown[] = [];
    open(SUPPLIERS, { storedVersion: (...of) => void asked.push(of) as undefined });
    open(SIGNERS, { storedVersion: (...of) => void asked.push(of) as undefined });
    expect(asked).toEqual([
      ['suppliers', GATEWAY],
      ['signers', undefined],
    ]);
  });

  test.each([SUPPLIERS.validFrom, SUPPLIERS.validTo - 1])('is taken in the first and in the last second of its validity: %d', (now) => {
    expect(open(SUPPLIERS, { now }).ok).toBe(true);
  });

  test('may name periods of lead supply that touch, in any order', () => {
    expect(open({ ...SUPPLIERS, lead: SUPPLIERS.lead.toReversed() }).ok).toBe(true);
  });
});

interface Defect {
  readonly name: string;
  readonly check: string;
  readonly code: string;
  readonly statement?: Statement;
  readonly bytes?: Uint8Array;
  readonly context?: Partial<StatementContext>;
}
const withSigners = (...signers: SignersStatement['signers']): SignersStatement => ({ ...SIGNERS, signers });
const smallOrder = unhex('01'.padEnd(64, '0'));

const defects: readonly Defect[] = [
  {
    name: 'a signature of somebody else',
    check: 'signature',
    code: 'signature-invalid',
    bytes: signStatement(SUPPLIERS, p.impostor(REGISTRATION).key),
  },
  { name: 'a lab statement in production', check: 'environment', code: 'lab-in-production', context: { environment: 'production' } },
  {
    name: 'a production statement in the lab',
    check: 'environment',
    code: 'production-in-lab',
    statement: { ...SUPPLIERS, environment: 'production' },
  },
  { name: 'another gateway', check: 'audience', code: 'other-gateway', statement: { ...SUPPLIERS, gateway: p.OTHER_GATEWAY } },
  { name: 'a validity that has not begun', check: 'validity', code: 'not-yet-valid', context: { now: SUPPLIERS.validFrom - 1 } },
  { name: 'a validity that is over', check: 'validity', code: 'expired', context: { now: SUPPLIERS.validTo } },
  { name: 'the version that is stored', check: 'version', code: 'older', context: { storedVersion: () => 5 } },
  { name: 'an older version', check: 'version', code: 'older', context: { storedVersion: () => 6 } },
  {
    name: 'two Lead Suppliers at once [R-PPMID-04]',
    check: 'lead-periods',
    code: 'ambiguous',
    statement: {
      ...SUPPLIERS,
      lead: [
        { party: LEAD.signer.party, from: 0, to: undefined },
        { party: RIVAL.signer.party, from: NOW, to: undefined },
      ],
    },
  },
  {
    name: 'one second of two Lead Suppliers',
    check: 'lead-periods',
    code: 'ambiguous',
    statement: {
      ...SUPPLIERS,
      lead: [
        { party: LEAD.signer.party, from: 0, to: 101 },
        { party: RIVAL.signer.party, from: 100, to: 200 },
      ],
    },
  },
  {
    name: 'a key under the identifier of another',
    check: 'signers',
    code: 'key-id',
    statement: withSigners({ ...LEAD.signer, kid: GAS.signer.kid }),
  },
  {
    name: 'a key of small order',
    check: 'signers',
    code: 'key-small-order',
    statement: withSigners({ ...LEAD.signer, key: smallOrder, kid: keyId(smallOrder) }),
  },
  {
    name: 'one key in two roles',
    check: 'signers',
    code: 'duplicate-key',
    statement: withSigners(LEAD.signer, { ...LEAD.signer, role: 'dcc-countersigner' }),
  },
  {
    name: 'a new registration key',
    check: 'signers',
    code: 'registration-role',
    statement: withSigners({ ...RIVAL.signer, role: 'registration' }),
  },
  {
    name: 'the registration key as a supplier',
    check: 'signers',
    code: 'registration-key',
    statement: withSigners({ ...REGISTRATION.signer, role: 'import-supplier' }),
  },
  {
    name: 'the registration key as the countersigner',
    check: 'signers',
    code: 'registration-key',
    statement: withSigners({ ...REGISTRATION.signer, role: 'dcc-countersigner' }),
  },
];

describe('one defect of a statement', () => {
  const bytesOf = ({ bytes, statement = SUPPLIERS }: Defect): Uint8Array => bytes ?? signStatement(statement, REGISTRATION.key);

  test.each(defects)('is refused by one check: $name', (defect) => {
    const { check, code, context } = defect;
    const refused = openStatement(bytesOf(defect), { ...CONTEXT, ...context });
    expect(refused).toMatchObject({ ok: false, check, code });
    expect(!refused.ok && refused.requirements.length).toBeGreaterThan(0);
  });

  test.each(defects)('would be accepted with that check left out: $name', (defect) => {
    const checks = STATEMENT_CHECKS.filter(({ name }) => name !== defect.check);
    expect(openStatement(bytesOf(defect), { ...CONTEXT, ...defect.context, checks }).ok).toBe(true);
  });

  test('covers every check', () => {
    expect(new Set(defects.map(({ check }) => check))).toEqual(new Set(STATEMENT_CHECKS.map(({ name }) => name)));
  });
});

describe('the form of a statement', () => {
  const payload = (fields: Parameters<typeof encode>[0]): Uint8Array => sign1(encode(fields), STATEMENT_TYPE, REGISTRATION.key);
  const good = signStatement(SUPPLIERS, REGISTRATION.key);

  test.each([
    ['another content type', sign1(encode({}), 'application/cbor', REGISTRATION.key), 'content-type'],
    ['a countersignature', p.must(countersign(good, DCC.key)), 'countersigned'],
    ['no kind', payload({}), 'missing-field'],
    ['the obsolete eligible products list [R-EPC-06]', payload({ kind: 'eligible-products' }), 'out-of-range'],
    ['a supplier that signs for itself', signStatement(SUPPLIERS, LEAD.key), 'unknown-signer'],
    [
      'a list entry without hardware version [R-CPL-03]',
      payload({ kind: 'products', ...BASE, products: [{ manufacturer: 1, model: 'M', firmwareVersion: 1, state: 'listed', images: [] }] }),
      'missing-field',
    ],
    ['an empty validity', payload({ kind: 'signers', ...BASE, validTo: BASE.validFrom, signers: [] }), 'empty-window'],
    [
      'an empty period',
      payload({ kind: 'suppliers', ...BASE, gateway: new Uint8Array(8), lead: [], gas: [{ party: new Uint8Array(8), from: 5, to: 5 }] }),
      'empty-window',
    ],
    ['version 0', payload({ kind: 'signers', ...BASE, version: 0, signers: [] }), 'out-of-range'],
  ])('cannot be left out: %s', (_, bytes, code) => {
    expect(openStatement(bytes, { ...CONTEXT, checks: [] })).toMatchObject({ ok: false, check: 'form', code });
  });

  test('does not take an anchor of another role for the registration', () => {
    const bytes = signStatement(SUPPLIERS, DCC.key);
    expect(openStatement(bytes, { ...CONTEXT, anchors: [DCC.signer] })).toMatchObject({ ok: false, code: 'unknown-signer' });
  });

  test('may be as long as a full register: it is signed and opened', () => {
    const products = Array.from({ length: 20_000 }, (_, n) => ({ ...MODEL, firmwareVersion: n, state: 'listed' as const, images: [] }));
    const bytes = signStatement({ kind: 'products', ...BASE, products }, REGISTRATION.key);
    expect(bytes.length).toBeGreaterThan(1_000_000);
    const opened = openStatement(bytes, { ...CONTEXT, maxSize: LIST_SIZE });
    expect(opened.ok && opened.value.statement.kind === 'products' ? opened.value.statement.products.length : 0).toBe(20_000);
  });
  test('that no reader would take is not signed', () => {
    expect(() => signStatement({ ...SUPPLIERS, validTo: 0 }, REGISTRATION.key)).toThrow(Fault);
  });

  test('names a refused item of a list by its place', () => {
    const refused = openStatement(payload({ kind: 'combinations', ...BASE, combinations: [[], [{ type: 'kettle' }]] }), CONTEXT);
    expect(refused).toMatchObject({ detail: 'combinations[1][0].manufacturer is missing' });
  });
});

test('keys are looked up in a signers statement; without one nobody is known', () => {
  expect(signersBy(SIGNERS)(DCC.signer.kid)).toBe(DCC.signer);
  expect(signersBy(SIGNERS)(RIVAL.signer.kid)).toBeUndefined();
  expect(signersBy(undefined)(DCC.signer.kid)).toBeUndefined();
});
