/**
 * The MQTT contract in one place: every topic that gateways, the S1SP side and Users share (docs/messages.md, docs/asyncapi.yaml).
 *
 * A gateway's topics lie under a fixed shard number, the first 10 bits of SHA-256 of its EUI-64, so that S1SP workers can share the
 * fleet by plain subscriptions and the order per gateway is kept. Names from outside never become topics: only EUI-64s, digests and
 * numbers do.
 */
import { createHash } from 'node:crypto';
import { euiToBytes, parseEui64, type Digest, type Eui64 } from '../model/ids.ts';

const ROOT = 'hearthgate/v1';

/** Bytes in every image block but the last. Fits the core's input window and every broker's limits. */
export const IMAGE_BLOCK = 4096;

/** Number of shards. */
export const SHARDS = 1024;

/** The shard of a gateway, 0 to 1023. */
export function shardOf(gateway: Eui64): number {
  const digest = createHash('sha256').update(euiToBytes(gateway)).digest();
  return digest.readUInt16BE(0) >> 6;
}

/** The topics of one gateway. */
export interface GatewayTopics {
  /** Retained `online` or `offline` (the will). */
  readonly state: string;
  /** Retained birth: software, boot number, environment. */
  readonly birth: string;
  /** Countersigned Service Requests to the gateway. */
  readonly request: string;
  /** Retained signed statements to the gateway, one topic a kind. */
  readonly register: (kind: string) => string;
  readonly registers: string;
  /** Signed, numbered reports of the gateway; the last one is retained. */
  readonly report: string;
  /** Retained progress of the running transfer; unsigned, for people. */
  readonly progress: string;
}

/** Topics of a gateway. */
export function gatewayTopics(gateway: Eui64): GatewayTopics {
  const base = `${ROOT}/${shardOf(gateway).toString().padStart(4, '0')}/${gateway}`;
  return {
    state: `${base}/state`,
    birth: `${base}/birth`,
    request: `${base}/request`,
    register: (kind) => `${base}/register/${kind}`,
    registers: `${base}/register/+`,
    report: `${base}/report`,
    progress: `${base}/progress`,
  };
}

/** Filter for the reports, or another topic, of all gateways of all shards. */
export const allGateways = (leaf: 'report' | 'state' | 'birth' | 'progress'): string => `${ROOT}/+/+/${leaf}`;

/** The gateway that a topic of `allGateways` belongs to; undefined when the topic is not one or stands in a wrong shard. */
export function gatewayOf(topic: string): Eui64 | undefined {
  const [, , shard, id] = topic.split('/');
  const eui = parseEui64(id ?? '');
  return eui !== undefined && shard === shardOf(eui).toString().padStart(4, '0') ? eui : undefined;
}

/** Retained block `index` of an image. */
export const imageBlockTopic = (image: Digest, index: number): string => `${ROOT}/image/${image}/${index}`;

/** Filter for all blocks of an image. */
export const imageTopics = (image: Digest): string => `${ROOT}/image/${image}/+`;

/** Image digest and block index of an image topic, or undefined. */
export function imageBlockOf(topic: string): { readonly image: string; readonly index: number } | undefined {
  const match = /^hearthgate\/v1\/image\/([0-9a-f]{64})\/(0|[1-9][0-9]{0,6})$/.exec(topic);
  return match === null ? undefined : { image: match[1] as string, index: Number(match[2]) };
}

/** Where a User hands its signed requests to the S1SP side, and where the answers come. */
export const intakeTopic = (user: Eui64): string => `${ROOT}/intake/${user}`;

/** Filter for all Users' requests. */
export const INTAKE = `${ROOT}/intake/+`;

/** Where the S1SP side answers a User. */
export const intakeReplyTopic = (user: Eui64): string => `${ROOT}/intake/${user}/reply`;
