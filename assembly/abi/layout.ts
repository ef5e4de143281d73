/**
 * The memory map of the core: the only description of it, compiled alike by asc, tsc, tsx, esbuild and vitest.
 *
 * It holds nothing but `export const NAME: i32 = …`; each address is the previous one plus its size. All multi-byte
 * fields are little-endian, as WebAssembly memory is. `*_SIZE` is in bytes, `*_COUNT` in entries; a name without
 * suffix is an absolute address; names of record fields (`REC_…`, `TX_…`, `SLOT_…`, `IMG_…`) are offsets into their record.
 */

/** Version of this map and of the exported calls; the host refuses a module that answers another. */
export const ABI_VERSION: i32 = 3;

// ---- windows -------------------------------------------------------------------------------------------------------

/** Nothing lives below this address, so that a null pointer never points at data. */
export const MAP_START: i32 = 1024;

/** Bytes given to a call: a frame, a chunk of an image, a key, a sealed record. Followed by a canary gap. */
export const IN: i32 = MAP_START;
export const IN_SIZE: i32 = 4096;

/** A gap that nothing reads or writes; tests fill it and expect it untouched. */
export const IN_CANARY: i32 = IN + IN_SIZE;
export const IN_CANARY_SIZE: i32 = 256;

/** Bytes answered by a call: an emitted frame, a sealed record, a digest. */
export const OUT: i32 = IN_CANARY + IN_CANARY_SIZE;
export const OUT_SIZE: i32 = 1024;

/** The frame of the last `rx` with every opened layer in clear; positions are those of the received frame. */
export const PLAIN: i32 = OUT + OUT_SIZE;
export const PLAIN_SIZE: i32 = 256;

/**
 * The record of the last `rx`. Its first REC_HEAD_SIZE bytes are its head: what filters and statistics ask for; `rxBatch`
 * keeps the heads alone.
 */
export const REC_HEAD_SIZE: i32 = 64;
export const REC: i32 = PLAIN + PLAIN_SIZE;
export const REC_SIZE: i32 = 176;

/** The description that `tx` emits from; its payload stands in IN. */
export const TX: i32 = REC + REC_SIZE;
export const TX_SIZE: i32 = 256;

/** Parameters and results of the key calls (EUI-64s, nonces, counters). */
export const KEY: i32 = TX + TX_SIZE;
export const KEY_SIZE: i32 = 64;

/** The report of image verification. */
export const IMG: i32 = KEY + KEY_SIZE;
export const IMG_SIZE: i32 = 256;

/** What came of each check of image verification, in the order of `ImageCheck`. */
export const IMG_CHECKS: i32 = IMG + IMG_SIZE;
export const IMG_CHECK_SIZE: i32 = 12;
export const IMG_CHECK_COUNT: i32 = 12;

/** Elements seen by image verification, in file order. */
export const IMG_ELEMENTS: i32 = IMG_CHECKS + IMG_CHECK_SIZE * IMG_CHECK_COUNT;
export const IMG_ELEMENT_SIZE: i32 = 16;
export const IMG_ELEMENT_COUNT: i32 = 64;

/** Trust anchors of image verification, given before `imageBegin`: public keys of authorities by issuer and suite. */
export const IMG_AUTHORITIES: i32 = IMG_ELEMENTS + IMG_ELEMENT_SIZE * IMG_ELEMENT_COUNT;
export const IMG_AUTHORITIES_SIZE: i32 = 768;
export const AUTHORITY_SIZE: i32 = 48;
export const AUTHORITY_COUNT: i32 = 16;

/** EUI-64s of those who may sign, in air order; likewise given before `imageBegin`. */
export const IMG_SIGNERS: i32 = IMG_AUTHORITIES + IMG_AUTHORITIES_SIZE;
export const IMG_SIGNER_SIZE: i32 = 8;
export const IMG_SIGNER_COUNT: i32 = 64;

/** Key slots. */
export const SLOTS: i32 = IMG_SIGNERS + IMG_SIGNER_SIZE * IMG_SIGNER_COUNT;
export const SLOT_SIZE: i32 = 256;
export const SLOT_COUNT: i32 = 64;

/** Incoming frame counters: one entry per (sender, key slot). */
export const COUNTERS: i32 = SLOTS + SLOT_SIZE * SLOT_COUNT;
export const COUNTER_SIZE: i32 = 16;
export const COUNTER_COUNT: i32 = 256;

/** Short address to EUI-64, per PAN. */
export const ADDRESSES: i32 = COUNTERS + COUNTER_SIZE * COUNTER_COUNT;
export const ADDRESS_SIZE: i32 = 16;
export const ADDRESS_COUNT: i32 = 256;

/** Where entries of COUNTERS stand, by their hash: u16 position plus one, 0 = free. Twice as many as there are entries. */
export const COUNTER_INDEX: i32 = ADDRESSES + ADDRESS_SIZE * ADDRESS_COUNT;
export const COUNTER_INDEX_SIZE: i32 = 4 * COUNTER_COUNT;

