/**
 * `han decode --json` as a whole process beside `tshark -T json`, over the same capture with the same keys: start, reading,
 * opening, decoding and every byte of the answer. Both write to a pipe that is read to its end.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pcapHeader, pcapRecord } from '../../host/capture/writer.ts';
import { hex } from '../../host/model/ids.ts';
import { tsharkArguments } from '../conformance/tshark.ts';
import { corpus, LINK_KEY, NETWORK_KEY } from './frames-corpus.ts';
import { race, type Bench } from './race.ts';

const PROGRAM = fileURLToPath(new URL('../../dist/hearthgate.mjs', import.meta.url));
/** An hour of a busy home, or so. */
const FRAMES = 6_000;
const ROUNDS = 15;
const OUTPUT_MAX = 1 << 30;
/** Where NODE_EXTRA_CA_CERTS is set, every start of Node reads certificates, which takes longer than the verb's own start; it is no part of it. */
const ENVIRONMENT = { ...process.env, NODE_EXTRA_CA_CERTS: undefined };

/** Frames of an upgrade under both securities, every layer of which opens. */
export const decode: Bench = {
  name: 'decode',
  group: 'frames',
  versus: 'tshark -T json, whole processes',
  unit: 'frames/s',
  async measure() {
    const folder = mkdtempSync(join(tmpdir(), 'bench-'));
    const file = join(folder, 'capture.pcap');
    const keys = [NETWORK_KEY, LINK_KEY].map((key) => hex(key));
    const frames = corpus(FRAMES, 'nwk+aps');
    writeFileSync(file, Buffer.concat([pcapHeader(), ...frames.map((frame, i) => pcapRecord(frame, 1_700_000_000_000 + i))]));
    const pdml = tsharkArguments(file, { keys, tiMetadata: false });
    const json = pdml.map((argument) => (argument === 'pdml' ? 'json' : argument));
    try {
      return await race(
        FRAMES,
        { run: () => clusters(process.execPath, [PROGRAM, 'han', 'decode', file, '--json', ...keys.flatMap((key) => ['--key', key])]) },
        { run: () => clusters('tshark', json) },
        ROUNDS,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

/** Runs a program and tells how often it named a cluster: both must have opened every frame. */
function clusters(program: string, argv: readonly string[]): string {
  const { stdout, status, error } = spawnSync(program, argv, {
    env: ENVIRONMENT,
    maxBuffer: OUTPUT_MAX,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (error !== undefined || status !== 0) throw new Error(`${program} ended with ${status}`, { cause: error });
  let count = 0;
  for (let at = stdout.indexOf('zbee_aps.cluster'); at >= 0; at = stdout.indexOf('zbee_aps.cluster', at + 1)) count++;
  return `${count}`;
}
