/**
 * MAC frame controls (IEEE 802.15.4-2015 clause 7.2.2): what one says, and which header it announces. A capture has few of
 * them and many frames, so what follows from one is worked out once.
 */
import { MAC_FRAME_CONTROL, MULTIPURPOSE_LONG, MULTIPURPOSE_SHORT } from '../clusters/mac-header.ts';
import { dec, eui, hex, type EuiItem, type Format, type NumberItem } from '../clusters/item.ts';
import { run, RUN_MOST, type Run } from '../clusters/run.ts';
import { fieldsOf, shownOf, type Shown } from '../clusters/shown.ts';

/** Frame types (7.2.2.2). */
export const MacType = { BEACON: 0, DATA: 1, ACK: 2, COMMAND: 3, RESERVED: 4, MULTIPURPOSE: 5, FRAGMENT: 6, EXTENDED: 7 } as const;

/** Frame versions (7.2.2.10). */
export const MacVersion = { V2003: 0, V2006: 1, V2015: 2, RESERVED: 3 } as const;

/** Addressing modes (7.2.2.9). */
export const MacMode = { NONE: 0, RESERVED: 1, SHORT: 2, EXTENDED: 3 } as const;

/** What a frame control says. */
export interface FrameControl {
  readonly value: number;
  /** Bytes of it: 2, or 1 for the short form of a multipurpose frame. */
  readonly length: number;
  readonly type: number;
  readonly version: number;
  readonly secured: boolean;
  readonly compressed: boolean;
  /** Multipurpose frames alone: the destination PAN identifier is there. */
  readonly panPresent: boolean;
  readonly sequenceSuppressed: boolean;
  readonly elements: boolean;
  readonly dstMode: number;
  readonly srcMode: number;
  readonly shown: Shown | undefined;
  /** Sequence number, where it has one. */
  readonly sequence: NumberItem | undefined;
  /** PAN identifiers and addresses that follow: numbers that a run can hold, or EUI-64s among them. */
  readonly way: Run | undefined;
  readonly addresses: Format;
}

/** Frame controls that are remembered; beyond them they are worked out anew. */
const REMEMBERED = 256;

/** The frame controls of a capture. */
export class FrameControls {
  readonly #known = new Map<number, FrameControl>();

  /** What the first two bytes of a frame say. */
  of(value: number): FrameControl {
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    const control = frameControl(value);
    if (this.#known.size < REMEMBERED) this.#known.set(value, control);
    return control;
  }
}

type Bits = Omit<FrameControl, 'shown' | 'sequence' | 'way' | 'addresses'>;

function frameControl(value: number): FrameControl {
  const multipurpose = (value & 7) === MacType.MULTIPURPOSE;
  const bits = multipurpose ? multipurposeBits(value) : usualBits(value);
  const item = multipurpose ? (bits.length === 1 ? MULTIPURPOSE_SHORT : MULTIPURPOSE_LONG) : MAC_FRAME_CONTROL;
  const items = addresses(bits);
  const way = run(...items.filter((each) => each.kind === 'number'));
  const runs = way.items.length === items.length && way.bytes <= RUN_MOST;
  return {
    ...bits,
    shown: shownOf(fieldsOf(item, bits.length === 1 ? value & 0xff : value)),
    sequence: bits.sequenceSuppressed ? undefined : SEQUENCE,
    ...(runs ? { way, addresses: [] } : { way: undefined, addresses: items }),
  };
}

const usualBits = (value: number): Bits => ({
  value,
  length: 2,
  type: value & 7,
  version: (value >> 12) & 3,
  secured: (value & 0x0008) !== 0,
  compressed: (value & 0x0040) !== 0,
  panPresent: false,
  sequenceSuppressed: (value & 0x0100) !== 0,
  elements: (value & 0x0200) !== 0,
  dstMode: (value >> 10) & 3,
  srcMode: value >> 14,
});

/** The second byte is there only when the first says so. */
function multipurposeBits(value: number): Bits {
  const long = (value & 0x0008) !== 0;
  return {
    value,
    length: long ? 2 : 1,
    type: MacType.MULTIPURPOSE,
    version: long ? (value >> 12) & 3 : 0,
    secured: long && (value & 0x0200) !== 0,
    compressed: false,
    panPresent: long && (value & 0x0100) !== 0,
    sequenceSuppressed: long && (value & 0x0400) !== 0,
    elements: long && (value & 0x8000) !== 0,
    dstMode: (value >> 4) & 3,
    srcMode: (value >> 6) & 3,
  };
}

const SEQUENCE = dec(1, 'wpan.seq_no', 'seq');

const ADDRESS: Readonly<Record<'dst' | 'src', Readonly<Record<number, NumberItem | EuiItem>>>> = {
  dst: { [MacMode.SHORT]: hex(2, 'wpan.dst16', 'dst'), [MacMode.EXTENDED]: eui('wpan.dst64', 'dst') },
  src: { [MacMode.SHORT]: hex(2, 'wpan.src16', 'src'), [MacMode.EXTENDED]: eui('wpan.src64', 'src') },
};

function addresses(control: Bits): (NumberItem | EuiItem)[] {
  const pans = pansOf(control);
  const items = [
    pans.dst ? hex(2, 'wpan.dst_pan', 'dstPan') : undefined,
    ADDRESS.dst[control.dstMode],
    pans.src ? hex(2, 'wpan.src_pan', 'srcPan') : undefined,
    ADDRESS.src[control.srcMode],
  ];
  return items.filter((item) => item !== undefined);
}

/** Which PAN identifiers stand in the header (2006 clause 7.2.1.1.5, 2015 table 7-2; a multipurpose frame says so itself). */
function pansOf({ type, version, dstMode, srcMode, compressed, panPresent }: Bits): { readonly dst: boolean; readonly src: boolean } {
  const { NONE, EXTENDED } = MacMode;
  if (type === MacType.MULTIPURPOSE) return { dst: panPresent, src: false };
  if (version < MacVersion.V2015) return { dst: dstMode !== NONE, src: srcMode !== NONE && !compressed };
  if (type > MacType.COMMAND) return { dst: false, src: false };
  if (dstMode === NONE) return srcMode === NONE ? { dst: compressed, src: false } : { dst: false, src: !compressed };
  if (srcMode === NONE || (dstMode === EXTENDED && srcMode === EXTENDED)) return { dst: !compressed, src: false };
  return { dst: true, src: !compressed };
}
