/**
 * MAC security (IEEE 802.15.4-2015 clause 9): shown, not opened. ZigBee secures nothing at this layer, so no key of this
 * product is for it.
 */
import { AUXILIARY_2006, AUXILIARY_2015, SECURED_2003 } from '../clusters/mac-header.ts';
import { showBytes } from '../clusters/show.ts';
import type { Finding } from './finding.ts';
import { MacVersion, type FrameControl } from './frame-control.ts';

/** Security level of frames of 2003, which do not tell it: encrypted with a MIC of 8 bytes, as Wireshark takes it to be. */
const LEVEL_2003 = 6;
const LEVEL = 0x07;

/** Length of the MIC at a security level (9.4.2.2). */
export const micLength = (level: number): number => [0, 4, 8, 16][level & 3] ?? 0;

/** The security level of a frame and where its auxiliary header ends. */
export interface MacSecurity {
  readonly level: number;
  readonly end: number;
}

/**
 * Reads the auxiliary header of a secured frame of 2006 or 2015 at `start`; those of 2003 have none. Undefined when the frame
 * ends in it.
 */
export function readAuxiliary(
  frame: Uint8Array,
  start: number,
  { version, secured }: FrameControl,
  finding: Finding,
): MacSecurity | undefined {
  if (!secured) return { level: 0, end: start };
  if (version === MacVersion.V2003) return { level: LEVEL_2003, end: start };
  const format = version === MacVersion.V2015 ? AUXILIARY_2015 : AUXILIARY_2006;
  const { values, rest, short } = finding.read(format, frame.subarray(start));
  if (short !== undefined) return void finding.cutShort('mac', start + short);
  return { level: (values['control'] as number) & LEVEL, end: frame.length - rest.length };
}

/** Reads what stands before the payload of an encrypted frame of 2003. Answers where it ends, or undefined when the frame ends in it. */
export function readSecured2003(
  frame: Uint8Array,
  start: number,
  { version, secured }: FrameControl,
  finding: Finding,
): number | undefined {
  if (!secured || version !== MacVersion.V2003) return start;
  const { rest, short } = finding.read(SECURED_2003, frame.subarray(start));
  if (short !== undefined) return void finding.cutShort('mac', start + short);
  return frame.length - rest.length;
}

/**
 * Shows the MIC of a secured frame, whose payload begins at `start`, and that it stays closed. A MIC that overlaps what is in
 * front of it is refused; by one byte it may, as in Wireshark.
 */
export function closeSecured(frame: Uint8Array, start: number, level: number, finding: Finding): void {
  const length = micLength(level);
  if (frame.length - start < length - 1) return finding.refuse('mac-security-truncated', 'the MIC does not fit');
  if (length > 0) finding.show([['wpan.mic', showBytes(frame.subarray(frame.length - length))]]);
  finding.remark('wpan.decrypt_error');
  finding.close('mac', 'MAC security is shown, not opened');
}
