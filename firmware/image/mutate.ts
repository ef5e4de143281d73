/**
 * Named manipulations of a well-formed upgrade file: what an attacker, a careless operator or a bad line would make of it.
 * Each says what it does and which part of the verification is there to catch it.
 */
import { Fault } from '../../host/model/fault.ts';
import type { Mmo } from './build.ts';
import { ELEMENT_HEADER, Offset, Tag } from './format.ts';
import { inspectImage } from './inspect.ts';
import { SIGNATURE_MUTATIONS } from './mutate-signature.ts';
import type { Mutation } from './mutation.ts';

const edit =
  (change: (view: DataView, file: Uint8Array) => void) =>
  (file: Uint8Array): Uint8Array => {
    const copy = file.slice();
    change(new DataView(copy.buffer), copy);
    return copy;
  };

/** As `edit`, with an integrity code that fits again: only what was authorised tells such a file from the right one. */
const resealed =
  (change: (view: DataView) => void) =>
  (file: Uint8Array, mmo: Mmo): Uint8Array =>
    edit((view, copy) => {
      change(view);
      const { offset } = dataOf(file, Tag.INTEGRITY_CODE);
      copy.set(mmo(copy.subarray(0, offset - ELEMENT_HEADER)), offset);
    })(file);

const dataOf = (file: Uint8Array, tag: number): { offset: number; length: number } => {
  const element = inspectImage(file).elements.find((candidate) => candidate.tag === tag);
  if (element === undefined) throw new Fault('input', `the file has no element with tag 0x${tag.toString(16).padStart(4, '0')}`);
  return element;
};

/** The manipulations, in the order in which a verifier meets what they break. */
export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'other-identifier',
    what: 'the file identifier is not 0x0BEEF11E',
    caughtBy: 'structure',
    apply: edit((view) => view.setUint32(Offset.IDENTIFIER, 0x0beef11f, true)),
  },
  {
    name: 'header-version',
    what: 'the header claims version 0x0200',
    caughtBy: 'structure',
    apply: edit((view) => view.setUint16(Offset.HEADER_VERSION, 0x0200, true)),
  },
  {
    name: 'header-length',
    what: 'the header claims to be two bytes longer than its fields',
    caughtBy: 'structure',
    apply: edit((view) => view.setUint16(Offset.HEADER_LENGTH, view.getUint16(Offset.HEADER_LENGTH, true) + 2, true)),
  },
  {
    name: 'reserved-field-control',
    what: 'a reserved bit of the field control is set',
    caughtBy: 'structure',
    apply: edit((view) => view.setUint16(Offset.FIELD_CONTROL, view.getUint16(Offset.FIELD_CONTROL, true) | 0x0080, true)),
  },
  { name: 'truncated', what: 'the last 100 bytes are missing', caughtBy: 'structure', apply: (file) => file.slice(0, -100) },
  {
    name: 'trailing-byte',
    what: 'one byte follows the end',
    caughtBy: 'structure',
    apply: (file) => Uint8Array.of(...file, 0),
  },
  {
    name: 'element-overrun',
    what: 'the program claims to be one byte longer than what is left',
    caughtBy: 'structure',
    apply: (file) =>
      edit((view) => {
        const { offset } = dataOf(file, Tag.UPGRADE_IMAGE);
        view.setUint32(offset - ELEMENT_HEADER + 2, file.length - offset + 1, true);
      })(file),
  },
  {
    name: 'payload-bit',
    what: 'one bit in the middle of the program is flipped',
    caughtBy: 'integrity',
    apply: (file) =>
      edit((_, copy) => {
        const { offset, length } = dataOf(file, Tag.UPGRADE_IMAGE);
        copy[offset + (length >> 1)]! ^= 0x10;
      })(file),
  },
  {
    name: 'integrity-bit',
    what: 'one bit of the integrity code is flipped',
    caughtBy: 'integrity',
    apply: (file) => edit((_, copy) => void (copy[dataOf(file, Tag.INTEGRITY_CODE).offset]! ^= 1))(file),
  },
  {
    name: 'without-integrity',
    what: 'the integrity code is cut out and the total size corrected',
    caughtBy: 'digest',
    apply: (file) => {
      const { offset, length } = dataOf(file, Tag.INTEGRITY_CODE);
      const shorter = Uint8Array.from(Buffer.concat([file.subarray(0, offset - ELEMENT_HEADER), file.subarray(offset + length)]));
      new DataView(shorter.buffer).setUint32(Offset.TOTAL_SIZE, shorter.length, true);
      return shorter;
    },
  },
  {
    name: 'other-manufacturer',
    what: 'the header names another manufacturer, its integrity code fits',
    caughtBy: 'authorised',
    apply: resealed((view) => view.setUint16(Offset.MANUFACTURER, view.getUint16(Offset.MANUFACTURER, true) ^ 0x0101, true)),
  },
  {
    name: 'other-image-type',
    what: 'the header names another image type, its integrity code fits',
    caughtBy: 'authorised',
    apply: resealed((view) => view.setUint16(Offset.IMAGE_TYPE, view.getUint16(Offset.IMAGE_TYPE, true) ^ 0x0001, true)),
  },
  {
    name: 'lower-version',
    what: 'the header claims file version 1, its integrity code fits',
    caughtBy: 'authorised',
    apply: resealed((view) => view.setUint32(Offset.FILE_VERSION, 1, true)),
  },
  ...SIGNATURE_MUTATIONS,
];

/** The manipulation of a name. Throws Fault `input` that lists the names when there is none. */
export function mutation(name: string): Mutation {
  const found = MUTATIONS.find((candidate) => candidate.name === name);
  if (found) return found;
  throw new Fault('input', `no manipulation is called ${name}; there are ${MUTATIONS.map((each) => each.name).join(', ')}`);
}
