/**
 * The hub's ZCL endpoint: sequence numbers, requests that wait for their response, answers to requests (ZCL specification 2.4, 2.5).
 */
import { GlobalCommand } from '../clusters/foundation.ts';
import { ZCL } from '../core/control.ts';
import type { Frame } from '../model/frame.ts';
import type { Clock } from '../ports/clock.ts';
import { ENDPOINT, PROFILE_SE } from './frames.ts';
import type { Network, Peer } from './network.ts';

/** ZCL status codes of every cluster (ZCL specification 2.6.3). */
export const Status = { SUCCESS: 0x00, MALFORMED_COMMAND: 0x80, UNSUP_CLUSTER_COMMAND: 0x81, UNSUP_GENERAL_COMMAND: 0x82 } as const;

/** How long a request waits for its response before it is sent again. */
const RESPONSE_TIMEOUT_MS = 3_000;

/** A command to a device. */
export interface ZclMessage {
  readonly cluster: number;
  readonly control: number;
  readonly command: number;
  readonly payload: Uint8Array;
}

/** Requests and answers over ZCL on the hub's one endpoint. */
export class ZclEndpoint {
  readonly #network: Network;
  readonly #clock: Clock;
  readonly #waiting = new Map<string, (frame: Frame) => void>();
  #sequence = 0;

  constructor(network: Network, clock: Clock) {
    this.#network = network;
    this.#clock = clock;
  }

  /** Queues a command that nobody waits for; `seq` and `endpoint` are those of what it answers, if it does. */
  async send(
    to: Peer,
    message: ZclMessage,
    { seq, endpoint }: { readonly seq?: number | undefined; readonly endpoint?: number } = {},
  ): Promise<void> {
    await this.#emit(to, message, seq ?? this.#next(), endpoint);
  }

  /** Queues the answer to a received command: its sequence number, the other direction, no default response. */
  async answer(to: Peer, request: Frame, command: number, payload: Uint8Array, kind: 'cluster' | 'global' = 'cluster'): Promise<void> {
    const asked = request.zcl;
    if (asked === undefined || request.aps?.cluster === undefined) return;
    const control =
      (kind === 'cluster' ? ZCL.CLUSTER : ZCL.PROFILE_WIDE) |
      ((asked.control & ZCL.FROM_SERVER) === 0 ? ZCL.FROM_SERVER : 0) |
      ZCL.NO_DEFAULT_RESPONSE;
    await this.#emit(to, { cluster: request.aps.cluster, control, command, payload }, asked.seq, request.aps.srcEndpoint);
  }

  /** Queues a default response, as the request asks for (never in answer to one, ZCL 2.5.12.2). */
  async answerDefault(to: Peer, request: Frame, status: number): Promise<void> {
    const asked = request.zcl;
    if (asked === undefined || (isGlobal(asked.control) && asked.command === GlobalCommand.DEFAULT_RESPONSE)) return;
    if (status === Status.SUCCESS && (asked.control & ZCL.NO_DEFAULT_RESPONSE) !== 0) return;
    await this.answer(to, request, GlobalCommand.DEFAULT_RESPONSE, Uint8Array.of(asked.command, status), 'global');
  }

  /**
   * Sends a request and waits for the response with the same sequence number, trying `tries` times. Undefined when none came.
   * Never call it from a frame handler: the response would wait for the handler.
   */
  async request(to: Peer, message: ZclMessage, tries = 3): Promise<Frame | undefined> {
    for (let attempt = 0; attempt < tries; attempt++) {
      const sequence = this.#next();
      const key = waitKey(to.eui, message.cluster, sequence);
      const response = new Promise<Frame | undefined>((done) => {
        const cancel = this.#clock.after(RESPONSE_TIMEOUT_MS, () => done(undefined));
        this.#waiting.set(key, (frame) => {
          cancel();
          done(frame);
        });
      });
      try {
        await this.#emit(to, message, sequence);
        const frame = await response;
        if (frame !== undefined) return frame;
      } finally {
        this.#waiting.delete(key);
      }
    }
    return undefined;
  }

  /** Gives a received frame to the request that waits for it. False when none does. */
  settle(frame: Frame, from: Peer): boolean {
    if (frame.zcl === undefined || frame.aps?.cluster === undefined) return false;
    const waiting = this.#waiting.get(waitKey(from.eui, frame.aps.cluster, frame.zcl.seq));
    if (waiting === undefined || !isGlobal(frame.zcl.control)) return false;
    if (frame.zcl.command !== GlobalCommand.READ_ATTRIBUTES_RESPONSE && frame.zcl.command !== GlobalCommand.DEFAULT_RESPONSE) return false;
    waiting(frame);
    return true;
  }

  async #emit(to: Peer, message: ZclMessage, sequence: number, endpoint: number = ENDPOINT): Promise<void> {
    await this.#network.sendData(to, {
      profile: PROFILE_SE,
      cluster: message.cluster,
      dstEndpoint: endpoint,
      srcEndpoint: ENDPOINT,
      zcl: { control: message.control, seq: sequence, command: message.command },
      payload: message.payload,
    });
  }

  #next(): number {
    return (this.#sequence = (this.#sequence + 1) & 0xff);
  }
}

/** True for a frame that applies across all clusters ("global" or "profile-wide" command). */
export const isGlobal = (control: number): boolean => (control & ZCL.TYPE) === ZCL.PROFILE_WIDE;

const waitKey = (device: string, cluster: number, sequence: number): string => `${device}:${cluster}:${sequence}`;
