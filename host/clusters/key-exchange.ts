/**
 * Key Establishment cluster 0x0800 (ZSE annex C) as devices speak it: payloads with the certificate and the keys as bytes. How a sniffer
 * shows them is `key-establishment.ts`.
 */
import { decoder, encoder } from './codec.ts';
import { dec, hex, raw, type Format } from './item.ts';

/** Commands, the same numbers in both directions: the client asks, the server answers, either may end it. */
export const KeCommand = { INITIATE: 0x00, EPHEMERAL: 0x01, CONFIRM: 0x02, TERMINATE: 0x03 } as const;

/** Why an exchange is ended (ZSE annex C.3.1.2.3.4; 5 and 6 came with suite 2). */
export const KeStatus = {
  UNKNOWN_ISSUER: 0x01,
  BAD_KEY_CONFIRM: 0x02,
  BAD_MESSAGE: 0x03,
  NO_RESOURCES: 0x04,
  UNSUPPORTED_SUITE: 0x05,
  INVALID_CERTIFICATE: 0x06,
} as const;

/** Attribute of the server: a bit for each suite that it can. */
export const KeAttribute = { SUITE: 0x0000 } as const;

/** Initiate Key Establishment, Request or Response. */
export interface Initiate {
  /** Bits of suites; exactly one must be set. */
  readonly suite: number;
  /** Seconds that the sender may need to make its ephemeral key, and its confirmation. */
  readonly ephemeralTime: number;
  readonly confirmTime: number;
  readonly certificate: Uint8Array;
}

/** Terminate Key Establishment. */
export interface Terminate {
  readonly status: number;
  /** Seconds to wait before another attempt. */
  readonly waitTime: number;
  /** Bits of the suites that the sender can. */
  readonly suite: number;
}

const suite = hex(2, '', 'suite');
const INITIATE: Format = [suite, dec(1, '', 'ephemeralTime'), dec(1, '', 'confirmTime'), raw('rest', '', 'certificate')];
const TERMINATE: Format = [hex(1, '', 'status'), dec(1, '', 'waitTime'), suite];

/** Makes the payload of Initiate. */
export const encodeInitiate = encoder<Initiate>(INITIATE);
/** Reads the payload of Initiate; undefined when it is too short for its fields. How long a certificate is depends on the suite. */
export const decodeInitiate = decoder<Initiate>(INITIATE);
/** Makes the payload of Terminate. */
export const encodeTerminate = encoder<Terminate>(TERMINATE);
/** Reads the payload of Terminate; undefined when it is too short. */
export const decodeTerminate = decoder<Terminate>(TERMINATE);
