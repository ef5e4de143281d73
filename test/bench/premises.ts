/** An S1SP's registers filled with made-up premises, as many as asked for: what the benches of the rules decide on. One store on disk that only grows. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '../kit/clock.ts';
import { Seeded } from '../../firmware/air/seeded.ts';
import { LmdbStore } from '../../host/adapters/store-lmdb.ts';
import { seededStatement } from '../../host/compose/register-seeds.ts';
import { newSeed, signingKey } from '../../host/messages/ed25519.ts';
import { signStatement } from '../../host/messages/statement.ts';
import { digest, eui64, requestId, type Eui64 } from '../../host/model/ids.ts';
import type { DeviceLogStatement, InventoryStatement, RegisteredKey, Statement, SuppliersStatement } from '../../host/model/register.ts';
import type { Signer, UpdateFirmware, UserSigned } from '../../host/model/service-request.ts';
import { silent } from '../../host/ports/log.ts';
import type { Write } from '../../host/ports/store.ts';
import { S1spRegisters } from '../../host/s1sp/registers.ts';

/** When the benches take place, whole seconds. */
export const NOW = 1_790_000_000;
const BASE = { version: 1, environment: 'lab', issued: NOW - 1000, validFrom: NOW - 1000, validTo: NOW + 10_000_000 } as const;
const SUPPLIERS = 40;
/** Hub models; each comes with so many versions of a PPMID, listed and eligible. */
const HUBS = 50;
const VERSIONS = 40;
const BATCH = 20_000;
const IMAGE = { digest: digest(new Uint8Array(32)), length: 20_000 };

const id = (kind: number, n: number): Eui64 => eui64(`02${kind.toString(16).padStart(6, '0')}${n.toString(16).padStart(8, '0')}`);
const supplier = (n: number): Eui64 => id(1, n % SUPPLIERS);
const hub = (n: number) => ({ manufacturer: 0x10aa, model: `HUB-${n % HUBS}`, hardwareVersion: 1, firmwareVersion: 100 });
const METER = { manufacturer: 0x10aa, model: 'ESME-1', hardwareVersion: 1, firmwareVersion: 200 };
const ppmid = (version: number) => ({ manufacturer: 0x10aa, model: 'PPMID-1', hardwareVersion: 3, firmwareVersion: version });

/** Premises, and what is known of them. */
export class Premises {
  readonly #folder = mkdtempSync(join(tmpdir(), 'hearthgate-premises-'));
  readonly #store = new LmdbStore(this.#folder);
  readonly #keys: readonly RegisteredKey[];
  readonly registers: S1spRegisters;
  #count = 0;

