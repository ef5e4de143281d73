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
  CURVE = 11,
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
  /** The frame counter of that layer is one that a receiver must refuse: passive reception shows it, other reception refuses it. */
  NWK_REPLAY = 256,
  APS_REPLAY = 512,
}

/** Bits of REC_MAC_FIELDS. Addresses are told by the addressing modes of the frame control. */
export const enum MacField {
  SEQ = 1,
  DST_PAN = 2,
  SRC_PAN = 4,
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
  /** A certificate's private key, with that certificate and the public key of its CA: for CBKE. */
  CERTIFICATE = 4,
  /** An exchange of CBKE under way: ephemeral private key, then MAC key and link key. Never sealed. */
  EXCHANGE = 5,
}

/** Cryptographic suites of ZigBee Smart Energy: the curve and the form of the certificate. */
export const enum Suite {
  /** sect163k1, certificates of 48 bytes. */
  ONE = 1,
  /** sect283k1, certificates of 74 bytes. */
  TWO = 2,
}

/** Side of an exchange of CBKE. */
export const enum Role {
  /** Sends the first Confirm Key (party U). */
  INITIATOR = 1,
  /** Answers it (party V). */
  RESPONDER = 2,
}

/** Bits of the key usage of a suite 2 certificate. */
export const enum KeyUsage {
  AGREEMENT = 0x08,
  SIGNATURE = 0x80,
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

/** Reasons of `At.MAC`: wire/mac.ts. */
export const enum MacReason {
  /** More than 127 bytes. */
  TOO_LONG = 1,
  /** No room for frame control and FCS. */
  TOO_SHORT = 2,
  /** The FCS is wrong (not asked in passive reception). */
  FCS = 3,
  /** Frame type 4 to 7 (reserved, multipurpose, fragment, extended). */
  FRAME_TYPE = 4,
  /** Frame version 3 (reserved). */
  VERSION = 5,
  /** Information elements (2015 frames). */
  INFORMATION_ELEMENTS = 6,
  /** Addressing mode 1 (reserved). */
  ADDRESS_MODE = 7,
  /** PAN ID compression without both addresses (2003 and 2006 frames). */
  COMPRESSION = 8,
  /** The header does not fit. */
  TRUNCATED = 9,
  /** A MAC command frame without command identifier. */
  COMMAND_MISSING = 10,
  /** Secured at the MAC: ZigBee does not do that; the header was read, the rest was not opened. */
  SECURED = 11,
}

/** Reasons of `At.NWK`: wire/nwk.ts. */
export const enum NwkReason {
  /** No room for the frame control. */
  TOO_SHORT = 1,
  /** Protocol version 3: Green Power. */
  GREEN_POWER = 2,
  /** Another protocol version than 2: not ZigBee PRO. */
  VERSION = 3,
  /** Frame type 3: inter-PAN. */
  INTER_PAN = 4,
  /** Frame type 2 (reserved). */
  FRAME_TYPE = 5,
  /** The header does not fit. */
  TRUNCATED = 6,
  /** A NWK command frame without command identifier. */
  COMMAND_MISSING = 7,
}

/** Reasons of `At.NWK_SECURITY` and `At.APS_SECURITY`: secure/. */
export const enum SecurityReason {
  /** Auxiliary header and MIC do not fit. */
  TRUNCATED = 1,
  /** Level bits are not zero on the air (not asked in passive reception). */
  LEVEL = 2,
  /** A key identifier that this layer does not take: NWK takes the network key alone; APS takes it in passive reception alone. */
  KEY_ID = 3,
  /** The sender's EUI-64, part of the nonce, is neither in the frame nor known. */
  SOURCE_UNKNOWN = 4,
  /** No key of that sequence number, or none shared with that partner. */
  KEY_UNKNOWN = 5,
  /** The message integrity code is wrong under every key that matches. */
  MIC = 6,
  /** The frame counter is not above the last one accepted. */
  COUNTER = 7,
  /** No room to remember the frame counter, so that a replay could not be told. */
  COUNTERS_FULL = 8,
}

/** More reasons of `At.APS_SECURITY`: Transport-Key commands, secure/transport-key.ts. */
export const enum TransportKeyReason {
  /** Not secured by a key-transport or key-load key: not believed. */
  UNSECURED = 9,
  /** Too short for its key type. */
  TRUNCATED = 10,
  /** A key type other than 1 (network key), 3 (application link key) and 4 (trust centre link key). */
  KEY_TYPE = 11,
  /** No slot is free. */
  NO_SLOT = 12,
}

/** Reasons of `At.APS`: wire/aps.ts. */
export const enum ApsReason {
  /** Nothing where the frame control should be. */
  TOO_SHORT = 1,
  /** Frame type 3: inter-PAN. */
  FRAME_TYPE = 2,
  /** Delivery mode 1: indirect addressing of ZigBee 2004. */
  INDIRECT = 3,
  /** The header does not fit. */
  TRUNCATED = 4,
  /** Fragmentation value 3 (reserved). */
  FRAGMENTATION = 5,
  /** An APS command frame without command identifier. */
  COMMAND_MISSING = 6,
}

/** Reasons of `At.ZCL`: wire/zcl.ts. */
export const enum ZclReason {
  /** The header does not fit. */
  TRUNCATED = 1,
}

/** Reasons of `At.TX`: entry/tx.ts. A header that reception would refuse is refused with the code of its own layer. */
export const enum TxReason {
  /** Layers that cannot stand in one another: a gap, or a frame type that carries no upper layer. */
  LAYERS = 1,
  /** A security bit of a frame control disagrees with the layers asked for. */
  SECURITY_BIT = 2,
  /** APS key identifier other than 0, 2 and 3. */
  KEY_ID = 3,
  /** The frame would exceed 127 bytes. */
  TOO_LONG = 4,
  /** The handle of the network key is not one. */
  NWK_KEY = 5,
  /** The handle of the link key is not one. */
  APS_KEY = 6,
  /** A carried key without APS security by key-transport or key-load key. */
  CARRIED_UNSECURED = 7,
  /** The carried key does not fit into the payload. */
  CARRIED_OFFSET = 8,
  /** The handle of the carried key is neither a network nor a link key's. */
  CARRIED_KEY = 9,
  /** An outgoing frame counter is exhausted: reserve more, or change the key. */
  COUNTER = 10,
}

/** Reasons of `At.CALL`: arguments that no caller should pass. */
export const enum CallReason {
  /** A length outside its window. */
  LENGTH = 1,
  /** A call before the one that must come first. */
  ORDER = 2,
  /** A flag that is not one. */
  FLAGS = 3,
  /** A position behind the end of a table. */
  INDEX = 4,
}

/** Reasons of `At.KEYS`: keys/ and entry/keys.ts. */
export const enum KeyReason {
  /** Not a handle, a handle of an erased key, or the handle of a key that may not be used so. */
  HANDLE = 1,
  /** A kind that is not one, or that cannot be sealed. */
  KIND = 2,
  /** No slot is free. */
  NO_SLOT = 3,
  /** An install code with its CRC has 8, 10, 14 or 18 bytes. */
  INSTALL_LENGTH = 4,
  /** The CRC of an install code is wrong. */
  INSTALL_CRC = 5,
  /** A sealed record has not the length of its kind: 56 bytes, for a certificate key 131 or 187. */
  RECORD_LENGTH = 6,
  /** A sealed record of another version than 2. */
  RECORD_VERSION = 7,
  /** A sealed record does not open: altered, or sealed under another wrapping key, for another identity or for another place. */
  RECORD = 8,
  /** The reserved range of outgoing counters ends before it begins, or before one reserved earlier. */
  RANGE = 9,
  /** No room for another incoming counter. */
  COUNTERS_FULL = 10,
  /** No room for another address. */
  ADDRESSES_FULL = 11,
  /** A short address that names no device (0xfff8 to 0xffff), or an EUI-64 of all zeros or all ones. */
  ADDRESS = 12,
}

/** Flags of `imageBegin`: what a file is excused from. Without any, it must be signed by a listed signer and carry an integrity code. */
export const enum ImageFlag {
  /** Behind the header stands a payload without elements, as some vendors' files have it. */
  RAW_BODY = 1,
  /** A file without signature may be accepted. One with a signature is judged all the same. */
  UNSIGNED = 2,
  /** A file without integrity code may be accepted. One with a code is judged all the same. */
  WITHOUT_INTEGRITY = 4,
  /** Whoever an authority has certified may sign; the list of signers is not asked. */
  ANY_SIGNER = 8,
}

/** Flags of an entry of IMG_AUTHORITIES. */
export const enum AuthorityFlag {
  /** Its certificates may name any issuer; otherwise they must name AUTHORITY_ISSUER. */
  ANY_ISSUER = 1,
}

/** Checks of image verification, in the order of the report: the first that failed gives the verdict its code. */
export const enum ImageCheck {
  MAGIC = 0,
  HEADER = 1,
  TOTAL_SIZE = 2,
  ELEMENTS = 3,
  INTEGRITY = 4,
  /** One signature, and nothing behind it. */
  SIGNATURE = 5,
  /** One certificate of the signature's suite, of the form that the suite prescribes. */
  CERTIFICATE = 6,
  /** The signer is the certificate's subject. */
  SUBJECT = 7,
  /** The certificate's issuer is an authority that is trusted. */
  ISSUER = 8,
  /** The signer is on the list. */
  SIGNER = 9,
  /** The certificate is for signing. */
  KEY_USAGE = 10,
  /** The signature verifies under the key that certificate and authority yield. */
  ECDSA = 11,
}

/** What came of a check. */
export const enum CheckResult {
  /** Not made: a check before it failed, and what it would look at is not known. */
  OPEN = 0,
  PASSED = 1,
  FAILED = 2,
  /** What it would look at is not in the file, and need not be; or nobody asked for it. */
  ABSENT = 3,
}

/** Reasons of `At.IMAGE`: image/. In the order of the checks that they fail. */
export const enum ImageReason {
  /** No verdict yet. */
  UNFINISHED = 1,
  /** MAGIC: the file does not begin with 0x0BEEF11E. */
  MAGIC = 2,
  /** HEADER: the file ends within its header. */
  HEADER_TRUNCATED = 3,
  /** Another header version than 0x0100. */
  HEADER_VERSION = 4,
  /** Reserved bits of the field control are set. */
  FIELD_CONTROL = 5,
  /** The header length is not that of the fixed and the announced optional fields. */
  HEADER_LENGTH = 6,
  /** The lowest hardware version is above the highest. */
  HARDWARE_RANGE = 7,
  /** TOTAL_SIZE: smaller than the header, 512 MiB or more, or not the length of the file. */
  TOTAL_SIZE = 8,
  /** ELEMENTS: nothing behind the header. */
  EMPTY = 9,
  /** What stands behind the header begins with a reserved tag: a body without elements, which was not asked for. */
  RAW_BODY = 10,
  /** A later element has a reserved tag (0x0007 to 0xefff). */
  TAG = 11,
  /** Fewer than 6 bytes are left where an element should begin. */
  ELEMENT_TRUNCATED = 12,
  /** An element reaches behind the total size. */
  ELEMENT_OVERRUN = 13,
  /** An integrity code is not of 16 bytes. */
  INTEGRITY_SIZE = 14,
  /** A signature is not of 50 (suite 1) or 80 bytes (suite 2). */
  SIGNATURE_SIZE = 15,
  /** A signing certificate is not of 48 (suite 1) or 74 bytes (suite 2). */
  CERTIFICATE_SIZE = 16,
  /** Another element than certificate and signature follows the integrity code. */
  INTEGRITY_NOT_LAST = 17,
  /** INTEGRITY: there is no integrity code. */
  INTEGRITY_MISSING = 18,
  /** The integrity code fits none of the three conventions. */
  INTEGRITY_MISMATCH = 19,
  /** SIGNATURE: there is none. */
  SIGNATURE_MISSING = 20,
  /** There are several. */
  SIGNATURES = 21,
  /** An element follows the signature. */
  SIGNATURE_NOT_LAST = 22,
  /** CERTIFICATE: none of the signature's suite. */
  CERTIFICATE_MISSING = 23,
  /** Several of the signature's suite. */
  CERTIFICATES = 24,
  /** Type, curve or hash of a suite 2 certificate are not those of the suite. */
  CERTIFICATE_FIELDS = 25,
  /** SUBJECT: the signature names another signer than the certificate. */
  SUBJECT = 26,
  /** ISSUER: no authority of that suite has the certificate's issuer. */
  ISSUER = 27,
  /** SIGNER: it is not on the list. */
  SIGNER = 28,
  /** KEY_USAGE: the certificate does not allow signing. */
  KEY_USAGE = 29,
  /** ECDSA: the certificate yields no public key. */
  PUBLIC_KEY = 30,
  /** r or s is zero or not below the order of the curve. */
  SIGNATURE_RANGE = 31,
  /** The signature does not verify. */
  SIGNATURE = 32,
}

/** Reasons of `At.CURVE`: crypto/ of the curves, wire/certificate.ts and entry/cbke.ts, in the order in which they can arise. */
export const enum CurveReason {
  /** A suite that is neither 1 nor 2. */
  SUITE = 1,
  /** A compressed point has 22 bytes (suite 1) or 37 (suite 2). */
  POINT_LENGTH = 2,
  /** A compressed point begins with 02 or 03. */
  POINT_PREFIX = 3,
  /** Spare high bits of a coordinate are set. */
  POINT_RANGE = 4,
  /** No point of the curve has that coordinate. */
  POINT_CURVE = 5,
  /** The point is outside the subgroup of prime order. */
  POINT_ORDER = 6,
  /** A certificate has 48 bytes (suite 1) or 74 (suite 2). */
  CERTIFICATE_LENGTH = 7,
  /** Type, curve or hash of a suite 2 certificate are not those of the suite. */
  CERTIFICATE_FORMAT = 8,
  /** The certificate does not allow its key to be used so. */
  CERTIFICATE_USAGE = 9,
  /** The certificate's issuer is not that of one's own. */
  ISSUER = 10,
  /** The certificate's subject is not the partner, or is oneself. */
  SUBJECT = 11,
  /** The certificate yields the point at infinity as public key. */
  PUBLIC_KEY = 12,
  /** A private key is zero or not below the order. */
  PRIVATE_KEY = 13,
  /** The private key does not belong to the certificate under that CA. */
  MISMATCH = 14,
  /** r or s of a signature is zero or not below the order. */
  SIGNATURE_RANGE = 15,
  /** The signature does not verify. */
  SIGNATURE = 16,
  /** The shared secret is the point at infinity. */
  AGREEMENT = 17,
  /** The partner's MAC is wrong. */
  CONFIRM = 18,
}