/** The same for ADDRESSES. */
export const ADDRESS_INDEX: i32 = COUNTER_INDEX + COUNTER_INDEX_SIZE;
export const ADDRESS_INDEX_SIZE: i32 = 4 * ADDRESS_COUNT;

/**
 * The frames given to `rxBatch`: u16 offset in BATCH_IN and u16 length of each. They may stand anywhere in that window, so
 * that a piece of a capture goes in as it is. Frames that overlap are opened over one another.
 */
export const BATCH_FRAMES: i32 = ADDRESS_INDEX + ADDRESS_INDEX_SIZE;
export const BATCH_FRAME_SIZE: i32 = 4;
export const BATCH_FRAME_COUNT: i32 = 256;

/** The bytes of those frames; afterwards every opened layer stands here in clear, where it was received. */
export const BATCH_IN: i32 = BATCH_FRAMES + BATCH_FRAME_SIZE * BATCH_FRAME_COUNT;
export const BATCH_IN_SIZE: i32 = 40960;

/** The heads of their records, in the order of BATCH_FRAMES. */
export const BATCH_HEADS: i32 = BATCH_IN + BATCH_IN_SIZE;
export const BATCH_HEAD_SIZE: i32 = REC_HEAD_SIZE;
export const BATCH_HEAD_COUNT: i32 = BATCH_FRAME_COUNT;

/** State of the streaming image verification. */
export const IMAGE_STATE: i32 = BATCH_HEADS + BATCH_HEAD_SIZE * BATCH_HEAD_COUNT;
export const IMAGE_STATE_SIZE: i32 = 1024;

/** Scratch of the crypto and secure layers; wiped by whoever puts a secret there. */
export const SCRATCH: i32 = IMAGE_STATE + IMAGE_STATE_SIZE;
export const SCRATCH_SIZE: i32 = 4096;
/** The last kilobyte of SCRATCH belongs to the secure layer, the rest to crypto and keys: nonce, opened payload, derived key. */
export const SECURE: i32 = SCRATCH + 3072;
export const SECURE_NONCE: i32 = SECURE;
export const SECURE_PLAIN: i32 = SECURE_NONCE + 16;
export const SECURE_KEY: i32 = SECURE_PLAIN + 128;
export const SECURE_SCHEDULE: i32 = SECURE_KEY + 16;
export const SECURE_END: i32 = SECURE_SCHEDULE + 176;

/** Scratch of crypto/ and keys/, below SECURE. CCM*: a block being put together, block 0 of the stream, eight blocks of it that wait. */
export const CCM_BLOCK: i32 = SCRATCH;
export const CCM_FIRST: i32 = CCM_BLOCK + 16;
export const CCM_STREAM: i32 = CCM_FIRST + 16;
export const CCM_LEN: i32 = 32 + 128;
/** AES-MMO: bytes of a state, and the state of the one-shot call. */
export const MMO_STATE_LEN: i32 = 48;
export const MMO_STATE: i32 = CCM_BLOCK + CCM_LEN;
/** HMAC: state, padded key, inner digest. */
export const HMAC_STATE: i32 = MMO_STATE + MMO_STATE_LEN;
export const HMAC_BLOCK: i32 = HMAC_STATE + MMO_STATE_LEN;
export const HMAC_INNER: i32 = HMAC_BLOCK + 16;
/** Derivation of keys: the label byte. */
export const KDF_LABEL: i32 = HMAC_INNER + 16;
/** SHA-256: bytes of a state, and the message schedule. */
export const SHA256_STATE_LEN: i32 = 112;
export const SHA256_SCHEDULE: i32 = KDF_LABEL + 16;
/** Keys on their way into a slot, and the authenticated header of a sealed record. */
export const KEYS_KEY: i32 = SHA256_SCHEDULE + 256;
export const KEYS_AAD: i32 = KEYS_KEY + 160;

