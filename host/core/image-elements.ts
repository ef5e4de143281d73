/**
 * The elements of an upgrade file that the core's list has no place for. The core counts them all and lists the first 64; whoever has the
 * bytes at hand finds the rest where the last one that is listed ends. A gateway asks for no more: it lets elements be.
 */
import type { ImageElement, ImageReport } from '../model/image.ts';

/** Elements of the longest list: real files have some hundreds, and a hostile one of 16 MiB could have millions. */
export const ELEMENTS_LISTED = 65_536;

/** Tag (2 bytes) and length (4 bytes) before the data of an element. */
const HEADER_LENGTH = 6;

/**
 * The report of `file` with all its elements, or the first ELEMENTS_LISTED: `elementsSeen` still says how many there are. `file` must be what
 * was verified; the verdict stays what it is.
 */
export function withElements(report: ImageReport, file: Uint8Array): ImageReport {
  const { elementsSeen } = report;
  const elements: ImageElement[] = [...report.elements];
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const last = elements.at(-1);
  let at = last === undefined ? file.length : last.offset + last.length;
  while (elements.length < Math.min(elementsSeen, ELEMENTS_LISTED) && at + HEADER_LENGTH <= file.length) {
    const element = { tag: view.getUint16(at, true), offset: at + HEADER_LENGTH, length: view.getUint32(at + 2, true) };
    elements.push(Object.freeze(element));
    at = element.offset + element.length;
  }
  return Object.freeze({ ...report, elements: Object.freeze(elements) });
}
