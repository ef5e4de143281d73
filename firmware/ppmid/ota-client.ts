/**
 * OTA upgrade client (ZCL specification 11): asks for the next image, fetches it block by block, reports its end and waits
 * for the time of activation. One request is under way at a time; lost ones are repeated at growing intervals, never from
 * the beginning. What it fetches goes to an `UpgradeStore`, which also judges it; progress over a restart is the store's.
 */
import {
  ANY_MANUFACTURER,
  OtaCommand,
  OtaStatus,
  UPGRADE_LATER,
  decodeImageBlockResponse,
  decodeImageNotify,
  decodeQueryNextImageResponse,
  decodeUpgradeEndResponse,
  encodeImageBlockRequest,
  encodeQueryNextImageRequest,
  encodeUpgradeEndRequest,
  type ImageId,
} from '../../host/clusters/ota.ts';
import { Status, type Inbound, type Reply } from '../devices/zcl.ts';
import type { BlockWish, Habits } from './habits.ts';
import type { OtaClientParts } from './ota-parts.ts';
import { Repeater } from './repeater.ts';

/** Data bytes asked for at a time: what one frame carries under NWK and APS security. */
export const MAX_DATA_SIZE = 56;
/** Requests without an answer after which the client gives up until it asks for an image again. */
export const SILENT_MAX = 60;
/** How often an unanswered or refused client asks for an image by itself. */
export const QUERY_INTERVAL_MS = 24 * 3_600_000;
/** How often it asks for the time of activation when it was told to wait. */
export const ACTIVATION_INTERVAL_MS = 3_600_000;
const QUERY_TRIES = 3;
const SECOND_MS = 1_000;

/** Where a client stands. */
export type Stage = 'normal' | 'downloading' | 'complete' | 'waiting' | 'counting-down';

/** A client. */
export class OtaClient {
  readonly #parts: OtaClientParts;
  readonly #habits: Habits;
  readonly #timer: Repeater;
  #stage: Stage = 'normal';
  #image: (ImageId & { readonly size: number }) | undefined;
  #offset = 0;
  /** Milliseconds between two requests that the server asked for. */
  #period = 0;

  constructor(parts: OtaClientParts) {
    this.#parts = parts;
    this.#habits = parts.habits ?? {};
    this.#timer = new Repeater(parts.clock);
  }

  /** Where it stands. */
  get stage(): Stage {
    return this.#stage;
  }

  /** Next byte wanted; undefined when no image is being fetched. */
  get fileOffset(): number | undefined {
    return this.#image && this.#offset;
  }

  /** The image under way. */
  get image(): (ImageId & { readonly size: number }) | undefined {
    return this.#image;
  }

  /** Asks the server for an image, unless one is under way. */
  query(): void {
    if (this.#image !== undefined) return;
    const { running, hardwareVersion, send } = this.#parts;
    this.#repeat(QUERY_TRIES, () =>
      send(OtaCommand.QUERY_NEXT_IMAGE_REQUEST, encodeQueryNextImageRequest({ fieldControl: 1, ...running, hardwareVersion })),
    );
  }

  /** Takes a command of the server. */
  take({ command, payload, unicast }: Inbound): Reply {
    switch (command) {
      case OtaCommand.IMAGE_NOTIFY:
        return this.#takeNotify(payload, unicast);
      case OtaCommand.QUERY_NEXT_IMAGE_RESPONSE:
        return this.#takeOffer(payload);
      case OtaCommand.IMAGE_BLOCK_RESPONSE:
        return this.#takeBlock(payload);
      case OtaCommand.UPGRADE_END_RESPONSE:
        return this.#takeEnd(payload);
      default:
        return { status: Status.UNSUP_CLUSTER_COMMAND };
    }
  }