/** Scratch of the elliptic curves: wiped whole, by one call, when a secret has been through it. */
export const CURVE: i32 = SCRATCH + SCRATCH_SIZE;
export const CURVE_SIZE: i32 = 8192;
/** Bytes of the longest field element, and of a scalar. */
export const ELEMENT_LEN: i32 = 48;
export const SCALAR_LEN: i32 = 48;
/** Products of polynomials: rows of the one factor, nibbles of the other (crypto/gf2.ts). */
export const GF2_ROWS: i32 = CURVE;
export const GF2_NIBBLES: i32 = GF2_ROWS + 384;
/** Inversion and half-trace. */
export const FIELD_BASE: i32 = GF2_NIBBLES + 240;
export const FIELD_POWER: i32 = FIELD_BASE + ELEMENT_LEN;
export const FIELD_TERM: i32 = FIELD_POWER + ELEMENT_LEN;
/** Formulas of points; a double. */
export const POINT_A: i32 = FIELD_TERM + ELEMENT_LEN;
export const POINT_B: i32 = POINT_A + ELEMENT_LEN;
export const POINT_C: i32 = POINT_B + ELEMENT_LEN;
export const POINT_D: i32 = POINT_C + ELEMENT_LEN;
export const POINT_E: i32 = POINT_D + ELEMENT_LEN;
export const POINT_F: i32 = POINT_E + ELEMENT_LEN;
export const POINT_TWICE: i32 = POINT_F + ELEMENT_LEN;
/** A window table under construction: a term, 16 projective points, the products of their Z. */
export const WINDOW_TERM: i32 = POINT_TWICE + 3 * ELEMENT_LEN;
export const WINDOW_SUMS: i32 = WINDOW_TERM + 2 * ELEMENT_LEN;
export const WINDOW_PRODUCTS: i32 = WINDOW_SUMS + 48 * ELEMENT_LEN;
/** A scalar split by τ, and what that takes. */
export const TAU_A: i32 = WINDOW_PRODUCTS + 16 * ELEMENT_LEN;
export const TAU_B: i32 = TAU_A + 24;
export const TAU_QUOTIENT: i32 = TAU_B + 24;
export const TAU_PRODUCT: i32 = TAU_QUOTIENT + 24;
/** A multiplication: digits of two scalars, its sum, a term, the table of a point that is used once. */
export const MULTIPLY_DIGITS: i32 = TAU_PRODUCT + 72;
export const MULTIPLY_DIGITS2: i32 = MULTIPLY_DIGITS + 304;
export const MULTIPLY_SUM: i32 = MULTIPLY_DIGITS2 + 304;
export const MULTIPLY_TERM: i32 = MULTIPLY_SUM + 3 * ELEMENT_LEN;
export const MULTIPLY_TABLE: i32 = MULTIPLY_TERM + 2 * ELEMENT_LEN;
/** Scalars: a product of two, the quotient's estimate, a difference; inversion: five numbers. */
export const SCALAR_WIDE: i32 = MULTIPLY_TABLE + 32 + 16 * ELEMENT_LEN;
export const SCALAR_QUOTIENT: i32 = SCALAR_WIDE + 80;
export const SCALAR_DIFFERENCE: i32 = SCALAR_QUOTIENT + 96;
export const INVERSE_D: i32 = SCALAR_DIFFERENCE + SCALAR_LEN;
export const INVERSE_E: i32 = INVERSE_D + 40;
export const INVERSE_F: i32 = INVERSE_E + 40;
export const INVERSE_G: i32 = INVERSE_F + 40;
export const INVERSE_N: i32 = INVERSE_G + 40;
/** Protocols (crypto/ecdsa.ts and what stands beside it): scalars, affine points, a projective one, bytes. */
export const PROTOCOL_SCALAR1: i32 = INVERSE_N + 40;
export const PROTOCOL_SCALAR2: i32 = PROTOCOL_SCALAR1 + SCALAR_LEN;
export const PROTOCOL_SCALAR3: i32 = PROTOCOL_SCALAR2 + SCALAR_LEN;
export const PROTOCOL_SCALAR4: i32 = PROTOCOL_SCALAR3 + SCALAR_LEN;
export const PROTOCOL_POINT1: i32 = PROTOCOL_SCALAR4 + SCALAR_LEN;
export const PROTOCOL_POINT2: i32 = PROTOCOL_POINT1 + 2 * ELEMENT_LEN;
export const PROTOCOL_POINT3: i32 = PROTOCOL_POINT2 + 2 * ELEMENT_LEN;
export const PROTOCOL_SUM: i32 = PROTOCOL_POINT3 + 2 * ELEMENT_LEN;
export const PROTOCOL_X: i32 = PROTOCOL_SUM + 3 * ELEMENT_LEN;
export const PROTOCOL_BYTES: i32 = PROTOCOL_X + ELEMENT_LEN;
/** Nonces of signatures: HMAC-SHA256's state, padded key and inner digest; the generator's K, what it hashes (V first), what it gave. */
export const NONCE_STATE: i32 = PROTOCOL_BYTES + 256;
export const NONCE_BLOCK: i32 = NONCE_STATE + SHA256_STATE_LEN;
export const NONCE_INNER: i32 = NONCE_BLOCK + 64;
export const NONCE_KEY: i32 = NONCE_INNER + 32;
export const NONCE_TEXT: i32 = NONCE_KEY + 32;
export const NONCE_BITS: i32 = NONCE_TEXT + 112;
export const CURVE_END: i32 = NONCE_BITS + 64;

/** Window tables of the two base points, built when they are first needed. */
export const BASES: i32 = CURVE + CURVE_SIZE;
export const BASES_SIZE: i32 = 2624;
export const BASE_TABLE_163: i32 = BASES;
export const BASE_TABLE_283: i32 = BASE_TABLE_163 + 32 + 16 * 64;

