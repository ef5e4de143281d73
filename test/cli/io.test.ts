/** The Io of a process: signals, streams that close, colours. */
import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { processIo } from '../../host/cli/io.ts';
import type { Streams } from '../../host/cli/io.ts';
import { readSource } from '../../host/cli/source.ts';

class Sink extends EventEmitter {
  readonly written: string[] = [];
  constructor(readonly isTTY = false) {
    super();
  }
  write(text: string | Uint8Array): boolean {
    this.written.push(typeof text === 'string' ? text : Buffer.from(text).toString('latin1'));
    return true;
  }
}

class Exit extends Error {
  constructor(readonly exitCode: number) {
    super(`exit ${exitCode}`);
  }
}

function host(env: Record<string, string> = {}, terminal = false) {
  const signals = new EventEmitter();
  const [stdout, stderr] = [new Sink(terminal), new Sink()];
  const streams = {
    stdin: Readable.from([Buffer.from('ab'), Buffer.from('c')]),
    stdout,
    stderr,
    env,
    on: (event: string, listener: () => void) => signals.on(event, listener),
    exit: (code: number): never => {
      throw new Exit(code);
    },
  };
  return { io: processIo(streams as unknown as Streams), signals, stdout, stderr };
}

describe('the Io of a process', () => {
  test('keeps results and remarks apart, and reads all of standard input', async () => {
    const { io, stdout, stderr } = host();
    io.out('result');
    io.err('remark');
    await io.write(Uint8Array.of(0x58));
    expect(stdout.written).toEqual(['result\n', 'X']);
    expect(stderr.written).toEqual(['remark\n']);
    expect(Buffer.from(await readSource(io, '-')).toString()).toBe('abc');
  });

  test.each(['SIGINT', 'SIGTERM'])('asks the verb to stop at the first %s and ends at the second with 130', (signal) => {
    const { io, signals } = host();
    expect(io.interrupted.aborted).toBe(false);
    signals.emit(signal);
    expect(io.interrupted.aborted).toBe(true);
    expect(() => signals.emit(signal)).toThrow('exit 130');
  });

  test('ends quietly when the reader goes away, and with 3 when a stream fails otherwise', () => {
    const { stdout, stderr } = host();
    expect(() => stdout.emit('error', Object.assign(new Error(), { code: 'EPIPE' }))).toThrow('exit 0');
    expect(() => stdout.emit('error', Object.assign(new Error(), { code: 'ENOSPC' }))).toThrow('exit 3');
    expect(stderr.written).toEqual([]);
  });

  test.each([
    [{}, true, '\u001b[32mok\u001b[39m'],
    [{}, false, 'ok'],
    [{ NO_COLOR: '1' }, true, 'ok'],
    [{ TERM: 'dumb' }, true, 'ok'],
  ])('paints only for a terminal that wants it: %j, terminal %s', (env, terminal, shown) => {
    const { io } = host(env, terminal);
    expect(io.paint('good', 'ok')).toBe(shown);
    expect(io.terminal).toBe(terminal);
  });
  test('shows stacks when HEARTHGATE_DEBUG is set', () => {
    expect(host().io.debug).toBe(false);
    expect(host({ HEARTHGATE_DEBUG: '1' }).io.debug).toBe(true);
  });
});
