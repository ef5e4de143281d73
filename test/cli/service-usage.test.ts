/** The verbs that run a lab, before they do anything: their help, and what they say of calls that cannot be carried out. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as benchFlash from '../../host/cli/bench-flash.ts';
import * as benchPpc from '../../host/cli/bench-ppc.ts';
import * as benchReport from '../../host/cli/bench-report.ts';
import * as demo from '../../host/cli/demo.ts';
import * as gatewayRun from '../../host/cli/gateway-run.ts';
import * as homeRun from '../../host/cli/home-run.ts';
import * as labInit from '../../host/cli/lab-init.ts';
import * as s1spRun from '../../host/cli/s1sp-run.ts';
import * as upgradeCancel from '../../host/cli/upgrade-cancel.ts';
import * as upgradeIssue from '../../host/cli/upgrade-issue.ts';
import * as upgradeWatch from '../../host/cli/upgrade-watch.ts';
import { formatPublicKey, formatSigningKey } from '../../host/messages/keyfile.ts';
import { newSeed, signingKey } from '../../host/messages/ed25519.ts';
import { eui64 } from '../../host/model/ids.ts';
import { Seeded } from '../../firmware/air/seeded.ts';
import { call } from './terminal.ts';

const VERBS = [demo, benchFlash, benchPpc, benchReport, homeRun, gatewayRun, s1spRun, labInit, upgradeIssue, upgradeWatch, upgradeCancel];
const run = (...argv: readonly string[]) =>
  call(
    VERBS.map(({ register }) => register),
    argv,
  );

const CALLS = [
  'demo',
  'bench flash',
  'bench verify',
  'bench ppc',
  'home run',
  'gateway run',
  's1sp run',
  'lab init',
  'upgrade issue',
  'upgrade watch',
  'upgrade status',
  'upgrade cancel',
];

const PARTY = eui64('0200000000000103');
const DEVICES = ['--gateway', '02-00-00-00-00-00-02-01', '--device', '02-00-00-00-00-00-02-02'];
const REQUEST = '02-00-00-00-00-00-01-03:02-00-00-00-00-00-02-02:1';
let folder: string;
const file = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearthgate-usage-'));
  const seed = newSeed(new Seeded(1));
  const owner = { environment: 'lab', role: 'import-supplier', party: PARTY, name: 'lab Lead Supplier' } as const;
  const { kid, publicKey } = signingKey(seed);
  writeFileSync(file('lead.key'), formatSigningKey(owner, seed), { mode: 0o600 });
  writeFileSync(file('lead.key.pub'), formatPublicKey('lab', { ...owner, kid, key: publicKey }));
  writeFileSync(file('notes.txt'), 'not an image');
  writeFileSync(file('gateway.yaml'), 'environment: lab\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('help', () => {
  test.each(CALLS)('%s shows what it does, its options, examples that call it, and exit codes', async (words) => {
    const { code, out, err } = await run(...words.split(' '), '--help');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const examples = out.slice(out.indexOf('Examples:'), out.indexOf('Exit codes:'));
    expect(examples).toMatch(new RegExp(`^ {2}\\$ hearthgate ${words}( |$)`, 'm'));
    expect(out).toContain('--json');
    expect(examples.split('\n').filter((line) => /^ {2}\$ (?!hearthgate )/.test(line))).toEqual([]);
  });
});

/** Calls that cannot be carried out, and what is said. `{name}` stands for a file of the test's folder. */
const WRONG: readonly (readonly [argv: string, line: string])[] = [
  ['demo --loss 91', '--loss 91 is not a whole number from 0 to 90'],
  ['demo --seed one', '--seed one is not a whole number'],
  ['demo --pcap {missing}/air.pcap', 'air.pcap: cannot be written'],
  ['demo --frob', "unknown option '--frob'"],
  ['bench flash --radio air', "missing required argument 'image'"],
  ['bench flash {notes.txt}', "required option '--radio <radio>' not specified"],
  ['bench flash {notes.txt} --radio serial:///dev/x', '--device is missing: a real device is known by its EUI-64'],
  ['bench flash {notes.txt} --radio air', 'notes.txt: no ZigBee OTA header at byte 0'],
  ['bench flash {missing} --radio air', 'missing: no such file'],
  ['bench verify {missing}', 'missing: no such file'],
  ['bench verify {notes.txt}', 'notes.txt: not a signed report of a bench'],
  ['bench ppc {notes.txt}', "required option '--pending <file>' not specified"],
  ['home run', "required option '--listen <host:port>' not specified"],
  ['home run --listen 9000', '--listen 9000 is not host:port'],
  ['home run --listen 127.0.0.1:0 --channel 27', '--channel 27 is not a whole number from 11 to 26'],
  ['gateway run', "required option '--config <file>' not specified"],
  ['gateway run --config {missing}', 'missing: no such file'],
  ['gateway run --config {gateway.yaml}', 'gateway.yaml: gateway is missing'],
  ['s1sp run --config {missing}', 'missing: no such file'],
  ['lab init', "missing required argument 'folder'"],
  ['upgrade issue {notes.txt} --key {lead.key}', "required option '--gateway <eui64>' not specified"],
  ['upgrade issue {notes.txt} --key {lead.key} DEVICES', 'notes.txt: no upgrade file header at byte 0; give --file-version'],
  ['upgrade issue {notes.txt} --key {lead.key} --gateway x --device y --file-version 1', '--device y is not an EUI-64'],
  ['upgrade issue {notes.txt} --key {lead.key.pub} DEVICES --file-version 1', 'holds the public key alone; signing needs the private one'],
  ['upgrade issue {notes.txt} --key {notes.txt} DEVICES --file-version 1', 'notes.txt: '],
  ['upgrade issue {notes.txt} --key {lead.key} DEVICES --file-version 1 --complete-within 1', '--complete-within 1 is not a whole number'],
  ['upgrade watch --gateway-key {lead.key.pub}', 'a key of the role import-supplier, not of a gateway'],
  ['upgrade status --gateway-key {missing}', 'missing: no such file'],
  ['upgrade cancel 1 --key {lead.key} --gateway 0200000000000201', '1 is not a request id (originator:target:counter)'],
  [`upgrade cancel ${REQUEST} --key {lead.key} --gateway 1`, '--gateway 1 is not an EUI-64'],
];

describe('a call that cannot be carried out', () => {
  test.each(WRONG)('is one line and code 2: %s', async (text, line) => {
    const argv = text
      .split(' ')
      .flatMap((word) => (word === 'DEVICES' ? DEVICES : [word.replace(/\{(.*)\}/, (_, name: string) => file(name))]));
    const { code, out, err } = await run(...argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(line);
    expect(err.split('\n')).toHaveLength(1);
    expect(err).toMatch(/^hearthgate: /);
  });
});
