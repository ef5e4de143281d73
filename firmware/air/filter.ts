/**
 * What a transceiver's hardware reads of a frame: enough of the MAC header (IEEE 802.15.4-2006 clause 7.2.1) to filter by
 * address (7.5.6.2) and to acknowledge. Everything else of a frame is the core's business.
 */
import { euiFromAir } from '../../host/model/ids.ts';
import type { RadioSettings } from '../../host/ports/radio.ts';
import { fcs } from './fcs.ts';

const BEACON = 0;
const ACK = 2;
const COMMAND = 3;
const DATA_REQUEST = 4;
const ACK_REQUEST = 0x20;
const PAN_COMPRESSION = 0x40;
const BROADCAST = 0xffff;

/** Number of the acknowledged frame when the PSDU is an acknowledgement, else undefined. */
export const acknowledged = (psdu: Uint8Array): number | undefined => ((psdu[0]! & 7) === ACK ? psdu[2] : undefined);

/** Whether the sender waits for an acknowledgement of this frame. */
export const wantsAcknowledgement = (psdu: Uint8Array): boolean => (psdu[0]! & ACK_REQUEST) !== 0;

/** Sequence number of a frame. */
export const sequence = (psdu: Uint8Array): number => psdu[2]!;

/**
 * The acknowledgement of a frame. Its frame-pending bit is set for data requests, as transceivers do that keep no table
 * of pending addresses: the poller then waits for the frame that the coordinator sends.
 */
export function acknowledgement(psdu: Uint8Array): Uint8Array {
  const pending = (psdu[0]! & 7) === COMMAND && commandId(psdu) === DATA_REQUEST ? 0x10 : 0;
  const ack = Uint8Array.of(ACK | pending, 0, sequence(psdu), 0, 0);
  new DataView(ack.buffer).setUint16(3, fcs(ack, 3), true);
  return ack;
}

/** Whether a transceiver with these settings takes the frame, and whether it was addressed to it alone. */
export function accepts(psdu: Uint8Array, own: RadioSettings): 'unicast' | 'broadcast' | 'no' {
  if (psdu.length < 5) return 'no';
  const type = psdu[0]! & 7;
  const { dstMode, srcMode } = modes(psdu);
  let at = 3;
  const u16 = (): number => ((at += 2), (psdu[at - 2] ?? 0) | ((psdu[at - 1] ?? 0) << 8));
  if (dstMode === 0) {
    const source = srcMode === 0 ? undefined : u16();
    if (type === BEACON) return source === own.panId || own.panId === BROADCAST ? 'broadcast' : 'no';
    return source === own.panId && own.shortAddress === 0 ? 'unicast' : 'no';
  }
  const pan = u16();
  if (pan !== own.panId && pan !== BROADCAST) return 'no';
  if (dstMode === 2) {
    const short = u16();
    if (short === BROADCAST) return 'broadcast';
    return short === own.shortAddress && pan !== BROADCAST ? 'unicast' : 'no';
  }
  if (dstMode !== 3 || psdu.length < at + 8) return 'no';
  return euiFromAir(psdu.subarray(at, at + 8)) === own.eui ? 'unicast' : 'no';
}

function modes(psdu: Uint8Array): { dstMode: number; srcMode: number } {
  return { dstMode: (psdu[1]! >> 2) & 3, srcMode: psdu[1]! >> 6 };
}

const ADDRESS_LENGTH = [0, 0, 2, 8];

function commandId(psdu: Uint8Array): number | undefined {
  const { dstMode, srcMode } = modes(psdu);
  const srcPan = srcMode === 0 || (psdu[0]! & PAN_COMPRESSION) !== 0 ? 0 : 2;
  return psdu[3 + (dstMode === 0 ? 0 : 2) + ADDRESS_LENGTH[dstMode]! + srcPan + ADDRESS_LENGTH[srcMode]!];
}