/** The public key that `ecdsaPrepare` made ready: its suite, 0 for none, and from byte 16 its window table. */
export const VERIFIER: i32 = BASES + BASES_SIZE;
export const VERIFIER_SIZE: i32 = 1584;
export const VERIFIER_SUITE: i32 = VERIFIER;
export const VERIFIER_TABLE: i32 = VERIFIER + 16;

/** The first byte above the map; static data of the module starts here (the build passes it as --memoryBase). */
export const MAP_END: i32 = VERIFIER + VERIFIER_SIZE;

/** Pages of 64 KiB, fixed: memory never grows, so the host's views never detach. */
export const MEMORY_PAGES: i32 = 3;

// ---- REC: what rx found --------------------------------------------------------------------------------------------

// The head. A field that the frame does not have is 0.

/** u16 answer of the call, `layer * 256 + reason`, 0 = every layer accepted. */
export const REC_CODE: i32 = 0;
/** u16 byte offset in the frame at which the refusal arose. */
export const REC_OFFSET: i32 = 2;
/** u32 bits of `Layer`: which layers were read, which were opened, and in which a replay was seen. */
export const REC_LAYERS: i32 = 4;
/**
 * u16 offset in PLAIN and u16 length of the innermost payload that was reached. A payload of command frames (MAC, NWK, APS)
 * begins with the command identifier; a payload that was not opened is the ciphertext without auxiliary header and MIC.
 */
export const REC_PAYLOAD: i32 = 8;
export const REC_PAYLOAD_LEN: i32 = 10;

/** MAC header (IEEE 802.15.4-2006 clause 7.2); frame control to source stand as on the air between short addresses of one PAN. */
export const REC_MAC_FCF: i32 = 12; // u16
export const REC_MAC_SEQ: i32 = 14; // u8
export const REC_MAC_DST_PAN: i32 = 15; // u16
export const REC_MAC_DST_SHORT: i32 = 17; // u16
export const REC_MAC_SRC_SHORT: i32 = 19; // u16
export const REC_MAC_COMMAND: i32 = 21; // u8, MAC command frames only
export const REC_MAC_FCS_OK: i32 = 22; // u8: 1 correct, 0 wrong, 255 not present

/** NWK header (ZigBee specification 3.3.1); frame control to sequence number stand as on the air. */
export const REC_NWK_COMMAND: i32 = 23; // u8, NWK command frames only, once opened
export const REC_NWK_FCF: i32 = 24; // u16
export const REC_NWK_DST: i32 = 26; // u16
export const REC_NWK_SRC: i32 = 28; // u16
export const REC_NWK_RADIUS: i32 = 30; // u8
export const REC_NWK_SEQ: i32 = 31; // u8

/** APS header (ZigBee specification 2.2.5.1); frame control to counter stand as on the air in a frame to an endpoint. */
export const REC_APS_FCF: i32 = 32; // u8
export const REC_APS_DST_EP: i32 = 33; // u8
export const REC_APS_CLUSTER: i32 = 34; // u16
export const REC_APS_PROFILE: i32 = 36; // u16
export const REC_APS_SRC_EP: i32 = 38; // u8
export const REC_APS_COUNTER: i32 = 39; // u8

/** NWK auxiliary security header (ZigBee specification 4.5.1); its source, MIC, replay and key stand behind the head. */
export const REC_NWK_AUX: i32 = 40; // u16 offset
export const REC_NWK_AUX_CONTROL: i32 = 42; // u8 as received (level bits not restored)
export const REC_NWK_AUX_KEY_SEQ: i32 = 43; // u8
export const REC_NWK_AUX_COUNTER: i32 = 44; // u32

/** Group of an APS frame to a group, and the command identifier of an APS command frame. */
export const REC_APS_GROUP: i32 = 48; // u16
export const REC_APS_COMMAND: i32 = 50; // u8, once opened

/** ZCL header (ZCL specification 2.4.1); only for APS data frames of a profile other than ZDP. */
export const REC_ZCL_FC: i32 = 51; // u8
export const REC_ZCL_SEQ: i32 = 52; // u8
export const REC_ZCL_COMMAND: i32 = 53; // u8
export const REC_ZCL_MANUFACTURER: i32 = 54; // u16

/** APS auxiliary security header. */
export const REC_APS_AUX: i32 = 56; // u16 offset
export const REC_APS_AUX_CONTROL: i32 = 58; // u8
export const REC_APS_AUX_KEY_SEQ: i32 = 59; // u8
export const REC_APS_AUX_COUNTER: i32 = 60; // u32

/** Behind the head: the rest of the MAC header. Addresses of 8 bytes stand as on the air (least significant byte first). */
export const REC_MAC_SRC_PAN: i32 = REC_HEAD_SIZE; // u16
export const REC_MAC_FIELDS: i32 = 66; // u8 bits of `MacField`: which optional fields the header has
export const REC_MAC_FCS: i32 = 68; // u16 as received
export const REC_MAC_PAYLOAD: i32 = 70; // u16 offset
export const REC_MAC_PAYLOAD_LEN: i32 = 72; // u16

