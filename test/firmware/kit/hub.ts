/**
 * A tiny Communications Hub for tests of the devices: coordinator, trust centre and OTA server in real frames, with none of
 * the product's flows, so that a fault of either side shows.
 */
import { encodeReadAttributes } from '../../../host/clusters/foundation.ts';
import {
  decodeImageBlockRequest,
  decodeQueryNextImageRequest,
  decodeUpgradeEndRequest,
  encodeImageBlockResponse,
  encodeImageNotify,
  encodeQueryNextImageResponse,
  encodeUpgradeEndResponse,
  OTA_CLUSTER,
  OtaCommand,
  type ImageBlockRequest,
  type ImageBlockResponse,
  type UpgradeEndRequest,
} from '../../../host/clusters/ota.ts';
import { APS, KEY_ID, MAC, NWK, ZCL } from '../../../host/core/control.ts';
import type { CertificateMaterial } from '../../../host/core/cbke.ts';
import type { LabCore } from '../../../host/core/core.ts';
import type { Refusal } from '../../../host/model/fault.ts';
import type { Frame, KeyHandle, TxFrame } from '../../../host/model/frame.ts';
import { eui64, euiFromAir, euiToAir, type Eui64 } from '../../../host/model/ids.ts';
import type { Medium, Transceiver } from '../../../host/ports/medium.ts';
import { HubKeys } from './hub-keys.ts';

export const HUB_EUI = eui64('0200000000000001');
export const PAN = 0x1a2b;
export const CHANNEL = 15;

const KEY_ESTABLISHMENT = 0x0800;
const EXTENDED_PAN = [1, 2, 3, 4, 5, 6, 7, 8];

/** What the hub heard in ZCL. */
export interface HeardZcl {
  readonly from: Eui64;
  readonly cluster: number;
  readonly control: number;
  readonly command: number;
  readonly payload: Uint8Array;
  readonly secured: boolean;
}

interface Member {
  /** The link key of its install code. */
  readonly install: KeyHandle;
  /** The link key that its certificate established. */
  link: KeyHandle | undefined;
  readonly short: number;
  pending: boolean;
}

/** How the OTA server differs from a plain one; undefined answers as usual. */
export interface OtaRules {
  block?: (request: ImageBlockRequest, usual: ImageBlockResponse) => ImageBlockResponse | 'silent';
  end?: (request: UpgradeEndRequest) => { readonly currentTime: number; readonly upgradeTime: number } | 'silent';
}

const must = <T>(result: { readonly ok: true; readonly value: T } | Refusal): T => {
  if (result.ok) return result.value;
  throw new Error(`${result.code}: ${result.detail}`);
};

export class TestHub {
  readonly heard: HeardZcl[] = [];
  readonly announced: Eui64[] = [];
  readonly zdp: { readonly cluster: number; readonly payload: Uint8Array }[] = [];
  readonly acks: number[] = [];
  readonly refused: string[] = [];
  readonly ends: UpgradeEndRequest[] = [];
  readonly blocks: number[] = [];
  permitsJoining = true;
  image: Uint8Array | undefined;
  rules: OtaRules = {};
  readonly networkKey: KeyHandle;
  readonly keys: HubKeys;
  readonly #core: LabCore;
  readonly #transceiver: Transceiver;
  readonly #members = new Map<Eui64, Member>();
  #number = 0;

  constructor(medium: Medium, core: LabCore, certificates: readonly CertificateMaterial[], networkKey = new Uint8Array(16).fill(0x5c)) {
    this.#core = core;
    this.keys = new HubKeys(core, certificates);
    this.networkKey = must(core.keys.importNetwork(networkKey, 0));
    must(core.keys.reserve(this.networkKey, 0, 1_000_000));
    this.#transceiver = medium.attach('hub');
    this.#transceiver.configure({ channel: CHANNEL, panId: PAN, shortAddress: 0, eui: HUB_EUI });
    this.#transceiver.onFrame(({ psdu }) => this.#receive(psdu));
  }

