/** The register verbs, on the files of a fresh lab: from JSON to a signed statement, its slice, its differences, and what a store knows of it. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { LmdbStore } from '../../host/adapters/store-lmdb.ts';
import { register as files } from '../../host/cli/register-file.ts';
import { register as inUse } from '../../host/cli/register-store.ts';
import { EUI } from '../../host/compose/home.ts';
import { labFiles } from '../../host/compose/lab-folder.ts';
import { emptyInbox, inboxOf } from '../../host/compose/statement-inbox.ts';
import { openStatement, readStatement } from '../../host/messages/statement.ts';
import { parseKeyFile } from '../../host/messages/keyfile.ts';
import { silent } from '../../host/ports/log.ts';
import { Registers } from '../../host/stores/registers.ts';
import { call } from './terminal.ts';

const NOW = Math.floor(Date.now() / 1000);
let folder: string;
let lab: string;
const at = (...path: string[]): string => join(folder, ...path);
const statement = (kind: string): string => join(lab, 'statements', `${kind}.cose`);
const key = (name: string): string => join(lab, 'keys', `${name}.key`);
const register = (...argv: string[]) => call([files, inUse], ['register', ...argv]);

let count = 0;
/** Writes JSON to a new file. */
function written(value: unknown): string {
  const path = at(`written-${count++}.json`);
  writeFileSync(path, JSON.stringify(value));
  return path;
}
/** A statement of the lab as JSON, changed. */
async function json(kind: string, change: (value: Json) => unknown = (value) => value): Promise<string> {
  const { json: value } = await register('show', statement(kind), '--json');
  return written(change(value as Json));
}
type Json = { [name: string]: unknown };