/** The rest of the NWK header. */
export const REC_NWK: i32 = 74; // u16 offset of the header
export const REC_NWK_MULTICAST: i32 = 76; // u8 multicast control, when present
export const REC_NWK_RELAY_COUNT: i32 = 77; // u8 source route
export const REC_NWK_RELAY_INDEX: i32 = 78; // u8
export const REC_NWK_RELAYS: i32 = 80; // u16 offset of the relay list
export const REC_NWK_PAYLOAD: i32 = 82; // u16 offset
export const REC_NWK_PAYLOAD_LEN: i32 = 84; // u16

/** The rest of the APS and ZCL headers. */
export const REC_APS: i32 = 86; // u16 offset
export const REC_APS_EXT: i32 = 88; // u8 extended frame control
export const REC_APS_BLOCK: i32 = 89; // u8
export const REC_APS_ACK_BITS: i32 = 90; // u8
export const REC_APS_PAYLOAD: i32 = 92; // u16 offset
export const REC_APS_PAYLOAD_LEN: i32 = 94; // u16
export const REC_ZCL: i32 = 96; // u16 offset

export const REC_MAC_DST_EUI: i32 = 104; // 8 bytes
export const REC_MAC_SRC_EUI: i32 = 112; // 8 bytes
export const REC_NWK_DST_EUI: i32 = 120; // 8 bytes
export const REC_NWK_SRC_EUI: i32 = 128; // 8 bytes

/** The rest of the auxiliary headers, first NWK's. */
export const REC_NWK_AUX_EUI: i32 = 136; // 8 bytes: the source used in the nonce
export const REC_NWK_MIC: i32 = 144; // u16 offset; the MIC has 4 bytes
export const REC_NWK_REPLAY: i32 = 146; // u8: 1 when passive reception saw a counter that a receiver must refuse
export const REC_NWK_KEY: i32 = 148; // i32 handle of the key that opened it
export const REC_APS_AUX_EUI: i32 = 152; // 8 bytes
export const REC_APS_MIC: i32 = 160; // u16 offset
export const REC_APS_REPLAY: i32 = 162; // u8
export const REC_APS_KEY: i32 = 164; // i32 handle

/** Offsets within the record of an auxiliary header; those of NWK and APS are arranged alike. */
export const AUX_CONTROL: i32 = REC_NWK_AUX_CONTROL - REC_NWK_AUX;
export const AUX_KEY_SEQ: i32 = REC_NWK_AUX_KEY_SEQ - REC_NWK_AUX;
export const AUX_COUNTER: i32 = REC_NWK_AUX_COUNTER - REC_NWK_AUX;
export const AUX_EUI: i32 = REC_NWK_AUX_EUI - REC_NWK_AUX;
export const AUX_MIC: i32 = REC_NWK_MIC - REC_NWK_AUX;
export const AUX_REPLAY: i32 = REC_NWK_REPLAY - REC_NWK_AUX;
export const AUX_KEY: i32 = REC_NWK_KEY - REC_NWK_AUX;

/**
 * i32 handle of the key that a Transport-Key command brought, or 0. Outside passive reception the core puts that key into
 * a slot itself and blanks its bytes in PLAIN, so that the host never sees them.
 */
export const REC_CARRIED: i32 = 168;

// ---- TX: what tx emits ---------------------------------------------------------------------------------------------

