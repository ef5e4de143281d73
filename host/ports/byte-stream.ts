/** A two-way stream of bytes as a port: a serial line or a TCP connection to a radio. It keeps order, not message bounds. */

/** An open stream. */
export interface ByteStream {
  /** Queues bytes for sending, in call order. Bytes written after the end are dropped: the loss was told to `onClosed`. */
  write(bytes: Uint8Array): void;
  /** Sets who is told of received bytes, in pieces of any size. Bytes that came before are delivered first. */
  onBytes(handler: (bytes: Uint8Array) => void): void;
  /** Sets who is told, once, that the stream ended; `reason` is one line fit for a person. Also told when it ended before. */
  onClosed(handler: (reason: string) => void): void;
  /** Ends the stream; resolves when it is gone. */
  close(): Promise<void>;
}
