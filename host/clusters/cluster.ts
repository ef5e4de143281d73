/** What a cluster table says of one ZCL cluster. */
import type { Format } from './item.ts';

/** Revision of Smart Energy: 1.1b stands for those before 1.2, 1.4 for those from then on. */
export type SeVersion = '1.1b' | '1.4';

/** A command: its name in the specification, and its payload. */
export interface Command {
  readonly name: string;
  readonly format: Format;
  /** The payload before Smart Energy 1.2, where it was another. */
  readonly before12?: Format;
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
export const command = (name: string, format: Format, before12?: Format): Command =>
  before12 === undefined ? { name, format } : { name, format, before12 };
