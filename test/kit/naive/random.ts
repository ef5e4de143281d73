/**
 * Random facts of every question: base facts, some of whose members are changed to values that matter, with times at and around every boundary. Cheap on purpose:
 * a million of them are asked. The same seed gives the same facts.
 */
import type { Asked, Question } from '../../../host/policy/questions.ts';
import { factsOf } from '../../host/policy/table.ts';

/** A source of chance (xorshift32). */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed || 1;
  }

  /** A whole number from 0 to `below` - 1. */
  next(below: number): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return (x >>> 0) % below;
  }

  /** One of some values. */
  pick<T>(values: readonly T[]): T {
    return values[this.next(values.length)] as T;
  }

  /** True once in so many times. */
  once(inSo: number): boolean {
    return this.next(inSo) === 0;
  }
}

type Loose = { [name: string]: unknown };

const NOW = 1_750_000_000;
const DAY_OF_SERVICE = 1_606_176_000;
const PARTIES = ['0200000000000101', '0200000000000102', '0200000000000103', '0200000000000107'];
const ROLES = ['import-supplier', 'gas-supplier', 'dcc-countersigner', 's1sp-xml', 'registration', 'distributor'];
const around = (c: Chance, at: number): number => at + c.pick([-1, 0, 1]);
const copy = <T>(value: T): Loose => ({ ...value }) as Loose;

/** What may be changed of each question's facts; each line is a change that is made now and then. */
type Change = (f: Loose, c: Chance) => void;

const instant = (c: Chance): number =>
  c.pick([NOW, NOW - 1, NOW + 1, DAY_OF_SERVICE, DAY_OF_SERVICE - 1, 1_635_984_000, 1_635_983_999, 1_607_817_600, 0]);

/** Widens a register so that other times than now are within it, or moves an end of it near now. */
function validity(name: string): Change {
  return (f, c) => {
    if (f[name] === undefined) return;
    const of = copy(f[name]);
    if (c.once(4)) of['validFrom'] = around(c, f['now'] as number);
    else if (c.once(3)) of['validTo'] = around(c, f['now'] as number);
    else Object.assign(of, { validFrom: 0, validTo: 4_102_444_800 });
    f[name] = c.once(6) ? undefined : of;
  };
}

const wideAll: Change = (f) => {
  for (const [name, value] of Object.entries(f)) {
    if (typeof value === 'object' && value !== null && 'validFrom' in value) f[name] = { ...value, validFrom: 0, validTo: 4_102_444_800 };
  }
};

const moveTime: Change = (f, c) => {
  f['now'] = instant(c);
  f['latest'] = c.once(3) ? around(c, f['now'] as number) : 0;
  wideAll(f, c);
};

const suppliers: Change = (f, c) => {
  if (f['suppliers'] === undefined) return;
  const now = f['now'] as number;
  const period = (): object => ({
    party: c.pick(PARTIES),
    from: c.pick([0, around(c, now), now - 1000]),
    to: c.pick([undefined, around(c, now), now + 1000]),
  });
  const some = (most: number): object[] => Array.from({ length: c.next(most + 1) }, period);
  const of = copy(f['suppliers']);
  if (c.once(2)) of['lead'] = some(3);
  else of['lead'] = [{ party: c.pick(PARTIES), from: 0, to: undefined }];
  if (c.once(2)) of['gas'] = some(2);
  if (c.once(9)) of['gateway'] = '02000000000000a2';
  f['suppliers'] = of;
};

const user: Change = (f, c) => {
  const party = c.pick(PARTIES);
  const role = c.pick(ROLES);
  f['user'] = { party, role, name: 'a party' };
  const signatures = f['signatures'] as Loose[] | undefined;
  if (signatures === undefined || c.once(5)) return;
  f['signatures'] = [{ ...signatures[0], party, role }, ...signatures.slice(1)];
  const signers = f['signers'] as { signers: Loose[] } | undefined;
  if (signers !== undefined) f['signers'] = { ...signers, signers: [{ ...signers.signers[0], party, role }, ...signers.signers.slice(1)] };
};

