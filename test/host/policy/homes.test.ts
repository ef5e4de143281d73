/** Rules about homes, meters and what is served there that no table asks: steps, disturbance, gas, alerts, lists derived from installations, slices. */
import { describe, expect, test } from 'vitest';
import { seededStatement } from '../../../host/compose/register-seeds.ts';
import { eui64 } from '../../../host/model/ids.ts';
import type { CombinationsStatement, ProductsStatement } from '../../../host/model/register.ts';
import type { StepsStatement, Variation } from '../../../host/model/regulation.ts';
import { addressees } from '../../../host/policy/addressees.ts';
import { affectedBy, deployedProducts } from '../../../host/policy/deployed.ts';
import { countFailures } from '../../../host/policy/failures.ts';
import { gasLost } from '../../../host/policy/gas-served.ts';
import { missingConsent } from '../../../host/policy/half-hourly.ts';
import { isHubFault } from '../../../host/policy/incident.ts';
import { ask } from '../../../host/policy/questions.ts';
import { combinationOf, sameModel, systemsOf } from '../../../host/policy/resulting.ts';
import { factsFor, sliceOf } from '../../../host/policy/slice.ts';
import { defaultFor, instructionsFor, variationsFor } from '../../../host/policy/steps.ts';
import { disturbance, type SupplyState } from '../../../host/policy/untouched.ts';
import { factsBy } from '../../kit/naive/random.ts';
import { facts, factsOf, table } from './table.ts';

const BASE = { version: 1, environment: 'lab', issued: 0, validFrom: 0, validTo: 4_102_444_800 } as const;
const NOW = 1_750_000_000;
const documents = seededStatement('documents', BASE);
const PPMID = { manufacturer: 0x10aa, model: 'PPMID-1', hardwareVersion: 3, firmwareVersion: 7 };

describe('a Device Model', () => {
  test.each(['manufacturer', 'model', 'hardwareVersion', 'firmwareVersion'] as const)(
    'is another when its %s is another [R-DM-01]',
    (field) => {
      expect(sameModel(PPMID, { ...PPMID })).toBe(true);
      expect(sameModel(PPMID, { ...PPMID, [field]: field === 'model' ? 'x' : 99 })).toBe(false);
    },
  );
});

describe('a home', () => {
  const { hub, devices } = facts('update');
  test('counts hub and GPF as the one product that they are [R-DEV-02]', () => {
    expect(combinationOf(hub, devices).map(({ type }) => type)).toEqual(['chf', 'esme', 'gsme', 'ppmid', 'ihd']);
  });
  test('has a system for each fuel that has a meter, with every device that is no meter in both [R-LEAD-04]', () => {
    const systems = systemsOf(combinationOf(hub, devices)).map(
      ({ fuel, members }) => `${fuel}: ${members.map(({ type }) => type).join(' ')}`,
    );
    expect(systems).toEqual(['electricity: chf esme ppmid ihd', 'gas: chf gsme ppmid ihd']);
    expect(systemsOf([hub]).map(({ fuel }) => fuel)).toEqual(['none']);
  });
  test('whose new hub is not eligible is told each system that is missing [R-LEAD-04, R-CHFW-01]', () => {
    const answer = ask('change-hub', factsOf('change-hub', { set: { 'combinations.combinations': [] } }));
    expect(answer).toMatchObject({ code: 'combination-not-eligible' });
    expect('detail' in answer ? answer.detail : '').toMatch(/electricity: chf HUB-1 .*; gas: chf HUB-1 /);
  });
});

describe('equivalent steps', () => {
  const steps: StepsStatement = {
    ...seededStatement('equivalent-steps', BASE),
    steps: [
      { srv: '11.1', devices: {}, instructions: ['a', 'b'] },
      { srv: '11.1', devices: { model: 'PPMID-1' }, instructions: ['c'] },
      { srv: '11.1', devices: { model: 'PPMID-1', firmwareVersion: 8 }, instructions: ['d'] },
    ],
  };
  test('are an ordered list of Instructions for a request and a model, the most specific entry first [R-SVC-05]', () => {
    expect(instructionsFor(steps, '11.1', PPMID, documents, NOW)).toEqual(['c']);
    expect(instructionsFor(steps, '11.1', { ...PPMID, firmwareVersion: 8 }, documents, NOW)).toEqual(['d']);
    expect(instructionsFor(steps, '11.1', { ...PPMID, model: 'other' }, documents, NOW)).toEqual(['a', 'b']);
    expect(instructionsFor(steps, '8.3', PPMID, documents, NOW)).toBeUndefined();
  });
  test('of this product for a PPMID come with it, and are data [R-SVC-05, R-DMVES-04]', () => {
    const seeded = seededStatement('equivalent-steps', BASE);
    expect(instructionsFor(seeded, '11.1', PPMID, documents, NOW)).toEqual(['image-notify', 'image-block', 'upgrade-end', 'read-version']);
  });
});

