/**
 * The Control port over a Unix socket in the data directory, which is its owner's alone: one request a connection, a line of JSON each way.
 */
import { chmodSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { Fault } from '../model/fault.ts';
import type { Control, ControlHandler } from '../ports/control.ts';

/** Longest request. */
const REQUEST_LIMIT = 4096;
/** Longest path that a socket may have on any system. */
const PATH_LIMIT = 103;

/** Where the gateway of a data directory listens. */
export const controlPath = (data: string): string => join(data, 'control.sock');

/** The listening side. The caller holds the lock of the data directory, so that a socket left behind is nobody's. */
export class ControlSocket implements Control {
  readonly #path: string;
  readonly #open = new Set<Socket>();
  #server: Server | undefined;

  constructor(data: string) {
    this.#path = controlPath(data);
  }

  async listen(handler: ControlHandler): Promise<void> {
    if (this.#path.length > PATH_LIMIT)
      throw new Fault('config', `${this.#path}: too long for a socket, give the gateway a shorter data path`);
    rmSync(this.#path, { force: true });
    const server = createServer((socket) => this.#serve(socket, handler));
    try {
      await new Promise<void>((done, failed) => server.once('error', failed).listen(this.#path, done));
      chmodSync(this.#path, 0o600);
    } catch (cause) {
      throw new Fault('config', `${this.#path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
    server.unref();
    this.#server = server;
  }

  async close(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    const closed = new Promise<void>((done) => server.close(() => done()));
    for (const socket of this.#open) socket.destroy();
    await closed;
  }

  #serve(socket: Socket, handler: ControlHandler): void {
    this.#open.add(socket);
    socket.on('close', () => this.#open.delete(socket)).on('error', () => socket.destroy());
    let heard = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      heard += text;
      const end = heard.indexOf('\n');
      if (heard.length > REQUEST_LIMIT) socket.destroy();
      else if (end >= 0) void answer(handler, heard.slice(0, end)).then((reply) => socket.end(`${JSON.stringify(reply)}\n`));
    });
  }
}

/**
 * Asks the gateway of a data directory. Undefined when none runs. Rejects with Fault `store` when it ended before it answered, or may not
 * be asked.
 */
export async function askControl(data: string, request: unknown): Promise<unknown> {
  const path = controlPath(data);
  const socket = connect(path);
  try {
    const reply = await new Promise<string | undefined>((done, failed) => {
      let heard = '';
      socket.on('error', (cause: NodeJS.ErrnoException) => {
        if (cause.code === 'ENOENT' || cause.code === 'ECONNREFUSED') done(undefined);
        else failed(cause);
      });
      socket.setEncoding('utf8').on('data', (text: string) => (heard += text));
      socket.on('end', () => done(heard));
      socket.on('connect', () => void socket.write(`${JSON.stringify(request)}\n`));
    });
    return reply === undefined ? undefined : (JSON.parse(reply) as unknown);
  } catch (cause) {
    throw new Fault('store', `${path}: the gateway did not answer`, { cause });
  } finally {
    socket.destroy();
  }
}

async function answer(handler: ControlHandler, line: string): Promise<unknown> {
  try {
    return await handler(JSON.parse(line) as unknown);
  } catch (cause) {
    return { ok: false, code: 'failed', detail: cause instanceof Error ? cause.message : String(cause) };
  }
}
