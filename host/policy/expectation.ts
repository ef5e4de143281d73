/** What the image of an upgrade must be, from the signed order and the device log: every field is asked. */
import type { DeviceLogEntry } from '../model/device.ts';
import type { ImageExpectation } from '../model/image.ts';
import type { UpdateFirmware } from '../model/service-request.ts';

/** Choices that the operator makes. */
export interface ImageDemands {
  /** Whether a file without integrity code is refused. */
  readonly integrityRequired: boolean;
}

/**
 * The expectation for the image verification. A device without an image type gives an expectation that does not ask for
 * one: the rule `target` refuses such a device before.
 */
export const expectation = (
  { image, firmwareVersion }: UpdateFirmware,
  { manufacturer, imageType, hardwareVersion }: DeviceLogEntry,
  { integrityRequired }: ImageDemands = { integrityRequired: true },
): ImageExpectation => ({
  digest: image.digest,
  length: image.length,
  manufacturer,
  ...(imageType === undefined ? {} : { imageType }),
  fileVersion: firmwareVersion,
  hardwareVersion,
  integrityRequired,
});
