/**
 * Reading a device's firmware version back over the HAN: attribute CurrentFileVersion of its OTA Upgrade client (ZCL 11.10.3).
 */
import { decodeReadAttributesResponse, encodeReadAttributes, GlobalCommand } from '../clusters/foundation.ts';
import { OTA_CLUSTER } from '../clusters/ota.ts';
import { ZCL } from '../core/control.ts';
import type { SecuredPeer } from '../han/network.ts';
import type { ZclEndpoint } from '../han/zcl.ts';
import type { Eui64 } from '../model/ids.ts';
import { sleep, type Clock } from '../ports/clock.ts';

const CURRENT_FILE_VERSION = 0x0002;
const UINT32 = 0x23;
/** Pause between readings while a device boots or still answers its old version. */
const AGAIN_MS = 10_000;

/** What reading a version needs. */
export interface VersionReader {
  readonly zcl: ZclEndpoint;
  readonly clock: Clock;
  peer(eui: Eui64): SecuredPeer | undefined;
}

/**
 * Reads until the device answers `wanted` or `within` milliseconds are over; begins when `ready` resolves or after a pause. Answers the
 * last version read, or undefined when the device never answered.
 */
export async function readFirmwareVersion(
  g: VersionReader,
  device: Eui64,
  wanted: number,
  within: number,
  ready: Promise<void>,
): Promise<number | undefined> {
  const deadline = g.clock.now() + within;
  let found: number | undefined;
  await Promise.race([ready, sleep(g.clock, AGAIN_MS)]);
  for (;;) {
    found = (await readOnce(g, device)) ?? found;
    if (found === wanted || g.clock.now() + AGAIN_MS > deadline) return found;
    await sleep(g.clock, AGAIN_MS);
  }
}

/** One reading, with the tries of `ZclEndpoint.request`; undefined when the device did not answer it. */
export async function readOnce(g: VersionReader, device: Eui64): Promise<number | undefined> {
  const peer = g.peer(device);
  if (peer === undefined) return undefined;
  const frame = await g.zcl.request(peer, {
    cluster: OTA_CLUSTER,
    control: ZCL.FROM_SERVER | ZCL.NO_DEFAULT_RESPONSE,
    command: GlobalCommand.READ_ATTRIBUTES,
    payload: encodeReadAttributes([CURRENT_FILE_VERSION]),
  });
  if (frame?.zcl?.command !== GlobalCommand.READ_ATTRIBUTES_RESPONSE) return undefined;
  const record = decodeReadAttributesResponse(frame.payload)?.find((each) => each.attribute === CURRENT_FILE_VERSION);
  return record?.type === UINT32 && typeof record.value === 'number' ? record.value : undefined;
}
