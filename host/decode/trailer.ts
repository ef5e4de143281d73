/** The end of a captured frame: its FCS, or what a sniffer wrote in its place. */
import type { Captured } from '../capture/captured.ts';
import type { Field } from '../clusters/read.ts';
import { showHex } from '../clusters/show.ts';
import type { MacHeader } from '../model/frame.ts';

/** Fields of the trailer; none for a frame without one, or one that the capture cut off. */
export function trailerFields(captured: Pick<Captured, 'psdu' | 'trailer' | 'cut'>, fcs: MacHeader['fcs']): Field[] {
  if (fcs === undefined || captured.cut || captured.psdu === undefined) return [];
  const good: Field = ['wpan.fcs_ok', fcs.good ? '1' : '0'];
  if (captured.trailer === 'fcs') return [['wpan.fcs', showHex(fcs.value, 2)], good];
  // CC24xx metadata: RSSI as a signed byte, then the FCS verdict in bit 7 and the correlation in the rest.
  const rssi = (fcs.value << 24) >> 24;
  return [good, ['wpan.rssi', rssi.toString()], ['wpan.correlation', ((fcs.value >> 8) & 0x7f).toString()]];
}
