/**
 * Countersigned requests on their way to gateways. Each is put into the outbox in the commit that records the judgement in favour of it, and only then
 * published, with its image before it. One that a power cut left there goes out at the next start; a gateway that had it already takes the repetition
 * for what it is, by its counter.
 *
 * Form of an entry: a line of canonical JSON that says for whom it is, then a submission (submission.ts) that holds the countersigned request.
 */
import { Delivery } from '../bridge/delivery.ts';
import { gatewayTopics } from '../bridge/topics.ts';
import { Fault } from '../model/fault.ts';
import type { Eui64, RequestId } from '../model/ids.ts';
import type { Broker } from '../ports/broker.ts';
import type { Log } from '../ports/log.ts';
import type { Store, Write } from '../ports/store.ts';
import { decodeObject, encode } from '../stores/canonical-json.ts';
import { Outbox } from '../stores/outbox.ts';
import { imageDigest, publishImage } from './image-shelf.ts';
import type { Orders } from './orders.ts';
import { decodeSubmission, encodeSubmission, type Submission } from './submission.ts';

/** For whom a request is. */
export interface Addressed {
  readonly gateway: Eui64;
  readonly requestId: RequestId;
}

/** What dispatches work with. */
export interface DispatchesParts {
  readonly store: Store;
  readonly broker: Broker;
  readonly log: Log;
  readonly orders: Orders;
}

const LINE_END = 0x0a;

/** The requests of one S1SP that are on their way. */
export class Dispatches {
  readonly #parts: DispatchesParts;
  readonly #outbox: Outbox;
  readonly #delivery: Delivery;

  constructor(parts: DispatchesParts) {
    this.#parts = parts;
    const { store, log } = parts;
    const outbox = new Outbox(store);
    this.#outbox = outbox;
    this.#delivery = new Delivery({
      // One at a time: each may hold an image.
      outgoing: { pending: () => outbox.pending(1), done: (sequence) => store.commit([outbox.done(sequence)]) },
      send: (bytes) => this.#send(bytes),
      log,
      event: 'request-not-sent',
    });
  }

  /** The writes that put a countersigned request, and the image that it orders, on their way. Made only inside the function that an audit append calls. */
  writes(to: Addressed, countersigned: Submission): readonly Write[] {
    const { image } = countersigned;
    const order = image.length === 0 ? [] : [this.#parts.orders.note(to.requestId, { image: imageDigest(image), length: image.length })];
    return [...order, ...this.#outbox.enqueue(() => entryOf(to, countersigned))];
  }

  /** Sends what waits. Returns at once. */
  deliver(): void {
    this.#delivery.deliver();
  }

  /** Sends what waits; resolves when it is out, or could not be sent. True when nothing waits any more. */
  async delivered(): Promise<boolean> {
    this.deliver();
    await this.#delivery.settled();
    return this.#outbox.pending(1).length === 0;
  }

  /** Publishes a countersigned request; resolves when the broker has it. */
  send(gateway: Eui64, countersigned: Uint8Array): Promise<void> {
    return this.#parts.broker.publish(gatewayTopics(gateway).request, countersigned, { qos: 1 });
  }

  /** Sends nothing more; what waits stays for the next start. */
  stop(): void {
    this.#delivery.stop();
  }

  /** Resolves when nothing is being sent. */
  settled(): Promise<void> {
    return this.#delivery.settled();
  }

  async #send(bytes: Uint8Array): Promise<void> {
    const { to, countersigned } = readEntry(bytes);
    // The image of an order that came to its end in between would stay on the broker for ever.
    const wanted = this.#parts.orders.of(to.requestId) !== undefined;
    if (wanted) await publishImage(this.#parts.broker, countersigned.image);
    await this.send(to.gateway, countersigned.request);
    this.#parts.log.info('request-sent', { ...to });
  }
}

const entryOf = (to: Addressed, countersigned: Submission): Uint8Array =>
  Buffer.concat([encode(to), Uint8Array.of(LINE_END), encodeSubmission(countersigned)]);

function readEntry(bytes: Uint8Array): { readonly to: Addressed; readonly countersigned: Submission } {
  const end = bytes.indexOf(LINE_END);
  const countersigned = decodeSubmission(bytes.subarray(end + 1));
  if (end === -1 || !countersigned.ok) throw new Fault('store', 'a request on its way cannot be read');
  return { to: decodeObject(bytes.subarray(0, end)) as unknown as Addressed, countersigned: countersigned.value };
}
