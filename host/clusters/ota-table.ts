/** OTA Upgrade cluster 0x0019 (ZCL chapter 11) as tables; `ota.ts` gives them types. */
import { cluster, command } from './cluster.ts';
import {
  bits,
  choose,
  dec,
  decPart,
  euiHex,
  flagPart,
  has,
  hex,
  hexPart,
  is,
  left,
  not,
  prefix,
  raw,
  when,
  type Format,
  type Item,
} from './item.ts';

/** Cluster identifier. */
export const OTA_CLUSTER = 0x0019;

/** Command identifiers; requests go from client to server. */
export const OtaCommand = {
  IMAGE_NOTIFY: 0x00,
  QUERY_NEXT_IMAGE_REQUEST: 0x01,
  QUERY_NEXT_IMAGE_RESPONSE: 0x02,
  IMAGE_BLOCK_REQUEST: 0x03,
  IMAGE_PAGE_REQUEST: 0x04,
  IMAGE_BLOCK_RESPONSE: 0x05,
  UPGRADE_END_REQUEST: 0x06,
  UPGRADE_END_RESPONSE: 0x07,
  QUERY_SPECIFIC_FILE_REQUEST: 0x08,
  QUERY_SPECIFIC_FILE_RESPONSE: 0x09,
} as const;

/** Status codes that this cluster uses (ZCL 2.6.3). */
export const OtaStatus = {
  SUCCESS: 0x00,
  NOT_AUTHORIZED: 0x7e,
  MALFORMED_COMMAND: 0x80,
  UNSUP_CLUSTER_COMMAND: 0x81,
  ABORT: 0x95,
  INVALID_IMAGE: 0x96,
  WAIT_FOR_DATA: 0x97,
  NO_IMAGE_AVAILABLE: 0x98,
  REQUIRE_MORE_IMAGE: 0x99,
} as const;

const ota = (name: string): string => `zbee_zcl_general.ota.${name}`;
const query = (name: string): string => ota(`query_next_image_req.field_ctrl.${name}`);

const manufacturer = hex(2, ota('manufacturer_code'), 'manufacturer');
const imageType = hex(2, ota('image.type'), 'imageType');
const fileVersion = bits(
  4,
  ota('file.version'),
  [
    decPart(ota('file.version.appl.release'), 0xff000000),
    decPart(ota('file.version.appl.build'), 0x00ff0000),
    decPart(ota('file.version.stack.release'), 0x0000ff00),
    decPart(ota('file.version.stack.build'), 0x000000ff),
  ],
  'fileVersion',
);
const imageId: readonly Item[] = [manufacturer, imageType, fileVersion];
const status = hex(1, ota('status'), 'status');
const fileOffset = dec(4, ota('file.offset'), 'fileOffset');
const maxDataSize = dec(1, ota('max_data_size'), 'maxDataSize');
const currentTime = dec(4, ota('current_time'), 'currentTime');
const node = euiHex(ota('ieee_addr'), 'node');

/** Payload of Image Notify. */
export const IMAGE_NOTIFY: Format = [
  hex(1, ota('payload.type'), 'payloadType'),
  dec(1, ota('query_jitter'), 'queryJitter'),
  when(not(is('payloadType', 0)), [manufacturer]),
  when(not(is('payloadType', 0, 1)), [imageType]),
  when(not(is('payloadType', 0, 1, 2)), [fileVersion]),
];

/** Payload of Query Next Image Request. */
export const QUERY_NEXT_IMAGE_REQUEST: Format = [
  bits(
    1,
    ota('query_next_image_req.field_ctrl'),
    [flagPart(query('hw_ver_present'), 0x01), hexPart(query('reserved'), 0xfe)],
    'fieldControl',
  ),
  ...imageId,
  when(has('fieldControl', 0x01), [hex(2, ota('hw_ver'), 'hardwareVersion')]),
];

/** Payload of Query Next Image Response. */
export const QUERY_NEXT_IMAGE_RESPONSE: Format = [
  status,
  when(is('status', OtaStatus.SUCCESS), [...imageId, dec(4, ota('image.size'), 'imageSize')]),
];

