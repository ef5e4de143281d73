/**
 * Faults and refusals.
 *
 * A refusal is a value: somebody asked for something that the rules, a format or a counterpart does not allow. A fault
 * is an exception: the program, the machine or the configuration is wrong, and nobody can go on as if it were not.
 */

/** The literal codes of faults, each documented where it is thrown. */
export type FaultCode =
  | 'config' // a configuration or command line is unusable: the message names file and key
  | 'input' // a file or stream is unusable: the message names file and offset
  | 'store' // the store failed or holds what it must not
  | 'radio' // the radio is gone or answers nonsense
  | 'broker' // the MQTT broker cannot be reached or refuses
  | 'core' // the WebAssembly core trapped or is not the one expected
  | 'internal'; // a promise of this program to itself is broken

/** The one exception class. `message` is one line fit for a person; `cause` holds what was caught. */
export class Fault extends Error {
  /** What kind of thing is wrong. */
  readonly code: FaultCode;

  constructor(code: FaultCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Fault';
    this.code = code;
  }
}

/** A refusal as a value. `code` is stable and kebab-case; `detail` is one line fit for a person. */
export interface Refusal {
  readonly ok: false;
  readonly code: string;
  readonly detail: string;
}

/** Either a value or why there is none. */
export type Result<T, R extends Refusal = Refusal> = { readonly ok: true; readonly value: T } | R;

/** Wraps a value as a success. */
export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });

/** Makes a refusal. */
export const refuse = (code: string, detail: string): Refusal => ({ ok: false, code, detail });

/** Marks a branch that the types exclude; reached only if a type lies. */
export function never(value: never): never {
  throw new Fault('internal', `unreachable case ${JSON.stringify(value)}`);
}
