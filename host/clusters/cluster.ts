/** What a cluster table says of one ZCL cluster. */
import type { Format } from './item.ts';

/** A command: its name in the specification, and its payload. */
export interface Command {
  readonly name: string;
  readonly format: Format;
}

/** Commands of one direction: Wireshark's name of the command identifier, and each command. */
export interface Commands {
  readonly name: string;
  readonly commands: Readonly<Record<number, Command>>;
}

/** A cluster as a table. */
export interface Cluster {
  readonly id: number;
  readonly name: string;
  /** Wireshark's name of this cluster's attribute identifiers. */
  readonly attributeName: string;
  /** Values of the attributes that Wireshark shows under a name of their own; the others go by their data type. */
  readonly attributes: Readonly<Record<number, Format>>;
  /** The same for attributes of the client, where Wireshark tells them apart. */
  readonly client?: { readonly attributeName: string; readonly attributes: Readonly<Record<number, Format>> };
  /** What the client sends and the server receives. */
  readonly toServer: Commands;
  /** What the server sends. */
  readonly toClient: Commands;
}

/** A command of a table. */
export const command = (name: string, format: Format): Command => ({ name, format });