  /** Lists alone, of full length. `open` makes one. */
  private constructor(keys: readonly RegisteredKey[], anchor: Signer) {
    this.#keys = keys;
    const parts = { environment: 'lab' as const, anchors: [anchor], store: this.#store, audit: { append: async () => '' as never } };
    this.registers = new S1spRegisters({ ...parts, clock: new ManualClock(NOW * 1000), log: silent });
  }

  /** Opens a store of its own, which goes with the process. */
  static async open(): Promise<Premises> {
    const entropy = new Seeded(1);
    const registration = signingKey(newSeed(entropy), 'registration');
    const signer = (key: ReturnType<typeof signingKey>, role: Signer['role'], party: Eui64): Signer => ({
      kid: key.kid,
      key: key.publicKey,
      role,
      party,
      name: 'a party',
    });
    const keys = Array.from({ length: SUPPLIERS }, (_, n) =>
      signer(signingKey(newSeed(entropy), 'import-supplier'), 'import-supplier', supplier(n)),
    );
    const premises = new Premises(keys, signer(registration, 'registration', id(9, 1)));
    process.once('exit', () => rmSync(premises.#folder, { recursive: true, force: true }));
    for (const statement of lists(keys)) {
      const taken = await premises.registers.take(signStatement(statement, registration));
      if (!taken.ok) throw new Error(`${statement.kind}: ${taken.detail}`);
    }
    return premises;
  }

  /** How many there are. */
  get count(): number {
    return this.#count;
  }

  /** Adds premises until there are so many. Their statements are put where verified ones stand: verifying is no part of a decision. */
  async grow(count: number): Promise<void> {
    for (let writes: Write[] = []; this.#count < count; this.#count++) {
      for (const statement of about(this.#count)) writes.push(view(statement));
      if (writes.length < BATCH && this.#count + 1 < count) continue;
      await this.#store.commit(writes);
      writes = [];
    }
  }

  /** An order for one of the premises: three in four by its Lead Supplier. */
  order(n: number): UserSigned<UpdateFirmware> {
    const at = n % this.#count;
    const asking = n % 4 === 3 ? at + 1 : at;
    const [target, originator] = [id(4, at), supplier(asking)];
    const request: UpdateFirmware = {
      kind: 'update-firmware',
      originator,
      target,
      counter: BigInt(n),
      gateway: id(2, at),
      environment: 'lab',
      notBefore: NOW - 100,
      expires: NOW + 100,
      image: IMAGE,
      firmwareVersion: 1 + (at % VERSIONS),
      activateFrom: NOW,
      completeBy: NOW + 1000,
      duis: { version: '3.1', effectiveFrom: 1_606_176_000 },
      allowDowngrade: true,
      purpose: 'a bench',
    };
    const user = this.#keys[asking % SUPPLIERS] as RegisteredKey;
    return { request, requestId: requestId(originator, target, request.counter), user, bytes: new Uint8Array() };
  }

  /** What is read of the premises of an order for any decision: the floor under its time. */
  read({ gateway }: UpdateFirmware): number {
    let devices = 0;
    devices += this.registers.about('inventory', gateway) === undefined ? 0 : 1;
    devices += this.registers.about('device-log', gateway)?.devices.length ?? 0;
    return devices + (this.registers.about('suppliers', gateway)?.lead.length ?? 0);
  }

  /** Closes the store and removes it. */
  async close(): Promise<void> {
    await this.#store.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function lists(keys: readonly RegisteredKey[]): readonly Statement[] {
  const versions = Array.from({ length: VERSIONS }, (_, n) => n + 1);
  const hubs = Array.from({ length: HUBS }, (_, n) => hub(n));
  const listed = { state: 'listed' as const, images: [] };
  return [
    seededStatement('documents', BASE),
    seededStatement('cohorts', BASE),
    seededStatement('services', BASE),
    seededStatement('equivalent-steps', BASE),
    { ...BASE, kind: 'signers', signers: keys },
    { ...BASE, kind: 'users', users: keys.map(({ party }) => ({ party, role: 'import-supplier', from: 0 })) },
    { ...BASE, kind: 'products', products: [...hubs, METER, ...versions.map(ppmid)].map((model) => ({ ...model, ...listed })) },
    {
      ...BASE,
      kind: 'combinations',
      combinations: hubs.flatMap((each) =>
        versions.map((version) => [
          { type: 'chf', ...each },
          { type: 'esme', ...METER },
          { type: 'ppmid', ...ppmid(version) },
        ]),
      ),
    },
  ];
}

function about(n: number): readonly [SuppliersStatement, DeviceLogStatement, InventoryStatement] {
  const base = { ...BASE, gateway: id(2, n) };
  return [
    {
      ...base,
      kind: 'suppliers',
      lead: [
        { party: supplier(n + 7), from: 0, to: NOW - 5000 },
        { party: supplier(n), from: NOW - 5000, to: undefined },
      ],
      gas: [{ party: supplier(n + 3), from: 0, to: undefined }],
    },
    {
      ...base,
      kind: 'device-log',
      devices: [
        { ...METER, eui: id(3, n), type: 'esme', imageType: 0 },
        { ...ppmid(1), eui: id(4, n), type: 'ppmid', imageType: 0x84 },
      ],
    },
    {
      ...base,
      kind: 'inventory',
      hub: hub(n),
      cohort: 'IOC',
      premises: 'domestic',
      stage: 'enrolled',
      tag: 'active',
      enrolled: NOW - 5000,
      wan: 'a',
      otaServer: true,
      halfHourlyControl: true,
    },
  ];
}

const view = (statement: ReturnType<typeof about>[number]): Write => ({
  table: 'views',
  key: `${statement.kind}/${statement.gateway}`,
  value: new TextEncoder().encode(JSON.stringify({ statement, digest: '0'.repeat(64) })),
});