const SIGNATURES: readonly Loose[] = [
  { kid: '0000000000000001', role: 'import-supplier', party: '0200000000000101' },
  { kid: '0000000000000002', role: 'dcc-countersigner', party: '0200000000000104' },
  { kid: '0000000000000003', role: 's1sp-xml', party: '0200000000000105' },
  { kid: '0000000000000004', role: 'dcc-countersigner', party: '0200000000000104' },
  { kid: '0000000000000005', role: 'registration', party: '0200000000000106' },
  { kid: '00000000000000ff', role: 'import-supplier', party: '0200000000000101' },
];
const signatures: Change = (f, c) => {
  f['signatures'] = Array.from({ length: c.next(4) }, () => c.pick(SIGNATURES));
};
const keys: Change = (f, c) => {
  const signers = f['signers'] as { signers: Loose[] } | undefined;
  if (signers === undefined) return;
  const at = c.next(2);
  const near = c.pick([f['now'], f['accepted'] ?? f['now']]) as number;
  const change = { [c.pick(['from', 'to', 'revoked'])]: around(c, near) };
  f['signers'] = { ...signers, signers: signers.signers.map((key, i) => (i === at ? { ...key, ...change } : key)) };
};
const users: Change = (f, c) => {
  const now = f['now'] as number;
  const list = Array.from({ length: c.next(3) }, () => ({
    party: c.pick(PARTIES),
    role: c.pick(ROLES),
    from: c.pick([0, around(c, now)]),
    to: c.pick([undefined, around(c, now)]),
  }));
  const mine = { ...(f['user'] as object), from: 0 };
  f['users'] = {
    kind: 'users',
    version: 1,
    environment: 'lab',
    issued: 0,
    validFrom: 0,
    validTo: c.pick([4_102_444_800, around(c, now)]),
    users: [...list, mine].slice(c.next(2)),
  };
};

const later: Change = (f, c) => {
  f['moment'] = c.pick(['start', 'resume', 'activation']);
  f['accepted'] = c.pick([(f['now'] as number) - c.next(5), (f['now'] as number) - 100_000, DAY_OF_SERVICE, 1_700_000_000]);
};

const PURPOSES = [
  '',
  ' ',
  'reason',
  'display of 2000012345672 blank',
  'display of 2000012345673 blank',
  'INC2000012345672',
  'code 1234 5678 9012 3456 7890 refused',
  'code 1234-5678-9012-3456-789',
  '00 111 222 20 0001 2345 672 on the bill',
  'MPRN 7421903508',
  'MPRN: 742190',
  'incident 7421903508',
  'meter point number 742 190 3508',
  '12 meter points, 7421903508 is the incident',
  'MPRN unknown, incident 12345678',
];
const request: Change = (f, c) => {
  const now = f['now'] as number;
  f['request'] = {
    ...(f['request'] as object),
    ...c.pick<object>([
      { completeBy: around(c, now) },
      { activateFrom: around(c, now) },
      { expires: around(c, now) },
      { allowDowngrade: true },
      { firmwareVersion: c.pick([16_909_058, 16_909_059, 16_909_060, 16_909_061, 16_909_062, 7]) },
      { target: c.pick(['02000000000000b1', '02000000000000b2', '02000000000000ff', '02000000000000a9', '02000000000000a1']) },
      { image: { digest: 'bb'.repeat(32), length: 5 } },
      { purpose: c.pick(PURPOSES) },
      { duis: { version: c.pick(['3.0', '3.1', '4.0']), effectiveFrom: c.pick([0, DAY_OF_SERVICE, DAY_OF_SERVICE + 1]) } },
    ]),
  };
};

const cancels: Change = (f, c) => {
  const cancels = c.pick(['02-00-00-00-00-00-01-01:02-00-00-00-00-00-00-B1:1000', '02-00-00-00-00-00-01-01:02-00-00-00-00-00-00-B9:1']);
  f['request'] = { ...(f['request'] as object), cancels };
};

const flags: Change = (f, c) => {
  const name = c.pick(['underway', 'topUpPending', 'cancellable']);
  if (name in f) f[name] = c.once(2);
};
const ppmidKeys: Change = (f, c) => {
  f['keyState'] = c.pick([undefined, 'missing', 'retrying', 'investigation', 'present', 'present']);
  if (f['inventory'] === undefined || c.once(2)) return;
  f['inventory'] = { ...(f['inventory'] as object), enrolled: c.pick([undefined, DAY_OF_SERVICE - 1, DAY_OF_SERVICE]) };
};

