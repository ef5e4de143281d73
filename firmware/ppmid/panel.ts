/**
 * Runs the program of a PPMID image: WebAssembly that imports nothing and obeys firmware/payload/abi.ts. A program that
 * does not, or that traps, has failed; whoever runs it must then take the other firmware.
 */
import { Fault, ok, refuse, type Result } from '../../host/model/fault.ts';
import {
  ABI,
  IN_BALANCE,
  IN_DAYS,
  IN_DEBT,
  IN_EMERGENCY,
  IN_EMERGENCY_LIMIT,
  IN_MESSAGE,
  IN_MESSAGE_LENGTH,
  IN_MODE,
  IN_POWER,
  IN_RATE,
  IN_SETTING,
  IN_STANDING,
  IN_SUPPLY,
  IN_TIME,
  INPUT,
  INPUT_SIZE,
  MESSAGE_MAX,
  OUTPUT,
  OUTPUT_SIZE,
} from '../payload/abi.ts';
import type { PanelValues } from './panel-values.ts';

const DAYS = 7;
/** 2000-01-01T00:00:00Z, where ZigBee's time begins, in milliseconds since 1970. */
const ZIGBEE_EPOCH_MS = Date.UTC(2000, 0, 1);
const NAMES = ['abiVersion', 'version', 'model', 'render', 'key'] as const;

type Calls = Readonly<Record<(typeof NAMES)[number], (...args: number[]) => number>>;

/** A program at work. */
export class Panel {
  readonly #calls: Calls;
  readonly #memory: DataView;
  /** File version that the program says it is. */
  readonly version: number;

  private constructor(calls: Calls, memory: DataView) {
    this.#calls = calls;
    this.#memory = memory;
    this.version = calls.version() >>> 0;
  }

  /** Starts a program. Refuses `not-a-program`, `imports`, `exports`, `abi`. */
  static start(program: Uint8Array): Result<Panel> {
    try {
      const module = new WebAssembly.Module(program.slice());
      if (WebAssembly.Module.imports(module).length > 0) return refuse('imports', 'the program wants something from outside');
      const { exports } = new WebAssembly.Instance(module);
      const missing = NAMES.filter((name) => typeof exports[name] !== 'function');
      if (missing.length > 0) return refuse('exports', `the program lacks ${missing.join(', ')}`);
      const { memory } = exports;
      if (!(memory instanceof WebAssembly.Memory) || memory.buffer.byteLength < OUTPUT + OUTPUT_SIZE) {
        return refuse('exports', 'the program lacks a memory of the agreed size');
      }
      const calls = exports as Calls;
      const abi = calls.abiVersion();
      if (abi !== ABI) return refuse('abi', `the program obeys agreement ${abi}, this device ${ABI}`);
      return ok(new Panel(calls, new DataView(memory.buffer)));
    } catch (cause) {
      return refuse('not-a-program', `it is no program that starts: ${String(cause)}`);
    }
  }

  /** Name of the model, as the program tells it. */
  model(): string {
    return this.#text(this.#call('model'));
  }

  /** The panel as text: rows ended by line feeds. `timeMs` is local time. Throws Fault `internal` when the program traps. */
  render(values: PanelValues, timeMs: number): string {
    this.#fill(values, timeMs);
    return this.#text(this.#call('render'));
  }

  /** Presses a button and answers the setting to be kept. Throws Fault `internal` when the program traps. */
  press(code: number, values: PanelValues, timeMs: number): number {
    this.#fill(values, timeMs);
    return this.#call('key', code) & 0xffff;
  }

  #call(name: keyof Calls, ...args: number[]): number {
    try {
      return this.#calls[name](...args);
    } catch (cause) {
      throw new Fault('internal', `the program trapped in ${name}`, { cause });
    }
  }

  #text(length: number): string {
    if (length < 0 || length > OUTPUT_SIZE) throw new Fault('internal', `the program answered ${length} bytes`);
    return new TextDecoder().decode(new Uint8Array(this.#memory.buffer, OUTPUT, length));
  }

  #fill(values: PanelValues, timeMs: number): void {
    const memory = this.#memory;
    new Uint8Array(memory.buffer, INPUT, INPUT_SIZE).fill(0);
    const put = (offset: number, value: number): void => memory.setInt32(INPUT + offset, value, true);
    put(IN_BALANCE, values.balance);
    put(IN_EMERGENCY_LIMIT, values.emergencyLimit);
    put(IN_EMERGENCY, ['none', 'available', 'in-use'].indexOf(values.emergency));
    put(IN_MODE, values.mode === 'prepayment' ? 1 : 0);
    put(IN_SUPPLY, ['off', 'on', 'armed'].indexOf(values.supply));
    put(IN_POWER, values.power);
    put(IN_RATE, values.rate);
    put(IN_STANDING, values.standing);
    put(IN_DEBT, values.debt);
    put(IN_TIME, Math.floor((timeMs - ZIGBEE_EPOCH_MS) / 1000));
    put(IN_SETTING, values.setting);
    values.days.slice(0, DAYS).forEach((used, day) => put(IN_DAYS + 4 * day, used));
    const message = values.message.slice(0, MESSAGE_MAX);
    put(IN_MESSAGE_LENGTH, message.length);
    for (let i = 0; i < message.length; i++) memory.setUint8(INPUT + IN_MESSAGE + i, message.charCodeAt(i));
  }
}
