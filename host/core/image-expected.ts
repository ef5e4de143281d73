/** What was asked of an upgrade file as checks of the report: is it the file that the request names, and for this device? */
import type { ImageCheck, ImageExpectation, ImageHeader } from '../model/image.ts';
import type { Findings } from './image-findings.ts';

/** A Device Model is manufacturer, model, hardware version and firmware version. */
const DEVICE_MODEL = ['R-DM-01'] as const;
/** The Lead Supplier signed for this very file: another one it did not order. */
const ORDERED = ['R-PPMID-01', 'R-SIGN-01'] as const;
/** A file that its device cannot hold, or that is for another one, would disturb the consumer for nothing. */
const HARMLESS = ['R-PPMID-07'] as const;

/** One check per field of the expectation; a field left out is not asked. */
export function expectedChecks(findings: Findings, expectation: ImageExpectation): readonly ImageCheck[] {
  const { header, length, sha256 } = findings;
  const { digest, manufacturer, imageType, fileVersion, hardwareVersion, destination, maximumSize } = expectation;
  const checks: ImageCheck[] = [];
  const ask = (
    name: string,
    passed: boolean,
    expected: string,
    found: string,
    range: readonly [number, number],
    ids: readonly string[],
  ): void => {
    const base = { name, expected, found, range, requirements: ids };
    checks.push(Object.freeze<ImageCheck>(passed ? { ...base, result: 'passed' } : { ...base, result: 'failed', code: name }));
  };
  const field = (
    name: string,
    digits: number,
    expected: number | undefined,
    key: keyof ImageHeader,
    range: readonly [number, number],
  ): void => {
    if (expected === undefined) return;
    const found = header?.[key] as number | undefined;
    ask(name, found === expected, number(expected, digits), number(found, digits), range, DEVICE_MODEL);
  };

  if (digest !== undefined) ask('digest', sha256 === digest, digest, sha256, [0, length], ORDERED);
  if (expectation.length !== undefined)
    ask('length', length === expectation.length, `${expectation.length}`, `${length}`, [0, length], ORDERED);
  if (maximumSize !== undefined) ask('maximum-size', length <= maximumSize, `at most ${maximumSize}`, `${length}`, [0, length], HARMLESS);
  field('manufacturer', 4, manufacturer, 'manufacturer', [10, 12]);
  field('image-type', 4, imageType, 'imageType', [12, 14]);
  field('file-version', 8, fileVersion, 'fileVersion', [14, 18]);
  if (hardwareVersion !== undefined) checks.push(hardwareCheck(header, hardwareVersion));
  if (destination !== undefined) checks.push(destinationCheck(header, destination));
  return checks;
}

/** A file without hardware range is for every hardware version of its image type. */
function hardwareCheck(header: ImageHeader | undefined, version: number): ImageCheck {
  const range = header?.hardware;
  const end = header?.headerLength ?? 0;
  const inside = range !== undefined && range.min <= version && version <= range.max;
  return fitting({
    name: 'hardware-range',
    result: header === undefined ? 'failed' : range === undefined ? 'not-present' : inside ? 'passed' : 'failed',
    expected: number(version, 4),
    found: range === undefined ? 'none' : `${number(range.min, 4)} to ${number(range.max, 4)}`,
    range: range === undefined ? [end, end] : [end - 4, end],
    requirements: DEVICE_MODEL,
  });
}

/** A file without destination is for every device of its model. */
function destinationCheck(header: ImageHeader | undefined, device: string): ImageCheck {
  const found = header?.destination;
  const start = 56 + (header?.credentialVersion === undefined ? 0 : 1);
  return fitting({
    name: 'destination',
    result: header === undefined ? 'failed' : found === undefined ? 'not-present' : found === device ? 'passed' : 'failed',
    expected: device,
    found: found ?? 'none',
    range: found === undefined ? [start, start] : [start, start + 8],
    requirements: HARMLESS,
  });
}

/** A check whose code is its name when it fails. */
const fitting = (check: ImageCheck): ImageCheck => Object.freeze(check.result === 'failed' ? { ...check, code: check.name } : check);

const number = (value: number | undefined, digits: number): string =>
  value === undefined ? 'not read' : `0x${value.toString(16).padStart(digits, '0')}`;
