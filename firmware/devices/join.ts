/**
 * Joining by install code: beacon scan, association with the coordinator, and the network key from the trust centre
 * (IEEE 802.15.4-2006 clauses 7.5.2 and 7.5.3; ZigBee specification 4.6.3.2). The network key is believed only when it came
 * secured with the key-transport key of the install code's key, from the coordinator that it associated with. That key does
 * nothing else.
 */
import { KEY_ID, MAC } from '../../host/core/control.ts';
import type { Core } from '../../host/core/core.ts';
import { refuse, type Result } from '../../host/model/fault.ts';
import type { Frame } from '../../host/model/frame.ts';
import { euiFromAir, type Eui64 } from '../../host/model/ids.ts';
import { sleep } from '../../host/ports/clock.ts';
import type { Transceiver } from '../../host/ports/medium.ts';
import type { Admission, NetworkKey } from './membership.ts';
import type { Power } from './power.ts';
import { COORDINATOR, type Station } from './station.ts';

/** How long a scan listens: 9 superframes, scan duration 3. */
export const SCAN_MS = 9 * 15.36;
/** macResponseWaitTime: 32 superframes. */
export const RESPONSE_WAIT_MS = 32 * 15.36;
/** How long a device waits for the network key after association (apsSecurityTimeOutPeriod, generous). */
export const KEY_WAIT_MS = 10_000;

const NOWHERE = 0xffff;
const BEACON_REQUEST = 0x07;
const ASSOCIATION_REQUEST = 0x01;
const ASSOCIATION_RESPONSE = 0x02;
const DATA_REQUEST = 0x04;
/** Mains-powered end device, receiver on when idle, short address wanted. */
export const CAPABILITY = 0x8c;
const TRANSPORT_KEY = 0x05;
const NETWORK_KEY = 0x01;

/** What joining needs. */
export interface JoinParts {
  readonly core: Core;
  readonly eui: Eui64;
  /** As printed on the device, its CRC included. */
  readonly installCode: Uint8Array;
  readonly channel: number;
  readonly transceiver: Transceiver;
  readonly station: Station;
  readonly power: Power;
}

interface Beacon {
  readonly panId: number;
  readonly coordinator: number;
}

/** One device's way into a network. */
export class Join {
  readonly #parts: JoinParts;
  #listener: ((frame: Frame) => void) | undefined;

  constructor(parts: JoinParts) {
    this.#parts = parts;
  }

  /** Takes every frame heard while the device belongs to no network. */
  hear(frame: Frame): void {
    this.#listener?.(frame);
  }

  /** Tries once. Refuses `no-beacon`, `association`, `install-code-length`, `install-code-crc`, `no-network-key`. */
  async attempt(): Promise<Result<Admission>> {
    const { core, channel, eui, transceiver } = this.#parts;
    const beacon = await this.#scan();
    if (beacon === undefined) return refuse('no-beacon', `no network on channel ${channel} permits joining`);
    const { panId } = beacon;
    const associated = await this.#associate(panId);
    if (associated === undefined) return refuse('association', `the coordinator of PAN ${panId.toString(16)} gave no address`);
    const { shortAddress, trustCentre } = associated;
    const link = core.keys.installCode(this.#parts.installCode.slice(), trustCentre);
    if (!link.ok) return link;
    transceiver.configure({ channel, panId, shortAddress, eui });
    core.addresses.learn(panId, COORDINATOR, trustCentre);
    const network = await this.#listen((frame) => this.#networkKey(frame, trustCentre), KEY_WAIT_MS);
    core.keys.erase(link.value); // it has done its work: certificates establish the link key to come
    if (network !== undefined) return { ok: true, value: { panId, shortAddress, trustCentre, network } };
    return refuse('no-network-key', `the trust centre sent no key within ${KEY_WAIT_MS} ms`);
  }

  /** The first beacon that permits association. */
  async #scan(): Promise<Beacon | undefined> {
    const { channel, eui, station, transceiver } = this.#parts;
    transceiver.configure({ channel, panId: NOWHERE, shortAddress: NOWHERE, eui });
    const heard = this.#listen(permittingBeacon, SCAN_MS);
    await station.sendMac({ fcf: MAC.COMMAND | MAC.DST_SHORT, dstPan: NOWHERE, dst: NOWHERE }, Uint8Array.of(BEACON_REQUEST));
    return heard;
  }

