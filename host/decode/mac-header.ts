/**
 * MAC headers (IEEE 802.15.4-2015 clause 7.2) of every frame type, version and addressing mode, also of those that a gateway
 * refuses. Ends where the auxiliary security header begins.
 */
import { showEui } from '../clusters/show.ts';
import type { Eui64 } from '../model/ids.ts';
import type { Finding } from './finding.ts';
import { MacMode, MacType, MacVersion, type FrameControl } from './frame-control.ts';

const BROADCAST_PAN = 0xffff;

/** A header that was read. */
export interface MacHeading {
  readonly control: FrameControl;
  readonly seq: number | undefined;
  readonly dstPan: number | undefined;
  readonly srcPan: number | undefined;
  readonly dst: number | Eui64 | undefined;
  readonly src: number | Eui64 | undefined;
  /** PAN of the sender: its own, or the destination's, or the broadcast PAN when the header names none. */
  readonly pan: number;
  /** Bytes read. */
  readonly length: number;
}

/**
 * Reads the header of a frame without its FCS. Undefined when it cannot be read to its end: the finding tells why, and shows
 * what stands before. `inferred` knows the EUI-64 of a short source from earlier frames.
 */
export function readMacHeader(
  frame: Uint8Array,
  control: FrameControl,
  finding: Finding,
  inferred: (pan: number, short: number) => Eui64 | undefined,
): MacHeading | undefined {
  finding.showAgain(control.shown);
  remarkOnSequence(control, finding);
  const at = control.length + (control.sequence === undefined ? 0 : 1);
  if (frame.length < at) return cutShort(finding, frame.length);
  const seq = control.sequence && frame[control.length];
  if (control.sequence !== undefined && seq !== undefined) finding.number(control.sequence, seq);
  if (isGivenUp(control, finding)) return undefined;
  const { values, rest, short } = finding.read(control.addresses, frame.subarray(at), undefined, control.way);
  if (short !== undefined) return cutShort(finding, at + short);
  const [dstPan, srcPan] = [values['dstPan'], values['srcPan']] as (number | undefined)[];
  const [dst, src] = [values['dst'], values['src']] as (number | Eui64 | undefined)[];
  const pan = srcPan ?? dstPan ?? BROADCAST_PAN;
  const known = typeof src === 'number' ? inferred(pan, src) : undefined;
  if (known !== undefined) finding.show([['wpan.src64', showEui(known)]]);
  return { control, seq, dstPan, srcPan, dst, src, pan, length: frame.length - rest.length };
}

const cutShort = (finding: Finding, offset: number): undefined => void finding.cutShort('mac', offset);

/** Before 2015 no frame but a multipurpose one may leave its sequence number out. */
function remarkOnSequence({ sequenceSuppressed, version, type }: FrameControl, finding: Finding): void {
  if (!sequenceSuppressed || version === MacVersion.V2015 || type === MacType.MULTIPURPOSE) return;
  finding.remark('wpan.seqno_suppression_invalid');
  finding.refuse('mac-sequence', 'a frame of version 2003 or 2006 leaves its sequence number out');
}

/** What nobody can read on from, in the order in which Wireshark asks. */
function isGivenUp({ dstMode, srcMode, type, version, compressed }: FrameControl, finding: Finding): boolean {
  const is = (remark: string, code: string, detail: string): true => {
    finding.remark(remark);
    finding.refuse(code, detail);
    return true;
  };
  if (dstMode === MacMode.RESERVED) return is('wpan.dst_invalid', 'mac-address-mode', 'the destination addressing mode is reserved');
  if (srcMode === MacMode.RESERVED) return is('wpan.src_invalid', 'mac-address-mode', 'the source addressing mode is reserved');
  const multipurpose = type === MacType.MULTIPURPOSE;
  if (multipurpose ? version !== 0 : version === MacVersion.RESERVED)
    return is('wpan.frame_version_unknown', 'mac-version', 'the frame version is reserved');
  if (!multipurpose && version < MacVersion.V2015 && compressed && (dstMode === MacMode.NONE || srcMode === MacMode.NONE))
    return is('wpan.invalid_panid_compression', 'mac-compression', 'PAN ID compression needs both addresses');
  if (type === MacType.RESERVED || type === MacType.FRAGMENT || type === MacType.EXTENDED)
    finding.refuse('mac-frame-type', 'the frame type is reserved, or has a layout of its own');
  return false;
}
