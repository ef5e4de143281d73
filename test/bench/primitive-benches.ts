/** The core's primitives beside node:crypto, bytes in and bytes out: what is copied into and out of the core's memory counts. */
import { createCipheriv, createDecipheriv, createHash, createSecretKey } from 'node:crypto';
import { hex } from '../../host/model/ids.ts';
import { pattern, seal } from '../assembly/crypto/oracle.ts';
import { primitives } from '../kit/primitives.ts';
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
const BLOCK = 16;

/** Opens a secured frame. The core has the key's schedule at hand, as in a slot; node:crypto has its key object. */
export const ccm: Bench = {
  name: 'ccm',
  group: 'frames',
  versus: 'node:crypto aes-128-ccm',
  unit: 'frames/s',
  async measure() {
    const core = await primitives();
    const sealed = seal(KEY, NONCE, AAD, PLAIN, MIC);
    const schedule = core.schedule(KEY);
    const [nonce, aad, cipher, plain] = [core.room(13), core.room(AAD.length), core.room(sealed.length), core.room(PLAIN.length)];
    const { memory, call } = core;
    const key = createSecretKey(KEY);
    return race(
      FRAMES,
      {
        run() {
          let opened = new Uint8Array(0);
          for (let i = 0; i < FRAMES; i++) {
            memory.set(NONCE, nonce);
            memory.set(AAD, aad);
            memory.set(sealed, cipher);
            const good = call.ccmOpen(schedule, nonce, aad, AAD.length, cipher, PLAIN.length, cipher + PLAIN.length, MIC, plain);
            opened = good ? memory.slice(plain, plain + PLAIN.length) : new Uint8Array(0);
          }
          return hex(opened);
        },
      },
      {
        run() {
          let opened: Uint8Array = new Uint8Array(0);
          for (let i = 0; i < FRAMES; i++) {
            const decipher = createDecipheriv('aes-128-ccm', key, NONCE, { authTagLength: MIC });
            decipher.setAuthTag(sealed.subarray(PLAIN.length));
            decipher.setAAD(AAD, { plaintextLength: PLAIN.length });
            opened = decipher.update(sealed.subarray(0, PLAIN.length));
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
    return race(1, { run: () => hex(core.mmo(windows())) }, { run: () => hex(mmoByBlocks(MIB)) });
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

/** AES-MMO of whole blocks, at least 8 KiB and below 512 MiB, with the padding of long messages. */
function mmoByBlocks(message: Uint8Array): Uint8Array {
  const tail = Buffer.alloc(BLOCK);
  tail[0] = 0x80;
  tail.writeUInt32BE(message.length * 8, 10);
  let chain: Uint8Array = new Uint8Array(BLOCK);
  const take = (block: Uint8Array): void => {
    const next = createCipheriv('aes-128-ecb', chain, null).update(block);
    for (let i = 0; i < BLOCK; i++) next[i]! ^= block[i]!;
    chain = next;
  };
  for (let at = 0; at < message.length; at += BLOCK) take(message.subarray(at, at + BLOCK));
  take(tail);
  return chain;
}
