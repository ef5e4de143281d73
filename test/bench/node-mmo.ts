/** AES-MMO by node:crypto: its key changes with every block, so that every block takes a cipher of its own. */
import { createCipheriv } from 'node:crypto';

const BLOCK = 16;
/** Messages from this many bytes on take the long padding. */
const LONG_FROM = 8192;

/** AES-MMO of at least 8 KiB and less than 512 MiB, with the padding of long messages. */
export function mmoByNode(message: Uint8Array): Uint8Array {
  if (message.length < LONG_FROM) throw new RangeError('short messages are padded otherwise');
  const whole = message.length - (message.length % BLOCK);
  const rest = Buffer.concat([message.subarray(whole), Uint8Array.of(0x80)]);
  const tail = Buffer.alloc(rest.length > 10 ? 2 * BLOCK : BLOCK);
  tail.set(rest);
  tail.writeUInt32BE(message.length * 8, tail.length - 6);
  let chain: Uint8Array = new Uint8Array(BLOCK);
  const take = (block: Uint8Array): void => {
    const next = createCipheriv('aes-128-ecb', chain, null).update(block);
    for (let i = 0; i < BLOCK; i++) next[i]! ^= block[i]!;
    chain = next;
  };
  for (let at = 0; at < whole; at += BLOCK) take(message.subarray(at, at + BLOCK));
  for (let at = 0; at < tail.length; at += BLOCK) take(tail.subarray(at, at + BLOCK));
  return chain;
}
