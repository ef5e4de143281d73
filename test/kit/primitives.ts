/**
 * The core's inner parts for tests: compiles test/kit/primitives.as.ts over the very sources, once per state of the sources,
 * and gives each caller a module instance of its own.
 */
import { readFileSync } from 'node:fs';
import { KEY, KEY_EUI, KEY_INDEX, KEY_KIND, IN } from '../../assembly/abi/layout.ts';
import { compiledFile } from './compiled.ts';

type Call = (...args: number[]) => number;
type Names =
  | 'crc16'
  | 'copy'
  | 'equal'
  | 'wipe'
  | 'aesExpand'
  | 'aesEncrypt'
  | 'aesEncrypt2'
  | 'aesChain'
  | 'aesChain2'
  | 'aesTables'
  | 'ccmSeal'
  | 'ccmOpen'
  | 'hmac'
  | 'keyTransportKey'
  | 'keyLoadKey'
  | 'verifyKeyHash'
  | 'mmoInit'
  | 'mmoUpdateAt'
  | 'mmoFork'
  | 'mmoFinal'
  | 'mmoFinalShort'
  | 'mmoHash'
  | 'sha256Init'
  | 'sha256Update'
  | 'sha256Final'
  | 'addressFind'
  | 'addressLearn'
  | 'accepted'
  | 'mayAccept'
  | 'slotAlloc'
  | 'slotPut'
  | 'slotOf'
  | 'slotFirst'
  | 'slotAfter'
  | 'abiVersion'
  | 'keyImport'
  | 'keyInstallCode'
  | 'keyErase'
  | 'keyFingerprint'
  | 'keySeal'
  | 'keyUnseal'
  | 'keyVerifyHash'
  | 'keyReserve'
  | 'keyOutgoing'
  | 'counterSet'
  | 'counterAt'
  | 'addressSet'
  | 'addressAt'
  | 'keyExport'
  | 'wipeAll'
  | 'imageBegin'
  | 'imageUpdate'
  | 'imageFinish'
  | 'mmoBegin'
  | 'mmoUpdate'
  | 'mmoFinish';

/** The exports of test/kit/primitives.as.ts: numbers in, a number out; pointers are addresses in `memory`. */
export type Calls = Readonly<Record<Names, Call>> & { readonly takeOutgoing: (slot: number) => bigint };

/** Bytes of states, as the core has them. */
const MMO_STATE_LEN = 48;
const SHA256_STATE_LEN = 112;
const SCHEDULE_LEN = 176;
/** What fresh memory is filled with, so that nothing is right by being zero. */
const FILLING = 0xa5;

/** A module instance with its memory, and its primitives as functions over bytes. */
export class Primitives {
  readonly call: Calls;
  readonly memory: Uint8Array;
  private readonly bottom: number;
  private top: number;

  constructor(instance: WebAssembly.Instance) {
    const exports = instance.exports as unknown as Calls & {
      readonly memory: WebAssembly.Memory;
      readonly FREE: { readonly value: number };
    };
    this.call = exports;
    this.memory = new Uint8Array(exports.memory.buffer);
    this.bottom = exports.FREE.value;
    this.top = this.bottom;
  }

  /** Forgets what `put` and `room` gave out, and wipes it. */
  reset(): void {
    this.memory.fill(0, this.bottom);
    this.top = this.bottom;
  }

  /** Address of `length` fresh bytes, filled with 0xa5. Odd on purpose: the core asks for no alignment. */
  room(length: number): number {
    const at = this.top + 1;
    this.top = at + length;
    if (this.top > this.memory.length) throw new RangeError(`no room for ${length} bytes`);
    this.memory.fill(FILLING, at, this.top);
    return at;
  }

  /** Address of a copy of `bytes`. */
  put(bytes: Uint8Array): number {
    const at = this.room(bytes.length);
    this.memory.set(bytes, at);
    return at;
  }

  /** A copy of `length` bytes. */
  read(at: number, length: number): Uint8Array {
    return this.memory.slice(at, at + length);
  }

  /** How often `needle` stands in the whole memory. */
  copiesOf(needle: Uint8Array): number {
    const memory = Buffer.from(this.memory.buffer);
    let count = 0;
    for (let at = memory.indexOf(needle); at >= 0; at = memory.indexOf(needle, at + 1)) count++;
    return count;
  }