const device: Change = (f, c) => {
  const devices = f['devices'] as Loose[];
  const at = c.next(devices.length);
  const change = c.pick<object>([
    { firmwareVersion: c.pick([undefined, 16_909_058, 16_909_060, 16_909_061, 4_294_967_295, 201]) },
    { imageType: undefined },
    { type: c.pick(['ppmid', 'ihd', 'other', 'esme', 'gsme', 'gpf']) },
    { model: 'PPMID-2' },
    { hardwareVersion: 9 },
    { manufacturer: 1 },
  ]);
  f['devices'] = c.once(8) ? devices.filter((_, i) => i !== at) : devices.map((each, i) => (i === at ? { ...each, ...change } : each));
};
const hub: Change = (f, c) => {
  f['hub'] = { ...(f['hub'] as object), firmwareVersion: c.pick([undefined, 100, 101]) };
};

const products: Change = (f, c) => {
  const list = f['products'] as { products: Loose[] } | undefined;
  if (list === undefined) return;
  const at = c.next(list.products.length);
  const change = c.pick<object>([
    { state: 'removed' },
    { state: 'listed' },
    { images: [] },
    { images: ['bb'.repeat(32)] },
    { upgradesFrom: c.pick([[], [16_909_059], [16_909_058]]) },
    { firmwareVersion: 16_909_060 },
  ]);
  f['products'] = { ...list, products: c.once(9) ? [] : list.products.map((each, i) => (i === at ? { ...each, ...change } : each)) };
};

const combinations: Change = (f, c) => {
  const list = f['combinations'] as { combinations: Loose[][] } | undefined;
  if (list === undefined) return;
  const without = (type: string): Loose[][] => list.combinations.map((entry) => entry.filter((member) => member['type'] !== type));
  const choice = c.next(6);
  const entries =
    choice === 0
      ? []
      : choice === 1
        ? [...without('esme'), ...without('gsme')]
        : choice === 2
          ? without('gsme')
          : choice === 3
            ? without('ihd')
            : choice === 4
              ? list.combinations.slice(1)
              : list.combinations.map((entry) => entry.toReversed());
  f['combinations'] = { ...list, combinations: entries };
};

const inventory: Change = (f, c) => {
  if (f['inventory'] === undefined) return;
  f['inventory'] = {
    ...(f['inventory'] as object),
    ...c.pick<object>([
      { cohort: c.pick(['IOC', 'MOC-MDS', 'MOC-Secure', 'FOC', 'unknown']) },
      { maker: c.pick([undefined, 'Aclara', 'Secure', 'another']) },
      { cohort: 'unknown', maker: c.pick(['Aclara', 'another']) },
      { stage: 'with-smso' },
      { otaServer: false },
      { premises: 'small-non-domestic', wan: 'another' },
    ]),
  };
};

const cohorts: Change = (f, c) => {
  const register = f['cohorts'] as { cohorts: Loose[] } | undefined;
  if (register === undefined) return;
  const at = c.next(4);
  const change = { [c.pick(['ppmidFirmware', 'live'])]: c.pick([undefined, around(c, f['now'] as number)]) };
  f['cohorts'] = { ...register, cohorts: register.cohorts.map((each, i) => (i === at ? { ...each, ...change } : each)) };
};

const services: Change = (f, c) => {
  const register = f['services'] as { services: Loose[]; restrictions: Loose[] } | undefined;
  if (register === undefined) return;
  const now = f['now'] as number;
  const pattern = c.pick<object>([
    {},
    { model: 'PPMID-1' },
    { model: 'PPMID-2' },
    { firmwareVersion: 16_909_059 },
    { manufacturer: 4_266, hardwareVersion: 3 },
  ]);
  const restriction = {
    srv: c.pick(['11.1', '8.3']),
    devices: pattern,
    from: c.pick([0, around(c, now)]),
    to: c.pick([undefined, around(c, now)]),
    reason: '',
  };
  const elective = { overSmWan: !c.once(5), solelyEnergy: !c.once(5) };
  const agreement = {
    user: c.pick(PARTIES),
    srv: c.pick(['11.1', '8.3']),
    type: 'bilateral',
    from: c.pick([0, around(c, now)]),
    to: c.pick([undefined, around(c, now)]),
  };
  const change = c.pick<Loose>([
    { restrictions: [restriction] },
    { services: register.services.slice(1) },
    { services: register.services.map((each) => ({ ...each, provided: 'nothing' })) },
    { services: register.services.map((each) => ({ ...each, elective })), agreements: [agreement] },
  ]);
  f['services'] = { ...register, ...change };
};