describe('device-specific variations', () => {
  const variation = (change: Partial<Variation>): Variation => ({
    clause: '18.1',
    devices: [{ model: 'PPMID-1' }],
    from: 0,
    underInvestigation: [],
    ...change,
  });
  const applied = (list: readonly Variation[], cohort: 'IOC' | 'MOC-Secure' = 'IOC', device = PPMID): readonly string[] =>
    variationsFor({ ...seededStatement('equivalent-steps', BASE), variations: list }, device, cohort, NOW).map(({ clause }) => clause);

  test('are exactly those mapped to a model; an unmapped model has none [R-DMVES-01]', () => {
    const list = [
      variation({}),
      variation({ clause: '18.2', devices: [{ model: 'PPMID-2' }] }),
      variation({ clause: '18.3', devices: [] }),
    ];
    expect(applied(list)).toEqual(['18.1']);
    expect(applied(list, 'IOC', { ...PPMID, model: 'PPMID-3' })).toEqual([]);
  });
  test('stay for models under investigation when they end for others [R-DMVES-03]', () => {
    const ended = variation({ to: NOW, devices: [{ model: 'PPMID-1' }, { model: 'PPMID-2' }], underInvestigation: [{ model: 'PPMID-1' }] });
    expect([applied([ended]), applied([ended], 'IOC', { ...PPMID, model: 'PPMID-2' })]).toEqual([['18.1'], []]);
  });
  test('take effect with the register, as data, and not before their date [R-DMVES-04, R-DMVES-06]', () => {
    expect(applied([variation({ from: NOW })])).toEqual(['18.1']);
    expect(applied([variation({ from: NOW + 1 })])).toEqual([]);
    expect(applied([])).toEqual([]);
  });
  test('differ by cohort [R-DMVES-05]', () => {
    const list = [variation({ cohort: 'IOC' }), variation({ clause: '18.9', cohort: 'MOC-Secure' })];
    expect([applied(list, 'IOC'), applied(list, 'MOC-Secure')]).toEqual([['18.1'], ['18.9']]);
  });
});

test('a default value stands in for its request, field and cohort, and for no other [R-DEF-01, R-DEF-02]', () => {
  const steps = {
    ...seededStatement('equivalent-steps', BASE),
    defaults: [{ srv: '1.1.1', field: 'thresholds', cohort: 'MOC-Secure' as const, value: '0' }],
  };
  expect(defaultFor(steps, '1.1.1', 'thresholds', 'MOC-Secure')?.value).toBe('0');
  for (const cohort of ['IOC', 'FOC', 'MOC-MDS', 'unknown'] as const)
    expect(defaultFor(steps, '1.1.1', 'thresholds', cohort)).toBeUndefined();
  expect(defaultFor(steps, '1.1.1', 'prices', 'MOC-Secure')).toBeUndefined();
  expect(defaultFor(seededStatement('equivalent-steps', BASE), '1.1.1', 'thresholds', 'MOC-Secure')).toBeUndefined();
});

describe('what must be as it was', () => {
  const before: SupplyState = {
    paymentMode: 'prepayment',
    balance: 5_000,
    tariff: [
      { threshold: 0, price: 20 },
      { threshold: 100, price: 15 },
    ],
    supply: 'on',
  };
  test.each<[string, Partial<SupplyState>, string | undefined]>([
    ['nothing changed', {}, undefined],
    ['the payment mode', { paymentMode: 'credit' }, 'payment-mode-changed'],
    ['the supply', { supply: 'off' }, 'supply-changed'],
    [
      'a block threshold',
      {
        tariff: [
          { threshold: 0, price: 20 },
          { threshold: 101, price: 15 },
        ],
      },
      'tariff-changed',
    ],
    [
      'a block price',
      {
        tariff: [
          { threshold: 0, price: 21 },
          { threshold: 100, price: 15 },
        ],
      },
      'tariff-changed',
    ],
    ['a block that is gone', { tariff: [{ threshold: 0, price: 20 }] }, 'tariff-changed'],
    ['the balance', { balance: 4_999 }, 'balance-changed'],
  ])('%s [R-PPMID-07, R-BLOCK-02]', (_, change, code) => expect(disturbance(before, { ...before, ...change })?.code).toBe(code));
  test('but what was used and topped up in between is accounted for [R-PPMID-07]', () => {
    expect(disturbance(before, { ...before, balance: 14_200 }, 9_200)).toBeUndefined();
  });
});

