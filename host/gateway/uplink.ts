/**
 * The way up: what devices say. Radio bytes were opened by the core and came from a device of the device log; here it is decided who
 * answers. Readings are acknowledged and left where they are: consumption does not leave the home by this way [R-PRIV-01].
 */
import { GlobalCommand } from '../clusters/foundation.ts';
import { OTA_CLUSTER } from '../clusters/ota.ts';
import { KEY_ESTABLISHMENT, PROFILE_ZDP } from '../han/frames.ts';
import type { Peer } from '../han/network.ts';
import { isGlobal, Status } from '../han/zcl.ts';
import type { Frame } from '../model/frame.ts';
import type { Eui64 } from '../model/ids.ts';
import type { Han } from './han.ts';
import type { GatewayParts } from './parts.ts';
import { readOnce } from './version.ts';

/** Handles application data of a known device; queues at most two answers. */
export async function takeData(g: GatewayParts, han: Han, frame: Frame, from: Peer): Promise<void> {
  if (frame.aps?.profile === PROFILE_ZDP) return han.trust.onZdp(han.network, frame, from);
  await han.trust.heard(from);
  if (frame.aps?.cluster === KEY_ESTABLISHMENT) return han.exchange.handle(frame, from);
  if (frame.zcl === undefined || g.zcl.settle(frame, from)) return;
  if (frame.aps?.cluster === OTA_CLUSTER) return g.ota.handle(frame, from);
  const global = isGlobal(frame.zcl.control);
  if (global && frame.zcl.command === GlobalCommand.REPORT_ATTRIBUTES) return g.zcl.answerDefault(from, frame, Status.SUCCESS);
  return g.zcl.answerDefault(from, frame, global ? Status.UNSUP_GENERAL_COMMAND : Status.UNSUP_CLUSTER_COMMAND);
}

/** A device has joined: if it takes images, its firmware version is read over the HAN and kept with the device log. */
export async function learnVersion(g: GatewayParts, device: Eui64): Promise<void> {
  if (g.registers.device(device)?.imageType === undefined) return;
  const version = await readOnce(g, device);
  if (version === undefined) return g.log.warn('version-not-read', { device });
  await g.registers.setFirmwareVersion(device, version);
  g.log.info('version-read', { device, version });
}
