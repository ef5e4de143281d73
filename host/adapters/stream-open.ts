/** Finds the adapter of a radio's address by its scheme. */
import { Fault } from '../model/fault.ts';
import type { ByteStream } from '../ports/byte-stream.ts';
import { openSerial } from './stream-serial.ts';
import { connectTcp } from './stream-tcp.ts';

/** Opens `tcp://host:port` or `serial:///dev/…?baud=`. Rejects with Fault `radio`: for another scheme, or as those adapters do. */
export async function openStream(url: string): Promise<ByteStream> {
  if (url.startsWith('tcp:')) return connectTcp(url);
  if (url.startsWith('serial:')) return openSerial(url);
  throw new Fault('radio', `not the address of a radio (tcp://host:port or serial:///dev/…): ${url}`);
}
