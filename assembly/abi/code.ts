/**
 * Refusal codes and code points shared by the core and the host. A call answers 0, or `layer * 256 + reason`.
 * Only const enums stand here. A layer's reasons are numbered in the order in which its `check` asks them.
 */

/** The high byte of a code: which layer refused. */
export const enum At {
  MAC = 1,
  NWK = 2,
  NWK_SECURITY = 3,
  APS = 4,
  APS_SECURITY = 5,
  ZCL = 6,
  KEYS = 7,
  IMAGE = 8,
  TX = 9,
  CALL = 10,
}

/** Bits of REC_LAYERS and TX_LAYERS. */
export const enum Layer {
  MAC = 1,
  NWK = 2,
  NWK_SECURED = 4,
  NWK_OPENED = 8,
  APS = 16,
  APS_SECURED = 32,
  APS_OPENED = 64,
  ZCL = 128,
}

/** Flags of `rx`. */
export const enum Rx {
  /** Last two bytes are CC24xx metadata, not an FCS (bit 7 of the last byte tells whether the FCS was right). */
  TI_METADATA = 1,
  /** The frame carries no FCS at all. */
  NO_FCS = 2,
  /** Capture reading: replay is reported, not refused; unopened layers are not refused; counters are a model only. */
  PASSIVE = 4,
}

/** What a key may be used for. */
export const enum KeyKind {
  FREE = 0,
  NETWORK = 1,
  LINK = 2,
  WRAPPING = 3,
}

/** Flags of a slot. */
export const enum KeyFlag {
  /** Matches any key sequence or any partner: for capture reading, where neither is known. */
  ANY = 1,
}

/** Which of the three integrity-code conventions found in the field matched. */
export const enum Integrity {
  ABSENT = 0,
  BEFORE_TAG = 1,
  WITH_TAG_HEADER = 2,
  SHORT_PADDING = 3,
  MISMATCH = 255,
}