const documents: Change = (f, c) => {
  const register = f['documents'] as { documents: Loose[] } | undefined;
  if (register === undefined) return;
  const at = c.pick([8, 9, 10, 13, 14, 15, 16, 17, 18, 19]);
  const text = (): object => {
    const { document, version, effectiveFrom } = c.pick(register.documents.filter((each) => each['effectiveFrom'] !== undefined));
    return { document, version, effectiveFrom };
  };
  const change = c.pick<object>([
    { status: 'draft' },
    { provides: [] },
    { replaces: text() },
    { covers: ['IOC'] },
    { effectiveFrom: around(c, f['now'] as number) },
  ]);
  f['documents'] = { ...register, documents: register.documents.map((each, i) => (i === at ? { ...each, ...change } : each)) };
};
const uplifts: Change = (f, c) => {
  const register = f['documents'] as { uplifts: Loose[] } | undefined;
  if (register === undefined) return;
  const enabledFrom = c.pick([undefined, 0, around(c, f['now'] as number)]);
  f['documents'] = { ...register, uplifts: register.uplifts.map((each) => ({ ...each, enabledFrom })) };
};

const consents: Change = (f, c) => {
  const now = f['now'] as number;
  f['consents'] = Array.from({ length: c.next(4) }, (_, i) => ({
    id: `c${i}`,
    meter: c.pick(['02000000000000b2', '02000000000000b3']),
    fuel: c.pick(['electricity', 'gas']),
    supplier: c.pick(PARTIES),
    from: c.pick([0, around(c, now)]),
    ended: c.once(3) ? { at: around(c, now), why: 'revoked' } : undefined,
  }));
};

const supplyWhileTaken: Change = (f, c) => {
  if (f['suppliers'] === undefined) return;
  const { from, to } = f['taken'] as { from: number; to: number };
  const party = f['to'];
  const [first, then] = [around(c, c.pick([from, to, Math.floor((from + to) / 2)])), around(c, c.pick([from, to]))];
  const periods = c.pick<object[]>([
    [{ party, from: first, to: undefined }],
    [
      { party, from: 0, to: first },
      { party, from: first + c.next(2), to: undefined },
    ],
    [
      { party, from: 0, to: undefined },
      { party: c.pick(PARTIES), from: first, to: then },
    ],
    [{ party, from: 0, to: then }],
  ]);
  f['suppliers'] = { ...(f['suppliers'] as object), lead: periods, gas: c.once(2) ? periods : [] };
};

const set =
  (choices: (c: Chance, f: Loose) => object): Change =>
  (f, c) =>
    void Object.assign(f, choices(c, f));

const order = [moveTime, suppliers, user, signatures, keys, users, later, flags, validity('signers'), validity('suppliers')];
const lists = [device, hub, products, combinations, validity('products'), validity('combinations')];
const texts = [
  inventory,
  cohorts,
  services,
  documents,
  validity('documents'),
  validity('cohorts'),
  validity('services'),
  validity('inventory'),
];

const halfHourly = [
  moveTime,
  suppliers,
  user,
  consents,
  validity('suppliers'),
  set((c) => ({ control: !c.once(3) })),
  set((c, f) => ({ meters: (f['meters'] as object[]).slice(c.next(3)) })),
];

