/** The APS frame inside a Tunnel command (ZigBee 4.4.10.8), made into a frame that the core can read. */
import type { Frame } from '../model/frame.ts';

const NWK_SECURED = 0x02;

/**
 * The tunnelled frame as if it had come alone, unsecured at the NWK layer and without FCS: the MAC and NWK headers of the
 * frame around it, then its own bytes. Undefined for a frame without NWK header.
 */
export function untunnel(around: Partial<Frame>, inner: Uint8Array): Uint8Array | undefined {
  const { nwk, bytes } = around;
  if (nwk === undefined || bytes === undefined) return undefined;
  const header = bytes.slice(0, nwk.security?.offset ?? nwk.payload.offset);
  const control = nwk.offset + 1;
  header[control] = (header[control] ?? 0) & ~NWK_SECURED;
  return Uint8Array.from([...header, ...inner]);
}
