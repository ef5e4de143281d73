/**
 * Verification of an upgrade file by the core, in an instance of its own that is thrown away afterwards: a hostile file
 * never shares memory with keys. SHA-256 is node:crypto's: processors have instructions for it, WebAssembly has none.
 */
import { createHash } from 'node:crypto';
import { At } from '../../assembly/abi/code.ts';
import { IN_SIZE } from '../../assembly/abi/layout.ts';
import { Fault } from '../model/fault.ts';
import { digest } from '../model/ids.ts';
import type { ImageExpectation, ImageReport } from '../model/image.ts';
import { nameOf } from './codes.ts';
import { beginImage } from './image-anchors.ts';
import { coreChecks } from './image-checks.ts';
import { expectedChecks } from './image-expected.ts';
import { findingsOf } from './image-findings.ts';
import { Instance } from './module.ts';

/** Bytes of the magic number, kept for the report because the core keeps only whether it was right. */
const MAGIC_LENGTH = 4;

/** A verification under way. Any split of the file gives the same report. */
export class ImageVerification {
  readonly #core: Instance;
  readonly #expectation: ImageExpectation;
  readonly #sha256 = createHash('sha256');
  #start = new Uint8Array(0);
  #finished = false;

  /**
   * Instantiates `module` (core.wasm) for one file and gives it what is trusted. Throws Fault `core` when it is not the core
   * of this host, Fault `config` for trust that does not fit.
   */
  constructor(module: WebAssembly.Module, expectation: ImageExpectation) {
    this.#core = new Instance(module);
    this.#expectation = expectation;
    beginImage(this.#core, expectation);
  }

  /** Takes the next bytes, of any number. Throws Fault `internal` after `finish`, Fault `input` beyond 4 GiB. */
  update(chunk: Uint8Array): void {
    if (this.#finished) throw new Fault('internal', 'the image verification is finished');
    if (this.#start.length < MAGIC_LENGTH) {
      this.#start = Uint8Array.from([...this.#start, ...chunk.subarray(0, MAGIC_LENGTH - this.#start.length)]);
    }
    this.#sha256.update(chunk);
    for (let at = 0; at < chunk.length; at += IN_SIZE) {
      const part = chunk.subarray(at, at + IN_SIZE);
      this.#core.put(part);
      const number = this.#core.call('imageUpdate', part.length);
      if (number >> 8 === At.CALL) throw new Fault('input', 'the file is longer than 4 GiB');
    }
  }

  /**
   * Ends the file and holds what was found against what was expected. The file's own checks come first, in the order of
   * docs/images.md, then one for each field of the expectation; one failed check refuses. Throws Fault `internal` when called
   * twice.
   */
  finish(): ImageReport {
    if (this.#finished) throw new Fault('internal', 'the image verification is finished');
    this.#finished = true;
    this.#core.call('imageFinish');
    const authorities = this.#expectation.trust?.authorities ?? [];
    const names = authorities.map(({ name }) => name);
    const seen = { start: this.#start, sha256: digest(this.#sha256.digest()) };
    const findings = findingsOf(this.#core, seen, names);
    const checks = [...coreChecks(findings, this.#expectation), ...expectedChecks(findings, this.#expectation)];
    const failed = checks.find((check) => check.result === 'failed');
    let verdict: ImageReport['verdict'] = 'refused';
    if (findings.number === 0 && failed === undefined) verdict = 'accepted'; // the one place
    const { sha256, length, header, elements, elementsSeen, signature } = findings;
    // A verdict that no check explains would be a defect of the core's; it is refused all the same, under the core's own code.
    const code = failed?.code ?? (findings.number === 0 ? undefined : nameOf(findings.number).name);
    return Object.freeze({ verdict, code, checks: Object.freeze(checks), sha256, length, header, elements, elementsSeen, signature });
  }
}

/** Verifies a whole file in one go. */
export function verifyImage(module: WebAssembly.Module, source: Iterable<Uint8Array>, expectation: ImageExpectation): ImageReport {
  const verification = new ImageVerification(module, expectation);
  for (const chunk of source) verification.update(chunk);
  return verification.finish();
}
