/** The core's checks of an upgrade file as checks of the report: what the file promises about itself, and who signed it. */
import { At, CheckResult, ImageCheck as Check, ImageReason, Integrity } from '../../assembly/abi/code.ts';
import { hex } from '../model/ids.ts';
import type { ImageCheck, ImageExpectation } from '../model/image.ts';
import { nameOf } from './codes.ts';
import type { CheckFinding, Findings } from './image-findings.ts';
import { SIGNATURE_TEXTS, type CheckText } from './image-signature.ts';

/** How the conventions of the integrity code are called. */
const CONVENTIONS: Readonly<Record<number, string>> = {
  [Integrity.BEFORE_TAG]: 'hashed up to the element',
  [Integrity.WITH_TAG_HEADER]: "hashed with the element's tag and length",
  [Integrity.SHORT_PADDING]: 'hashed up to the element, padded with a 16-bit length',
  [Integrity.MISMATCH]: 'fits no convention',
};

const hex4 = (value: number | undefined): string => `0x${(value ?? 0).toString(16).padStart(4, '0')}`;

const STRUCTURE_TEXTS: readonly (readonly [Check, CheckText])[] = [
  [Check.MAGIC, { name: 'magic', expected: () => '0x0beef11e', found: ({ start }) => `bytes ${hex(start)}` }],
  [
    Check.HEADER,
    {
      name: 'header',
      expected: () => 'version 0x0100, no reserved field, the length of its fields',
      found: ({ header }) =>
        `version ${hex4(header?.headerVersion)}, field control ${hex4(header?.fieldControl)}, length ${header?.headerLength}`,
    },
  ],
  [
    Check.TOTAL_SIZE,
    {
      name: 'total-size',
      expected: ({ header }) => `${header?.totalSize} bytes`,
      found: ({ length }) => `${length} bytes`,
    },
  ],
  [
    Check.ELEMENTS,
    {
      name: 'elements',
      expected: (_, { body }) => (body === 'raw' ? 'one payload' : 'elements that fill the file'),
      found: ({ elementsSeen, header, length }, { body }) =>
        body === 'raw' ? `${length - (header?.headerLength ?? 0)} bytes` : `${elementsSeen} element${elementsSeen === 1 ? '' : 's'}`,
    },
  ],
  [
    Check.INTEGRITY,
    {
      name: 'integrity',
      expected: ({ integrity }, { integrityRequired }) => {
        if (integrity !== undefined) return `${integrity.expected} when ${CONVENTIONS[Integrity.BEFORE_TAG]}`;
        return integrityRequired ? 'an integrity code' : 'none needed';
      },
      found: ({ integrity }) => (integrity === undefined ? 'none' : `${integrity.found}, ${CONVENTIONS[integrity.convention]}`),
    },
  ],
];

/** Every check of the core, in the order of the report. */
const TEXTS = [...STRUCTURE_TEXTS, ...SIGNATURE_TEXTS];

/** One check of the report for each of the core's. One that was not made, because one before it failed, is `not-present`. */
export function coreChecks(findings: Findings, expectation: ImageExpectation): readonly ImageCheck[] {
  return TEXTS.map(([check, text]) => {
    const requirements = check >= Check.SIGNATURE ? GENUINE : SOUND;
    return Object.freeze(describe(findings.check(check), text, requirements, findings, expectation));
  });
}

/** Every record is written out in one piece: this is done when the last byte of an image has come, and the device waits. */
function describe(
  { result, reason, range }: CheckFinding,
  text: CheckText,
  requirements: readonly string[],
  findings: Findings,
  expectation: ImageExpectation,
): ImageCheck {
  const { name } = text;
  if (result === CheckResult.OPEN) {
    const expected = 'not asked: a check before it failed';
    return { name, result: 'not-present', expected, found: 'not looked at', range, requirements };
  }
  const expected = text.expected(findings, expectation);
  if (result === CheckResult.FAILED) {
    const { name: code, detail } = nameOf(At.IMAGE * 256 + reason);
    const found = TELLING.has(reason) ? text.found(findings, expectation) : `${detail} (byte ${range[0]})`;
    return { name, result: 'failed', expected, found, range, requirements, code };
  }
  const told = result === CheckResult.PASSED ? 'passed' : 'not-present';
  return { name, result: told, expected, found: text.found(findings, expectation), range, requirements };
}

/** A file that is not sound, or not its maker's, never comes to a device: the consumer is not disrupted. */
const SOUND: readonly string[] = Object.freeze(['R-PPMID-07']);
/** Every part of the way is to withstand whoever tampers with it. */
const GENUINE: readonly string[] = Object.freeze(['R-PPMID-07', 'R-ASSUR-01']);

/** Reasons of which the value that was found tells more than the reason. */
const TELLING: ReadonlySet<number> = new Set([
  ImageReason.MAGIC,
  ImageReason.TOTAL_SIZE,
  ImageReason.INTEGRITY_MISSING,
  ImageReason.INTEGRITY_MISMATCH,
  ImageReason.SUBJECT,
  ImageReason.ISSUER,
  ImageReason.SIGNER,
  ImageReason.KEY_USAGE,
]);
