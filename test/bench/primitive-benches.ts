/** The core's primitives beside node:crypto, bytes in and bytes out: what is copied into and out of the core's memory counts. */
import { createDecipheriv, createHash, createSecretKey } from 'node:crypto';
import { hex } from '../../host/model/ids.ts';
import { pattern, seal } from '../assembly/crypto/oracle.ts';
import { primitives } from '../kit/primitives.ts';
import { mmoByNode } from './node-mmo.ts';
import { race, type Bench } from './race.ts';

const MIC = 4;
const NONCE = pattern(13);
const KEY = pattern(16);
/** A frame of 100 bytes: 22 that are authenticated, 74 that are encrypted too, and the MIC. */
const AAD = pattern(22);
const PLAIN = pattern(74);
const FRAMES = 2_000;
const MIB = pattern(1 << 20);
/** What the core takes at a time. */
const WINDOW = 4096;

/**
 * Opens a secured frame: its bytes and the nonce go in, the opened payload comes out. The core has the key's schedule at hand,
 * as in a slot; node:crypto has its key object.
 */
export const ccm: Bench = {
  name: 'ccm',
  group: 'frames',
  versus: 'node:crypto aes-128-ccm',
  unit: 'frames/s',
  async measure() {
    const core = await primitives();
    const frame = Uint8Array.from([...AAD, ...seal(KEY, NONCE, AAD, PLAIN, MIC)]);
    const end = frame.length - MIC;
    const schedule = core.schedule(KEY);
    const [nonce, at, plain] = [core.room(NONCE.length), core.room(frame.length), core.room(PLAIN.length)];
    const { memory, call } = core;
    // The core's memory never moves: what a call leaves there is copied out of one view into a buffer of the caller.
    const [inCore, opened] = [memory.subarray(plain, plain + PLAIN.length), new Uint8Array(PLAIN.length)];
    const key = createSecretKey(KEY);
    const [aad, cipher, mic] = [frame.subarray(0, AAD.length), frame.subarray(AAD.length, end), frame.subarray(end)];
    return race(
      FRAMES,
      {
        run() {
          opened.fill(0);
          for (let i = 0; i < FRAMES; i++) {
            memory.set(NONCE, nonce);
            memory.set(frame, at);
            const good = call.ccmOpen(schedule, nonce, at, AAD.length, at + AAD.length, PLAIN.length, at + end, MIC, plain);
            if (good === 1) opened.set(inCore);
          }
          return hex(opened);
        },
      },
      {
        run() {
          let opened: Uint8Array = new Uint8Array(0);
          for (let i = 0; i < FRAMES; i++) {
            const decipher = createDecipheriv('aes-128-ccm', key, NONCE, { authTagLength: MIC });
            decipher.setAuthTag(mic);
            decipher.setAAD(aad, { plaintextLength: PLAIN.length });
            opened = decipher.update(cipher);
            decipher.final();
          }
          return hex(opened);
        },
      },
    );
  },
};

/** Hashes 1 MiB. AES-MMO changes its key with every block, so that node:crypto needs a cipher for each. */
export const mmo: Bench = {
  name: 'mmo',
  group: 'keys',
  versus: 'node:crypto aes-128-ecb, a cipher a block',
  unit: 'MiB/s',
  async measure() {
    const core = await primitives();
    return race(1, { run: () => hex(core.mmo(windows())) }, { run: () => hex(mmoByNode(MIB)) });
  },
};

/** Hashes 1 MiB. WebAssembly has no instruction for SHA-256; most processors have. */
export const sha256: Bench = {
  name: 'sha256',
  versus: 'node:crypto sha256',
  unit: 'MiB/s',
  async measure() {
    const core = await primitives();
    const theirs = (): string =>
      windows()
        .reduce((hash, part) => hash.update(part), createHash('sha256'))
        .digest('hex');
    return race(1, { run: () => hex(core.sha256(windows())) }, { run: theirs });
  },
};

const windows = (): readonly Uint8Array[] =>
  Array.from({ length: MIB.length / WINDOW }, (_, i) => MIB.subarray(i * WINDOW, (i + 1) * WINDOW));