test('block tariffs are served for MOC (Secure) once the schedule has the service, and not before [R-BLOCK-01]', () => {
  const set = {
    srv: '1.1.1',
    'inventory.cohort': 'MOC-Secure',
    'steps.steps': [{ srv: '1.1.1', devices: {}, instructions: ['publish-price'] }],
  };
  expect(ask('serve', factsOf('serve', { set }))).toMatchObject({ verdict: 'refuse', code: 'service-not-provided' });
  const listed = { ...set, 'services.services.1': { srv: '1.1.1', name: 'Update Tariff', roles: ['import-supplier'], provided: 's1sr' } };
  expect(ask('serve', factsOf('serve', { set: listed }))).toMatchObject({ verdict: 'allow' });
});

describe('after an upgrade at split supply', () => {
  const service = { now: 2_000, completed: 1_000, within: 900, lastHeard: 1_500, mirrorRenewed: 1_500 };
  test.each([
    [{}, undefined],
    [{ lastHeard: 999 }, 'gas-not-heard'],
    [{ lastHeard: undefined }, 'gas-not-heard'],
    [{ mirrorRenewed: 999 }, 'gas-mirror-stale'],
    [{ mirrorRenewed: undefined }, 'gas-mirror-stale'],
    [{ lastHeard: 999, now: 1_899 }, undefined],
    [{ lastHeard: 999, now: 1_900 }, 'gas-not-heard'],
  ])('with %j the gas meter is missed: %s [R-LEAD-07, R-DEV-04]', (change, code) =>
    expect(gasLost({ ...service, ...change })?.code).toBe(code),
  );
});

describe('an alert', () => {
  const { suppliers, gateway, now } = factsOf('incident');
  const [lead, gas, user] = ['0200000000000101', '0200000000000102', '0200000000000107'].map(eui64);
  const of = (change: Partial<Parameters<typeof addressees>[0]>) =>
    addressees({ kind: 'device', device: 'chf', security: false, suppliers, gateway, now, ...change });
  test('about the hub goes to the Lead Supplier; about its security, to the Lead Supplier first [R-LEAD-02, R-ALERT-01]', () => {
    expect(of({})).toEqual([lead]);
    expect(of({ device: 'gpf', security: true })).toEqual([lead, gas]);
    expect(of({ device: 'chf', security: true })).toEqual([lead]);
  });
  test('about a meter goes to the supplier of its fuel, and one of the DCC to whoever asked [R-ALERT-01]', () => {
    expect([of({ device: 'esme' }), of({ device: 'gsme' }), of({ device: 'ppmid' })]).toEqual([[lead], [gas], [lead, gas]]);
    expect(of({ kind: 'dcc', requester: user })).toEqual([user]);
    expect(of({ kind: 'dcc', requester: user, security: true })).toEqual([user, lead]);
  });
  test('where nobody is of record goes to nobody, never to another fuel’s supplier [R-PPMID-04]', () =>
    expect(of({ suppliers: undefined })).toEqual([]));
});

test('a hub that fell silent with its meter, or while firmware was activated, is not taken for broken [R-DEV-05]', () => {
  expect(isHubFault({ since: 100 })).toBe(true);
  expect(isHubFault({ since: 100, meterDown: { from: 90, to: 110 } })).toBe(false);
  expect(isHubFault({ since: 100, activation: { from: 100, to: 400 } })).toBe(false);
  expect(isHubFault({ since: 100, meterDown: { from: 101, to: 110 }, activation: { from: 0, to: 100 } })).toBe(true);
});

describe('the half-hourly switch', () => {
  test('must be off as soon as one consent ends, by change of tenant, change of supplier or revocation [R-HH-08]', () => {
    const on = factsOf('half-hourly-on');
    expect(missingConsent(on)).toBeUndefined();
    for (const why of ['change-of-tenant', 'change-of-supplier', 'revoked'] as const) {
      const [first, ...others] = on.consents;
      const ended = { ...on, consents: [{ ...first!, ended: { at: on.now, why } }, ...others] };
      expect(missingConsent(ended)).toMatchObject({ code: 'no-consent', detail: expect.stringContaining(why) as string });
    }
  });
  test('is on, off or unknown, with the time of the last confirmation [R-HH-10, R-HH-03]', () => {
    const answer = ask('deliver', factsOf('deliver', { set: { switch: { state: 'off', confirmed: '2025-06-15' } } }));
    expect(answer).toMatchObject({ code: 'function-off', detail: 'the function is off as of 2025-06-15T00:00:00Z: there is no data' });
    expect(ask('deliver', factsOf('deliver', { set: { switch: { state: 'unknown' } } })).verdict).toBe('allow');
  });
});

