/**
 * The host's end of a Spinel connection: one request at a time, each answered under its transaction identifier or given
 * up after its time. A co-processor that restarts by itself or does not answer is lost: nobody knows what it does.
 */
import { Fault } from '../model/fault.ts';
import type { ByteStream } from '../ports/byte-stream.ts';
import type { Cancel, Clock } from '../ports/clock.ts';
import { encodeHdlc, HdlcDecoder } from './hdlc-lite.ts';
import { Command, decodeSpinel, encodeSpinel, MAX_TID, Property, Status, statusName, unpack, type SpinelFrame } from './spinel-frame.ts';

/** Milliseconds for an answer; an answer may stand behind a burst of received frames, so shorter loses good radios. */
const ANSWER_MS = 5_000;
/** RESET is sent so often, so many milliseconds apart, before the co-processor counts as absent. */
const RESET = { attempts: 3, answerMs: 2_000 };
/** Restarts the protocol stack only: a full restart would take a USB device off the bus. */
const RESET_STACK = 2;

/** An answer: the property asked for, or LAST_STATUS. */
export interface SpinelAnswer {
  readonly property: number;
  readonly value: Uint8Array;
}

/** What comes unasked. */
export interface SpinelEvents {
  onProperty(property: number, value: Uint8Array): void;
  /** Told once. */
  onLost(reason: string): void;
}

interface Waiting {
  /** 0 while waiting for the restart. */
  readonly tid: number;
  readonly done: (answer: SpinelAnswer) => void;
  readonly failed: (fault: Fault) => void;
  readonly cancel: Cancel;
}

/** A connection to a co-processor. Call `reset` first. */
export class SpinelHost {
  readonly #stream: ByteStream;
  readonly #clock: Clock;
  readonly #events: SpinelEvents;
  readonly #decoder = new HdlcDecoder();
  #tail: Promise<unknown> = Promise.resolve();
  #tid = 0;
  #waiting: Waiting | undefined;
  #ready = false;
  #lost: string | undefined;

  constructor(stream: ByteStream, clock: Clock, events: SpinelEvents) {
    this.#stream = stream;
    this.#clock = clock;
    this.#events = events;
    stream.onBytes((bytes) => this.#decoder.push(bytes).forEach((frame) => this.#receive(frame)));
    stream.onClosed((reason) => this.lose(reason));
  }

  /** Restarts the co-processor, whatever an earlier host left. Rejects with Fault `radio` when it does not tell that it restarted. */
  async reset(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const restarted = this.#answer(0, RESET.answerMs);
      this.#send({ tid: 0, command: Command.RESET, property: undefined, value: Uint8Array.of(RESET_STACK) });
      try {
        await restarted;
        this.#ready = true;
        return;
      } catch (error) {
        if (attempt === RESET.attempts || this.#lost !== undefined) throw error;
      }
    }
  }

  /** The value of a property. Rejects with Fault `radio`, naming the property, when the answer is something else. */
  async get(property: number): Promise<Uint8Array> {
    return expect(property, await this.#request(Command.PROP_VALUE_GET, property, new Uint8Array()));
  }

  /** Sets a property; rejects as `get` does. */
  async set(property: number, value: Uint8Array): Promise<void> {
    expect(property, await this.#request(Command.PROP_VALUE_SET, property, value));
  }

  /** Sets a property whose answer is a status, such as a frame to send. */
  async perform(property: number, value: Uint8Array): Promise<number> {
    const answer = await this.#request(Command.PROP_VALUE_SET, property, value);
    return unpack(expect(Property.LAST_STATUS, answer))?.value ?? Status.FAILURE;
  }

  /** Gives the co-processor up: what waits is rejected with Fault `radio`, `onLost` is told. Harmless the second time. */
  lose(reason: string): void {
    if (this.#lost !== undefined) return;
    this.#lost = reason;
    this.#end()?.failed(new Fault('radio', reason));
    this.#events.onLost(reason);
  }

  #request(command: number, property: number, value: Uint8Array): Promise<SpinelAnswer> {
    const done = this.#tail.then(async () => {
      this.#tid = (this.#tid % MAX_TID) + 1;
      const answer = this.#answer(this.#tid, ANSWER_MS);
      this.#send({ tid: this.#tid, command, property, value });
      try {
        return await answer;
      } catch (error) {
        this.lose(error instanceof Fault ? error.message : String(error));
        throw error;
      }
    });
    this.#tail = done.catch(() => undefined);
    return done;
  }

  #answer(tid: number, time: number): Promise<SpinelAnswer> {
    if (this.#lost !== undefined) return Promise.reject(new Fault('radio', this.#lost));
    return new Promise((done, failed) => {
      const giveUp = (): void => this.#end()?.failed(new Fault('radio', `the radio does not answer within ${time} ms`));
      this.#waiting = { tid, done, failed, cancel: this.#clock.after(time, giveUp) };
    });
  }

  #end(): Waiting | undefined {
    const waiting = this.#waiting;
    waiting?.cancel();
    this.#waiting = undefined;
    return waiting;
  }

  #send(frame: SpinelFrame): void {
    this.#stream.write(encodeHdlc(encodeSpinel(frame)));
  }

  #receive(bytes: Uint8Array): void {
    const frame = decodeSpinel(bytes);
    if (!frame.ok || frame.value.command !== Command.PROP_VALUE_IS || frame.value.property === undefined) return;
    const { tid, property, value } = frame.value;
    const restart = property === Property.LAST_STATUS && tid === 0 ? restartStatus(value) : undefined;
    if (restart !== undefined && this.#ready) this.lose(`the radio restarted by itself: ${statusName(restart)}`);
    else if (restart !== undefined && this.#waiting?.tid === 0) this.#end()?.done({ property, value });
    else if (tid !== 0 && this.#waiting?.tid === tid) this.#end()?.done({ property, value });
    else if (tid === 0 && this.#ready) this.#events.onProperty(property, value);
  }
}

function restartStatus(value: Uint8Array): number | undefined {
  const status = unpack(value)?.value ?? Status.FAILURE;
  return status >= Status.RESET_FIRST && status <= Status.RESET_LAST ? status : undefined;
}

function expect(property: number, answer: SpinelAnswer): Uint8Array {
  if (answer.property === property) return answer.value;
  const name = Object.entries(Property).find(([, value]) => value === property)?.[0] ?? property;
  const status = answer.property === Property.LAST_STATUS ? statusName(unpack(answer.value)?.value ?? -1) : `property ${answer.property}`;
  throw new Fault('radio', `the radio answers ${name} with ${status}`);
}
