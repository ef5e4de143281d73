/** Logging as a port. Events never hold keys, meter point numbers, consumption or top-up numbers [R-PRIV-01]. */

/** Fields of an event; `Uint8Array`s are not allowed so that key material cannot slip in. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** A log. The event name is kebab-case and stable; text for people is made from it. */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** A log that says nothing. */
export const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };
