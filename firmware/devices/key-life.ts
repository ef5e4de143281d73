/**
 * A device's keys from admission on: it establishes a link key by certificates, proves that it holds it, asks for one to
 * share with another device, and follows the turns of the network key.
 */
import type { CertificateMaterial } from '../../host/core/cbke.ts';
import type { Core } from '../../host/core/core.ts';
import type { Frame } from '../../host/model/frame.ts';
import type { Eui64 } from '../../host/model/ids.ts';
import { sleep } from '../../host/ports/clock.ts';
import type { Entropy } from '../../host/ports/entropy.ts';
import type { Log } from '../../host/ports/log.ts';
import { readKeyCommand, requestPartnerKey, verifyKey } from './key-commands.ts';
import { KeyEstablisher, type SendKe } from './key-establishment.ts';
import type { MembershipKeeper } from './membership.ts';
import type { Power } from './power.ts';

/** Between two attempts to establish a link key; it doubles up to the longest. */
const RETRY_MS = 5_000;
const RETRY_MAX_MS = 60_000;
/** Attempts without an answer before another suite is tried. */
const PATIENCE = 3;
/** Between two requests for a key to share: the other device may not be there yet. */
const PARTNER_MS = 15_000;
const PARTNER_TRIES = 40;

/** What it is made of. */
export interface KeyLifeParts {
  readonly name: string;
  readonly self: Eui64;
  readonly core: Core;
  readonly entropy: Entropy;
  readonly power: Power;
  readonly log: Log;
  readonly keeper: MembershipKeeper;
  readonly certificates: readonly CertificateMaterial[];
  /** Another device that this one wants to share a link key with. */
  readonly partner?: Eui64 | undefined;
  readonly send: SendKe;
  readonly sendCommand: (payload: Uint8Array, secured: boolean) => void;
}

/** The keys of one run of a device. */
export class KeyLife {
  readonly #parts: KeyLifeParts;
  readonly #establisher: KeyEstablisher;

  constructor(parts: KeyLifeParts) {
    const { core, entropy, power, certificates, keeper, send, log, name } = parts;
    this.#parts = parts;
    this.#establisher = new KeyEstablisher({
      ...{ core, entropy, power, certificates, send },
      partner: () => keeper.admission?.trustCentre,
      established(key) {
        keeper.establish(key);
        log.info('link-key-renewed', { device: name });
      },
    });
  }

  /** Establishes a link key: with the stronger suite, unless that is refused or left unanswered. Resolves when the device has it. */
  async establish(): Promise<void> {
    const { keeper, log, name, power } = this.#parts;
    const { suites } = this.#establisher;
    let [turn, unanswered] = [0, 0];
    for (let wait = RETRY_MS; ; wait = Math.min(2 * wait, RETRY_MAX_MS)) {
      const suite = suites[turn % Math.max(suites.length, 1)];
      if (suite === undefined) return log.warn('no-certificate', { device: name });
      const done = await this.#establisher.attempt(suite);
      if (keeper.admission === undefined) return; // left meanwhile
      if (done.ok) {
        keeper.establish(done.value);
        log.info('link-key-established', { device: name, suite });
        return this.#prove();
      }
      log.info('link-key-failed', { device: name, suite, code: done.code, detail: done.detail });
      if (done.code !== 'no-answer' || ++unanswered === PATIENCE) [turn, unanswered] = [turn + 1, 0];
      await sleep(power, wait);
    }
  }

  /** Asks for a link key to share with the partner, until it is there. */
  async befriend(): Promise<void> {
    const { keeper, partner, power, sendCommand } = this.#parts;
    if (partner === undefined) return;
    for (let attempt = 0; attempt < PARTNER_TRIES && !keeper.partners.has(partner) && keeper.current !== undefined; attempt++) {
      sendCommand(requestPartnerKey(partner), true);
      await sleep(power, PARTNER_MS);
    }
  }

  /** Takes a command of the Key Establishment cluster. */
  hear(fromServer: boolean, command: number, payload: Uint8Array, seq: number): void {
    this.#establisher.hear(fromServer, command, payload, seq);
  }

  /** Takes an APS command; a key that it brought and that is of no use is erased. */
  take(frame: Frame): void {
    const { core, keeper, log, name, self } = this.#parts;
    const command = readKeyCommand(frame, self);
    const current = keeper.current;
    const underLink = current !== undefined && frame.aps?.security?.key === current.linkKey;
    if (command?.kind === 'network' && underLink) {
      const rejoined = frame.nwk?.security === undefined;
      keeper.offer({ key: command.key, seq: command.seq }, rejoined);
      log.info('network-key-taken', { device: name, seq: command.seq });
    } else if (command?.kind === 'partner' && underLink) {
      keeper.partner(command.partner, command.key);
      log.info('partner-key-taken', { device: name, partner: command.partner });
    } else if (command?.kind === 'switch' && frame.nwk?.security !== undefined) {
      if (keeper.turn(command.seq)) log.info('network-key-turned', { device: name, seq: command.seq });
    } else if (command?.kind === 'confirmed') {
      log.info('link-key-confirmed', { device: name, status: command.status });
    } else if (frame.carried !== undefined) {
      core.keys.erase(frame.carried);
    }
  }

  /** A frame of the hub under the network key that waits: the hub has turned, and so does the device (ZigBee specification 4.3.1.2). */
  heard(frame: Frame): void {
    const { alternate, network } = this.#parts.keeper.admission ?? {};
    if (alternate === undefined || network === undefined || frame.nwk?.security?.key !== alternate.key) return;
    const ahead = (alternate.seq - network.seq) & 0xff;
    if (ahead >= 1 && ahead <= 126) this.#parts.keeper.turn(alternate.seq);
  }

  #prove(): void {
    const { core, keeper, self, sendCommand } = this.#parts;
    const hash = keeper.current === undefined ? undefined : core.keys.verifyHash(keeper.current.linkKey);
    if (hash?.ok === true) sendCommand(verifyKey(self, hash.value), false);
  }
}
