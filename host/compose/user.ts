/** A User: a supplier that signs Service Requests with its own key and hands them to the S1SP side over MQTT. */
import { intakeReplyTopic, intakeTopic } from '../bridge/topics.ts';
import { sign1 } from '../messages/cose.ts';
import type { SigningKey } from '../messages/ed25519.ts';
import { emit, SERVICE_REQUEST_TYPE } from '../messages/service-request.ts';
import { Fault } from '../model/fault.ts';
import type { Eui64 } from '../model/ids.ts';
import type { ServiceRequest, UpdateFirmware } from '../model/service-request.ts';
import type { Broker } from '../ports/broker.ts';
import { encodeSubmission } from '../s1sp/submission.ts';
import { imageDigest } from '../s1sp/image-shelf.ts';
import type { IntakeAnswer } from '../s1sp/s1sp.ts';

/** Signs a request as its User. */
export const signRequest = (request: ServiceRequest, key: SigningKey): Uint8Array => sign1(emit(request), SERVICE_REQUEST_TYPE, key);

/** What differs from one update to the next; the rest is filled in. */
export interface UpdateOrder {
  readonly originator: Eui64;
  readonly target: Eui64;
  readonly gateway: Eui64;
  readonly counter: bigint;
  readonly image: Uint8Array;
  readonly firmwareVersion: number;
  /** Whole seconds since 1970. */
  readonly now: number;
  readonly purpose: string;
  readonly allowDowngrade?: boolean;
  /** Whole seconds since 1970; at once when left out. */
  readonly activateFrom?: number;
  readonly environment: 'lab' | 'production';
}

/** Seconds before now from which a request is acceptable, so that clocks may differ a little. */
const EARLY = 60;
/** Seconds within which a request must be accepted. */
const ACCEPTANCE = 3_600;
/** Seconds within which an upgrade must be complete. */
const COMPLETION = 86_400;

/** The text of DUIS that this User's requests keep to: 3.1 as re-designated on 24 November 2020. */
export const DUIS_TEXT: UpdateFirmware['duis'] = { version: '3.1', effectiveFrom: 1_606_176_000 };

/** An Update Firmware request for an image: acceptable for an hour, to be complete within a day. */
export function orderUpdate(order: UpdateOrder): UpdateFirmware {
  const { image, now, allowDowngrade = false, activateFrom = now - EARLY, ...rest } = order;
  return {
    kind: 'update-firmware',
    ...rest,
    image: { digest: imageDigest(image), length: image.length },
    notBefore: now - EARLY,
    expires: now + ACCEPTANCE,
    completeBy: now + COMPLETION,
    activateFrom,
    duis: DUIS_TEXT,
    allowDowngrade,
  };
}

/** A User's connection: submits, and waits for the S1SP side's answer. */
export class User {
  readonly #broker: Broker;
  readonly #party: Eui64;
  #answer: ((answer: IntakeAnswer) => void) | undefined;

  /** The broker connection is the User's own; nobody else may set its message handler. */
  constructor(broker: Broker, party: Eui64) {
    this.#broker = broker;
    this.#party = party;
    broker.onMessage((message) => {
      if (message.topic !== intakeReplyTopic(party)) return;
      this.#answer?.(JSON.parse(new TextDecoder().decode(message.payload)) as IntakeAnswer);
    });
  }

  /** Subscribes to the answers. */
  start(): Promise<void> {
    return this.#broker.subscribe(intakeReplyTopic(this.#party));
  }

  /** Submits a signed request with its image. Rejects with Fault `broker` when no answer comes within `within` milliseconds of real time. */
  async submit(request: Uint8Array, image: Uint8Array, within = 30_000): Promise<IntakeAnswer> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, fail) => {
      timer = setTimeout(() => fail(new Fault('broker', `no answer of the S1SP side within ${within / 1000} s`)), within);
    });
    const answered = new Promise<IntakeAnswer>((done) => (this.#answer = done));
    try {
      await this.#broker.publish(intakeTopic(this.#party), encodeSubmission({ request, image }), { qos: 1 });
      return await Promise.race([answered, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Disconnects. */
  stop(): Promise<void> {
    return this.#broker.close();
  }
}
