import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pcapHeader, pcapRecord } from '../../host/capture/writer.ts';
import { hex, unhex } from '../../host/model/ids.ts';
import { Home, LINK_KEY, NETWORK_KEY } from '../host/decode/home.ts';
import type { Decoded } from '../../host/decode/decoded.ts';
import { compareFrame, type Difference } from './compare.ts';
import { FAMILIES, type Family } from './families.ts';
import { generateCapture } from './generate.ts';
import { writeLayers } from './generate-layers.ts';
import { findCaptures, runCapture, type RunResult } from './run.ts';
import type { OracleFrame } from './tshark.ts';

const CORPUS = '../shared/corpus/captures';
const hasTshark = spawnSync('tshark', ['--version']).error === undefined;
const START_MS = 1_700_000_000_000;

const unexplained = (results: readonly RunResult[]): string[] =>
  results.flatMap(({ differences, verdicts }) => [
    ...differences.filter(({ permitted }) => permitted === undefined).map(describeDifference),
    ...verdicts
      .filter(({ permitted }) => permitted === undefined)
      .map(({ capture, frame, oracle, ours }) => `${capture} ${frame}: tshark ${oracle}, we ${ours}`),
  ]);

const describeDifference = ({ capture, frame, family, oracle, ours }: Difference): string =>
  `${capture} ${frame} ${family}: tshark ${String(oracle)}, we ${String(ours)}`;

function sum(results: readonly RunResult[], family: Family): { frames: number; same: number } {
  const scores = results.map(({ scores: all }) => all.get(family));
  return {
    frames: scores.reduce((total, score) => total + (score?.frames ?? 0), 0),
    same: scores.reduce((total, score) => total + (score?.same ?? 0), 0),
  };
}

describe('comparing a frame', () => {
  const decoded: Decoded = {
    ...{ number: 1, time: 0n, verdict: 'ok', code: undefined, detail: undefined, unread: new Uint8Array(0), headers: {}, shown: [] },
    fields: [
      ['wpan.seq_no', '43'],
      ['wpan.dst_pan', '0x1a62'],
    ],
  };
  const oracle = (...fields: [string, string][]): OracleFrame => ({
    ...{ number: 1, malformed: false, closed: false, cut: false },
    fields: fields.map(([name, show], position) => ({ name, show, position })),
  });

  test('finds equal lists the same, and families that neither side has absent', () => {
    const outcome = compareFrame('a', oracle(['wpan.seq_no', '43'], ['wpan.dst_pan', '0x1a62']), decoded);
    expect([outcome.get('mac'), outcome.get('nwk')]).toEqual(['same', undefined]);
  });

  test.each([
    ['another value', oracle(['wpan.seq_no', '44'], ['wpan.dst_pan', '0x1a62']), 0],
    ['another order', oracle(['wpan.dst_pan', '0x1a62'], ['wpan.seq_no', '43']), 0],
    ['a field more', oracle(['wpan.seq_no', '43'], ['wpan.dst_pan', '0x1a62'], ['wpan.dst16', '0x0000']), 2],
    ['a field less', oracle(['wpan.seq_no', '43']), 1],
  ])('finds %s, and where', (_, theirs, at) => {
    expect(compareFrame('a', theirs, decoded).get('mac')).toMatchObject({ family: 'mac', at, permitted: undefined });
  });
});

describe.skipIf(!hasTshark)('agreement with tshark', () => {
  let wasm: WebAssembly.Module;
  let directory: string;

  beforeAll(async () => {
    wasm = await WebAssembly.compile(readFileSync(fileURLToPath(new URL('../../dist/core.wasm', import.meta.url))));
    directory = mkdtempSync(join(tmpdir(), 'hearthgate-conformance-'));
  });

  afterAll(() => rmSync(directory, { recursive: true }));

  test('over a capture of our own: joining, NWK commands, ZCL with and without APS security', async () => {
    const home = await Home.open();
    const query = unhex('0156100102040302010500');
    const frames = [
      home.transportKey(NETWORK_KEY),
      home.nwkCommand(unhex('0861000013')),
      home.nwkCommand(unhex('0480')),
      home.zcl(0x0019, 0x01, 0x01, query),
      home.zcl(0x0019, 0x01, 0x01, query, { aps: true }),
      home.zcl(0x0702, 0x18, 0x0a, unhex('000025010203040506')),
    ];
    const bytes = [pcapHeader(), ...frames.map((psdu, index) => pcapRecord(psdu, START_MS + index))];
    writeFileSync(join(directory, 'home.pcap'), Buffer.concat(bytes));
    const capture = {
      file: join(directory, 'home.pcap'),
      keys: [NETWORK_KEY, LINK_KEY].map(hex),
      tiMetadata: false,
      seVersion: '1.4' as const,
    };
    const result = await runCapture(capture, wasm);
    expect(unexplained([result])).toEqual([]);
    const counts = FAMILIES.map((family) => [family, sum([result], family).same]);
    expect(Object.fromEntries(counts)).toMatchObject({ mac: 6, beacon: 0, nwk: 6, security: 6, aps: 4, zdp: 0, zcl: 3, application: 3 });
  });

  test('over generated payloads of every command of every cluster table', async () => {
    writeFileSync(join(directory, 'generated.pcap'), generateCapture(1, 3));
    const result = await runCapture(
      { file: join(directory, 'generated.pcap'), keys: [], tiMetadata: false, seVersion: '1.4' as const },
      wasm,
    );
    expect(unexplained([result])).toEqual([]);
    expect(sum([result], 'application').same).toBeGreaterThan(600);
  });

  test('over random frames of the layers below ZCL, good, noisy and cut, on every link type', { timeout: 120_000 }, async () => {
    const results: RunResult[] = [];
    for (const capture of findCaptures(writeLayers(directory, 1, 60))) results.push(await runCapture(capture, wasm));
    expect(unexplained(results)).toEqual([]);
    expect(sum(results, 'mac').same).toBeGreaterThan(300);
  });

  test.skipIf(!existsSync(CORPUS))(
    'over every capture of the corpus, in beacon, NWK, security, APS, ZDP and everything above without exception (with ../shared/corpus)',
    { timeout: 120_000 },
    async () => {
      const results: RunResult[] = [];
      for (const capture of findCaptures(CORPUS)) results.push(await runCapture(capture, wasm));
      expect(unexplained(results)).toEqual([]);
      for (const family of ['beacon', 'nwk', 'security', 'aps', 'zdp', 'zcl', 'application'] as const) {
        const { frames, same } = sum(results, family);
        expect([family, same]).toEqual([family, frames]);
      }
      expect(sum(results, 'mac').frames).toBeGreaterThan(7000);
      expect(sum(results, 'security').frames).toBeGreaterThan(1900);
    },
  );
});
