/** The built program as a process: what it printed, waiting for a line, signals, its exit code. */
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../dist/hearthgate.mjs', import.meta.url));

/** How long a line or an end is waited for. */
const PATIENCE_MS = 30_000;

/** A process of `hearthgate`. */
export class Hearthgate {
  readonly #child: ChildProcess;
  readonly #closed: Promise<number | null>;
  #out = '';
  #err = '';
  #changed: () => void = () => {};

  /** Starts a verb. Only PATH and what `env` says are in its environment. */
  constructor(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#child = spawn(process.execPath, [PROGRAM, ...argv], {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#told(() => (this.#out += text)));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#told(() => (this.#err += text)));
    this.#closed = new Promise((done) => this.#child.on('close', (code) => this.#told(() => done(code))));
  }

  /** Everything on standard output so far. */
  get out(): string {
    return this.#out;
  }

  /** Everything on standard error so far. */
  get err(): string {
    return this.#err;
  }

  /** Complete lines of standard output as JSON; fails the test when one is not. */
  get json(): readonly Readonly<Record<string, unknown>>[] {
    const lines = this.#out.slice(0, this.#out.lastIndexOf('\n') + 1).split('\n');
    return lines.slice(0, -1).map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** Resolves when both streams together contain `text`; rejects when the process ends before, or after half a minute. */
  async says(text: string): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!(this.#out + this.#err).includes(text)) {
      const left = deadline - Date.now();
      const ended = this.#child.exitCode !== null || this.#child.signalCode !== null;
      if (ended || left <= 0) throw new Error(`"${text}" was not said; out: ${this.#out} err: ${this.#err}`);
      await new Promise<void>((done) => {
        const timer = setTimeout(done, left);
        this.#changed = () => (clearTimeout(timer), done());
      });
    }
  }

  /** Sends a signal. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** The exit code, once the process has ended and its streams are read. Killed after half a minute, which gives null. */
  async code(): Promise<number | null> {
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), PATIENCE_MS);
    try {
      return await this.#closed;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends a service as its operator does; answers the exit code. */
  stop(): Promise<number | null> {
    this.signal('SIGTERM');
    return this.code();
  }

  #told(change: () => void): void {
    change();
    this.#changed();
  }
}

/** Runs a verb to its end. */
export async function hearthgate(...argv: readonly string[]): Promise<{ readonly code: number | null; readonly process: Hearthgate }> {
  const process = new Hearthgate(argv);
  return { code: await process.code(), process };
}
