/** What a cluster table says of one ZCL cluster. */
import type { Format, Item } from './item.ts';

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
  /** Empty where Wireshark shows no identifier. */
  readonly name: string;
  /** What every command begins with, those without a row too. */
  readonly begin: Format;
  /** Wireshark takes an empty payload for a command without fields, unless it looks for the first one even then. */
  readonly refusesEmpty: boolean;
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
  /** The same for attributes of the client. */
  readonly client: { readonly attributeName: string; readonly attributes: Readonly<Record<number, Format>> };
  /** What the client sends and the server receives. */
  readonly toServer: Commands;
  /** What the server sends. */
  readonly toClient: Commands;
}

/** What a table gives of its cluster; the rest follows from the prefix of Wireshark's names. */
export interface Contents {
  /** Values of attributes; one item stands under the key `value`. */
  readonly attributes?: Readonly<Record<number, Item | Format>>;
  readonly attributeName?: string;
  /** The client's attributes where they are not the server's. */
  readonly clientAttributes?: Readonly<Record<number, Item | Format>>;
  readonly clientAttributeName?: string;
  readonly toServer?: Readonly<Record<number, Command>>;
  readonly toServerName?: string;
  readonly toClient?: Readonly<Record<number, Command>>;
  readonly toClientName?: string;
  readonly begin?: Format;
  readonly refusesEmpty?: 'both' | 'server';
}

/** A cluster whose names begin with a prefix: the contents are given a function that puts it before a name. */
export function cluster(id: number, name: string, prefix: string, contents: (n: (name: string) => string) => Contents): Cluster {
  const given = contents((last) => `${prefix}.${last}`);
  const attributeName = given.attributeName ?? `${prefix}.attr_id`;
  const attributes = valuesOf(given.attributes ?? {});
  const { begin = [], refusesEmpty } = given;
  const direction = (commands: Contents['toServer'], identifier: string, refuses: boolean): Commands => ({
    name: commands === undefined ? '' : identifier,
    begin,
    refusesEmpty: refuses,
    commands: commands ?? {},
  });
  return {
    id,
    name,
    attributeName,
    attributes,
    client: {
      attributeName: given.clientAttributeName ?? attributeName,
      attributes: given.clientAttributes === undefined ? attributes : valuesOf(given.clientAttributes),
    },
    toServer: direction(given.toServer, given.toServerName ?? `${prefix}.cmd.srv_rx.id`, refusesEmpty !== undefined),
    toClient: direction(given.toClient, given.toClientName ?? `${prefix}.cmd.srv_tx.id`, refusesEmpty === 'both'),
  };
}

const valuesOf = (rows: Readonly<Record<number, Item | Format>>): Record<number, Format> =>
  Object.fromEntries(Object.entries(rows).map(([id, row]): [string, Format] => [id, 'kind' in row ? [valueOf(row)] : row]));

const valueOf = (item: Item): Item => ('key' in item ? { ...item, key: 'value' } : item);

/** A command of a table. */
export const command = (name: string, format: Format, before12?: Format): Command =>
  before12 === undefined ? { name, format } : { name, format, before12 };
