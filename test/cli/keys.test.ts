/** The verbs about a gateway's keys over a lab on disk: what each shows, refuses and leaves behind. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { register as registerBackup } from '../../host/cli/keys-backup.ts';
import { register as registerCertificate } from '../../host/cli/keys-certificate.ts';
import { register as registerInstallCode } from '../../host/cli/keys-install-code.ts';
import { register as registerNew } from '../../host/cli/keys-new.ts';
import { register as registerReport } from '../../host/cli/keys-report.ts';
import { register as registerRestore } from '../../host/cli/keys-restore.ts';
import { register as registerRotate } from '../../host/cli/keys-rotate.ts';
import { register as registerStatus } from '../../host/cli/keys-status.ts';
import { ControlSocket } from '../../host/adapters/control-socket.ts';
import { LmdbStore } from '../../host/adapters/store-lmdb.ts';
import { loadGatewayConfig } from '../../host/compose/config.ts';
import { EUI } from '../../host/compose/home.ts';
import { labFiles } from '../../host/compose/lab-folder.ts';
import { loadCertificate } from '../../host/compose/certificates.ts';
import { loadInstallCodes, loadWrappingKey } from '../../host/compose/load.ts';
import { openKeyring } from '../../host/gateway/keyring.ts';
import { digest, eui64 } from '../../host/model/ids.ts';
import { KeyLedger } from '../../host/s1sp/key-ledger.ts';
import { OutgoingCounters } from '../../host/stores/counters.ts';
import { KeyOrders } from '../../host/stores/key-orders.ts';
import { KeyStates } from '../../host/stores/key-states.ts';
import { ErasedCodes } from '../../host/stores/erased-codes.ts';
import { SealedKeys } from '../../host/stores/keys.ts';
import { Members } from '../../host/stores/members.ts';
import { openMeta } from '../../host/stores/meta.ts';
import { Seeded } from '../../firmware/air/seeded.ts';
import { freshCore } from '../kit/core.ts';
import { call } from './terminal.ts';

const VERBS = [
  registerBackup,
  registerCertificate,
  registerInstallCode,
  registerNew,
  registerRestore,
  registerRotate,
  registerStatus,
  registerReport,
];
const keys = (...argv: string[]) => call(VERBS, ['keys', ...argv]);

const LINK = new Uint8Array(16).fill(0x4c);
let folder: string;
let config: string;
let fingerprints: { readonly network: string; readonly link: string };
const at = (path: string): string => join(folder, path);

/** A lab whose gateway has run: a network key, the codes and certificates of the lab, and the PPMID's link key. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hearthgate-keys-'));
  for (const { path, content, secret } of await labFiles({ broker: '127.0.0.1:18830', radio: '127.0.0.1:19000' }, 1_768_478_400)) {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), content, { mode: secret ? 0o600 : 0o644 });
  }
  config = at('gateway.yaml');
  const { data, keys: files, installCodes } = await loadGatewayConfig(config);
  mkdirSync(data, { recursive: true });
  const store = new LmdbStore(data);
  await openMeta(store, 'lab', data);
  const core = await freshCore();
  const keyring = await openKeyring({
    ...{ core, sealed: new SealedKeys(store), erased: new ErasedCodes(store), entropy: new Seeded(1), gateway: EUI.gateway },
    record: (_what, _fields, writes) => store.commit(writes),
    wrappingKey: await loadWrappingKey(files.wrapping),
    installCodes: await loadInstallCodes(installCodes),
    certificates: await Promise.all(files.certificates.map(loadCertificate)),
  });
  const link = core.keys.importLink(LINK.slice(), EUI.ppmid);
  if (!link.ok) throw new Error(link.code);
  await keyring.establish(EUI.ppmid, link.value, 2);
  fingerprints = { network: keyring.fingerprint(keyring.network.key), link: keyring.fingerprint(link.value) };
  await new OutgoingCounters(store).reserve(keyring.fingerprint(keyring.network.key), 1024);
  await new Members(store).save({ eui: EUI.ppmid, short: 0x0203, joined: true });
  await store.close();
});
afterEach(() => rmSync(folder, { recursive: true }));

async function withStore<T>(use: (store: LmdbStore) => T | Promise<T>): Promise<T> {
  const store = new LmdbStore(at('data/gateway'));
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

describe('keys install-code', () => {
  const PRINTED = '83FE-D340 7a93 9723 A5C6 39B2 6916 D505 C3B5';
  test('takes a code as it is printed and shows the fingerprint of its link key, the same as of any other form', async () => {
    const { code, out, json } = await keys('install-code', PRINTED, '--json');
    expect([code, json]).toEqual([0, { ok: true, bytes: 16, fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/) }]);
    expect(out).not.toMatch(/[0-9a-f]{32}/i);
    const other = await keys('install-code', '83fed3407a939723a5c639b26916d505c3b5', '--json');
    expect(other.json).toEqual(json);
  });
  test('shows the key when asked to: the one of the ZigBee specification', async () => {
    const { json } = await keys('install-code', PRINTED, '--show', '--json');
    expect(json).toMatchObject({ key: '66b6900981e1ee3ca4206b6b861c02bb' });
    expect((await keys('install-code', PRINTED, '--show')).out).toContain('66b6900981e1ee3ca4206b6b861c02bb');
  });
  test('reads it from standard input, so that it is on no command line', async () => {
    const input = new TextEncoder().encode(`${PRINTED}\n`);
    expect(await call(VERBS, ['keys', 'install-code', '-'], { input })).toMatchObject({ code: 0 });
    expect([...input].some((byte) => byte !== 0)).toBe(false);
  });
  test.each([
    ['83FED3407A939723A5C639B26916D505C3B6', 'install-code-crc'],
    ['83FED3407A939723A5C639B26916D505C3', 'install-code-length'],
    ['83FED3407A93972XA5C639B26916D505C3B5', 'install-code-digit'],
  ])('refuses %s: %s', async (printed, reason) => {
    expect(await keys('install-code', printed)).toMatchObject({ code: 1, out: expect.stringContaining(reason) });
    expect((await keys('install-code', printed, '--json')).json).toMatchObject({ ok: false, code: reason });
  });
});

describe('keys certificate', () => {
  test.each([1, 2])('shows a certificate of suite %i and that its key belongs to it, never the key', async (suite) => {
    const file = at(`keys/suite-${suite}.cert`);
    const { code, out } = await keys('certificate', file);
    expect([code, out]).toEqual([0, expect.stringContaining(`suite ${suite}, for ${EUI.gateway}, issued by 0200000000000106`)]);
    const secret = /Private Key Reconstruction Data: ([0-9a-f]+)/.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
    const { json, out: document } = await keys('certificate', file, '--json');
    expect(json).toMatchObject({ ok: true, suite, subject: EUI.gateway });
    expect(secret).toMatch(/^[0-9a-f]{42,72}$/);
    expect(out + document).not.toContain(secret);
  });
  test('says which part does not belong', async () => {
    const [one, two] = [1, 2].map((suite) => readFileSync(at(`keys/suite-${suite}.cert`), 'utf8').split('\n'));
    writeFileSync(at('mixed.cert'), [one![0], one![1], one![2]!.replace(/..$/, '00')].join('\n'), { mode: 0o600 });
    expect((await keys('certificate', at('mixed.cert'), '--json')).json).toMatchObject({ ok: false, code: 'curve-mismatch' });
    writeFileSync(at('short.cert'), [two![0], two![2]].join('\n'), { mode: 0o600 });
    expect(await keys('certificate', at('short.cert'))).toMatchObject({ code: 2, err: expect.stringContaining('Device Implicit Cert') });
  });
  test('refuses a file that others may read', async () => {
    chmodSync(at('keys/suite-1.cert'), 0o640);
    expect(await keys('certificate', at('keys/suite-1.cert'))).toMatchObject({ code: 2, err: expect.stringContaining('chmod 600') });
  });
});

describe('keys status', () => {
  test('shows every key by fingerprint and counter, and no key', async () => {
    const { code, out, json } = await keys('status', '--config', config, '--json');
    expect(code).toBe(0);
    const certificates = [1, 2].map((suite) => ({ suite, subject: EUI.gateway, issuer: '0200000000000106' }));
    expect(json).toMatchObject({ gateway: EUI.gateway, gated: false, ppmids: [], certificates });
    const { keys: list } = json as { keys: readonly { purpose: string; identity: string; fingerprint: string; counter?: number }[] };
    expect(list.map(({ purpose, identity }) => `${purpose} ${identity}`).toSorted()).toEqual(
      [`install ${EUI.esme}`, `install ${EUI.ppmid}`, `link ${EUI.ppmid}`, 'network active'].toSorted(),
    );
    expect(list.find(({ purpose }) => purpose === 'network')).toMatchObject({ fingerprint: fingerprints.network, counter: 1024 });
    expect(list.find(({ purpose }) => purpose === 'link')).toMatchObject({ fingerprint: fingerprints.link });
    expect(out).not.toMatch(/(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])/);
  });
  test('shows PPMIDs as present, retrying n, or under investigation, which makes the code 1 [R-KEYS-01]', async () => {
    const base = { since: 0, next: undefined, fingerprint: undefined, reason: 'no-answer' };
    await withStore((store) => store.commit([new KeyStates(store).put({ ...base, device: EUI.ppmid, state: 'retrying', attempts: 3 })]));
    const { code, out } = await keys('status', '--config', config);
    expect([code, out]).toEqual([0, expect.stringContaining(`${EUI.ppmid}  retrying 3 (no-answer)`)]);
    await withStore((store) =>
      store.commit([new KeyStates(store).put({ ...base, device: EUI.ppmid, state: 'investigation', attempts: 16 })]),
    );
    const later = await keys('status', '--config', config);
    expect([later.code, later.out]).toEqual([1, expect.stringContaining('under investigation after 16 (no-answer)')]);
  });
});

describe('keys report', () => {
  const ledger = async (...states: readonly ('present' | 'retrying' | 'investigation')[]): Promise<void> => {
    const path = at('data/s1sp');
    const head = { count: 1, hash: digest(new Uint8Array(32)) };
    mkdirSync(path, { recursive: true });
    const store = new LmdbStore(path);
    for (const [n, state] of states.entries()) {
      const device = eui64(`0200000000000${300 + n}`);
      const event = { type: 'ppmid-keys', device, cohort: 'IOC', state, attempts: n, reason: 'no-answer', fingerprint: undefined } as const;
      await new KeyLedger(store).take({ kind: 'report', gateway: EUI.gateway, sequence: n + 1, time: 0, head, event });
    }
    await store.close();
  };
  const report = (...more: string[]) => keys('report', '--config', at('s1sp.yaml'), ...more);

  test('counts for the department and lists each open case with its Lead Supplier [R-KEYS-03] [R-KEYS-07]', async () => {
    await ledger('present', 'present', 'retrying', 'investigation');
    const { code, json } = await report('--json');
    expect(code).toBe(1);
    expect(json).toMatchObject({
      threshold: 0.995,
      cohorts: [{ cohort: 'IOC', attempted: 4, succeeded: 2, failed: 2, retrying: 1, investigating: 1, failureRate: 0.5 }],
      open: [
        { supplier: '0200000000000103', gateway: EUI.gateway, state: 'retrying', attempts: 2 },
        { supplier: '0200000000000103', gateway: EUI.gateway, state: 'investigation', attempts: 3 },
      ],
    });
    const { out } = await report();
    expect(out).toContain('IOC: 4 attempted, 2 succeeded, 2 failed (50.0%): 1 retrying, 1 under investigation; 0 resolved');
    expect(out).toContain('retrying 2 (no-answer)');
    expect(await report('--threshold', '50')).toMatchObject({ code: 0 });
  });
  test('refuses a threshold that is no share, and a directory without a store', async () => {
    expect(await report()).toMatchObject({ code: 2, err: expect.stringContaining('there is no store') });
    await ledger('present');
    expect(await report('--threshold', 'most')).toMatchObject({ code: 2 });
  });
});

describe('keys rotate and keys erase', () => {
  test('leave an order for the next start when no gateway runs', async () => {
    expect(await keys('rotate', '--config', config)).toMatchObject({ code: 0, out: expect.stringContaining('ordered for its next start') });
    const erased = await keys('erase', '02-00-00-00-00-00-02-02', '--config', config, '--install-code', '--json');
    expect([erased.code, erased.json]).toEqual([0, { ok: true, done: false }]);
    expect(await withStore((store) => new KeyOrders(store).all())).toEqual([
      { kind: 'erase', device: EUI.ppmid, code: true },
      { kind: 'rotate', reason: 'ordered' },
    ]);
  });
  test('are carried out by a gateway that runs', async () => {
    const asked: unknown[] = [];
    const socket = new ControlSocket(at('data/gateway'));
    await socket.listen(async (request) => {
      asked.push(request);
      return asked.length === 1 ? { ok: true, turned: { seq: 4, reached: [EUI.ppmid], missed: [EUI.esme] } } : { ok: true };
    });
    try {
      const { code, out } = await keys('rotate', '--config', config);
      expect([code, out]).toEqual([0, `network key 4 in use, 1 devices reached; not reached: ${EUI.esme}`]);
      expect((await keys('erase', EUI.ppmid, '--config', config, '--json')).json).toEqual({ ok: true, done: true });
      expect(asked).toEqual([
        { kind: 'rotate', reason: 'ordered' },
        { kind: 'erase', device: EUI.ppmid, code: false },
      ]);
    } finally {
      await socket.close();
    }
  });
  test('refuse a device that the gateway does not know, and leave no order', async () => {
    const stranger = await keys('erase', '02-00-00-00-00-00-0f-0f', '--config', config, '--json');
    expect([stranger.code, stranger.json]).toMatchObject([1, { ok: false, code: 'device-unknown' }]);
    expect(await withStore((store) => new KeyOrders(store).all())).toEqual([]);
  });
  test('refuse a device that is no EUI-64', async () => {
    expect(await keys('erase', 'kitchen', '--config', config)).toMatchObject({ code: 2, err: expect.stringContaining('is not an EUI-64') });
  });
});

describe('keys backup, verify and restore', () => {
  const backedUp = async (): Promise<string> => {
    await keys('new', '--wrapping', '--out', at('backup.key'));
    const { code, json } = await keys('backup', '--config', config, '--key', at('backup.key'), '--out', at('a.backup'), '--json');
    expect([code, json]).toMatchObject([0, { file: at('a.backup'), gateway: EUI.gateway, environment: 'lab', keys: 6 }]);
    return at('a.backup');
  };
  const restore = (...more: string[]) => keys('restore', at('a.backup'), '--config', config, '--key', at('backup.key'), ...more);

  test('write a file for its owner alone that holds no key in clear, and open it', async () => {
    const file = await backedUp();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).not.toContain(Buffer.from(LINK).toString('hex'));
    const { code, json } = await keys('verify', file, '--key', at('backup.key'), '--json');
    expect([code, json]).toMatchObject([0, { ok: true, gateway: EUI.gateway, environment: 'lab' }]);
    const { keys: list } = json as { keys: readonly { purpose: string; fingerprint?: string }[] };
    expect(list.find(({ purpose }) => purpose === 'link')?.fingerprint).toBe(fingerprints.link);
    expect(await keys('verify', file, '--key', at('keys/wrapping.key'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('does not open'),
    });
  });
  test("refuse the gateway's own wrapping key, and a place that is taken", async () => {
    const own = await keys('backup', '--config', config, '--key', at('keys/wrapping.key'), '--out', at('b.backup'));
    expect(own).toMatchObject({ code: 2, err: expect.stringContaining("is the gateway's wrapping key") });
    await backedUp();
    expect(await keys('backup', '--config', config, '--key', at('backup.key'), '--out', at('a.backup'))).toMatchObject({ code: 2 });
  });
  test('say what a restore would do and change nothing', async () => {
    await backedUp();
    rmSync(at('data/gateway'), { recursive: true });
    const { code, json } = await restore('--dry-run', '--json');
    expect([code, json]).toMatchObject([0, { ok: true, dryRun: true, members: 1 }]);
    expect([existsSync(at('a.backup.restored')), existsSync(at('data/gateway'))]).toEqual([false, false]);
    expect(await withStore((store) => store.range('keys', '', '~'))).toEqual([]);
  });
  test('restore once; a second time, elsewhere too, only with --force, and say what it risks', async () => {
    await backedUp();
    rmSync(at('data/gateway'), { recursive: true });
    const first = await restore('--json');
    expect([first.code, first.json]).toMatchObject([0, { ok: true, dryRun: false }]);
    expect(existsSync(at('a.backup.restored'))).toBe(true);
    expect(await withStore((store) => new KeyOrders(store).all())).toEqual([{ kind: 'rotate', reason: 'restored' }]);
    const network = (await withStore((store) => [...new OutgoingCounters(store).all().values()])).toSorted();
    expect(Math.min(...network)).toBeGreaterThan(1024);
    rmSync(at('a.backup.restored'));
    expect(await restore('--json')).toMatchObject({ code: 1, json: { ok: false, code: 'restored-before' } }); // the directory remembers
    writeFileSync(at('a.backup.restored'), '');
    rmSync(at('data/gateway'), { recursive: true });
    const second = await restore();
    expect(second).toMatchObject({ code: 1, out: expect.stringContaining('sends under the same keys and counters') });
    expect((await restore('--json')).json).toMatchObject({ ok: false, code: 'restored-before' });
    expect((await restore('--force')).code).toBe(0);
  });
  test('export and import the plain form, with keys in clear and a warning', async () => {
    const { code, out } = await keys('backup', '--config', config, '--plain', '--out', at('coordinator.json'));
    expect([code, out]).toEqual([0, expect.stringContaining("Whoever reads it has the home's network")]);
    expect(statSync(at('coordinator.json')).mode & 0o777).toBe(0o600);
    const plain = JSON.parse(readFileSync(at('coordinator.json'), 'utf8')) as { devices: readonly { link_key: { key: string } }[] };
    expect(plain.devices[0]?.link_key.key).toBe(Buffer.from(LINK).toString('hex'));
    rmSync(at('data/gateway'), { recursive: true });
    const restored = await keys('restore', at('coordinator.json'), '--config', config, '--plain', '--json');
    expect([restored.code, restored.json]).toMatchObject([0, { ok: true }]);
    const status = await keys('status', '--config', config, '--json');
    expect(status.out).toContain(fingerprints.link);
    expect(status.out).toContain(fingerprints.network);
  });
});
