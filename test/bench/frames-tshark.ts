/** tshark as a reader of frames: `-T fields` over a capture, its start-up measured apart and taken off. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as path } from 'node:path';
import { pcapHeader, pcapRecord } from '../../host/capture/writer.ts';
import { join } from '../kit/frame-oracle.ts';

const FIELDS = ['zbee_aps.cluster', 'zbee_zcl.type', 'zbee_zcl.cmd.tsn'];

const OUTPUT_MAX = 1 << 28;

/** tshark with the capture of some frames, and one of a single frame that tells what starting it costs. */
export class Tshark {
  readonly #folder = mkdtempSync(path(tmpdir(), 'bench-'));
  readonly #keys: readonly string[];

  constructor(frames: readonly Uint8Array[], keys: readonly Uint8Array[]) {
    const capture = (some: readonly Uint8Array[]): Uint8Array =>
      join(pcapHeader(), ...some.map((frame, i) => pcapRecord(frame, 1_700_000_000_000 + i)));
    writeFileSync(path(this.#folder, 'all.pcap'), capture(frames));
    writeFileSync(path(this.#folder, 'one.pcap'), capture(frames.slice(0, 1)));
    const text = (key: Uint8Array): string => Array.from(key, (byte) => byte.toString(16).padStart(2, '0')).join(':');
    this.#keys = keys.flatMap((key, i) => ['-o', `uat:zigbee_pc_keys:"${text(key)}","Normal","key ${i}"`]);
  }

  /** Seconds that all frames take beyond one, and of how many frames a cluster was read: nearly all, or the keys are wrong. */
  run(): { readonly seconds: number; readonly read: number } {
    const start = process.hrtime.bigint();
    this.#dissect('one.pcap');
    const between = process.hrtime.bigint();
    const lines = this.#dissect('all.pcap');
    const [one, all] = [Number(between - start), Number(process.hrtime.bigint() - between)];
    return { seconds: (all - one) / 1e9, read: lines.filter((line) => line.startsWith('0x')).length };
  }

  /** Removes its captures. */
  close(): void {
    rmSync(this.#folder, { recursive: true });
  }

  #dissect(file: string): readonly string[] {
    const settings = ['-n', '-o', 'zbee_nwk.seclevel:ENC-MIC32', '--disable-protocol', 'lwm', ...this.#keys];
    const fields = ['-T', 'fields', ...FIELDS.flatMap((field) => ['-e', field])];
    return execFileSync('tshark', ['-r', path(this.#folder, file), ...settings, ...fields], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: OUTPUT_MAX,
    }).split('\n');
  }
}
