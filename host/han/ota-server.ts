/**
 * The OTA Upgrade server (ZCL specification chapter 11): offers one verified image to each device and serves its blocks.
 *
 * The server keeps no offset: any block may be asked again, out of order or from 0 anew, so a restart of either side needs no
 * agreement. It never offers what has not been verified, and what was withdrawn is answered with ABORT.
 */
import * as ota from '../clusters/ota.ts';
import { ZCL } from '../core/control.ts';
import type { Frame } from '../model/frame.ts';
import type { Eui64 } from '../model/ids.ts';
import type { Log } from '../ports/log.ts';
import type { Peer } from './network.ts';
import { isGlobal, Status, type ZclEndpoint } from './zcl.ts';

/** Most bytes of image data in one response: what fits a NWK- and APS-secured frame of 127 bytes. */
export const MAX_BLOCK = 56;

/** A verified image, offered to one device. */
export interface Offer {
  readonly device: Eui64;
  readonly manufacturer: number;
  readonly imageType: number;
  readonly fileVersion: number;
  readonly size: number;
  /** Bytes of the verified file; never asked beyond `size`. */
  read(offset: number, length: number): Uint8Array;
}

/** Told what the device does with its offer. All but `ended` return at once. */
export interface OfferEvents {
  /** The device asked for its next image, stating the version that it runs. */
  queried(currentVersion: number): void;
  /** A block was asked for and is queued. `restart` = the device goes on from the beginning after having been further. */
  served(offset: number, length: number, restart: boolean): void;
  /** The device has the whole image. Decides whether it may activate it now; told `later`, it asks again by itself (ZCL 11.11.5). */
  ended(): Promise<'activate' | 'later' | 'abort'>;
  /** The device gave up, with a ZCL status. */
  failed(status: number): void;
}

interface Session {
  readonly offer: Offer;
  readonly events: OfferEvents;
  /** The furthest offset served. */
  furthest: number;
  /** End of the first block when the device, which had been further, asked for it once more. */
  again: number | undefined;
}

/** The OTA server of a hub. */
export class OtaServer {
  readonly #zcl: ZclEndpoint;
  readonly #log: Log;
  readonly #sessions = new Map<Eui64, Session>();
  readonly #withdrawn = new Set<Eui64>();

  constructor(zcl: ZclEndpoint, log: Log) {
    this.#zcl = zcl;
    this.#log = log;
  }

  /** Makes an image available to its device, in place of any earlier one. The device is told by `notify`. */
  offer(offer: Offer, events: OfferEvents): void {
    this.#withdrawn.delete(offer.device);
    this.#sessions.set(offer.device, { offer, events, furthest: 0, again: undefined });
  }

