/** The ZigBee OTA upgrade file (ZCL specification 11.4): names of its numbers. All fields are little-endian. */

/** First four bytes of every upgrade file. */
export const FILE_IDENTIFIER = 0x0beef11e;
/** The one header version in use. */
export const HEADER_VERSION = 0x0100;
/** Header without optional fields. */
export const HEADER_MIN = 56;
/** Tag and length in front of the data of an element. */
export const ELEMENT_HEADER = 6;
/** ZigBee PRO stack. */
export const STACK_ZIGBEE_PRO = 0x0002;
/** Length of the header string, zero-padded. */
export const TEXT_LENGTH = 32;

/** Bits of the header's field control. */
export const Field = { CREDENTIAL_VERSION: 1, DESTINATION: 2, HARDWARE: 4 } as const;

/** Where the fixed fields of the header stand. */
export const Offset = {
  IDENTIFIER: 0,
  HEADER_VERSION: 4,
  HEADER_LENGTH: 6,
  FIELD_CONTROL: 8,
  MANUFACTURER: 10,
  IMAGE_TYPE: 12,
  FILE_VERSION: 14,
  STACK_VERSION: 18,
  TEXT: 20,
  TOTAL_SIZE: 52,
  OPTIONAL: 56,
} as const;

/** Element tags (0xf000 to 0xffff belong to manufacturers). */
export const Tag = {
  UPGRADE_IMAGE: 0x0000,
  SIGNATURE_163: 0x0001,
  CERTIFICATE_163: 0x0002,
  INTEGRITY_CODE: 0x0003,
  PICTURE: 0x0004,
  SIGNATURE_283: 0x0005,
  CERTIFICATE_283: 0x0006,
  /** The lab's PPMIDs read a security counter (u32) here: below the highest that they confirmed, an image is not run. */
  SECURITY_COUNTER: 0xf5ec,
} as const;

/** ZigBee OTA image type that the lab's PPMIDs take. */
export const PPMID_IMAGE_TYPE = 0x0084;

const TAG_NAMES: Readonly<Record<number, string>> = {
  [Tag.UPGRADE_IMAGE]: 'upgrade image',
  [Tag.SIGNATURE_163]: 'signature, suite 1',
  [Tag.CERTIFICATE_163]: 'signing certificate, suite 1',
  [Tag.INTEGRITY_CODE]: 'integrity code',
  [Tag.PICTURE]: 'picture data',
  [Tag.SIGNATURE_283]: 'signature, suite 2',
  [Tag.CERTIFICATE_283]: 'signing certificate, suite 2',
  [Tag.SECURITY_COUNTER]: 'security counter',
};
const MANUFACTURER_TAGS = 0xf000;

/** How people call an element. */
export const tagName = (tag: number): string => TAG_NAMES[tag] ?? (tag >= MANUFACTURER_TAGS ? "a manufacturer's own" : 'reserved');
