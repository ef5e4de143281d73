/** A conformance run over one capture: both sides read it, every frame is compared. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readCapture } from '../../host/capture/reader.ts';
import { Core } from '../../host/core/core.ts';
import type { Decoded } from '../../host/decode/decoded.ts';
import { Decoder, type SeVersion } from '../../host/decode/decoder.ts';
import { unhex } from '../../host/model/ids.ts';
import { compareFrame, type Difference } from './compare.ts';
import type { Family } from './families.ts';
import { PERMITTED_VERDICTS, type Permitted } from './permitted.ts';
import { dissect, type OracleFrame } from './tshark.ts';

/** A capture and what stands beside it: keys.txt (a hex key a line) and options.txt (`fcs=ti`, `se=1.1b`). */
export interface Capture {
  readonly file: string;
  readonly keys: readonly string[];
  readonly tiMetadata: boolean;
  /** Revision of Smart Energy by which both sides read. */
  readonly seVersion: SeVersion;
}

/** How often a family was compared, and how often it was the same. */
export interface Score {
  frames: number;
  same: number;
  permitted: number;
}

/** A frame whose verdicts disagree. */
export interface VerdictDifference {
  readonly capture: string;
  readonly frame: number;
  readonly oracle: 'accepted' | 'malformed' | 'closed';
  readonly ours: string;
  readonly permitted: Permitted | undefined;
}

/** What a run over one capture came to. */
export interface RunResult {
  readonly frames: number;
  readonly scores: Map<Family, Score>;
  readonly differences: Difference[];
  readonly verdicts: VerdictDifference[];
  readonly verdictsAgreed: number;
}

/** Captures under a directory, or the one file named. */
export function findCaptures(path: string): Capture[] {
  if (statSync(path).isFile()) return [captureOf(path)];
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' }).sort();
  return files.filter((file) => /\.pcap(ng)?$/.test(file)).map((file) => captureOf(join(path, file)));
}

function captureOf(file: string): Capture {
  const beside = (name: string): string => {
    const path = join(dirname(file), name);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  };
  const keys = beside('keys.txt')
    .split(/\s+/)
    .filter((key) => key !== '');
  const options = beside('options.txt');
  return { file, keys, tiMetadata: /^fcs=ti$/m.test(options), seVersion: /^se=1\.1b$/m.test(options) ? '1.1b' : '1.4' };
}

/** Runs both sides over a capture. */
export async function runCapture(capture: Capture, wasm: WebAssembly.Module): Promise<RunResult> {
  const oracle = await dissect(capture.file, capture);
  const decoder = new Decoder(await Core.load(wasm), {
    keys: capture.keys.map(unhex),
    learn: true,
    showKeys: true,
    seVersion: capture.seVersion,
  });
  const { packets } = readCapture(readFileSync(capture.file), capture);
  const result: RunResult = { frames: packets.length, scores: new Map(), differences: [], verdicts: [], verdictsAgreed: 0 };
  let agreed = 0;
  for (const [index, packet] of packets.entries()) {
    const decoded = decoder.decode(packet);
    const theirs = oracle[index];
    if (theirs === undefined) throw new Error(`${capture.file}: tshark read ${oracle.length} frames, we ${packets.length}`);
    for (const [family, outcome] of compareFrame(capture.file, theirs, decoded)) {
      const score = result.scores.get(family) ?? { frames: 0, same: 0, permitted: 0 };
      result.scores.set(family, score);
      score.frames++;
      if (outcome === 'same') score.same++;
      else {
        if (outcome.permitted !== undefined) score.permitted++;
        result.differences.push(outcome);
      }
    }
    const verdict = compareVerdicts(capture.file, theirs, decoded);
    if (verdict === undefined) agreed++;
    else result.verdicts.push(verdict);
  }
  return { ...result, verdictsAgreed: agreed };
}

function compareVerdicts(capture: string, oracle: OracleFrame, decoded: Decoded): VerdictDifference | undefined {
  const theirs = oracle.malformed ? 'malformed' : oracle.closed ? 'closed' : 'accepted';
  const expected = { malformed: 'refused', closed: 'closed', accepted: 'ok' }[theirs];
  if (decoded.verdict === expected || decoded.code === 'no-frame') return undefined;
  const permitted = PERMITTED_VERDICTS.find((rule) => rule.covers(oracle, decoded));
  return { capture, frame: decoded.number, oracle: theirs, ours: decoded.code ?? decoded.verdict, permitted };
}
