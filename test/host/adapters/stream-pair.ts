/** Two byte streams joined in memory, for tests: what one writes the other gets, cut and disturbed as told. */
import type { ByteStream } from '../../../host/ports/byte-stream.ts';

/** How bytes travel from one end to the other. */
export type Transport = (bytes: Uint8Array) => readonly Uint8Array[];

/** One end that keeps order, delivers later (as a real stream) and can be broken. */
class End implements ByteStream {
  peer: End | undefined;
  #onBytes: ((bytes: Uint8Array) => void) | undefined;
  #onClosed: ((reason: string) => void) | undefined;
  #early: Uint8Array[] = [];
  #reason: string | undefined;
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  write(bytes: Uint8Array): void {
    if (this.#reason !== undefined) return;
    for (const part of this.#transport(bytes.slice())) setImmediate(() => this.peer!.take(part));
  }

  take(bytes: Uint8Array): void {
    if (this.#reason !== undefined) return;
    if (this.#onBytes === undefined) this.#early.push(bytes);
    else this.#onBytes(bytes);
  }

  onBytes(handler: (bytes: Uint8Array) => void): void {
    this.#onBytes = handler;
    for (const bytes of this.#early.splice(0)) handler(bytes);
  }

  onClosed(handler: (reason: string) => void): void {
    this.#onClosed = handler;
    if (this.#reason !== undefined) handler(this.#reason);
  }

  end(reason: string): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#onClosed?.(reason);
  }

  async close(): Promise<void> {
    this.end('closed');
    this.peer!.end('closed by the other side');
  }
}

/** Two ends; `transport` disturbs both ways. */
export function streamPair(transport: Transport = (bytes) => [bytes]): readonly [ByteStream, ByteStream] {
  const [near, far] = [new End(transport), new End(transport)];
  [near.peer, far.peer] = [far, near];
  return [near, far];
}