/** Payload of Image Block Request. */
export const IMAGE_BLOCK_REQUEST: Format = [
  bits(
    1,
    ota('image_block_req.field_ctrl'),
    [
      flagPart(ota('image_block_req.field_ctrl.request_node_addr_present'), 0x01),
      flagPart(ota('image_block_req.field_ctrl.min_block_period'), 0x02),
      hexPart(query('reserved'), 0xfc),
    ],
    'fieldControl',
  ),
  ...imageId,
  fileOffset,
  maxDataSize,
  when(has('fieldControl', 0x01), [node]),
  when(has('fieldControl', 0x02), [dec(2, ota('min_block_period'), 'minimumBlockPeriod')]),
];

/** Payload of Image Page Request. */
export const IMAGE_PAGE_REQUEST: Format = [
  bits(
    1,
    ota('image_page_req.field_ctrl'),
    [flagPart(query('request_node_addr_present'), 0x01), hexPart(ota('image_page_req.field_ctrl.reserved'), 0xfe)],
    'fieldControl',
  ),
  ...imageId,
  fileOffset,
  maxDataSize,
  dec(2, ota('page.size'), 'pageSize'),
  hex(2, ota('rsp_spacing'), 'responseSpacing'),
  when(has('fieldControl', 0x01), [node]),
];

// The block period of WAIT_FOR_DATA came with ZCL 6 and Wireshark does not show it: hence no name, and read when there.
/** Payload of Image Block Response. */
export const IMAGE_BLOCK_RESPONSE: Format = [
  status,
  choose('status', {
    [OtaStatus.SUCCESS]: [...imageId, fileOffset, raw(prefix(1, ota('data_size')), ota('image.data'), 'data')],
    [OtaStatus.WAIT_FOR_DATA]: [currentTime, dec(4, ota('request_time'), 'requestTime'), when(left(2), [dec(2, '', 'minimumBlockPeriod')])],
  }),
];

/** Payload of Upgrade End Request. */
export const UPGRADE_END_REQUEST: Format = [status, ...imageId];

/** Payload of Upgrade End Response. */
export const UPGRADE_END_RESPONSE: Format = [...imageId, currentTime, dec(4, ota('upgrade_time'), 'upgradeTime')];

const QUERY_SPECIFIC_FILE_REQUEST: Format = [node, ...imageId, hex(2, ota('zb_stack.ver'), 'stackVersion')];

// They are attributes of the client; Wireshark names them alike on both sides.
const OTA_ATTRIBUTES: Readonly<Record<number, Item>> = {
  0x0002: fileVersion,
  0x0003: hex(2, ota('zb_stack.ver')),
  0x0004: fileVersion,
  0x0005: hex(2, ota('zb_stack.ver')),
  0x0006: hex(1, ota('status_attr')),
  0x0007: manufacturer,
  0x0008: imageType,
};

/** The cluster. */
export const OTA = cluster(OTA_CLUSTER, 'OTA Upgrade', 'zbee_zcl_general.ota', () => ({
  attributes: OTA_ATTRIBUTES,
  toServer: {
    [OtaCommand.QUERY_NEXT_IMAGE_REQUEST]: command('Query Next Image Request', QUERY_NEXT_IMAGE_REQUEST),
    [OtaCommand.IMAGE_BLOCK_REQUEST]: command('Image Block Request', IMAGE_BLOCK_REQUEST),
    [OtaCommand.IMAGE_PAGE_REQUEST]: command('Image Page Request', IMAGE_PAGE_REQUEST),
    [OtaCommand.UPGRADE_END_REQUEST]: command('Upgrade End Request', UPGRADE_END_REQUEST),
    [OtaCommand.QUERY_SPECIFIC_FILE_REQUEST]: command('Query Specific File Request', QUERY_SPECIFIC_FILE_REQUEST),
  },
  toClient: {
    [OtaCommand.IMAGE_NOTIFY]: command('Image Notify', IMAGE_NOTIFY),
    [OtaCommand.QUERY_NEXT_IMAGE_RESPONSE]: command('Query Next Image Response', QUERY_NEXT_IMAGE_RESPONSE),
    [OtaCommand.IMAGE_BLOCK_RESPONSE]: command('Image Block Response', IMAGE_BLOCK_RESPONSE),
    [OtaCommand.UPGRADE_END_RESPONSE]: command('Upgrade End Response', UPGRADE_END_RESPONSE),
    [OtaCommand.QUERY_SPECIFIC_FILE_RESPONSE]: command('Query Specific File Response', QUERY_NEXT_IMAGE_RESPONSE),
  },
}));
