/**
 * The APS command Transport-Key (ZigBee specification 4.4.9.2): identifier 5, key type, key, and what belongs to the type.
 *
 * | type | key | behind the key |
 * |---|---|---|
 * | 1 | network key | key sequence number, destination EUI-64, source EUI-64 |
 * | 3 | application link key | partner EUI-64, initiator flag |
 * | 4 | trust centre link key | destination EUI-64, source EUI-64 |
 */

// ---- offsets -------------------------------------------------------------------------------------------------------

/** Command identifier. */
export const TRANSPORT_KEY: u32 = 5;

/** Offset of the key, behind command identifier and key type. */
export const KEY: i32 = 2;
const TYPE: i32 = 1;
const KEY_LEN: i32 = 16;

/** Type 1: offset of the sequence number. */
export const SEQUENCE: i32 = KEY + KEY_LEN;
/** Type 3: offset of the partner. */
export const PARTNER: i32 = KEY + KEY_LEN;
/** Type 4: offset of the source, the trust centre. */
export const TRUST_CENTRE: i32 = KEY + KEY_LEN + 8;

const NETWORK_LEN: i32 = KEY + KEY_LEN + 1 + 8 + 8;
const APPLICATION_LEN: i32 = KEY + KEY_LEN + 8 + 1;
const TRUST_CENTRE_LEN: i32 = KEY + KEY_LEN + 8 + 8;

/** Key type: a network key. */
export const TYPE_NETWORK: u32 = 1;
/** Key type: a link key that the trust centre made for two devices. */
export const TYPE_APPLICATION: u32 = 3;
/** Key type: a link key shared with the trust centre. */
export const TYPE_TRUST_CENTRE: u32 = 4;

// ---- check ---------------------------------------------------------------------------------------------------------

/** The length gate for a command of `len` bytes: whether its type's fields are all there. */
export function fits(command: usize, len: i32): bool {
  if (len <= TYPE) return false;
  const type = typeOf(command);
  if (type == TYPE_NETWORK) return len >= NETWORK_LEN;
  if (type == TYPE_APPLICATION) return len >= APPLICATION_LEN;
  if (type == TYPE_TRUST_CENTRE) return len >= TRUST_CENTRE_LEN;
  return len >= KEY + KEY_LEN;
}

// ---- read ----------------------------------------------------------------------------------------------------------

/** Key type of a command that has one. */
export function typeOf(command: usize): u32 {
  return load<u8>(command + <usize>TYPE);
}
