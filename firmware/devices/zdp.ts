/**
 * ZigBee Device Profile of a device (ZigBee specification 2.4): its announcement, and the answers to what others ask about
 * its addresses, descriptors and endpoints. Requests about other devices are answered DEVICE_NOT_FOUND; unknown requests
 * are not answered.
 */
import { euiFromAir, euiToAir, type Eui64 } from '../../host/model/ids.ts';

/** ZDP clusters; a response has its request's cluster with bit 15 set. */
export const Zdp = {
  NWK_ADDRESS: 0x0000,
  IEEE_ADDRESS: 0x0001,
  NODE_DESCRIPTOR: 0x0002,
  SIMPLE_DESCRIPTOR: 0x0004,
  ACTIVE_ENDPOINTS: 0x0005,
  MATCH_DESCRIPTOR: 0x0006,
  DEVICE_ANNOUNCE: 0x0013,
} as const;

const SUCCESS = 0x00;
const INVALID_ENDPOINT = 0x82;
const DEVICE_NOT_FOUND = 0x80;
const INVALID_REQUEST_TYPE = 0x80;
const RESPONSE = 0x8000;
const FREQUENCY_2400 = 0x40;
const BUFFER = 82;
const TRANSFER = 128;

/** What a device tells of itself. It has one application endpoint. */
export interface Description {
  readonly eui: Eui64;
  readonly shortAddress: number;
  /** MAC capability information. */
  readonly capability: number;
  readonly manufacturer: number;
  readonly endpoint: number;
  readonly profile: number;
  /** Device identifier of the profile. */
  readonly device: number;
  readonly serverClusters: readonly number[];
  readonly clientClusters: readonly number[];
}

/** A ZDP message without addressing; the transaction number stands first in the payload. */
export interface ZdpMessage {
  readonly cluster: number;
  readonly payload: Uint8Array;
}

/** Device_annce: who is here, under which address. */
export function announcement(number: number, self: Description): ZdpMessage {
  return {
    cluster: Zdp.DEVICE_ANNOUNCE,
    payload: Uint8Array.of(number, ...u16(self.shortAddress), ...euiToAir(self.eui), self.capability),
  };
}

/** The answer to a request, or undefined when it is none that a device answers. */
export function answerZdp({ cluster, payload }: ZdpMessage, self: Description): ZdpMessage | undefined {
  const [number] = payload;
  if (number === undefined) return undefined;
  const body = answerBody(cluster, payload.subarray(1), self);
  return body && { cluster: cluster | RESPONSE, payload: Uint8Array.of(number, ...body) };
}

function answerBody(cluster: number, body: Uint8Array, self: Description): readonly number[] | undefined {
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  switch (cluster) {
    case Zdp.NWK_ADDRESS:
      if (body.length < 10 || euiFromAir(body.subarray(0, 8)) !== self.eui) return undefined;
      return addresses(self, view.getUint8(8));
    case Zdp.IEEE_ADDRESS:
      if (body.length < 4 || view.getUint16(0, true) !== self.shortAddress) return undefined;
      return addresses(self, view.getUint8(2));
    case Zdp.NODE_DESCRIPTOR:
    case Zdp.ACTIVE_ENDPOINTS:
    case Zdp.SIMPLE_DESCRIPTOR:
    case Zdp.MATCH_DESCRIPTOR: {
      if (body.length < 2) return undefined;
      const about = u16(view.getUint16(0, true));
      const found = view.getUint16(0, true) === self.shortAddress;
      if (!found) return [DEVICE_NOT_FOUND, ...about, ...(cluster === Zdp.NODE_DESCRIPTOR ? [] : [0])];
      if (cluster === Zdp.NODE_DESCRIPTOR) return [SUCCESS, ...about, ...nodeDescriptor(self)];
      if (cluster === Zdp.ACTIVE_ENDPOINTS) return [SUCCESS, ...about, 1, self.endpoint];
      if (cluster === Zdp.MATCH_DESCRIPTOR) return [SUCCESS, ...about, ...matches(body.subarray(2), self)];
      if (body[2] !== self.endpoint) return [INVALID_ENDPOINT, ...about, 0];
      const descriptor = simpleDescriptor(self);
      return [SUCCESS, ...about, descriptor.length, ...descriptor];
    }
    default:
      return undefined;
  }
}

/** An extended answer lists associated devices too: an end device has none. */
function addresses(self: Description, requestType: number): readonly number[] {
  const status = requestType > 1 ? INVALID_REQUEST_TYPE : SUCCESS;
  return [status, ...euiToAir(self.eui), ...u16(self.shortAddress), ...(requestType === 1 ? [0] : [])];
}

/** ZigBee specification 2.3.2.3: an end device at 2.4 GHz, no user descriptor. */
function nodeDescriptor({ capability, manufacturer }: Description): readonly number[] {
  return [0x02, FREQUENCY_2400, capability, ...u16(manufacturer), BUFFER, ...u16(TRANSFER), ...u16(0), ...u16(TRANSFER), 0];
}

function simpleDescriptor(self: Description): readonly number[] {
  const list = (clusters: readonly number[]): number[] => [clusters.length, ...clusters.flatMap(u16)];
  return [self.endpoint, ...u16(self.profile), ...u16(self.device), 0, ...list(self.serverClusters), ...list(self.clientClusters)];
}

/** Match_Desc: a list with the endpoint when profile and any cluster fit. */
function matches(body: Uint8Array, self: Description): readonly number[] {
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const wanted = (at: number): number[] => {
    const count = body[at] ?? 0;
    return Array.from({ length: Math.min(count, Math.max(0, (body.length - at - 1) >> 1)) }, (_, i) =>
      view.getUint16(at + 1 + 2 * i, true),
    );
  };
  const servers = wanted(2);
  const clients = wanted(3 + 2 * servers.length);
  const fits =
    body.length >= 2 &&
    view.getUint16(0, true) === self.profile &&
    (servers.some((cluster) => self.serverClusters.includes(cluster)) || clients.some((cluster) => self.clientClusters.includes(cluster)));
  return fits ? [1, self.endpoint] : [0];
}

const u16 = (value: number): number[] => [value & 0xff, value >> 8];