/** u32 bits of `Layer`: which headers to write (MAC always; NWK_SECURED and APS_SECURED ask for security). */
export const TX_LAYERS: i32 = 0;
/** u16 length of the payload in IN (what follows the innermost header asked for). */
export const TX_PAYLOAD_LEN: i32 = 4;
export const TX_MAC_FCF: i32 = 6; // u16
export const TX_MAC_SEQ: i32 = 8; // u8
export const TX_MAC_DST_PAN: i32 = 10; // u16
export const TX_MAC_SRC_PAN: i32 = 12; // u16
export const TX_MAC_DST_SHORT: i32 = 14; // u16
export const TX_MAC_SRC_SHORT: i32 = 16; // u16
export const TX_MAC_DST_EUI: i32 = 18; // 8 bytes
export const TX_MAC_SRC_EUI: i32 = 26; // 8 bytes
export const TX_NWK_FCF: i32 = 34; // u16
export const TX_NWK_DST: i32 = 36; // u16
export const TX_NWK_SRC: i32 = 38; // u16
export const TX_NWK_RADIUS: i32 = 40; // u8
export const TX_NWK_SEQ: i32 = 41; // u8
export const TX_NWK_DST_EUI: i32 = 42; // 8 bytes
export const TX_NWK_SRC_EUI: i32 = 50; // 8 bytes
/** i32 handle of the network key (NWK security). */
export const TX_NWK_KEY: i32 = 60;
export const TX_APS_FCF: i32 = 64; // u8
export const TX_APS_DST_EP: i32 = 65; // u8
export const TX_APS_GROUP: i32 = 66; // u16
export const TX_APS_CLUSTER: i32 = 68; // u16
export const TX_APS_PROFILE: i32 = 70; // u16
export const TX_APS_SRC_EP: i32 = 72; // u8
export const TX_APS_COUNTER: i32 = 73; // u8
/** u8 key identifier of APS security (0 link, 2 key-transport, 3 key-load). */
export const TX_APS_KEY_ID: i32 = 74;
/** u8: 1 puts the source EUI-64 into the APS auxiliary header. */
export const TX_APS_EXT_NONCE: i32 = 75;
/** i32 handle of the link key (APS security). */
export const TX_APS_KEY: i32 = 76;
export const TX_ZCL_FC: i32 = 80; // u8
export const TX_ZCL_SEQ: i32 = 81; // u8
export const TX_ZCL_MANUFACTURER: i32 = 82; // u16
export const TX_ZCL_COMMAND: i32 = 84; // u8
/** 8 bytes: the sender's own EUI-64, used in the nonces. */
export const TX_SELF_EUI: i32 = 86;
/** u16, written by the call: length of the frame in OUT, FCS included. */
export const TX_FRAME_LEN: i32 = 94;
/** i32 handle of a key to be carried in a Transport-Key command at TX_CARRIED_OFFSET of the payload; 0 = none. */
export const TX_CARRIED_KEY: i32 = 96;
export const TX_CARRIED_OFFSET: i32 = 100; // u16
export const TX_NWK_MULTICAST: i32 = 102; // u8 multicast control, when the frame control asks for it
export const TX_APS_EXT: i32 = 103; // u8 extended frame control, when the frame control asks for it
export const TX_APS_BLOCK: i32 = 104; // u8
export const TX_APS_ACK_BITS: i32 = 105; // u8
export const TX_NWK_RELAY_COUNT: i32 = 106; // u8 source route, when the frame control asks for it; more than 60 never fit
export const TX_NWK_RELAY_INDEX: i32 = 107; // u8
export const TX_NWK_RELAYS: i32 = 108; // 60 u16

// ---- KEY: parameters of the key calls ------------------------------------------------------------------------------

export const KEY_EUI: i32 = 0; // 8 bytes: partner (link key), identity (seal), sender (counters); air order
export const KEY_SEQ: i32 = 8; // u8 network key sequence number
export const KEY_KIND: i32 = 9; // u8 `KeyKind`
export const KEY_FLAGS: i32 = 10; // u8 `KeyFlag`
export const KEY_SUITE: i32 = 11; // u8 `Suite` of a certificate key
export const KEY_NEXT: i32 = 12; // u32 next counter
export const KEY_LIMIT: i32 = 16; // u32 first counter not to be used
export const KEY_NONCE: i32 = 20; // 13 bytes
export const KEY_PAN: i32 = 34; // u16
export const KEY_SHORT: i32 = 36; // u16
export const KEY_OUT_LEN: i32 = 38; // u16 bytes that a call of CBKE, or keySeal, left in OUT
export const KEY_INDEX: i32 = 40; // i32 position for the listing calls
export const KEY_PLACE: i32 = 44; // 16 bytes: where a sealed record belongs

// ---- slots and tables ----------------------------------------------------------------------------------------------

export const SLOT_KIND: i32 = 0; // u8 `KeyKind`, 0 = free
export const SLOT_SEQ: i32 = 1; // u8 network key sequence
export const SLOT_FLAGS: i32 = 2; // u8 `KeyFlag`
export const SLOT_SUITE: i32 = 3; // u8 `Suite` of a certificate key or an exchange
export const SLOT_GENERATION: i32 = 4; // u32, survives erase: a stale handle never matches
export const SLOT_EUI: i32 = 8; // 8 bytes: the partner of a link key or an exchange, the subject of a certificate key
export const SLOT_OUT_NEXT: i32 = 16; // u32
export const SLOT_OUT_LIMIT: i32 = 20; // u32
export const SLOT_RAW: i32 = 32; // 16 bytes: the only copy of the key
export const SLOT_SCHEDULE: i32 = 48; // 176 bytes: round keys in the basis of the vector-permute AES

/**
 * An exchange of CBKE: first the ephemeral private key and what the partner's certificate yielded, as elements; then, agreed, link key and
 * both MACs. A certificate key fills SLOT_RAW and what follows with CERTIFICATE_KEY1_LEN or CERTIFICATE_KEY2_LEN bytes.
 */
export const SLOT_ROLE: i32 = 24; // u8 `Role`
export const SLOT_STEP: i32 = 25; // u8: 1 begun, 2 agreed
export const SLOT_OWN: i32 = 28; // i32 handle of the certificate key
export const SLOT_PRIVATE: i32 = 32; // 36 bytes, big-endian; until agreed
export const SLOT_LINK_KEY: i32 = 32; // 16 bytes, once agreed
export const SLOT_EXPECTED: i32 = 48; // 16 bytes, once agreed: the MAC that the partner has to send
export const SLOT_EPHEMERAL: i32 = 68; // 37 bytes: the ephemeral public key, compressed
export const SLOT_ANSWER: i32 = 105; // 16 bytes, once agreed: the MAC to send
export const SLOT_PARTNER_KEY: i32 = 128; // 96 bytes: the partner's static public key

