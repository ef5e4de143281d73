/** How a PPMID judges an upgrade file: the core's image verification, against what this very hardware takes. */
import { ok, refuse } from '../../host/model/fault.ts';
import type { ImageExpectation, ImageReport } from '../../host/model/image.ts';
import type { FirmwareVerifier } from './boot.ts';

/** Verification of a whole file, each time in an instance of its own (host/core/image.ts). */
export type ImageVerifier = (file: Uint8Array, expectation: ImageExpectation) => ImageReport;

/** What a device takes. */
export interface Hardware {
  readonly manufacturer: number;
  readonly imageType: number;
  readonly hardwareVersion: number;
}

const UPGRADE_IMAGE = 0x0000;

/** The verifier of one device: right hardware, a fitting integrity code, a program. */
export function firmwareVerifier(verify: ImageVerifier, { manufacturer, imageType, hardwareVersion }: Hardware): FirmwareVerifier {
  return (file) => {
    const report = verify(file, { manufacturer, imageType, hardwareVersion, integrityRequired: true });
    if (report.verdict !== 'accepted' || report.header === undefined) {
      const failed = report.checks.find((check) => check.result === 'failed');
      return refuse(report.code ?? 'refused', failed ? `${failed.name}: expected ${failed.expected}, found ${failed.found}` : 'refused');
    }
    const element = report.elements.find(({ tag }) => tag === UPGRADE_IMAGE);
    if (element === undefined) return refuse('no-program', 'the file carries no upgrade image');
    return ok({ header: report.header, program: file.slice(element.offset, element.offset + element.length) });
  };
}