  /** Lets a device in by its install code. */
  admit(eui: Eui64, installCode: Uint8Array): void {
    const install = must(this.#core.keys.installCode(installCode.slice(), eui));
    must(this.#core.keys.reserve(install, 0, 1_000_000));
    this.#members.set(eui, { install, link: undefined, short: 0x1000 + this.#members.size, pending: false });
  }

  link(eui: Eui64): KeyHandle {
    const { link } = this.#member(eui);
    if (link === undefined) throw new Error(`${eui} has no link key yet`);
    return link;
  }

  /** Of the link key established with a device. */
  fingerprint(eui: Eui64): string {
    return must(this.#core.keys.fingerprint(this.link(eui)));
  }

  /** Tells a device of an image. */
  notify(eui: Eui64): void {
    this.zcl(eui, OTA_CLUSTER, OtaCommand.IMAGE_NOTIFY, encodeImageNotify({ payloadType: 0, queryJitter: 100 }));
  }

  read(eui: Eui64, cluster: number, attributes: readonly number[], control: number = ZCL.FROM_SERVER, apsAck = false): void {
    this.zcl(eui, cluster, 0, encodeReadAttributes(attributes), control, { apsAck });
  }

  /** Sends a ZCL command. */
  zcl(
    eui: Eui64,
    cluster: number,
    command: number,
    payload: Uint8Array,
    control: number = ZCL.CLUSTER | ZCL.FROM_SERVER | ZCL.NO_DEFAULT_RESPONSE,
    { seq = this.#next(), secured = true, apsAck = false } = {},
  ): void {
    this.#send({
      ...this.#networked(eui),
      aps: {
        fcf: APS.DATA | (secured ? APS.SECURED : 0) | (apsAck ? APS.ACK_REQUEST : 0),
        dstEndpoint: 1,
        srcEndpoint: 1,
        cluster,
        profile: 0x0109,
        counter: this.#next(),
        ...(secured ? { security: { key: this.link(eui), keyId: KEY_ID.DATA, extendedNonce: false } } : {}),
      },
      zcl: { control, seq, command },
      payload,
    });
  }

  sendZdp(eui: Eui64, cluster: number, payload: Uint8Array): void {
    this.#send({
      ...this.#networked(eui),
      aps: { fcf: APS.DATA, dstEndpoint: 0, srcEndpoint: 0, cluster, profile: 0, counter: this.#next() },
      payload,
    });
  }

  #networked(eui: Eui64): Pick<TxFrame, 'self' | 'mac' | 'nwk'> {
    const { short } = this.#member(eui);
    const fcf = MAC.DATA | MAC.PAN_COMPRESSION | MAC.ACK_REQUEST | MAC.DST_SHORT | MAC.SRC_SHORT;
    return {
      self: HUB_EUI,
      mac: { fcf, seq: this.#next(), dstPan: PAN, dst: short, src: 0 },
      nwk: { fcf: NWK.DATA | NWK.SECURED, dst: short, src: 0, radius: 30, seq: this.#next(), key: this.networkKey },
    };
  }

  #send(frame: TxFrame): void {
    void this.#transceiver.send(must(this.#core.tx(frame)));
  }

  #receive(psdu: Uint8Array): void {
    const read = this.#core.rx(psdu);
    if (!read.ok) {
      this.refused.push(read.code);
      return;
    }
    const { frame } = read;
    if (frame.mac.command !== undefined) return this.#command(frame);
    const { nwk, aps } = frame;
    if (nwk?.security === undefined || aps === undefined) return;
    const from = nwk.security.source;
    if (from === undefined) return;
    if ((aps.fcf & APS.TYPE) === APS.ACK) {
      this.acks.push(aps.counter);
    } else if (aps.profile === 0) {
      if (aps.cluster === 0x0013) this.announced.push(euiFromAir(frame.payload.slice(3, 11)));
      else this.zdp.push({ cluster: aps.cluster ?? 0, payload: frame.payload });
    } else if (frame.zcl !== undefined) {
      const { control, command, seq } = frame.zcl;
      if (aps.cluster === KEY_ESTABLISHMENT) return this.#establish(from, command, seq, frame.payload);
      const message = { from, cluster: aps.cluster ?? 0, control, command, payload: frame.payload, secured: aps.security !== undefined };
      this.heard.push(message);
      if (message.cluster === OTA_CLUSTER && (control & ZCL.TYPE) === ZCL.CLUSTER) this.#ota(from, command, seq, frame.payload);
    }
  }