const CHANGES: Readonly<Partial<Record<Question, readonly Change[]>>> = {
  upgrade: [...order, ppmidKeys, request, request, ...lists, ...texts],
  cancel: [...order, cancels],
  'intake-cancel': [
    ...order,
    cancels,
    set((c, f) => ({ request: { ...(f['request'] as object), expires: around(c, f['now'] as number) } })),
  ],
  intake: [
    ...order,
    request,
    request,
    ...lists,
    ...texts,
    validity('steps'),
    set((c, f) => ({
      steps:
        f['steps'] === undefined || c.once(8)
          ? undefined
          : {
              ...(f['steps'] as object),
              alignedTo: c.pick(['5.0', '10.0', '11.0']),
              steps: [
                {
                  srv: c.pick(['11.1', '11.1', '8.3']),
                  devices: c.pick([{}, { model: 'PPMID-1' }, { model: 'PPMID-2' }]),
                  instructions: ['a'],
                },
              ],
            },
    })),
  ],
  'change-hub': [
    ...order,
    ...lists,
    set((c) => ({ proposed: { manufacturer: 4_266, model: 'HUB-1', hardwareVersion: 1, firmwareVersion: c.pick([100, 101]) } })),
    set((c, f) => {
      const list = f['products'] as { products: object[] } | undefined;
      if (list === undefined) return {};
      const entry = {
        manufacturer: 4_266,
        model: 'HUB-1',
        hardwareVersion: 1,
        firmwareVersion: 100,
        state: c.pick(['listed', 'removed']),
        images: [],
      };
      return { products: { ...list, products: [...list.products, entry] } };
    }),
  ],
  decommission: [
    ...order,
    set((c) => ({ device: { eui: c.pick(['02000000000000a1', '02000000000000a2']), type: c.pick(['chf', 'esme', 'gpf']) } })),
  ],
  'configure-hub': [
    ...order,
    set((c) => ({ change: c.pick(['remove-gsme', 'remove-gpf', 'disable-gpf', 'change-channel', 'change-pan', 'rename', 'remove-ihd']) })),
    set((c) => ({ override: c.pick([undefined, '', ' ', 'because']) })),
  ],
  commission: [
    moveTime,
    products,
    validity('products'),
    set((c) => ({ compliant: c.once(2), commissioned: c.once(2), prohibitedBy: c.pick([undefined, undefined, 'direction']) })),
    set((c, f) => ({
      device: {
        ...(f['device'] as object),
        type: c.pick(['esme', 'gsme', 'ppmid', 'chf']),
        firmwareVersion: c.pick([16_909_059, 16_909_061, 1]),
      },
    })),
  ],
  serve: [
    moveTime,
    user,
    users,
    ...lists.slice(0, 2),
    combinations,
    validity('combinations'),
    ...texts,
    validity('steps'),
    set((c) => ({ srv: c.pick(['11.1', '8.3', '4.8.1']), generation: c.pick(['SMETS1', 'SMETS1', 'SMETS2']), encrypted: c.once(2) })),
    set((c, f) => {
      const register = f['services'] as { services: Loose[] } | undefined;
      if (register === undefined) return {};
      const elective = { overSmWan: true, solelyEnergy: true };
      return {
        services: { ...register, services: register.services.map((each) => ({ ...each, elective })) },
        generation: 'SMETS2',
        encrypted: c.once(2),
      };
    }),
    set((c) => ({ framing: c.pick(['instruction', 'gbcs']) })),
    set((c) => ({ duis: { version: c.pick(['3.0', '3.1', '2.0']), effectiveFrom: c.pick([0, DAY_OF_SERVICE]) } })),
    set((c, f) => {
      const now = f['now'] as number;
      const variation = {
        clause: c.pick(['gbcs-reuse', '18.1']),
        devices: [c.pick([{}, { model: 'PPMID-1' }, { model: 'PPMID-2' }])],
        cohort: c.pick([undefined, 'IOC', 'FOC']),
        from: c.pick([0, around(c, now)]),
        to: c.pick([undefined, around(c, now)]),
        underInvestigation: c.pick([[], [{ model: 'PPMID-1' }]]),
      };
      const steps = [{ srv: c.pick(['11.1', '8.3']), devices: c.pick([{}, { model: 'PPMID-2' }]), instructions: ['a'] }];
      return {
        steps: c.once(8)
          ? undefined
          : { ...(f['steps'] as object), alignedTo: c.pick(['5.0', '10.0', '11.0']), steps, variations: [variation] },
      };
    }),
  ],
  'half-hourly-on': halfHourly,
  'half-hourly-off': [...halfHourly, set((c) => ({ switch: c.pick([{ state: 'on' }, { state: 'off' }, { state: 'unknown' }]) }))],
  deliver: [
    moveTime,
    suppliers,
    validity('suppliers'),
    consents,
    supplyWhileTaken,
    set((c) => ({ to: c.pick(PARTIES) })),
    set((c) => ({ switch: c.pick([{ state: 'on' }, { state: 'off' }, { state: 'unknown' }]) })),
    set((c, f) => ({ taken: { from: c.pick([0, around(c, f['now'] as number), (f['now'] as number) - 90_000]), to: f['now'] } })),
    set((c) => ({
      meter: c.pick([
        { eui: '02000000000000b2', fuel: 'electricity' },
        { eui: '02000000000000b3', fuel: 'gas' },
      ]),
    })),
  ],
  migrate: [
    moveTime,
    documents,
    uplifts,
    validity('documents'),
    set((c) => ({ cohort: c.pick(['IOC', 'MOC-MDS', 'MOC-Secure', 'FOC', 'unknown']), tag: c.pick(['active', 'dormant', 'mixed']) })),
    set((c, f) => ({
      gas: c.pick([
        undefined,
        {},
        { lastContact: around(c, (f['now'] as number) - 86_400) },
        { lastContact: around(c, (f['now'] as number) - 259_200) },
        { lastContact: f['now'] },
      ]),
    })),
    set((c) => ({ igtAgrees: c.once(2) })),
    set((c) => ({
      halfHourly: c.pick([
        undefined,
        { state: 'on', confirmed: 1 },
        { state: 'off' },
        { state: 'off', confirmed: 1 },
        { state: 'unknown' },
      ]),
    })),
    set((c) => ({ screening: [{ check: 'a', positive: c.once(2) }] })),
    set((c) => ({ configuration: [{ check: 'a', met: c.once(2) }] })),
    set((c) => ({ preconditions: [{ check: 'a', met: c.once(2) }] })),
    set((c) => ({ ppmidOutsideOldDefinition: c.once(2) })),
  ],
  traffic: [
    moveTime,
    validity('thresholds'),
    set((c, f) => ({
      before: Array.from({ length: c.next(8) }, () => (f['now'] as number) - c.pick([-900, 0, 1, 10, 599, 600, 3_599, 3_600, 5_000])),
    })),
    set((c) => ({ who: c.pick(PARTIES), of: c.pick(['request', 'instruction']), what: c.pick(['11.1', '8.3', 'image-notify']) })),
    set((c, f) => {
      const register = f['thresholds'] as { thresholds: Loose[] } | undefined;
      if (register === undefined) return {};
      const at = c.next(3);
      const change = c.pick<object>([
        { breach: 'delete' },
        { breach: 'quarantine' },
        { limit: c.next(4) },
        { from: around(c, f['now'] as number) },
        { to: around(c, f['now'] as number) },
        { user: undefined },
      ]);
      return { thresholds: { ...register, thresholds: register.thresholds.map((each, i) => (i === at ? { ...each, ...change } : each)) } };
    }),
  ],
  access: [
    moveTime,
    (f, c) => {
      const bursts = Array.from({ length: 1 + c.next(2) }, () => (f['now'] as number) - c.pick([0, 1, 300, 899, 900, 901, 1_500]));
      const failed = (): number => c.pick(bursts) - c.pick([0, 1, 2, 299, 598, 599, 600, 601]);
      f['failures'] = Array.from({ length: c.next(9) }, failed);
    },
  ],
  incident: [
    moveTime,
    suppliers,
    validity('suppliers'),
    set((c) => ({ cause: c.pick(['hub', 'electricity-meter', 'gas-meter', 'dcc-systems']), assignee: c.pick([...PARTIES, 'dcc']) })),
  ],
};

/** The questions of which there are random facts. */
export const RANDOM_QUESTIONS = Object.keys(CHANGES) as readonly (keyof typeof CHANGES)[];

/** Makes facts of a question, one after another. About half of all facts get at most two changes. */
export function factsBy<Q extends Question>(question: Q, seed: number): () => Asked[Q] {
  const chance = new Chance(seed);
  const base = factsOf(question);
  const changes = CHANGES[question] ?? [];
  return () => {
    const facts = copy(base);
    for (let n = chance.pick([0, 1, 1, 2, 2, 3, 5]); n > 0; n--) chance.pick(changes)(facts, chance);
    return facts as unknown as Asked[Q];
  };
}
