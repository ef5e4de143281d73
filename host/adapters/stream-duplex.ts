/** The ByteStream port over a stream of Node: what TCP and serial lines have in common. */
import type { Duplex } from 'node:stream';
import type { ByteStream } from '../ports/byte-stream.ts';

/** A byte stream over an open duplex stream; `name` stands in the reason of its end. */
export function duplexStream(duplex: Duplex, name: string): ByteStream {
  let reason: string | undefined;
  let onClosed: (reason: string) => void = () => undefined;
  let cause = 'closed by the other side';
  duplex.on('error', (error) => (cause = error.message));
  duplex.on('end', () => duplex.destroy());
  const gone = new Promise<void>((done) => {
    duplex.on('close', () => {
      reason = `${name}: ${cause}`;
      onClosed(reason);
      done();
    });
  });
  return {
    write: (bytes) => void (duplex.writable && duplex.write(bytes.slice())),
    onBytes: (handler) => {
      duplex.removeAllListeners('data');
      duplex.on('data', (part: Uint8Array) => handler(new Uint8Array(part)));
    },
    onClosed: (handler) => {
      onClosed = handler;
      if (reason !== undefined) handler(reason);
    },
    close: () => {
      cause = 'closed';
      duplex.destroy();
      return gone;
    },
  };
}
