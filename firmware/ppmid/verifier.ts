/** How a PPMID judges an upgrade file: the core's image verification, against what this very hardware takes. */
import { ok, refuse } from '../../host/model/fault.ts';
import type { ImageExpectation, ImageReport, ImageTrust } from '../../host/model/image.ts';
import { Tag } from '../image/format.ts';
import type { FirmwareVerifier } from './boot.ts';

/** Verification of a whole file, each time in an instance of its own (host/core/image.ts). */
export type ImageVerifier = (file: Uint8Array, expectation: ImageExpectation) => ImageReport;

/** What a device takes. */
export interface Hardware {
  readonly manufacturer: number;
  readonly imageType: number;
  readonly hardwareVersion: number;
  /** Whose signatures it believes; left out, it takes unsigned files. */
  readonly trust?: ImageTrust | undefined;
}

const COUNTER_LENGTH = 4;

/** The verifier of one device: right hardware, a fitting integrity code, a signature that it trusts, a program. */
export function firmwareVerifier(verify: ImageVerifier, hardware: Hardware): FirmwareVerifier {
  const { manufacturer, imageType, hardwareVersion, trust } = hardware;
  const expectation: ImageExpectation = {
    manufacturer,
    imageType,
    hardwareVersion,
    integrityRequired: true,
    ...(trust === undefined ? {} : { trust, signatureRequired: true }),
  };
  return (file) => {
    const report = verify(file, expectation);
    if (report.verdict !== 'accepted' || report.header === undefined) {
      const failed = report.checks.find((check) => check.result === 'failed');
      return refuse(report.code ?? 'refused', failed ? `${failed.name}: expected ${failed.expected}, found ${failed.found}` : 'refused');
    }
    const data = (tag: number): Uint8Array | undefined => {
      const element = report.elements.find((each) => each.tag === tag);
      return element && file.slice(element.offset, element.offset + element.length);
    };
    const program = data(Tag.UPGRADE_IMAGE);
    if (program === undefined) return refuse('no-program', 'the file carries no upgrade image');
    const counter = data(Tag.SECURITY_COUNTER);
    if (counter !== undefined && counter.length !== COUNTER_LENGTH) return refuse('security-counter', 'a security counter has 4 bytes');
    return ok({ header: report.header, program, counter: counter === undefined ? 0 : new DataView(counter.buffer).getUint32(0, true) });
  };
}
