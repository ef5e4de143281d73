/**
 * Ways from an input to a frame. A change on the air rarely gets past the first MIC; so plaintexts are changed and secured
 * afterwards: by `tx` of a second core where the headers are right, by an independent CCM* where they are to lie.
 *
 * Head of an input: flags of `rx`, state of the core (`world.ts`), and two bytes that the way uses.
 */
import { TX_SIZE } from '../../assembly/abi/layout.ts';
import { KEY_ID } from '../../host/core/control.ts';
import type { KeyHandle, TxFrame } from '../../host/model/frame.ts';
import { bytes, derived, join, le } from '../kit/frame-oracle.ts';
import { sealed } from './envelope.ts';
import { fcsOf } from './fcs.ts';
import { apsHeaderLength, nwkHeaderLength } from './header-lengths.ts';
import { Sealer } from './sealer.ts';
import { linkKey, networkKey, PAN, SENDER, STRANGER } from './world.ts';

/** Bytes of the head of an input that becomes a frame. */
export const FRAME_HEAD = 4;
/** Places in that head. */
export const HEAD = { FLAGS: 0, WORLD: 1, A: 2, B: 3 } as const;

/** A way from an input to a frame; the frame is a view that holds until the next call. */
export interface Way {
  readonly name: string;
  /** Longest body. */
  readonly limit: number;
  build(input: Uint8Array): Uint8Array;
}

/** The body is a frame without FCS; a right FCS is put behind it, unless bit 0 of A is set. */
export function onAir(): Way {
  const frame = new Uint8Array(256);
  return {
    name: 'air',
    limit: 160,
    build(input) {
      const body = input.subarray(FRAME_HEAD);
      frame.set(body);
      if ((input[HEAD.A] ?? 0) & 1) return frame.subarray(0, body.length);
      const fcs = fcsOf(body);
      frame[body.length] = fcs;
      frame[body.length + 1] = fcs >> 8;
      return frame.subarray(0, body.length + 2);
    },
  };
}

const MAC_HEADER = { fcf: 0x8841, seq: 1, dstPan: PAN, dst: 0x1234, src: 0x0000 };
const NWK_HEADER = { dst: 0x1234, src: 0x0000, radius: 30, seq: 1 };
const NWK_DATA = 0x0208;
const NWK_COMMAND = 0x0209;
const APS_HEADER = { dstEndpoint: 1, cluster: 0x0019, profile: 0x0109, srcEndpoint: 1, counter: 1 };
/** APS data, command, and acknowledgement, all secured. */
const APS_CONTROLS = [0x20, 0x21, 0x22, 0x21];
const APS_KEYS = [KEY_ID.DATA, KEY_ID.TRANSPORT, KEY_ID.LOAD] as const;

const nwkFrame = (fcf: number, key: KeyHandle): TxFrame => ({
  self: SENDER,
  mac: MAC_HEADER,
  nwk: { ...NWK_HEADER, fcf, key },
  payload: new Uint8Array(0),
});

/** The body is the payload of a secured NWK frame: an APS frame, or with bit 0 of A a NWK command. Sealed by `tx`. */
export function inNwk(module: WebAssembly.Module): Way {
  const sealer = new Sealer(module);
  const data = sealer.template(({ network }) => nwkFrame(NWK_DATA, network));
  const command = sealer.template(({ network }) => nwkFrame(NWK_COMMAND, network));
  return { name: 'nwk', limit: 90, build: (input) => sealer.seal((input[HEAD.A] ?? 0) & 1 ? command : data, input.subarray(FRAME_HEAD)) };
}

/** The body is the payload of a secured APS frame in a secured NWK frame; A chooses its type, B key and nonce. Sealed by `tx`. */
export function inAps(module: WebAssembly.Module): Way {
  const sealer = new Sealer(module);
  const templates = APS_CONTROLS.map((fcf) =>
    APS_KEYS.flatMap((keyId) =>
      [true, false].map((extendedNonce) =>
        sealer.template(({ network, link }) => ({
          ...nwkFrame(NWK_DATA, network),
          aps: { ...APS_HEADER, fcf, security: { key: link, keyId, extendedNonce } },
        })),
      ),
    ),
  );
  return {
    name: 'aps',
    limit: 64,
    build(input) {
      const row = templates[(input[HEAD.A] ?? 0) % templates.length] ?? [];
      return sealer.seal(row[(input[HEAD.B] ?? 0) % row.length] ?? new Uint8Array(TX_SIZE), input.subarray(FRAME_HEAD));
    },
  };
}

/**
 * The body is a NWK frame in clear whose headers may say anything; it is secured as they say, so that the MIC is right.
 * A: bit 0 no extended nonce, bit 1 APS security as well, bits 2 and 3 its key identifier, bit 4 its extended nonce,
 * bit 5 APS level bits on the air, bit 6 a sender that nobody knows, bit 7 NWK level bits. B: key sequence number.
 */
export function lying(): Way {
  // By key identifier: the link key, the network key, and the keys derived for key-transport and key-load.
  const apsKeys = [linkKey(), networkKey(), derived(linkKey(), 0), derived(linkKey(), 2)];
  return {
    name: 'lying',
    limit: 110,
    build(input) {
      const a = input[HEAD.A] ?? 0;
      const frame = Uint8Array.from(input.subarray(FRAME_HEAD));
      if (frame.length > 1) frame[1] = (frame[1] ?? 0) | 0x02;
      const source = a & 0x40 ? STRANGER : SENDER;
      const counter = 1 + ((input[HEAD.B] ?? 0) & 0x0f);
      const at = Math.min(frame.length, nwkHeaderLength(frame));
      let payload: Uint8Array = frame.subarray(at);
      if (a & 0x02) {
        const inner = Uint8Array.from(payload);
        if (inner.length > 0) inner[0] = (inner[0] ?? 0) | 0x20;
        const end = Math.min(inner.length, apsHeaderLength(inner));
        const keyId = ((a >> 2) & 3) as 0 | 1 | 2 | 3;
        const envelope = {
          key: apsKeys[keyId] ?? linkKey(),
          source,
          counter,
          keyId,
          extendedNonce: (a & 0x10) !== 0,
          level: a & 0x20 ? 5 : 0,
        };
        payload = sealed(inner.subarray(0, end), envelope, inner.subarray(end));
      }
      const keySeq = (input[HEAD.B] ?? 0) >> 4;
      const envelope = {
        key: networkKey(),
        source,
        counter,
        keyId: 1,
        keySeq,
        extendedNonce: (a & 1) === 0,
        level: a & 0x80 ? 5 : 0,
      } as const;
      const whole = join(bytes('4188 01 621a 3412 0000'), sealed(frame.subarray(0, at), envelope, payload));
      return join(whole, le(fcsOf(whole), 2));
    },
  };
}
