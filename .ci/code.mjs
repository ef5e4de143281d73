/**
 * dist/han-decode.code: what the engine made of dist/han-decode.js while it read a few frames of seeds/frames, so that a run
 * need not make it again. It belongs to one version of Node; another leaves it, and only starts more slowly.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { place } from './files.mjs';
import { root } from './root.mjs';

const run = promisify(execFile);
const [SCRIPT, CODE] = ['dist/han-decode.js', 'dist/han-decode.code'];
const SEEDS = 'seeds/frames';

/** Link type 195, microseconds; and what stands before a packet. */
const PCAP = Buffer.from('d4c3b2a1020004000000000000000000ffff0000c3000000', 'hex');
const RECORD_HEADER = 16;
/** Header of a MAC data frame, and of a NWK data frame in the clear, for what has none. */
const AROUND_APS = '41880505621a34120000' + '08003412' + '00001e09';

/** One step, of this version of Node. */
export function codeSteps() {
  const sources = [SCRIPT, 'dist/core.wasm', SEEDS, '.ci/code.mjs', '.ci/keep-code.mjs'];
  return [{ name: `${CODE} of Node ${process.version}`, sources, outputs: [CODE], run: make }];
}

async function make() {
  const folder = mkdtempSync(join(tmpdir(), 'hearthgate-code-'));
  const [capture, code] = [join(folder, 'seeds.pcap'), join(folder, 'code')];
  try {
    const { frames, keys } = seeds();
    writeFileSync(capture, Buffer.concat([PCAP, ...frames.map(record)]));
    const argv = ['han', 'decode', capture, '--json', ...keys.flatMap((key) => ['--key', key])];
    await run(process.execPath, [`${root}.ci/keep-code.mjs`, root + SCRIPT, code, ...argv], { maxBuffer: 1 << 24 });
    place(CODE, readFileSync(code));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Frames of every layer, each with a FCS that is wrong, and keys of those that are secured. */
function seeds() {
  const [accepted, secured] = ['accepted', 'secured'].map((name) => JSON.parse(readFileSync(`${root}${SEEDS}/${name}.json`, 'utf8')));
  const inAps = secured.filter(({ layer, link_key: key }) => layer === 'aps' && key !== undefined);
  const texts = [...accepted.map(({ frame }) => frame), ...inAps.map(({ frame }) => AROUND_APS + frame)];
  return {
    frames: texts.map((text) => Buffer.from(`${text.replaceAll(' ', '')}0000`, 'hex')),
    keys: [...new Set(inAps.map(({ link_key: key }) => key))],
  };
}

function record(frame) {
  const header = Buffer.alloc(RECORD_HEADER);
  header.writeUInt32LE(frame.length, 8);
  header.writeUInt32LE(frame.length, 12);
  return Buffer.concat([header, frame]);
}
