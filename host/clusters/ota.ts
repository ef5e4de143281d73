/**
 * OTA Upgrade cluster 0x0019 (ZCL chapter 11): payloads of its commands, both directions.
 *
 * Versions, sizes and offsets are plain numbers; times are UTCTime (seconds since 2000-01-01T00:00:00Z), periods as noted.
 * The client is the device that upgrades, the server offers images.
 */
import type { Eui64 } from '../model/ids.ts';
import { decoder, encoder } from './codec.ts';
import * as table from './ota-table.ts';

export { OTA_CLUSTER, OtaCommand, OtaStatus } from './ota-table.ts';

/** Attributes of the client (ZCL 11.10). */
export const OtaAttribute = {
  UPGRADE_SERVER_ID: 0x0000,
  FILE_OFFSET: 0x0001,
  CURRENT_FILE_VERSION: 0x0002,
  CURRENT_STACK_VERSION: 0x0003,
  DOWNLOADED_FILE_VERSION: 0x0004,
  DOWNLOADED_STACK_VERSION: 0x0005,
  IMAGE_UPGRADE_STATUS: 0x0006,
  MANUFACTURER: 0x0007,
  IMAGE_TYPE: 0x0008,
  MINIMUM_BLOCK_PERIOD: 0x0009,
  IMAGE_STAMP: 0x000a,
} as const;

/** Upgrade time of an Upgrade End Response that says: wait for another one. */
export const UPGRADE_LATER = 0xffffffff;

/** Matches every manufacturer code, image type or file version in an Upgrade End Response. */
export const ANY_MANUFACTURER = 0xffff;

/** Image Notify: which of the last three fields follow is told by the payload type 0 to 3. */
export interface ImageNotify {
  readonly payloadType: 0 | 1 | 2 | 3;
  /** 1 to 100: a client answers when a random number in that range is not above it. */
  readonly queryJitter: number;
  readonly manufacturer?: number;
  readonly imageType?: number;
  readonly fileVersion?: number;
}

/** Query Next Image Request: what the client runs now. */
export interface QueryNextImageRequest {
  /** Bit 0: the hardware version follows. */
  readonly fieldControl: number;
  readonly manufacturer: number;
  readonly imageType: number;
  readonly fileVersion: number;
  readonly hardwareVersion?: number;
}

/** What identifies one image. */
export interface ImageId {
  readonly manufacturer: number;
  readonly imageType: number;
  readonly fileVersion: number;
}

/** Query Next Image Response: an image of `imageSize` bytes, or a status and nothing else. */
export type QueryNextImageResponse = ({ readonly status: 0x00; readonly imageSize: number } & ImageId) | { readonly status: number };

/** Image Block Request. */
export interface ImageBlockRequest extends ImageId {
  /** Bit 0: the requesting node's EUI-64 follows; bit 1: the minimum block period follows. */
  readonly fieldControl: number;
  readonly fileOffset: number;
  readonly maxDataSize: number;
  readonly node?: Eui64;
  /** Milliseconds between requests that the client keeps (ZCL 11.13.6.4). */
  readonly minimumBlockPeriod?: number;
}

/** Image Page Request: many responses to one request. */
export interface ImagePageRequest extends ImageId {
  /** Bit 0: the requesting node's EUI-64 follows. */
  readonly fieldControl: number;
  readonly fileOffset: number;
  readonly maxDataSize: number;
  readonly pageSize: number;
  /** Milliseconds between two responses. */
  readonly responseSpacing: number;
  readonly node?: Eui64;
}

/** Image Block Response: a block, WAIT_FOR_DATA (0x97) with times, or another status (ABORT 0x95) and nothing else. */
export type ImageBlockResponse =
  | ({ readonly status: 0x00; readonly fileOffset: number; readonly data: Uint8Array } & ImageId)
  | {
      readonly status: 0x97;
      readonly currentTime: number;
      readonly requestTime: number;
      /** Milliseconds. Clients of older revisions do not know it and ignore it. */
      readonly minimumBlockPeriod?: number;
    }
  | { readonly status: number };

/** Upgrade End Request: the client has the whole image (status success), or gives up. */
export interface UpgradeEndRequest extends ImageId {
  readonly status: number;
}

/** Upgrade End Response: when to activate. `upgradeTime` − `currentTime` is the delay; UPGRADE_LATER = wait to be told. */
export interface UpgradeEndResponse extends ImageId {
  readonly currentTime: number;
  readonly upgradeTime: number;
}

/** Makes the payload of Image Notify. */
export const encodeImageNotify = encoder<ImageNotify>(table.IMAGE_NOTIFY);

/** Reads the payload of Image Notify; undefined when it is too short. */
export const decodeImageNotify = decoder<ImageNotify>(table.IMAGE_NOTIFY);

/** Makes the payload of Query Next Image Request. */
export const encodeQueryNextImageRequest = encoder<QueryNextImageRequest>(table.QUERY_NEXT_IMAGE_REQUEST);

/** Reads the payload of Query Next Image Request; undefined when it is too short. */
export const decodeQueryNextImageRequest = decoder<QueryNextImageRequest>(table.QUERY_NEXT_IMAGE_REQUEST);

/** Makes the payload of Query Next Image Response. */
export const encodeQueryNextImageResponse = encoder<QueryNextImageResponse>(table.QUERY_NEXT_IMAGE_RESPONSE);

/** Reads the payload of Query Next Image Response; undefined when it is too short. */
export const decodeQueryNextImageResponse = decoder<QueryNextImageResponse>(table.QUERY_NEXT_IMAGE_RESPONSE);

/** Makes the payload of Image Block Request. */
export const encodeImageBlockRequest = encoder<ImageBlockRequest>(table.IMAGE_BLOCK_REQUEST);

/** Reads the payload of Image Block Request; undefined when it is too short. */
export const decodeImageBlockRequest = decoder<ImageBlockRequest>(table.IMAGE_BLOCK_REQUEST);

/** Makes the payload of Image Page Request. */
export const encodeImagePageRequest = encoder<ImagePageRequest>(table.IMAGE_PAGE_REQUEST);

/** Reads the payload of Image Page Request; undefined when it is too short. */
export const decodeImagePageRequest = decoder<ImagePageRequest>(table.IMAGE_PAGE_REQUEST);

/** Makes the payload of Image Block Response. */
export const encodeImageBlockResponse = encoder<ImageBlockResponse>(table.IMAGE_BLOCK_RESPONSE);

/** Reads the payload of Image Block Response; undefined when it is too short. */
export const decodeImageBlockResponse = decoder<ImageBlockResponse>(table.IMAGE_BLOCK_RESPONSE);

/** Makes the payload of Upgrade End Request. */
export const encodeUpgradeEndRequest = encoder<UpgradeEndRequest>(table.UPGRADE_END_REQUEST);

/** Reads the payload of Upgrade End Request; undefined when it is too short. */
export const decodeUpgradeEndRequest = decoder<UpgradeEndRequest>(table.UPGRADE_END_REQUEST);

/** Makes the payload of Upgrade End Response. */
export const encodeUpgradeEndResponse = encoder<UpgradeEndResponse>(table.UPGRADE_END_RESPONSE);

/** Reads the payload of Upgrade End Response; undefined when it is too short. */
export const decodeUpgradeEndResponse = decoder<UpgradeEndResponse>(table.UPGRADE_END_RESPONSE);