  #command({ mac }: Frame): void {
    if (mac.command === 0x07 && this.permitsJoining) {
      const payload = Uint8Array.of(0xff, 0xcf, 0, 0, 0, 0x22, 0x84, ...EXTENDED_PAN, 0xff, 0xff, 0xff, 0);
      this.#send({ self: HUB_EUI, mac: { fcf: MAC.BEACON | MAC.SRC_SHORT, seq: this.#next(), srcPan: PAN, src: 0 }, payload });
    }
    if (typeof mac.src !== 'string') return;
    const member = this.#members.get(mac.src);
    if (member === undefined || !this.permitsJoining) return;
    if (mac.command === 0x01) member.pending = true;
    if (mac.command !== 0x04 || !member.pending) return;
    member.pending = false;
    const fcf = MAC.COMMAND | MAC.ACK_REQUEST | MAC.PAN_COMPRESSION | MAC.DST_EXTENDED | MAC.SRC_EXTENDED;
    const address = [member.short & 0xff, member.short >> 8];
    const header = { fcf, seq: this.#next(), dstPan: PAN, dst: mac.src, src: HUB_EUI };
    this.#send({ self: HUB_EUI, mac: header, payload: Uint8Array.of(0x02, ...address, 0) });
    this.#transportKey(mac.src, member);
  }

  #establish(eui: Eui64, command: number, seq: number, payload: Uint8Array): void {
    const answer = (code: number, body: Uint8Array): void =>
      this.zcl(eui, KEY_ESTABLISHMENT, code, body, undefined, { seq, secured: false });
    const key = this.keys.take(eui, command, payload, answer);
    if (key === undefined) return;
    must(this.#core.keys.reserve(key, 0, 1_000_000));
    this.#member(eui).link = key;
  }

  #transportKey(eui: Eui64, { install, short }: Member): void {
    const fcf = MAC.DATA | MAC.PAN_COMPRESSION | MAC.ACK_REQUEST | MAC.DST_SHORT | MAC.SRC_SHORT;
    this.#send({
      self: HUB_EUI,
      mac: { fcf, seq: this.#next(), dstPan: PAN, dst: short, src: 0 },
      nwk: { fcf: NWK.DATA, dst: short, src: 0, radius: 30, seq: this.#next() },
      aps: {
        fcf: APS.COMMAND | APS.SECURED,
        counter: this.#next(),
        security: { key: install, keyId: KEY_ID.TRANSPORT, extendedNonce: true },
      },
      payload: Uint8Array.of(0x05, 0x01, ...new Uint8Array(16), 0, ...euiToAir(eui), ...euiToAir(HUB_EUI)),
      carry: { key: this.networkKey, offset: 2 },
    });
  }

  #ota(eui: Eui64, command: number, seq: number, payload: Uint8Array): void {
    const answer = (code: number, body: Uint8Array): void => this.zcl(eui, OTA_CLUSTER, code, body, undefined, { seq });
    const { image } = this;
    if (command === OtaCommand.QUERY_NEXT_IMAGE_REQUEST && decodeQueryNextImageRequest(payload)) {
      answer(
        OtaCommand.QUERY_NEXT_IMAGE_RESPONSE,
        encodeQueryNextImageResponse(image ? { status: 0, ...idOf(image), imageSize: image.length } : { status: 0x98 }),
      );
    } else if (command === OtaCommand.IMAGE_BLOCK_REQUEST) {
      const request = decodeImageBlockRequest(payload);
      if (request === undefined || image === undefined) return;
      this.blocks.push(request.fileOffset);
      const data = image.subarray(request.fileOffset, request.fileOffset + request.maxDataSize);
      const usual: ImageBlockResponse = { status: 0, ...idOf(image), fileOffset: request.fileOffset, data };
      const response = this.rules.block ? this.rules.block(request, usual) : usual;
      if (response !== 'silent') answer(OtaCommand.IMAGE_BLOCK_RESPONSE, encodeImageBlockResponse(response));
    } else if (command === OtaCommand.UPGRADE_END_REQUEST) {
      const request = decodeUpgradeEndRequest(payload);
      if (request === undefined) return;
      this.ends.push(request);
      const when = this.rules.end ? this.rules.end(request) : { currentTime: 1000, upgradeTime: 1000 };
      if (when === 'silent' || request.status !== 0) return;
      const { manufacturer, imageType, fileVersion } = request;
      answer(OtaCommand.UPGRADE_END_RESPONSE, encodeUpgradeEndResponse({ manufacturer, imageType, fileVersion, ...when }));
    }
  }

  #member(eui: Eui64): Member {
    const member = this.#members.get(eui);
    if (member === undefined) throw new Error(`${eui} was not admitted`);
    return member;
  }

  #next(): number {
    this.#number = (this.#number + 1) & 0xff;
    return this.#number;
  }
}

function idOf(image: Uint8Array): { manufacturer: number; imageType: number; fileVersion: number } {
  const view = new DataView(image.buffer, image.byteOffset);
  return { manufacturer: view.getUint16(10, true), imageType: view.getUint16(12, true), fileVersion: view.getUint32(14, true) };
}