export const COUNTER_EUI: i32 = 0; // 8 bytes
export const COUNTER_HANDLE: i32 = 8; // i32 handle, 0 = free
export const COUNTER_NEXT: i32 = 12; // u32 lowest counter still acceptable (last + 1)

export const ADDRESS_PAN: i32 = 0; // u16
export const ADDRESS_SHORT: i32 = 2; // u16
export const ADDRESS_USED: i32 = 4; // u8
export const ADDRESS_EUI: i32 = 8; // 8 bytes

/** A sealed key: version 2, kind, sequence (suite of a certificate key), partner, nonce, encrypted key, message integrity code. */
export const SEALED_VERSION: i32 = 0; // u8
export const SEALED_KIND: i32 = 1; // u8 `KeyKind`
export const SEALED_SEQ: i32 = 2; // u8
export const SEALED_EUI: i32 = 3; // 8 bytes, air order
export const SEALED_NONCE: i32 = 11; // 13 bytes
export const SEALED_KEY: i32 = 24; // 16 bytes; of a certificate key CERTIFICATE_KEY1_LEN or CERTIFICATE_KEY2_LEN
export const SEALED_MIC_LEN: i32 = 16; // behind the key
export const SEALED_LEN: i32 = SEALED_KEY + 16 + SEALED_MIC_LEN; // of a network or link key

// ---- suites ---------------------------------------------------------------------------------------------------------

/** Suite 1, sect163k1: bytes of a field element or scalar, of a compressed point, of a certificate. */
export const FIELD1_LEN: i32 = 21;
export const POINT1_LEN: i32 = 22;
export const CERTIFICATE1_LEN: i32 = 48;
/** Suite 2, sect283k1. */
export const FIELD2_LEN: i32 = 36;
export const POINT2_LEN: i32 = 37;
export const CERTIFICATE2_LEN: i32 = 74;

/** A certificate key as it stands in its slot: private key, CA public key, certificate, without gaps. */
export const CERTIFICATE_KEY1_LEN: i32 = FIELD1_LEN + POINT1_LEN + CERTIFICATE1_LEN;
export const CERTIFICATE_KEY2_LEN: i32 = FIELD2_LEN + POINT2_LEN + CERTIFICATE2_LEN;

/** Random bytes that a private key is made of, both suites. */
export const ENTROPY_LEN: i32 = 48;

/** Fields of a suite 1 certificate. EUI-64s stand most significant byte first, unlike everywhere else. */
export const CERTIFICATE1_POINT: i32 = 0; // 22 bytes
export const CERTIFICATE1_SUBJECT: i32 = 22; // 8 bytes
export const CERTIFICATE1_ISSUER: i32 = 30; // 8 bytes
export const CERTIFICATE1_ATTRIBUTES: i32 = 38; // 10 bytes of the profile, the first two its number

/** Fields of a suite 2 certificate; numbers are big-endian. */
export const CERTIFICATE2_TYPE: i32 = 0; // u8: 0, implicit without extensions
export const CERTIFICATE2_SERIAL: i32 = 1; // 8 bytes
export const CERTIFICATE2_CURVE: i32 = 9; // u8: 13, sect283k1
export const CERTIFICATE2_HASH: i32 = 10; // u8: 8, AES-MMO
export const CERTIFICATE2_ISSUER: i32 = 11; // 8 bytes
export const CERTIFICATE2_FROM: i32 = 19; // 5 bytes: seconds of Unix time from which it holds
export const CERTIFICATE2_VALIDITY: i32 = 24; // u32: seconds that it holds, all ones for ever
export const CERTIFICATE2_SUBJECT: i32 = 28; // 8 bytes
export const CERTIFICATE2_USAGE: i32 = 36; // u8 bits of `KeyUsage`
export const CERTIFICATE2_POINT: i32 = 37; // 37 bytes

// ---- IMG: what image verification found ----------------------------------------------------------------------------

