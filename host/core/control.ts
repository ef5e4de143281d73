/**
 * Names for the bits of the frame controls, so that whoever builds or judges a frame writes no bare number.
 * They are those of the air: combine with `|`, ask with `&`.
 */

/** IEEE 802.15.4 frame control (2006 clause 7.2.1.1). */
export const MAC = {
  BEACON: 0x0000,
  DATA: 0x0001,
  ACK: 0x0002,
  COMMAND: 0x0003,
  TYPE: 0x0007,
  SECURED: 0x0008,
  FRAME_PENDING: 0x0010,
  ACK_REQUEST: 0x0020,
  PAN_COMPRESSION: 0x0040,
  DST_SHORT: 0x0800,
  DST_EXTENDED: 0x0c00,
  DST_MODE: 0x0c00,
  VERSION_2006: 0x1000,
  SRC_SHORT: 0x8000,
  SRC_EXTENDED: 0xc000,
  SRC_MODE: 0xc000,
} as const;

/** ZigBee NWK frame control (ZigBee specification 3.3.1.1); `DATA` and `COMMAND` include protocol version 2. */
export const NWK = {
  DATA: 0x0008,
  COMMAND: 0x0009,
  TYPE: 0x0003,
  DISCOVER_ROUTE: 0x0040,
  MULTICAST: 0x0100,
  SECURED: 0x0200,
  SOURCE_ROUTE: 0x0400,
  DST_EUI: 0x0800,
  SRC_EUI: 0x1000,
  END_DEVICE_INITIATOR: 0x2000,
} as const;

/** ZigBee APS frame control (ZigBee specification 2.2.5.1.1). */
export const APS = {
  DATA: 0x00,
  COMMAND: 0x01,
  ACK: 0x02,
  TYPE: 0x03,
  UNICAST: 0x00,
  BROADCAST: 0x08,
  GROUP: 0x0c,
  DELIVERY: 0x0c,
  /** Acknowledges a command: no endpoints, cluster or profile. */
  ACK_FORMAT: 0x10,
  SECURED: 0x20,
  ACK_REQUEST: 0x40,
  EXTENDED: 0x80,
} as const;

/** ZCL frame control (ZCL specification 2.4.1.1). */
export const ZCL = {
  PROFILE_WIDE: 0x00,
  CLUSTER: 0x01,
  TYPE: 0x03,
  MANUFACTURER_SPECIFIC: 0x04,
  FROM_SERVER: 0x08,
  NO_DEFAULT_RESPONSE: 0x10,
} as const;

/** Key identifiers of auxiliary security headers (ZigBee specification 4.5.1.1.2). */
export const KEY_ID = { DATA: 0, NETWORK: 1, TRANSPORT: 2, LOAD: 3 } as const;
