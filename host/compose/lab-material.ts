/**
 * Lab material: parties with fresh keys and the signed statements about them, made on the spot and marked `lab` everywhere.
 *
 * The parties are separate (User, countersigner, registration, gateway), as they are in the field; a production gateway refuses
 * everything of this by its environment.
 */
import { newSeed, signingKey, type SigningKey } from '../messages/ed25519.ts';
import { signStatement } from '../messages/statement.ts';
import type { DeviceLogEntry } from '../model/device.ts';
import { eui64, type Eui64 } from '../model/ids.ts';
import type { Statement } from '../model/register.ts';
import type { Role, Signer } from '../model/service-request.ts';
import { systemsOf } from '../policy/resulting.ts';
import type { Entropy } from '../ports/entropy.ts';
import { seededStatement } from './register-seeds.ts';

/** A party with its one key. */
export interface LabParty {
  readonly signer: Signer;
  readonly seed: Uint8Array;
  readonly key: SigningKey;
}

/** Who takes part in a lab. */
export type LabRole = 'registration' | 'countersigner' | 'lead' | 'other' | 'gas' | 'gateway';

/** Keys and statements of a lab around one gateway. */
export interface LabMaterial {
  readonly parties: Readonly<Record<LabRole, LabParty>>;
  readonly statements: readonly { readonly kind: Statement['kind']; readonly bytes: Uint8Array }[];
}

/** What a lab is about. */
export interface LabPlan {
  readonly gateway: Eui64;
  /** The hub's own Device Model, listed as a CHF. */
  readonly hub: DeviceLogEntry;
  readonly devices: readonly DeviceLogEntry[];
  /** Firmware versions that are on the Central Products List, by device. */
  readonly listed: readonly { readonly device: Eui64; readonly versions: readonly number[] }[];
  /** Whole seconds since 1970. */
  readonly now: number;
  readonly entropy: Entropy;
  /** Changes a statement before it is signed, or leaves it out; the product passes nothing. */
  readonly revise?: ((statement: Statement) => Statement | undefined) | undefined;
}

const DAY = 86_400;
/** How long lab statements are in force. */
const VALIDITY = 365 * DAY;

const ROLES: Readonly<Record<LabRole, { readonly role: Role; readonly party: string; readonly name: string }>> = {
  registration: { role: 'registration', party: '0200000000000101', name: 'lab registration' },
  countersigner: { role: 'dcc-countersigner', party: '0200000000000102', name: 'lab DCC side' },
  lead: { role: 'import-supplier', party: '0200000000000103', name: 'lab Lead Supplier' },
  other: { role: 'import-supplier', party: '0200000000000104', name: 'lab other electricity supplier' },
  gas: { role: 'gas-supplier', party: '0200000000000105', name: 'lab gas supplier' },
  gateway: { role: 'gateway', party: '', name: 'lab gateway' },
};

/** Makes the material of a lab. */
export function makeLabMaterial(plan: LabPlan): LabMaterial {
  const party = (name: LabRole): LabParty => {
    const { role, party: id, name: called } = ROLES[name];
    const seed = newSeed(plan.entropy);
    const key = signingKey(seed, role);
    return { seed, key, signer: { kid: key.kid, key: key.publicKey, role, party: id === '' ? plan.gateway : eui64(id), name: called } };
  };
  const parties = {
    registration: party('registration'),
    countersigner: party('countersigner'),
    lead: party('lead'),
    other: party('other'),
    gas: party('gas'),
    gateway: party('gateway'),
  };
  const { revise = (statement) => statement } = plan;
  const statements = labStatements(plan, parties).flatMap((each) => {
    const statement = revise(each);
    return statement === undefined ? [] : [{ kind: statement.kind, bytes: signStatement(statement, parties.registration.key) }];
  });
  return { parties, statements };
}

function labStatements(plan: LabPlan, parties: LabMaterial['parties']): readonly Statement[] {
  const { now, gateway, hub, devices, listed } = plan;
  const base = { version: 1, environment: 'lab' as const, issued: now, validFrom: now - DAY, validTo: now + VALIDITY };
  const since = now - 30 * DAY;
  const known = [parties.countersigner, parties.lead, parties.other, parties.gas, parties.gateway];
  const models = listed.flatMap(({ device, versions }) => {
    const entry = devices.find(({ eui }) => eui === device);
    return entry === undefined ? [] : versions.map((firmwareVersion) => ({ ...model(entry), firmwareVersion, device }));
  });
  return [
    { ...base, kind: 'signers', signers: known.map(({ signer }) => signer) },
    {
      ...base,
      kind: 'users',
      users: [parties.lead, parties.other, parties.gas].map(({ signer: { party, role } }) => ({ party, role, from: since })),
    },
    {
      ...base,
      kind: 'suppliers',
      gateway,
      lead: [{ party: parties.lead.signer.party, from: since, to: undefined }],
      gas: [{ party: parties.gas.signer.party, from: since, to: undefined }],
    },
    {
      ...base,
      kind: 'device-log',
      gateway,
      devices: devices.map(({ eui, type, imageType, firmwareVersion, ...rest }) => ({
        ...model(rest),
        eui,
        type,
        imageType,
        firmwareVersion,
      })),
    },
    {
      ...base,
      kind: 'products',
      products: models.map(({ device: _device, ...each }) => ({ ...each, state: 'listed' as const, images: [] })),
    },
    {
      ...base,
      kind: 'combinations',
      combinations: models.flatMap(({ device, firmwareVersion }) => {
        const home = [hub, ...devices.filter(({ type }) => type !== 'gpf')].map((each) => ({
          ...model(each),
          type: each.type,
          firmwareVersion: each.eui === device ? firmwareVersion : (each.firmwareVersion ?? 0),
        }));
        return systemsOf(home).map(({ members }) => members);
      }),
    },
    {
      ...base,
      kind: 'inventory',
      gateway,
      hub: { ...model(hub), firmwareVersion: hub.firmwareVersion ?? 0 },
      cohort: 'IOC',
      premises: 'domestic',
      stage: 'enrolled',
      tag: 'active',
      enrolled: since,
      wan: 'lab',
      otaServer: true,
      halfHourlyControl: true,
    },
    seededStatement('documents', base),
    seededStatement('cohorts', base),
    seededStatement('services', base),
    seededStatement('equivalent-steps', base),
  ];
}

const model = ({ manufacturer, model: name, hardwareVersion }: Pick<DeviceLogEntry, 'manufacturer' | 'model' | 'hardwareVersion'>) => ({
  manufacturer,
  model: name,
  hardwareVersion,
});
