/**
 * zigbee-on-host as a reader of frames: its public decoding functions, called in the order in which its own frame processing
 * calls them, with its keys registered beforehand as it does. It verifies MICs; FCS and frame counters are not asked here.
 */
import { decodeMACFrameControl, decodeMACHeader, decodeMACPayload } from 'zigbee-on-host/dist/zigbee/mac.js';
import { decodeZigbeeAPSFrameControl, decodeZigbeeAPSHeader, decodeZigbeeAPSPayload } from 'zigbee-on-host/dist/zigbee/zigbee-aps.js';
import { decodeZigbeeNWKFrameControl, decodeZigbeeNWKHeader, decodeZigbeeNWKPayload } from 'zigbee-on-host/dist/zigbee/zigbee-nwk.js';
import { registerDefaultHashedKeys } from 'zigbee-on-host/dist/zigbee/zigbee.js';

/** Tells it the keys; they are its module's own from then on. */
export function registerKeys(network: Uint8Array, link: Uint8Array): void {
  const [networkKey, linkKey] = [Buffer.from(network), Buffer.from(link)];
  registerDefaultHashedKeys(linkKey, networkKey, linkKey, linkKey);
}

/** Reads a data frame up to its ZCL header, which zigbee-on-host leaves to its caller: the cluster plus that header's three bytes. */
export function read(frame: Buffer): number {
  const [macControl, macHeaderAt] = decodeMACFrameControl(frame, 0);
  const [macHeader, macPayloadAt] = decodeMACHeader(frame, macHeaderAt, macControl);
  const npdu = decodeMACPayload(frame, macPayloadAt, macControl, macHeader);
  const [nwkControl, nwkHeaderAt] = decodeZigbeeNWKFrameControl(npdu, 0);
  const [nwkHeader, nwkPayloadAt] = decodeZigbeeNWKHeader(npdu, nwkHeaderAt, nwkControl);
  const apdu = decodeZigbeeNWKPayload(npdu, nwkPayloadAt, undefined, undefined, nwkControl, nwkHeader);
  const [apsControl, apsHeaderAt] = decodeZigbeeAPSFrameControl(apdu, 0);
  const [apsHeader, apsPayloadAt] = decodeZigbeeAPSHeader(apdu, apsHeaderAt, apsControl);
  const asdu = decodeZigbeeAPSPayload(apdu, apsPayloadAt, undefined, nwkHeader.source64, apsControl, apsHeader);
  return (apsHeader.clusterId ?? 0) + asdu.readUInt8(0) + asdu.readUInt8(1) + asdu.readUInt8(2);
}