  /** Address of the expanded schedule of a key. */
  schedule(key: Uint8Array): number {
    const schedule = this.room(SCHEDULE_LEN);
    this.call.aesExpand(this.put(key), schedule);
    return schedule;
  }

  /** AES-128 of one block. */
  aes(key: Uint8Array, block: Uint8Array): Uint8Array {
    const out = this.room(16);
    this.call.aesEncrypt(this.schedule(key), this.put(block), out);
    return this.take(out, 16);
  }

  /** CCM*: ciphertext and MIC; undefined when refused. */
  seal(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plain: Uint8Array, micLength: number): Uint8Array | undefined {
    const data = this.put(plain);
    const mic = this.room(Math.max(micLength, 0));
    const done = this.call.ccmSeal(this.schedule(key), this.put(nonce), this.put(aad), aad.length, data, plain.length, mic, micLength);
    const sealed = Buffer.concat([this.read(data, plain.length), this.read(mic, Math.max(micLength, 0))]);
    this.reset();
    return done ? sealed : undefined;
  }

  /** CCM*: the plaintext; undefined when the MIC is wrong or the lengths are refused. */
  open(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, sealed: Uint8Array, micLength: number): Uint8Array | undefined {
    const length = sealed.length - micLength;
    const cipher = this.put(sealed);
    const plain = this.room(length);
    const schedule = this.schedule(key);
    const done = this.call.ccmOpen(schedule, this.put(nonce), this.put(aad), aad.length, cipher, length, cipher + length, micLength, plain);
    const opened = this.take(plain, length);
    return done ? opened : undefined;
  }

  /** AES-MMO of the parts in a row; with `short`, padded with the 16-bit length whatever the size. */
  mmo(parts: readonly Uint8Array[], { short = false } = {}): Uint8Array {
    const state = this.room(MMO_STATE_LEN);
    const digest = this.room(16);
    this.call.mmoInit(state);
    this.feed(parts, (at, length) => this.call.mmoUpdateAt(state, at, length));
    if (short) this.call.mmoFinalShort(state, digest);
    else this.call.mmoFinal(state, digest);
    return this.take(digest, 16);
  }

  /** SHA-256 of the parts in a row. */
  sha256(parts: readonly Uint8Array[]): Uint8Array {
    const state = this.room(SHA256_STATE_LEN);
    const digest = this.room(32);
    this.call.sha256Init(state);
    this.feed(parts, (at, length) => this.call.sha256Update(state, at, length));
    this.call.sha256Final(state, digest);
    return this.take(digest, 32);
  }

  /** HMAC-MMO. */
  hmac(key: Uint8Array, message: Uint8Array): Uint8Array {
    const mac = this.room(16);
    this.call.hmac(this.put(key), key.length, this.put(message), message.length, mac);
    return this.take(mac, 16);
  }

  /** A key derived from a link key. */
  derive(of: 'keyTransportKey' | 'keyLoadKey' | 'verifyKeyHash', linkKey: Uint8Array): Uint8Array {
    const key = this.room(16);
    this.call[of](this.put(linkKey), key);
    return this.take(key, 16);
  }

  /** Imports a key through the call the host uses; its handle, or the code of the refusal as a negative number. */
  importKey(kind: number, key: Uint8Array, eui: Uint8Array = new Uint8Array(8)): number {
    this.memory.set(key, IN);
    this.memory.set(eui, KEY + KEY_EUI);
    this.memory[KEY + KEY_KIND] = kind;
    const code = this.call.keyImport();
    return code === 0 ? this.int(KEY + KEY_INDEX) : -code;
  }

  /** An i32 of memory. */
  int(at: number): number {
    return new DataView(this.memory.buffer).getInt32(at, true);
  }

  private feed(parts: readonly Uint8Array[], take: (at: number, length: number) => void): void {
    for (const part of parts) {
      const top = this.top;
      take(this.put(part), part.length);
      this.top = top;
    }
  }

  private take(at: number, length: number): Uint8Array {
    const bytes = this.read(at, length);
    this.reset();
    return bytes;
  }
}

/** A fresh instance of the module. */
export async function primitives(): Promise<Primitives> {
  return new Primitives(new WebAssembly.Instance(new WebAssembly.Module(readFileSync(await primitivesFile()))));
}

/** Path of the compiled module. */
export const primitivesFile = (): Promise<string> => compiledFile('test/kit/primitives.as.ts');