const signed = (file: string, by = 'registration') => {
  const out = at(`signed-${count++}.cose`);
  return register('sign', file, '--key', key(by), '--out', out).then(({ code, out: said, err }) => ({ code, said, err, path: out }));
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hearthgate-register-'));
  lab = at('lab');
  for (const { path, content, secret } of await labFiles({ broker: '127.0.0.1:18831', radio: '127.0.0.1:19001' }, NOW)) {
    mkdirSync(dirname(join(lab, path)), { recursive: true });
    writeFileSync(join(lab, path), content, { mode: secret ? 0o600 : 0o644 });
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('register show and sign', () => {
  test.each(['signers', 'suppliers', 'device-log', 'products', 'combinations', 'inventory', 'documents', 'cohorts', 'services'])(
    'say the same: %s shown as JSON and signed again is the statement of before',
    async (kind) => {
      const { code, path } = await signed(await json(kind));
      expect(code).toBe(0);
      const payloads = [statement(kind), path].map((file) => readStatement(readFileSync(file)));
      expect(payloads[0]).toMatchObject({ ok: true });
      expect(payloads[1]).toEqual(payloads[0]);
    },
  );
  test('show instants by the calendar', async () => {
    const { out } = await register('show', statement('suppliers'));
    expect(out).toContain(`"issued": "${new Date(NOW * 1000).toISOString().replace('.000', '')}"`);
  });
});

describe('register seed', () => {
  test.each(['documents', 'cohorts', 'services', 'thresholds', 'response-times', 'equivalent-steps'])(
    'prints %s, to be signed as it is',
    async (kind) => {
      const { code, json: value } = await register('seed', kind, '--environment', 'lab', '--statement-version', '7', '--json');
      expect(code).toBe(0);
      expect(value).toMatchObject({ kind, version: 7, environment: 'lab' });
      expect(await signed(written(value))).toMatchObject({ code: 0 });
    },
  );
  test('leaves the response times of SMETS1 empty: there is no figure in the sources', async () => {
    const { json: value } = await register('seed', 'response-times', '--environment', 'lab', '--json');
    expect(value).toMatchObject({ smets1: [] });
  });
  test('does not know a register that nobody can know beforehand', async () => {
    const { code, err } = await register('seed', 'suppliers', '--environment', 'lab');
    expect([code, err]).toEqual([2, expect.stringContaining('suppliers is not one of documents, cohorts,')]);
  });
});

describe('register sign', () => {
  const product = { manufacturer: 4362, model: 'A', hardwareVersion: 1, firmwareVersion: 1, state: 'listed', images: [] };

  test.each([
    ['a model without its firmware version', [product, { ...product, firmwareVersion: undefined }], 'products[1].firmwareVersion'],
    ['a manufacturer as a word', [{ ...product, manufacturer: 'maker' }], 'products[0].manufacturer'],
    ['a state that is none', [product, product, { ...product, state: 'certified' }], 'products[2].state'],
    ['a member that no product has', [{ ...product, certificate: 'yes' }], 'products[0]'],
  ])('names the entry of a product list by its place: %s [R-CPL-03]', async (_, products, place) => {
    const { code, err, path } = await signed(await json('products', (value) => ({ ...value, products })));
    expect(code).toBe(2);
    expect(err).toContain(place);
    expect(existsSync(path)).toBe(false);
  });
  test('takes whole combinations alone, and names the one with a device that is none [R-EPC-06]', async () => {
    const change = (value: Json): unknown => {
      const [first, ...rest] = value['combinations'] as readonly Json[][];
      return { ...value, combinations: [first, [...(first ?? []), { ...product, type: 'toaster' }], ...rest] };
    };
    const { code, err } = await signed(await json('combinations', change));
    expect([code, err]).toEqual([2, expect.stringContaining('combinations[1]')]);
  });
  test('does not take the list of eligible products that combinations replaced [R-EPC-06]', async () => {
    const { code, err } = await signed(await json('products', (value) => ({ ...value, kind: 'eligible-products' })));
    expect([code, err]).toEqual([2, expect.stringContaining('combinations')]);
  });
  test('takes a key of the registration role alone [R-SEP-01]', async () => {
    const { code, err } = await signed(await json('suppliers'), 'lead');
    expect([code, err]).toEqual([2, expect.stringContaining('registration')]);
  });
  test('does not sign for production with a key of the lab, nor over a file that exists', async () => {
    expect(await signed(await json('suppliers', (value) => ({ ...value, environment: 'production' })))).toMatchObject({ code: 2 });
    const [file, taken] = [await json('suppliers'), written('taken')];
    expect(await register('sign', file, '--key', key('registration'), '--out', taken)).toMatchObject({ code: 2 });
    expect(readFileSync(taken, 'utf8')).toBe('"taken"');
  });
});

describe('register slice', () => {
  const slice = (file: string) => {
    const out = at(`slice-${count++}.cose`);
    const home = ['--device-log', statement('device-log'), '--inventory', statement('inventory'), '--suppliers', statement('suppliers')];
    return register('slice', file, ...home, '--key', key('registration'), '--out', out).then(({ code, out: said, err }) => ({
      code,
      said,
      err,
      path: out,
    }));
  };
  test("cuts a product list to the home's models and binds it to its gateway; the gateway takes it", async () => {
    const stranger = { manufacturer: 4660, model: 'ELSEWHERE', hardwareVersion: 1, firmwareVersion: 1, state: 'listed', images: [] };
    const whole = await json('products', (value) => ({ ...value, products: [...(value['products'] as Json[]), stranger] }));
    const { code, path } = await slice(whole);
    expect(code).toBe(0);
    const { json: cut } = await register('show', path, '--json');
    expect(cut).toMatchObject({ kind: 'products', gateway: EUI.gateway, products: [{ model: 'LAB-PPMID' }, { model: 'LAB-PPMID' }] });
    const parsed = parseKeyFile(readFileSync(key('registration'), 'utf8'));
    const context = {
      environment: 'lab' as const,
      anchors: parsed.ok ? [parsed.value.signer] : [],
      now: NOW,
      storedVersion: () => undefined,
    };
    expect(openStatement(readFileSync(path), { ...context, gateway: EUI.gateway })).toMatchObject({ ok: true });
    expect(openStatement(readFileSync(path), { ...context, gateway: EUI.ppmid })).toMatchObject({ ok: false, code: 'other-gateway' });
  });
  test('refuses statements of two homes', async () => {
    const other = await json('inventory', (value) => ({ ...value, gateway: EUI.ppmid }));
    const home = ['--device-log', statement('device-log'), '--inventory', other, '--suppliers', statement('suppliers')];
    const outcome = await register('slice', statement('products'), ...home, '--key', key('registration'), '--out', at('never.cose'));
    expect(outcome).toMatchObject({ code: 2, err: expect.stringContaining('the statements are about') as string });
  });
});

describe('register diff', () => {
  test('tells entries added, removed and members changed [R-CPL-04]', async () => {
    const after = await json('products', (value) => ({
      ...value,
      version: 2,
      products: [
        (value['products'] as Json[])[1],
        { manufacturer: 1, model: 'NEW', hardwareVersion: 1, firmwareVersion: 3, state: 'listed', images: [] },
      ],
    }));
    const { code, out } = await register('diff', statement('products'), after);
    expect(code).toBe(1);
    const lines = out.split('\n');
    expect(lines[0]).toBe('products version 1 → 2');
    expect(lines.slice(1).map((line) => line.split(':')[0])).toEqual(['~ version', '- products', '+ products']);
    expect(out).toContain('"model":"NEW"');
  });
  test('ends with code 0 for the same, and does not compare two kinds', async () => {
    expect(await register('diff', statement('cohorts'), await json('cohorts'))).toMatchObject({ code: 0 });
    expect(await register('diff', statement('cohorts'), statement('services'))).toMatchObject({ code: 2 });
  });
});

describe('register import', () => {
  const effectiveFrom = new Date((NOW - 86_400) * 1000).toISOString().replace('.000', '');
  const config = (): string => join(lab, 's1sp.yaml');
  const data = (): string => join(lab, 'data', 's1sp');
  beforeEach(() => {
    rmSync(inboxOf(data()), { recursive: true, force: true });
    mkdirSync(inboxOf(data()), { recursive: true });
  });

  test('hands a signed statement over: who empties the inbox takes it, whole, and once', async () => {
    const { path } = await signed(await json('suppliers', (value) => ({ ...value, version: 2 })));
    const { code, out } = await register('import', path, '--config', config());
    expect([code, out]).toEqual([0, 'suppliers version 2: handed to the S1SP side']);
    expect(readdirSync(inboxOf(data()))).toEqual([expect.stringMatching(/^suppliers-.*-00000002\.cose$/)]);
    const took: Uint8Array[] = [];
    const take = async (bytes: Uint8Array) => (took.push(bytes), { ok: true as const, value: undefined });
    expect(await emptyInbox(data(), take, silent)).toBe(1);
    expect(await emptyInbox(data(), take, silent)).toBe(0);
    expect(took.map((bytes) => Buffer.from(bytes))).toEqual([readFileSync(path)]);
  });
  test('hands nothing over that is not signed by a registration role it trusts', async () => {
    const bytes = Uint8Array.from(readFileSync(statement('suppliers')));
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(at('forged.cose'), bytes);
    const before = readdirSync(inboxOf(data()));
    const { code, out } = await register('import', at('forged.cose'), '--config', config());
    expect([code, out]).toEqual([1, expect.stringMatching(/^refused signature-invalid: /)]);
    expect(readdirSync(inboxOf(data()))).toEqual(before);
  });
  test.each<[string, string, string, (value: Json) => Json]>([
    [
      'a text that is a draft, set to designated [R-DOC-05]',
      'documents',
      'draft-in-force',
      (value) => ({
        ...value,
        version: 2,
        documents: (value['documents'] as Json[]).map((each) =>
          each['version'] === 'draft 4.3' ? { ...each, status: 'designated', effectiveFrom } : each,
        ),
      }),
    ],
    ['the version of the configuration with other contents [R-EPC-03]', 'products', 'older', (value) => ({ ...value, products: [] })],
  ])('hands nothing over that the S1SP would refuse: %s', async (_, kind, refused, change) => {
    const { path } = await signed(await json(kind, change));
    const before = readdirSync(inboxOf(data()));
    const { code, out } = await register('import', path, '--config', config());
    expect([code, out]).toEqual([1, expect.stringMatching(new RegExp(`^refused ${refused}: .*\\[R-`))]);
    expect(readdirSync(inboxOf(data()))).toEqual(before);
  });
  test('lets nothing take the place of what waits in the same version [R-EPC-03]', async () => {
    const two = (await signed(await json('suppliers', (value) => ({ ...value, version: 2 })))).path;
    const other = (await signed(await json('suppliers', (value) => ({ ...value, version: 2, gas: [] })))).path;
    expect(await register('import', two, '--config', config())).toMatchObject({ code: 0 });
    const { code, out } = await register('import', other, '--config', config());
    expect([code, out]).toEqual([1, expect.stringMatching(/^refused older: another version 2 of suppliers waits in the inbox/)]);
    expect(await register('import', two, '--config', config())).toMatchObject({ code: 0 });
    const [waiting] = readdirSync(inboxOf(data()));
    expect(readFileSync(join(inboxOf(data()), waiting!))).toEqual(readFileSync(two));
  });
  test('says what the S1SP has already, and changes nothing', async () => {
    const { code, out } = await register('import', statement('products'), '--config', config());
    expect([code, out]).toEqual([0, 'products version 1: the S1SP side has it already']);
    expect(readdirSync(inboxOf(data())).filter((name) => name.startsWith('products'))).toEqual([]);
  });
  test('judges by what the store of the S1SP holds, which may be newer than the configuration, and by what waits before it [R-EPC-03, R-DMVES-02]', async () => {
    const stored = (await signed(await json('products', (value) => ({ ...value, version: 6 })))).path;
    const store = new LmdbStore(data());
    const write = new Registers(store).put('products', 6, readFileSync(stored));
    if (write.ok) await store.commit([write.value]);
    await store.close();
    const five = await signed(await json('products', (value) => ({ ...value, version: 5 })));
    expect(await register('import', five.path, '--config', config())).toMatchObject({
      code: 1,
      out: expect.stringContaining('older') as string,
    });
    // The matrix belongs to a text that only the documents which wait before it bring into force.
    const seed = await register('seed', 'equivalent-steps', '--environment', 'lab', '--json');
    const matrix = await signed(written({ ...(seed.json as Json), version: 2, alignedTo: '12.0' }));
    expect(await register('import', matrix.path, '--config', config())).toMatchObject({
      code: 1,
      out: expect.stringContaining('matrix-not-aligned') as string,
    });
    const next = await signed(
      await json('documents', (value) => {
        const documents = value['documents'] as Json[];
        const last = documents.find(({ document, version }) => document === 'S1SR' && version === '11.0')!;
        return { ...value, version: 2, documents: [...documents, { ...last, version: '12.0', effectiveFrom, replaces: undefined }] };
      }),
    );
    expect(await register('import', next.path, '--config', config())).toMatchObject({ code: 0 });
    expect(await register('import', matrix.path, '--config', config())).toMatchObject({ code: 0 });
  });
  test('is set aside when the process that takes it refuses it: nothing is tried twice, nothing is lost', async () => {
    const { path } = await signed(await json('suppliers', (value) => ({ ...value, version: 3 })));
    await register('import', path, '--config', config());
    const logged: unknown[] = [];
    const log = { ...silent, warn: (event: string, fields: unknown) => void logged.push([event, fields]) };
    const older = async () => ({ ok: false as const, code: 'older', detail: '' });
    expect(await emptyInbox(data(), older, log)).toBe(0);
    expect(logged).toEqual([['statement-refused', { name: expect.stringMatching(/00000003\.cose$/) as string, code: 'older' }]]);
    expect(readdirSync(join(inboxOf(data()), 'refused'))).toHaveLength(1);
    expect(await emptyInbox(data(), older, silent)).toBe(0);
  });
});

describe('registers in a store', () => {
  let data: string;
  beforeAll(async () => {
    data = at('store');
    const store = new LmdbStore(data);
    const registers = new Registers(store);
    const put = async (path: string): Promise<void> => {
      const bytes = readFileSync(path);
      const read = readStatement(bytes);
      if (!read.ok) throw new Error(read.detail);
      const { kind, version } = read.value;
      const gateway = kind === 'suppliers' ? EUI.gateway : undefined;
      const write = registers.put(kind, version, bytes, gateway);
      if (write.ok) await store.commit([write.value]);
    };
    const later = (value: Json): Json => ({ ...value, version: 2, validFrom: NOW + 86_400 * 30, lead: [] });
    for (const path of [statement('suppliers'), (await signed(await json('suppliers', later))).path, statement('documents')])
      await put(path);
    await store.close();
  });
  const day = (offset: number): string => new Date((NOW + offset * 86_400) * 1000).toISOString().slice(0, 10);

  test('are shown as they are now, in a version, and as of a day', async () => {
    const show = async (...argv: string[]): Promise<unknown> =>
      (await register('show', 'suppliers', '--data', data, '--json', ...argv)).json;
    expect(await show()).toMatchObject({ version: 2, lead: [] });
    expect(await show('--statement-version', '1')).toMatchObject({ version: 1 });
    expect(await show('--as-of', day(1))).toMatchObject({ version: 1 });
    expect(await show('--as-of', day(40))).toMatchObject({ version: 2 });
    expect(await register('show', 'products', '--data', data)).toMatchObject({
      code: 2,
      err: expect.stringContaining('there is no products register like that') as string,
    });
  });
  test('are listed as of a day, with the texts in force', async () => {
    const { json: then } = await register('as-of', day(1), '--data', data, '--json');
    expect(then).toMatchObject({
      registers: [
        { kind: 'documents', version: 1 },
        { kind: 'suppliers', gateway: EUI.gateway, version: 1 },
      ],
    });
    const { out } = await register('as-of', '2020-11-23');
    expect(out).not.toContain('DMVES 5.0');
    expect((await register('as-of', '2020-11-24')).out).toMatch(
      /^DMVES 5\.0 since 2020-11-24 \(002 Direction, Annex C; direction of the Secretary of State\)$/m,
    );
  });
  test('tell the passing provisions of a day, and what they vary [R-DOC-12, R-MIG-07]', async () => {
    const holds = async (day: string): Promise<boolean> => (await register('as-of', day)).out.includes('X5 holds for a time (004 7.5)');
    expect([await holds('2020-12-31'), await holds('2021-01-01')]).toEqual([true, false]);
  });
  test('warn of a matrix whose S1SR is no longer the one in force [R-DMVES-02]', async () => {
    const warned = async (day: string): Promise<boolean> =>
      (await register('as-of', day)).out.includes('warning: DMVES 5.0 belongs to S1SR 5.0');
    expect([await warned('2020-11-24'), await warned('2021-11-04')]).toEqual([false, true]);
  });
  test('take no day that is none', async () => {
    expect(await register('as-of', '2020-02-30')).toMatchObject({ code: 2, err: expect.stringContaining('neither a day') as string });
    expect(await register('show', 'suppliers', '--data', at('nowhere'))).toMatchObject({ code: 2 });
  });
});