test('failed migrations are counted by cohort and cause, the main cause first [R-MIG-02, R-DORM-01]', () => {
  const failed = (cohort: 'IOC' | 'MOC-MDS', tag: 'active' | 'dormant', code: string) => ({ cohort, tag, code });
  const counts = countFailures([
    failed('IOC', 'active', 'precondition'),
    failed('IOC', 'dormant', 'no-recent-contact'),
    failed('IOC', 'dormant', 'no-recent-contact'),
  ]);
  expect(counts).toEqual([
    { cohort: 'IOC', tag: 'dormant', code: 'no-recent-contact', count: 2 },
    { cohort: 'IOC', tag: 'active', code: 'precondition', count: 1 },
  ]);
});

describe('what is deployed', () => {
  const { hub, devices, suppliers } = facts('update');
  const home = { gateway: hub.eui, hub, devices, suppliers };
  test('is each different combination once, with its count [R-DPL-01]', () => {
    const [esme] = devices;
    const without = { ...home, devices: [esme!] };
    const list = deployedProducts([home, home, without]);
    expect(list.map(({ count, combination }) => [count, combination.map(({ type }) => type).join(' ')])).toEqual([
      [2, 'chf esme ihd ppmid'],
      [2, 'chf gsme ihd ppmid'],
      [1, 'chf esme'],
    ]);
  });
  test('leaves out what nobody knows', () => {
    expect(deployedProducts([{ ...home, hub: { ...hub, firmwareVersion: undefined } }])).toEqual([]);
  });
  test('with a weakness is listed with the suppliers who have to hear of it [R-VULN-01]', () => {
    expect(affectedBy({ model: 'PPMID-1', firmwareVersion: 0x0102_0303 }, [home], NOW)).toEqual([
      { gateway: hub.eui, device: '02000000000000b1', tell: ['0200000000000101', '0200000000000102'] },
    ]);
    expect(affectedBy({ model: 'PPMID-1', firmwareVersion: 1 }, [home], NOW)).toEqual([]);
  });
});

describe('a slice', () => {
  const full = facts('update');
  const elsewhere = { ...full.combinations!.combinations[0]![0]!, model: 'HUB-9' };
  const products: ProductsStatement = {
    ...full.products!,
    products: [...full.products!.products, { ...full.products!.products[0]!, model: 'PPMID-9' }],
  };
  const combinations: CombinationsStatement = { ...full.combinations!, combinations: [...full.combinations!.combinations, [elsewhere]] };
  const subject = { gateway: full.gateway, hardware: [full.hub, ...full.devices], suppliers: full.suppliers };

  test('has the home’s models, parties and services and nothing else, and says whose it is', () => {
    expect(sliceOf(products, subject).products.map(({ model }) => model)).not.toContain('PPMID-9');
    expect(sliceOf(combinations, subject).combinations).toEqual(full.combinations!.combinations);
    expect(sliceOf(products, subject)).toMatchObject({ gateway: full.gateway, version: products.version });
    expect(sliceOf(full.suppliers!, subject)).toBe(full.suppliers);
  });

  test('answers every question about the home as the whole does, and so do the facts cut for one decision [R-AUD-01]', () => {
    const next = factsBy('upgrade', 53);
    for (let n = 0; n < 3_000; n++) {
      const whole = next();
      const around = { gateway: whole.gateway, hardware: [whole.hub, ...whole.devices], suppliers: whole.suppliers };
      const sliced = {
        ...whole,
        products: whole.products && sliceOf(whole.products, around),
        combinations: whole.combinations && sliceOf(whole.combinations, around),
        services: whole.services && sliceOf(whole.services, around),
      };
      const cut = factsFor(
        whole,
        whole.request,
        whole.signatures.map(({ kid }) => kid),
      );
      const said = (of: typeof whole): unknown => {
        const answer = ask('upgrade', of);
        return [answer.verdict, 'code' in answer ? answer.code : '', answer.documents];
      };
      expect(said(sliced)).toEqual(said(whole));
      // A register of User roles is cut to the order's originator, who the message layer knows to be the signer.
      if (whole.user.party === whole.request.originator) expect(said(cut)).toEqual(said(whole));
    }
  });
});

test('the tables of homes are those of their questions', () => expect(table('change-hub').question).toBe('change-hub'));
