/**
 * APS commands by which devices ask about keys (ZigBee specification 4.4.9, 4.6.3): a link key to share with another device, the proof of
 * one's own, and what a router says of a device behind it.
 *
 * A device's own link key comes from certificates alone (Smart Energy 5.4.7): a request for one is not answered. The hub takes no device in
 * behind a router: the router is told to drop it, and that is reported.
 */
import { timingSafeEqual } from 'node:crypto';
import { KEY_ID } from '../core/control.ts';
import type { Core } from '../core/core.ts';
import { KEY_LENGTH } from '../core/keys.ts';
import type { Frame, KeyHandle } from '../model/frame.ts';
import { euiToAir, type Eui64 } from '../model/ids.ts';
import type { Entropy } from '../ports/entropy.ts';
import type { Log } from '../ports/log.ts';
import {
  ApsCommand,
  apsCommand,
  ApsStatus,
  deviceAt,
  KeyType,
  readRequestKey,
  readVerifyKey,
  RequestedKey,
  transportPartnerKey,
} from './key-frames.ts';
import { isSecured, type Network, type Peer, type SecuredPeer } from './network.ts';
import type { JoinRefusal } from './trust-centre.ts';

/** Told of what came of a command. */
export interface KeyCommandEvents {
  /** Two devices were given a link key to share. */
  partnered(one: Eui64, other: Eui64): void;
  /** A device proved that it holds its link key. */
  verified(device: Eui64): void;
  /** A device wants in behind a router. */
  refused(device: Eui64, reason: JoinRefusal): void;
}

/** What answers these commands. */
export interface KeyCommandParts {
  readonly core: Core;
  readonly entropy: Entropy;
  readonly log: Log;
  readonly peer: (eui: Eui64) => Peer | undefined;
  readonly isListed: (eui: Eui64) => boolean;
  readonly events: KeyCommandEvents;
}

/** Update-Device: the device left. */
const DEVICE_LEFT = 2;

/** The trust centre's answers to APS commands. */
export class KeyCommands {
  readonly #parts: KeyCommandParts;

  constructor(parts: KeyCommandParts) {
    this.#parts = parts;
  }

  /** Handles an APS command; queues at most two frames. What is not asked under the device's link key, where it must be, is left unanswered. */
  async handle(network: Network, frame: Frame, from: Peer): Promise<void> {
    const underLink = isSecured(from) && frame.aps?.security?.key === from.linkKey;
    switch (frame.aps?.command) {
      case ApsCommand.REQUEST_KEY:
        if (underLink) return this.#requestKey(network, frame, from);
        break;
      case ApsCommand.VERIFY_KEY:
        if (isSecured(from)) return this.#verifyKey(network, frame, from);
        break;
      case ApsCommand.UPDATE_DEVICE:
        if (underLink) return this.#updateDevice(network, frame, from);
        break;
      default:
    }
    this.#ignore(frame, from);
  }

  async #requestKey(network: Network, frame: Frame, from: SecuredPeer): Promise<void> {
    const asked = readRequestKey(frame);
    const partner = asked?.partner === undefined ? undefined : this.#parts.peer(asked.partner);
    if (asked?.type !== RequestedKey.APPLICATION_LINK || !isSecured(partner) || partner.eui === from.eui) return this.#ignore(frame, from);
    const { core, entropy, events, log } = this.#parts;
    const made = core.keys.importLink(entropy.bytes(KEY_LENGTH), partner.eui);
    if (!made.ok) return log.error('partner-key-not-made', { code: made.code });
    try {
      await this.#handOut(network, from, partner.eui, made.value, true);
      await this.#handOut(network, partner, from.eui, made.value, false);
    } finally {
      core.keys.erase(made.value); // it is the two devices', not the hub's
    }
    log.info('partner-key-sent', { device: from.eui, partner: partner.eui });
    events.partnered(from.eui, partner.eui);
  }

  async #handOut(network: Network, to: SecuredPeer, partner: Eui64, key: KeyHandle, initiator: boolean): Promise<void> {
    const keys = { link: to.linkKey, network: network.keys.network.key };
    await network.send([keys.network, keys.link], (numbers) =>
      transportPartnerKey(network.hub, numbers, to, keys, partner, key, initiator),
    );
  }

  async #verifyKey(network: Network, frame: Frame, from: SecuredPeer): Promise<void> {
    const claim = readVerifyKey(frame);
    if (claim === undefined || claim.source !== from.eui) return this.#ignore(frame, from);
    const expected = this.#parts.core.keys.verifyHash(from.linkKey);
    const ours = claim.type === KeyType.TRUST_CENTRE_LINK;
    const proved = ours && expected.ok && timingSafeEqual(expected.value, claim.hash);
    const status = proved ? ApsStatus.SUCCESS : ours ? ApsStatus.SECURITY_FAIL : ApsStatus.ILLEGAL_REQUEST;
    const payload = [ApsCommand.CONFIRM_KEY, status, claim.type, ...euiToAir(from.eui)];
    const underNetwork = network.keys.network.key;
    // A failure is told without the key that was not proved (ZigBee specification 4.4.7.2.3).
    const link = proved ? { key: from.linkKey, keyId: KEY_ID.DATA } : undefined;
    await network.send(link === undefined ? [underNetwork] : [underNetwork, link.key], (numbers) =>
      apsCommand(network.hub, numbers, from, { network: underNetwork, link }, payload),
    );
    this.#parts.log.info('key-verified', { device: from.eui, proved });
    if (proved) this.#parts.events.verified(from.eui);
  }

  async #updateDevice(network: Network, frame: Frame, from: SecuredPeer): Promise<void> {
    const device = deviceAt(frame.payload, 1);
    const status = frame.payload[11];
    if (device === undefined || status === undefined || status === DEVICE_LEFT) return this.#ignore(frame, from);
    const { events, isListed, log } = this.#parts;
    const reason = isListed(device) ? 'behind-a-router' : 'device-not-in-log';
    log.warn('join-refused', { device, reason, router: from.eui });
    events.refused(device, reason);
    const payload = [ApsCommand.REMOVE_DEVICE, ...euiToAir(device)];
    const keys = { network: network.keys.network.key, link: { key: from.linkKey, keyId: KEY_ID.DATA } };
    await network.send([keys.network, from.linkKey], (numbers) => apsCommand(network.hub, numbers, from, keys, payload));
  }

  #ignore(frame: Frame, from: Peer): void {
    this.#parts.log.warn('aps-command-ignored', { command: frame.aps?.command, device: from.eui });
  }
}
