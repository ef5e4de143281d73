/**
 * Who sent a frame that names a short address only: the table of addresses that verified frames, or the host, filled.
 */
import { REC, REC_MAC_DST_PAN, REC_MAC_FCF, REC_MAC_SRC_PAN } from '../abi/layout.ts';
import { find } from '../keys/addresses.ts';
import * as mac from '../wire/mac.ts';

/** PAN of the frame's sender: its own identifier, or with PAN ID compression the destination's. */
export function panOf(): u16 {
  return load<u16>(REC + (mac.hasSrcPan(load<u16>(REC + REC_MAC_FCF)) ? REC_MAC_SRC_PAN : REC_MAC_DST_PAN));
}

/** Writes the EUI-64 of a short address of this PAN to `eui`; false when it is not known. */
export function knownAs(short: u16, eui: usize): bool {
  const entry = find(panOf(), short);
  if (entry == 0) return false;
  store<u64>(eui, load<u64>(entry));
  return true;
}