  /** Takes an offer back: from now on its blocks are answered with ABORT. */
  withdraw(device: Eui64): void {
    if (this.#sessions.delete(device)) this.#withdrawn.add(device);
  }

  /** Tells a device that an image waits (Image Notify with all fields, no jitter). */
  async notify(to: Peer): Promise<void> {
    const session = this.#sessions.get(to.eui);
    if (session === undefined) return;
    const { manufacturer, imageType, fileVersion } = session.offer;
    await this.#zcl.send(to, {
      cluster: ota.OTA_CLUSTER,
      control: ZCL.CLUSTER | ZCL.FROM_SERVER | ZCL.NO_DEFAULT_RESPONSE,
      command: ota.OtaCommand.IMAGE_NOTIFY,
      payload: ota.encodeImageNotify({ payloadType: 3, queryJitter: 100, manufacturer, imageType, fileVersion }),
    });
  }

  /** Handles a frame of the OTA cluster. Queues at most one answer. */
  async handle(frame: Frame, from: Peer): Promise<void> {
    const command = frame.zcl?.command;
    if (frame.zcl === undefined || isGlobal(frame.zcl.control)) return this.#zcl.answerDefault(from, frame, Status.UNSUP_GENERAL_COMMAND);
    if ((frame.zcl.control & ZCL.FROM_SERVER) !== 0) return this.#zcl.answerDefault(from, frame, Status.UNSUP_CLUSTER_COMMAND);
    switch (command) {
      case ota.OtaCommand.QUERY_NEXT_IMAGE_REQUEST:
        return this.#query(frame, from);
      case ota.OtaCommand.IMAGE_BLOCK_REQUEST:
        return this.#block(frame, from);
      case ota.OtaCommand.UPGRADE_END_REQUEST:
        return this.#end(frame, from);
      default:
        return this.#zcl.answerDefault(from, frame, Status.UNSUP_CLUSTER_COMMAND);
    }
  }

  async #query(frame: Frame, from: Peer): Promise<void> {
    const query = ota.decodeQueryNextImageRequest(frame.payload);
    if (query === undefined) return this.#zcl.answerDefault(from, frame, Status.MALFORMED_COMMAND);
    const session = this.#sessions.get(from.eui);
    const offer = session?.offer;
    const matches = offer !== undefined && query.manufacturer === offer.manufacturer && query.imageType === offer.imageType;
    session?.events.queried(query.fileVersion);
    const answer: ota.QueryNextImageResponse =
      matches && query.fileVersion !== offer.fileVersion
        ? {
            status: Status.SUCCESS,
            manufacturer: offer.manufacturer,
            imageType: offer.imageType,
            fileVersion: offer.fileVersion,
            imageSize: offer.size,
          }
        : { status: ota.OtaStatus.NO_IMAGE_AVAILABLE };
    this.#log.debug('ota-query', { device: from.eui, version: query.fileVersion, status: answer.status });
    await this.#zcl.answer(from, frame, ota.OtaCommand.QUERY_NEXT_IMAGE_RESPONSE, ota.encodeQueryNextImageResponse(answer));
  }

  async #block(frame: Frame, from: Peer): Promise<void> {
    const request = ota.decodeImageBlockRequest(frame.payload);
    if (request === undefined) return this.#zcl.answerDefault(from, frame, Status.MALFORMED_COMMAND);
    const session = this.#sessions.get(from.eui);
    if (session === undefined || !this.#same(request, session.offer)) {
      const status = session === undefined && this.#withdrawn.has(from.eui) ? ota.OtaStatus.ABORT : ota.OtaStatus.NO_IMAGE_AVAILABLE;
      return this.#zcl.answer(from, frame, ota.OtaCommand.IMAGE_BLOCK_RESPONSE, ota.encodeImageBlockResponse({ status }));
    }
    const { offer } = session;
    const offset = request.fileOffset;
    const length = Math.min(request.maxDataSize, MAX_BLOCK, offer.size - offset);
    if (length <= 0) return this.#zcl.answerDefault(from, frame, Status.MALFORMED_COMMAND);
    const { manufacturer, imageType, fileVersion } = offer;
    const data = offer.read(offset, length);
    const response = { status: Status.SUCCESS, manufacturer, imageType, fileVersion, fileOffset: offset, data } as const;
    await this.#zcl.answer(from, frame, ota.OtaCommand.IMAGE_BLOCK_RESPONSE, ota.encodeImageBlockResponse(response));
    session.events.served(offset, length, noteRestart(session, offset, length));
  }

  async #end(frame: Frame, from: Peer): Promise<void> {
    const request = ota.decodeUpgradeEndRequest(frame.payload);
    if (request === undefined) return this.#zcl.answerDefault(from, frame, Status.MALFORMED_COMMAND);
    const session = this.#sessions.get(from.eui);
    if (session === undefined || !this.#same(request, session.offer)) return this.#zcl.answerDefault(from, frame, ota.OtaStatus.ABORT);
    if (request.status !== Status.SUCCESS) {
      await this.#zcl.answerDefault(from, frame, Status.SUCCESS);
      session.events.failed(request.status);
      return;
    }
    const may = await session.events.ended();
    if (may === 'abort') return this.#zcl.answerDefault(from, frame, ota.OtaStatus.ABORT);
    const { manufacturer, imageType, fileVersion } = session.offer;
    const now = { manufacturer, imageType, fileVersion, currentTime: 0, upgradeTime: may === 'later' ? ota.UPGRADE_LATER : 0 };
    await this.#zcl.answer(from, frame, ota.OtaCommand.UPGRADE_END_RESPONSE, ota.encodeUpgradeEndResponse(now));
  }

  #same(request: { manufacturer: number; imageType: number; fileVersion: number }, offer: Offer): boolean {
    return (
      request.manufacturer === offer.manufacturer && request.imageType === offer.imageType && request.fileVersion === offer.fileVersion
    );
  }
}

/**
 * Notes what was asked for. Some devices read the first block, where the header is, more than once: only one that goes on from
 * there has begun again.
 */
function noteRestart(session: Session, offset: number, length: number): boolean {
  const restart = offset > 0 && offset === session.again && offset <= session.furthest;
  session.again = offset === 0 && session.furthest > 0 ? length : undefined;
  session.furthest = restart ? offset : Math.max(session.furthest, offset);
  return restart;
}