  #takeNotify(payload: Uint8Array, unicast: boolean): Reply {
    const notify = decodeImageNotify(payload);
    if (notify === undefined) return MALFORMED;
    const { running, draw } = this.#parts;
    const { manufacturer, imageType, fileVersion } = notify;
    const meant =
      (manufacturer === undefined || manufacturer === ANY_MANUFACTURER || manufacturer === running.manufacturer) &&
      (imageType === undefined || imageType === ANY_TYPE || imageType === running.imageType) &&
      (fileVersion === undefined || fileVersion !== running.fileVersion);
    if (meant && (unicast || draw() <= notify.queryJitter)) this.query();
    return DONE;
  }

  #takeOffer(payload: Uint8Array): Reply {
    const offer = decodeQueryNextImageResponse(payload);
    if (offer === undefined) return MALFORMED;
    if (this.#image !== undefined) return DONE;
    if (!('imageSize' in offer)) return this.#rest();
    const { manufacturer, imageType, fileVersion, imageSize: size } = offer;
    const { running, downgrades, store } = this.#parts;
    const newer = downgrades ? fileVersion !== running.fileVersion : fileVersion > running.fileVersion;
    if (manufacturer !== running.manufacturer || imageType !== running.imageType || !newer) return this.#rest();
    const image = { manufacturer, imageType, fileVersion };
    const begun = store.begin(image, size);
    if (!begun.ok) {
      this.#note('image-not-taken', { code: begun.code, detail: begun.detail });
      return this.#rest();
    }
    this.#image = { ...image, size };
    this.#offset = begun.value;
    this.#stage = 'downloading';
    this.#note('download-begun', { fileVersion, size, offset: this.#offset });
    this.#advance();
    return DONE;
  }

  #takeBlock(payload: Uint8Array): Reply {
    const block = decodeImageBlockResponse(payload);
    if (block === undefined) return MALFORMED;
    const image = this.#image;
    if (image === undefined || this.#stage !== 'downloading') return DONE;
    if (block.status === OtaStatus.ABORT) return this.#abandon('aborted');
    if ('requestTime' in block) {
      const seconds = Math.max(0, block.currentTime === 0 ? block.requestTime : block.requestTime - block.currentTime);
      this.#period = block.minimumBlockPeriod ?? 0;
      this.#timer.after(seconds * SECOND_MS, () => this.#ask());
      return DONE;
    }
    if (!('data' in block) || !sameImage(block, image) || block.fileOffset !== this.#offset) return DONE;
    const { data } = block;
    if (data.length === 0 || data.length > MAX_DATA_SIZE || this.#offset + data.length > image.size) return MALFORMED;
    this.#parts.store.write(this.#offset, data);
    this.#offset += data.length;
    if (this.#habits.restarts?.(this.#offset, image.size)) this.#beginAnew(image);
    this.#advance();
    return DONE;
  }

  /** Forgets what was fetched. */
  #beginAnew(image: ImageId & { readonly size: number }): void {
    this.#parts.store.discard();
    const begun = this.#parts.store.begin(image, image.size);
    if (begun.ok) this.#offset = begun.value;
  }

  /** Asks for the next block, or for activation when there is none left. */
  #advance(): void {
    const image = this.#image;
    if (image !== undefined && this.#offset < image.size) {
      const wait = Math.max(this.#period, this.#habits.sleep?.(this.#offset, image.size) ?? 0);
      return wait > 0 ? this.#timer.after(wait, () => this.#ask()) : this.#ask();
    }
    const verdict = this.#parts.store.finish();
    if (verdict.ok) {
      this.#stage = 'complete';
      return this.#reportEnd();
    }
    this.#note('image-refused', { code: verdict.code, detail: verdict.detail });
    this.#sendEnd(OtaStatus.INVALID_IMAGE);
    this.#parts.store.discard();
    this.#rest();
  }

  #ask(): void {
    const image = this.#image;
    if (image === undefined) return;
    const { manufacturer, imageType, fileVersion } = image;
    this.#repeat(SILENT_MAX, () => {
      const right: BlockWish = { fileOffset: this.#offset, maxDataSize: Math.min(MAX_DATA_SIZE, image.size - this.#offset) };
      for (const wish of this.#habits.requests?.(right) ?? [right]) {
        const request = { fieldControl: 0, manufacturer, imageType, fileVersion, ...wish };
        this.#parts.send(OtaCommand.IMAGE_BLOCK_REQUEST, encodeImageBlockRequest(request));
      }
    });
  }

  #reportEnd(): void {
    this.#repeat(SILENT_MAX, () => this.#sendEnd(OtaStatus.SUCCESS));
  }

  #sendEnd(status: number): void {
    if (this.#image === undefined) return;
    const { manufacturer, imageType, fileVersion } = this.#image;
    const { end = (right: number) => right } = this.#habits;
    const said = end(status);
    if (said === undefined) return;
    const request = { status: said, manufacturer, imageType, fileVersion };
    this.#parts.send(OtaCommand.UPGRADE_END_REQUEST, encodeUpgradeEndRequest(request));
  }

  #takeEnd(payload: Uint8Array): Reply {
    const end = decodeUpgradeEndResponse(payload);
    if (end === undefined) return MALFORMED;
    const complete = this.#stage === 'complete' || this.#stage === 'waiting' || this.#stage === 'counting-down';
    if (this.#image === undefined || !complete || !sameImage(end, this.#image)) return DONE;
    if (end.upgradeTime === UPGRADE_LATER) {
      this.#stage = 'waiting';
      this.#timer.after(ACTIVATION_INTERVAL_MS, () => this.#reportEnd());
      return DONE;
    }
    const seconds = Math.max(0, end.upgradeTime - end.currentTime);
    this.#stage = 'counting-down';
    this.#note('activation-set', { seconds });
    this.#timer.after(seconds * SECOND_MS, () => this.#activate());
    return DONE;
  }

  #activate(): void {
    const done = this.#parts.store.activate();
    if (done.ok) return;
    this.#note('activation-postponed', { code: done.code, detail: done.detail });
    this.#stage = 'waiting';
    this.#timer.after(ACTIVATION_INTERVAL_MS, () => this.#reportEnd());
  }

  /** Sends, and sends again while nobody answers. After `tries` the client rests; what it has fetched it keeps. */
  #repeat(tries: number, send: () => void): void {
    this.#timer.repeat(tries, send, () => {
      this.#note('no-answer', { tries });
      this.#rest();
    });
  }

  #abandon(why: string): Reply {
    this.#note('download-abandoned', { why });
    this.#parts.store.discard();
    return this.#rest();
  }

  /** Nothing under way: asks again by itself after a long time. */
  #rest(): Reply {
    this.#stage = 'normal';
    this.#image = undefined;
    this.#offset = 0;
    this.#period = 0;
    this.#timer.after(QUERY_INTERVAL_MS, () => this.query());
    return DONE;
  }

  #note(event: string, fields: Record<string, string | number>): void {
    this.#parts.log.info(event, { device: this.#parts.name, ...fields });
  }
}

const ANY_TYPE = 0xffff;
const ANY_VERSION = 0xffffffff;
const DONE: Reply = { status: Status.SUCCESS };
const MALFORMED: Reply = { status: Status.MALFORMED_COMMAND };

/** Whether an answer is about an image; 0xffff and 0xffffffff stand for any. */
function sameImage(answer: ImageId, image: ImageId): boolean {
  return (
    (answer.manufacturer === image.manufacturer || answer.manufacturer === ANY_MANUFACTURER) &&
    (answer.imageType === image.imageType || answer.imageType === ANY_TYPE) &&
    (answer.fileVersion === image.fileVersion || answer.fileVersion === ANY_VERSION)
  );
}
