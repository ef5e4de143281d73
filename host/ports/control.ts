/** Orders from a person at the machine, as a port: who may reach it may give them, so it must be for the gateway's own user alone. */

/** What a person asks and what is answered: plain values that have a JSON form. */
export type ControlHandler = (request: unknown) => Promise<unknown>;

/** Where orders come in. */
export interface Control {
  /** Begins to listen; each request is answered with what the handler resolves with. Rejects with Fault `config`. */
  listen(handler: ControlHandler): Promise<void>;
  close(): Promise<void>;
}