  async #associate(panId: number): Promise<{ shortAddress: number; trustCentre: Eui64 } | undefined> {
    const { channel, eui, power, station, transceiver } = this.#parts;
    transceiver.configure({ channel, panId, shortAddress: NOWHERE, eui });
    const addressed = MAC.COMMAND | MAC.ACK_REQUEST | MAC.DST_SHORT | MAC.SRC_EXTENDED;
    const answer = this.#listen(associationResponse, 2 * RESPONSE_WAIT_MS);
    const asked = await station.sendMac(
      { fcf: addressed, dstPan: panId, srcPan: NOWHERE, dst: COORDINATOR, src: eui },
      Uint8Array.of(ASSOCIATION_REQUEST, CAPABILITY),
    );
    if (asked !== 'sent') return undefined;
    const early = await Promise.race([answer, sleep(power, RESPONSE_WAIT_MS)]);
    if (early) return early;
    await station.sendMac({ fcf: addressed | MAC.PAN_COMPRESSION, dstPan: panId, dst: COORDINATOR, src: eui }, Uint8Array.of(DATA_REQUEST));
    return answer;
  }

  #networkKey(frame: Frame, trustCentre: Eui64): NetworkKey | undefined {
    const { carried, payload } = frame;
    if (carried === undefined || payload[0] !== TRANSPORT_KEY || payload[1] !== NETWORK_KEY || payload.length < 35) return undefined;
    const mine = euiFromAir(payload.slice(19, 27)) === this.#parts.eui && euiFromAir(payload.slice(27, 35)) === trustCentre;
    const keyId = ((frame.aps?.security?.control ?? 0) >> 3) & 3;
    if (mine && keyId === KEY_ID.TRANSPORT) return { key: carried, seq: payload[18] ?? 0 };
    this.#parts.core.keys.erase(carried);
    return undefined;
  }

  /** The first thing that `find` finds in a frame, or undefined after `limit` milliseconds. */
  #listen<T>(find: (frame: Frame) => T | undefined, limit: number): Promise<T | undefined> {
    return new Promise((done) => {
      const listener = (frame: Frame): void => {
        const found = find(frame);
        if (found !== undefined) end(found);
      };
      const end = (found: T | undefined): void => {
        cancel();
        if (this.#listener === listener) this.#listener = undefined;
        done(found);
      };
      const cancel = this.#parts.power.after(limit, () => end(undefined));
      this.#listener = listener;
    });
  }
}

/** A ZigBee beacon whose coordinator permits association and takes end devices (ZigBee specification 3.6.7). */
function permittingBeacon({ mac, bytes }: Frame): Beacon | undefined {
  if ((mac.fcf & MAC.TYPE) !== MAC.BEACON || mac.srcPan === undefined || typeof mac.src !== 'number') return undefined;
  const body = bytes.subarray(mac.payload.offset, mac.payload.offset + mac.payload.length);
  const [, superframe = 0, gts = 0, pending = 0, protocol = 0xff] = body;
  const capacity = body[6] ?? 0;
  const permits = (superframe & 0x80) !== 0 && (gts & 7) === 0 && (pending & 0x77) === 0 && protocol === 0 && (capacity & 0x80) !== 0;
  return permits && mac.src === COORDINATOR ? { panId: mac.srcPan, coordinator: mac.src } : undefined;
}

/** A successful association response and who sent it. */
function associationResponse({ mac, payload }: Frame): { shortAddress: number; trustCentre: Eui64 } | undefined {
  if (mac.command !== ASSOCIATION_RESPONSE || typeof mac.src !== 'string' || payload.length < 4) return undefined;
  const [, low = 0, high = 0, status] = payload;
  const shortAddress = low | (high << 8);
  return status === 0 && shortAddress < 0xfff8 ? { shortAddress, trustCentre: mac.src } : undefined;
}