export const IMG_CODE: i32 = 0; // u32 code of the first failed check, 0 = accepted
export const IMG_LENGTH: i32 = 4; // u32 bytes received
export const IMG_TOTAL: i32 = 8; // u32 total image size of the header
export const IMG_FIELDS: i32 = 12; // u16 field control
export const IMG_HEADER_VERSION: i32 = 14; // u16
export const IMG_HEADER_LEN: i32 = 16; // u16
export const IMG_MANUFACTURER: i32 = 18; // u16
export const IMG_TYPE: i32 = 20; // u16
export const IMG_STACK: i32 = 22; // u16
export const IMG_FILE_VERSION: i32 = 24; // u32
export const IMG_STRING: i32 = 28; // 32 bytes header string
export const IMG_DESTINATION: i32 = 60; // 8 bytes EUI-64, air order
export const IMG_HW_MIN: i32 = 68; // u16
export const IMG_HW_MAX: i32 = 70; // u16
export const IMG_CREDENTIAL: i32 = 72; // u8 security credential version
export const IMG_OPTIONAL: i32 = 73; // u8: 1 once the optional fields of the header were read
export const IMG_INTEGRITY: i32 = 74; // u8 `Integrity`
export const IMG_ELEMENTS_SEEN: i32 = 76; // u32, may exceed IMG_ELEMENT_COUNT
export const IMG_INTEGRITY_OFFSET: i32 = 80; // u32 offset of the element's tag
export const IMG_INTEGRITY_FOUND: i32 = 84; // 16 bytes carried by the file
export const IMG_INTEGRITY_EXPECTED: i32 = 100; // 16 bytes computed, long padding before the tag header
export const IMG_SUITE: i32 = 116; // u8 `Suite` of the signature, 0 = none
export const IMG_AUTHORITY: i32 = 117; // u8 position in IMG_AUTHORITIES of whose key verified, plus one; 0 = none
export const IMG_USAGE: i32 = 118; // u8 key usage of the certificate (suite 2)
export const IMG_SIGNED_BY: i32 = 120; // 8 bytes EUI-64 that the signature names, air order
export const IMG_SUBJECT: i32 = 128; // 8 bytes EUI-64 of the certificate's subject, air order
export const IMG_ISSUER: i32 = 136; // 8 bytes EUI-64 of its issuer, air order
export const IMG_SIGNED_DIGEST: i32 = 144; // 16 bytes AES-MMO of what was signed
export const IMG_SIGNED_LEN: i32 = 160; // u32 bytes that were signed
export const IMG_PUBLIC_KEY: i32 = 164; // 37 bytes: the signer's compressed public key, 22 used by suite 1

export const CHECK_RESULT: i32 = 0; // u8 `CheckResult`
export const CHECK_REASON: i32 = 1; // u8 `ImageReason` of a failed one
export const CHECK_START: i32 = 4; // u32 first byte of the file that was looked at, or that is wrong
export const CHECK_END: i32 = 8; // u32 first byte behind

export const ELEMENT_TAG: i32 = 0; // u16
export const ELEMENT_LENGTH: i32 = 4; // u32
export const ELEMENT_OFFSET: i32 = 8; // u32 offset of the data in the file

export const AUTHORITY_SUITE: i32 = 0; // u8 `Suite`
export const AUTHORITY_FLAGS: i32 = 1; // u8 `AuthorityFlag`
export const AUTHORITY_ISSUER: i32 = 2; // 8 bytes EUI-64, air order
export const AUTHORITY_KEY: i32 = 10; // 37 bytes: compressed public key, 22 used by suite 1

// ---- IMAGE_STATE: where streaming verification stands ---------------------------------------------------------------

export const STATE_PHASE: i32 = 0; // u32, see image/verification.ts
export const STATE_FLAGS: i32 = 4; // u32 `ImageFlag`
export const STATE_HELD: i32 = 8; // u32 bytes in STATE_HEADER
export const STATE_NEEDED: i32 = 12; // u32 bytes that STATE_HEADER waits for
export const STATE_LEFT: i32 = 16; // u32 bytes of the element still to come
export const STATE_START: i32 = 20; // u32 offset of the element's header
export const STATE_AUTHORITIES: i32 = 24; // u32 entries of IMG_AUTHORITIES
export const STATE_SIGNERS: i32 = 28; // u32 entries of IMG_SIGNERS
export const STATE_SIGNATURES: i32 = 32; // u32 signature elements so far
export const STATE_SIGNATURE_AT: i32 = 36; // u32 offset of the last one's header
export const STATE_CERTIFICATES: i32 = 40; // u32 certificates of suite 1 so far, then u32 of suite 2
export const STATE_CERTIFICATES_AT: i32 = 48; // u32 offset of the last one's header, then that of suite 2
export const STATE_HEADER: i32 = 64; // 80 bytes: the file header, then each element header
/** AES-MMO states: the whole file so far, up to the last element header, with the integrity code's header, and what was signed. */
export const STATE_MMO: i32 = STATE_HEADER + 80;
export const STATE_MMO_BEFORE: i32 = STATE_MMO + MMO_STATE_LEN;
export const STATE_MMO_WITH: i32 = STATE_MMO_BEFORE + MMO_STATE_LEN;
export const STATE_MMO_SIGNED: i32 = STATE_MMO_WITH + MMO_STATE_LEN;
/** The last signature element's data, and that of the last certificate of each suite. */
export const STATE_SIGNATURE: i32 = STATE_MMO_SIGNED + MMO_STATE_LEN; // 80 bytes
export const STATE_CERTIFICATE1: i32 = STATE_SIGNATURE + 80; // 48 bytes
export const STATE_CERTIFICATE2: i32 = STATE_CERTIFICATE1 + CERTIFICATE1_LEN; // 74 bytes
