/**
 * Spinel frames (draft-rquattle-spinel-unified, clauses 2, 3 and 5; numbers as OpenThread's RCP firmware has them).
 *
 * Only what a radio co-processor needs is here: reset, property get, set and is. Header: flag bits 10, interface 0,
 * transaction identifier 0 (nobody waits) to 15. Integers are little-endian; an EUI-64 stands most significant byte first.
 */
import { refuse, type Result } from '../model/fault.ts';

/** Commands (clause 4). */
export const Command = { RESET: 1, PROP_VALUE_GET: 2, PROP_VALUE_SET: 3, PROP_VALUE_IS: 6 } as const;

/** Properties (clause 5 and OpenThread's extensions), with their types. */
export const Property = {
  LAST_STATUS: 0x00, // packed
  PROTOCOL_VERSION: 0x01, // packed major, packed minor
  NCP_VERSION: 0x02, // UTF-8, zero-terminated
  INTERFACE_TYPE: 0x03, // packed
  CAPS: 0x05, // packed, repeated
  HWADDR: 0x08, // EUI-64
  PHY_ENABLED: 0x20, // bool
  PHY_CHAN: 0x21, // u8
  MAC_15_4_LADDR: 0x34, // EUI-64
  MAC_15_4_SADDR: 0x35, // u16
  MAC_15_4_PANID: 0x36, // u16
  MAC_RAW_STREAM_ENABLED: 0x37, // bool
  MAC_PROMISCUOUS_MODE: 0x38, // u8
  STREAM_RAW: 0x71, // spinel-raw.ts
  MAC_SRC_MATCH_ENABLED: 0x1303, // bool
} as const;

/** Capabilities. */
export const Capability = { CONFIG_RADIO: 34, MAC_RAW: 513 } as const;

/** Status codes that are used here; those from RESET_FIRST to RESET_LAST tell why the co-processor restarted. */
export const Status = {
  OK: 0,
  FAILURE: 1,
  UNIMPLEMENTED: 2,
  INVALID_ARGUMENT: 3,
  INVALID_STATE: 4,
  INVALID_COMMAND: 5,
  PARSE_ERROR: 9,
  BUSY: 12,
  PROP_NOT_FOUND: 13,
  NO_ACK: 17,
  CCA_FAILURE: 18,
  RESET_FIRST: 112,
  RESET_SOFTWARE: 114,
  RESET_LAST: 127,
} as const;

/** Major version of the protocol that OpenThread's firmware speaks. */
export const PROTOCOL_MAJOR = 4;

/** The highest transaction identifier. */
export const MAX_TID = 15;

/** A frame. */
export interface SpinelFrame {
  readonly tid: number;
  readonly command: number;
  /** The property of a property command; undefined for others. */
  readonly property: number | undefined;
  /** What follows command and property. */
  readonly value: Uint8Array;
}

const PROPERTY_COMMANDS: readonly number[] = [Command.PROP_VALUE_GET, Command.PROP_VALUE_SET, Command.PROP_VALUE_IS];

/** Bytes of a frame. */
export function encodeSpinel({ tid, command, property, value }: SpinelFrame): Uint8Array {
  return Uint8Array.from([0x80 | tid, ...packed(command), ...(property === undefined ? [] : packed(property)), ...value]);
}

/** A frame from its bytes. Refused: `header` (flag bits), `interface` (another than 0), `number` (a packed integer that does not end). */
export function decodeSpinel(bytes: Uint8Array): Result<SpinelFrame> {
  const header = bytes[0] ?? 0;
  if (header >> 6 !== 0b10) return refuse('header', 'a Spinel frame begins with the flag bits 10');
  if (((header >> 4) & 3) !== 0) return refuse('interface', `interface ${(header >> 4) & 3} is not used here`);
  const command = unpack(bytes, 1);
  if (command === undefined) return refuse('number', 'the command does not end');
  const base = { tid: header & 0x0f, command: command.value };
  if (!PROPERTY_COMMANDS.includes(command.value))
    return { ok: true, value: { ...base, property: undefined, value: bytes.subarray(command.end) } };
  const property = unpack(bytes, command.end);
  if (property === undefined) return refuse('number', 'the property does not end');
  return { ok: true, value: { ...base, property: property.value, value: bytes.subarray(property.end) } };
}

/** A packed unsigned integer (clause 3.2): seven bits a byte, lowest first, the high bit says that more follow. */
export function packed(value: number): Uint8Array {
  const bytes: number[] = [];
  for (; value > 0x7f; value >>>= 7) bytes.push((value & 0x7f) | 0x80);
  return Uint8Array.from([...bytes, value]);
}

/** Reads a packed integer of at most three bytes (the protocol's limit); undefined when it does not end within them. */
export function unpack(bytes: Uint8Array, start = 0): { readonly value: number; readonly end: number } | undefined {
  let value = 0;
  for (let index = 0; index < 3; index++) {
    const byte = bytes[start + index];
    if (byte === undefined) return undefined;
    value |= (byte & 0x7f) << (7 * index);
    if (byte < 0x80) return { value, end: start + index + 1 };
  }
  return undefined;
}

/** A 16-bit value. */
export const u16 = (value: number): Uint8Array => Uint8Array.of(value & 0xff, value >> 8);

/** The name of a status, for people. */
export function statusName(status: number): string {
  const name = Object.entries(Status).find(([, value]) => value === status)?.[0] ?? 'status';
  return `${name} (${status})`;
}
