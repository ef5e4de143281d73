/**
 * The MAC layer of a captured frame: header, security header, information elements, the parts of a beacon and commands, and
 * the trailer, in the order in which Wireshark shows them. What lies above is named, not read.
 */
import type { Captured } from '../capture/captured.ts';
import { BEACON } from '../clusters/mac-payload.ts';
import { hex, type Format, type Values } from '../clusters/item.ts';
import type { MacHeader } from '../model/frame.ts';
import type { Eui64 } from '../model/ids.ts';
import type { Finding } from './finding.ts';
import { MacType, MacVersion, type FrameControls } from './frame-control.ts';
import { readMacCommand } from './mac-command.ts';
import { walkHeaderElements, walkPayloadElements } from './mac-elements.ts';
import { readMacHeader, type MacHeading } from './mac-header.ts';
import { closeSecured, micLength, readAuxiliary, readSecured2003 } from './mac-security.ts';
import { showTrailer, splitTrailer, type Framed } from './trailer.ts';

/** Longest frame of ZigBee's PHYs (aMaxPHYPacketSize). */
const LONGEST = 127;

const COMMAND_ID: Format = [hex(1, 'wpan.cmd', 'command')];

/** A MAC frame that was read to the end of its header. */
export interface MacFrame extends MacHeading {
  /** What the frame carries, command identifiers and information elements left out; undefined when it stayed closed. */
  readonly payload: Uint8Array | undefined;
  /** Bytes of the payload's end that the capture lacks. */
  readonly missing: number;
  /** Identifier and fields of a command that was open to read. */
  readonly command: { readonly id: number; readonly values: Values } | undefined;
}

/** What earlier frames give to the reading of this one: frame controls seen before, and EUI-64s of short sources. */
export interface MacKnowledge {
  readonly controls: FrameControls;
  readonly inferred: (pan: number, short: number) => Eui64 | undefined;
}

/** A captured packet with a frame in it. */
export type CapturedFrame = Captured & { readonly psdu: Uint8Array };

/** Reads the MAC layer. Undefined when the header could not be read to its end. */
export function readMac(captured: CapturedFrame, finding: Finding, knowledge: MacKnowledge): MacFrame | undefined {
  const framed = splitTrailer(captured);
  const { frame } = framed;
  if (frame.length < 2) return void finding.refuse('mac-too-short', 'there is no room for the frame control');
  if (framed.length > LONGEST) finding.refuse('mac-too-long', `a frame has at most ${LONGEST} bytes, not ${framed.length}`);
  const control = knowledge.controls.of((frame[0] ?? 0) + 256 * (frame[1] ?? 0));
  const heading = readMacHeader(frame, control, finding, knowledge.inferred);
  const mac = heading && new Body(framed, heading, finding).read();
  finding.headers.mac = headerOf(control.value, framed, heading, mac);
  if (mac === undefined) return undefined;
  showTrailer(captured.trailer, framed.fcs, finding);
  return mac;
}

function headerOf(fcf: number, { frame, fcs }: Framed, heading: MacHeading | undefined, mac: MacFrame | undefined): MacHeader {
  // Behind security and information elements the payload is what is left of it; elsewhere it begins where the addresses end.
  const hidden = heading === undefined || heading.control.secured || heading.control.elements;
  const length = hidden ? (mac?.payload?.length ?? 0) : frame.length - heading.length;
  return {
    fcf,
    seq: heading?.seq,
    dstPan: heading?.dstPan,
    srcPan: heading?.srcPan,
    dst: heading?.dst,
    src: heading?.src,
    command: mac?.command?.id,
    fcs,
    payload: { offset: frame.length - length, length },
  };
}

/** Reads what follows the addresses. */
class Body {
  readonly #frame: Uint8Array;
  readonly #missing: number;
  readonly #heading: MacHeading;
  readonly #finding: Finding;

  constructor({ frame, missing }: Framed, heading: MacHeading, finding: Finding) {
    this.#frame = frame;
    this.#missing = missing;
    this.#heading = heading;
    this.#finding = finding;
  }

  /** Undefined when the frame ends before its payload. */
  read(): MacFrame | undefined {
    const { control } = this.#heading;
    const security = readAuxiliary(this.#frame, this.#heading.length, control, this.#finding);
    if (security === undefined) return undefined;
    const fixed = this.#fixed(security.end, micLength(security.level));
    if (fixed === undefined) return undefined;
    const start = readSecured2003(this.#frame, fixed.end, control, this.#finding);
    if (start === undefined) return undefined;
    if (control.secured) {
      closeSecured(this.#frame, start, security.level, this.#finding);
      return this.#carrying(undefined, undefined);
    }
    const payload = this.#payload(start, fixed.payloadElements);
    return payload === undefined ? undefined : this.#command(payload, fixed.command);
  }

  /** What is never encrypted: parts of a beacon and command identifiers before 2015, the header's elements from then on. */
  #fixed(start: number, mic: number): { readonly end: number; readonly payloadElements: boolean; readonly command?: number } | undefined {
    const { type, version, elements } = this.#heading.control;
    const plain = { end: start, payloadElements: false };
    if (version < MacVersion.V2015 && type !== MacType.MULTIPURPOSE) {
      if (type !== MacType.BEACON && type !== MacType.COMMAND) return plain;
      const { values, rest, short } = this.#finding.read(type === MacType.BEACON ? BEACON : COMMAND_ID, this.#frame.subarray(start));
      if (short !== undefined) return void this.#finding.cutShort('mac', start + short);
      const end = this.#frame.length - rest.length;
      return { end, payloadElements: false, ...(type === MacType.COMMAND ? { command: values['command'] as number } : {}) };
    }
    if (!elements) return plain;
    const walked = walkHeaderElements(this.#frame.subarray(start), mic, this.#finding);
    return walked && { end: start + walked.length, payloadElements: walked.payloadElements };
  }

  #payload(start: number, elements: boolean): Uint8Array | undefined {
    const payload = this.#frame.subarray(start);
    if (!elements) return payload;
    const walked = walkPayloadElements(payload, this.#finding);
    return walked && payload.subarray(walked.length);
  }

  /** From 2015 on a command's identifier begins the payload. */
  #command(payload: Uint8Array, before: number | undefined): MacFrame {
    const { type, version } = this.#heading.control;
    const plain = this.#carrying(payload, undefined);
    if (type !== MacType.COMMAND) return plain;
    if (version !== MacVersion.V2015 && before === undefined) return plain;
    const { values, rest, short } = this.#finding.read(before === undefined ? COMMAND_ID : [], payload);
    if (short !== undefined) {
      this.#finding.refuse('mac-command-missing', 'a MAC command frame has no command identifier');
      return plain;
    }
    const id = before ?? (values['command'] as number);
    return this.#carrying(rest, { id, values: readMacCommand(id, rest, this.#heading, this.#finding) });
  }

  #carrying(payload: MacFrame['payload'], command: MacFrame['command']): MacFrame {
    const { control, seq, dstPan, srcPan, dst, src, pan, length } = this.#heading;
    return { control, seq, dstPan, srcPan, dst, src, pan, length, missing: this.#missing, payload, command };
  }
}
