/** The core's own checks of an upgrade file as checks of the report: what the file promises about itself. */
import { ImageReason, Integrity } from '../../assembly/abi/code.ts';
import { hex } from '../model/ids.ts';
import type { ImageCheck, ImageExpectation } from '../model/image.ts';
import { nameOf } from './codes.ts';
import type { Findings } from './image-findings.ts';

const MAGIC = '0x0beef11e';
const MAGIC_BYTES = '1ef1ee0b';
const FIXED_LENGTH = 56;
/** Bytes of the integrity element, tag and length included. */
const INTEGRITY_ELEMENT_LENGTH = 22;

/** Stages in the order of the report, each with the reasons that fail it. */
const STAGES = [
  ['magic', [ImageReason.MAGIC]],
  ['header', [ImageReason.HEADER_VERSION, ImageReason.FIELD_CONTROL, ImageReason.HEADER_LENGTH, ImageReason.HARDWARE_RANGE]],
  ['total-size', [ImageReason.TOTAL_SIZE, ImageReason.TRAILING, ImageReason.TRUNCATED]],
  [
    'elements',
    [
      ImageReason.EMPTY,
      ImageReason.RAW_BODY,
      ImageReason.TAG,
      ImageReason.ELEMENT_TRUNCATED,
      ImageReason.ELEMENT_OVERRUN,
      ImageReason.INTEGRITY_SIZE,
      ImageReason.SIGNATURE_SIZE,
      ImageReason.CERTIFICATE_SIZE,
      ImageReason.INTEGRITY_NOT_LAST,
    ],
  ],
  ['integrity', [ImageReason.INTEGRITY_MISMATCH]],
] as const;

type Stage = (typeof STAGES)[number][0];

/** How the conventions of the integrity code are called. */
const CONVENTIONS: Readonly<Record<number, string>> = {
  [Integrity.BEFORE_TAG]: 'hashed up to the element',
  [Integrity.WITH_TAG_HEADER]: "hashed with the element's tag and length",
  [Integrity.SHORT_PADDING]: 'hashed up to the element, padded with a 16-bit length',
  [Integrity.MISMATCH]: 'fits no convention',
};

/** The stages up to and including the first that failed. */
export function structuralChecks(findings: Findings, expectation: ImageExpectation): readonly ImageCheck[] {
  const failedAt = findings.number === 0 ? STAGES.length : failedStage(findings);
  return STAGES.slice(0, failedAt + 1).map(([stage], i) => Object.freeze(describe(stage, i === failedAt, findings, expectation)));
}

/** A file that ends within its header fails where it ended: the core had not asked for anything yet. */
function failedStage({ number, header, length, start }: Findings): number {
  const reason = number & 0xff;
  const inHeader = reason === ImageReason.TRUNCATED && (header === undefined || length < header.headerLength);
  if (inHeader) return hex(start) === MAGIC_BYTES ? 1 : 0;
  return STAGES.findIndex(([, reasons]) => (reasons as readonly number[]).includes(reason));
}

function describe(stage: Stage, failed: boolean, findings: Findings, expectation: ImageExpectation): ImageCheck {
  const { header, length } = findings;
  const why = failed ? `${nameOf(findings.number).detail} (byte ${findings.offset})` : undefined;
  const base = { name: stage, result: failed ? 'failed' : 'passed', requirements: [] } as const;
  switch (stage) {
    case 'magic':
      return { ...base, expected: MAGIC, found: failed ? `bytes ${hex(findings.start)}` : MAGIC, range: [0, Math.min(4, length)] };
    case 'header': {
      const found = `version ${hex4(header?.headerVersion)}, field control ${hex4(header?.fieldControl)}, length ${header?.headerLength}`;
      const expected = 'version 0x0100, no reserved field, the length of its fields';
      return { ...base, expected, found: why ?? found, range: [4, Math.min(header?.headerLength ?? FIXED_LENGTH, length)] };
    }
    case 'total-size':
      return { ...base, expected: `${header?.totalSize} bytes`, found: why ?? `${length} bytes`, range: [52, FIXED_LENGTH] };
    case 'elements': {
      const from = header?.headerLength ?? FIXED_LENGTH;
      if (expectation.rawBody) return { ...base, expected: 'one payload', found: why ?? `${length - from} bytes`, range: [from, length] };
      return { ...base, expected: 'elements that fill the file', found: why ?? `${findings.elementsSeen} elements`, range: [from, length] };
    }
    case 'integrity':
      return integrityCheck(findings, expectation);
  }
}

function integrityCheck({ integrity, length }: Findings, expectation: ImageExpectation): ImageCheck {
  const base = { name: 'integrity', requirements: [] } as const;
  if (integrity === undefined) {
    const absent = { ...base, found: 'none', range: [length, length] } as const;
    if (expectation.integrityRequired) return { ...absent, result: 'failed', expected: 'an integrity code' };
    return { ...absent, result: 'not-present', expected: 'none needed' };
  }
  return {
    ...base,
    result: integrity.convention === Integrity.MISMATCH ? 'failed' : 'passed',
    expected: `${integrity.expected} when ${CONVENTIONS[Integrity.BEFORE_TAG]}`,
    found: `${integrity.found}, ${CONVENTIONS[integrity.convention]}`,
    range: [integrity.offset, integrity.offset + INTEGRITY_ELEMENT_LENGTH],
  };
}

const hex4 = (value: number | undefined): string => `0x${(value ?? 0).toString(16).padStart(4, '0')}`;
