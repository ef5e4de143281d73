/**
 * ZCL of a device (ZCL specification 2.4 and 2.5): reading of attributes, commands handed to the cluster's side, default
 * responses. Pure: a message in, the answer out.
 */
import {
  decodeReadAttributes,
  encodeDefaultResponse,
  encodeReadAttributesResponse,
  GlobalCommand,
  type AttributeStatus,
} from '../../host/clusters/foundation.ts';
import type { Value } from '../../host/clusters/item.ts';
import { ZCL } from '../../host/core/control.ts';

/** ZCL status codes used here. */
export const Status = {
  SUCCESS: 0x00,
  NOT_AUTHORIZED: 0x7e,
  MALFORMED_COMMAND: 0x80,
  UNSUP_CLUSTER_COMMAND: 0x81,
  UNSUP_GENERAL_COMMAND: 0x82,
  UNSUPPORTED_ATTRIBUTE: 0x86,
  UNSUPPORTED_CLUSTER: 0xc3,
} as const;

/** A message as it came. */
export interface Inbound {
  readonly cluster: number;
  /** Source and destination endpoint. */
  readonly from: number;
  readonly to: number;
  readonly control: number;
  readonly seq: number;
  readonly command: number;
  readonly payload: Uint8Array;
  /** Whether the link key of the trust centre opened it. */
  readonly secured: boolean;
  /** Whether it was meant for this device alone. */
  readonly unicast: boolean;
}

/** What goes back. */
export interface Answer {
  readonly control: number;
  readonly command: number;
  readonly payload: Uint8Array;
}

/** What a cluster's side makes of a command: an answer, or a status that a default response tells. */
export type Reply = { readonly command: number; readonly payload: Uint8Array } | { readonly status: number };

/** One attribute: its type, and how its value is found. */
export interface Attribute {
  readonly type: number;
  readonly read: () => Value;
}

/** The client or the server side of a cluster on a device. */
export interface ClusterSide {
  readonly cluster: number;
  readonly side: 'client' | 'server';
  /** Whether messages must be APS-secured; others are refused NOT_AUTHORIZED. */
  readonly secured: boolean;
  readonly attributes: ReadonlyMap<number, Attribute>;
  /** Takes a cluster command or a report; left out, every cluster command is unsupported. */
  readonly take?: (message: Inbound) => Reply;
}

/** The answer to a message for one of `sides`, or undefined when none is due. */
export function answerZcl(message: Inbound, sides: readonly ClusterSide[]): Answer | undefined {
  const fromServer = (message.control & ZCL.FROM_SERVER) !== 0;
  const side = sides.find((each) => each.cluster === message.cluster && (each.side === 'client') === fromServer);
  const reply = decide(message, side);
  const direction = fromServer ? 0 : ZCL.FROM_SERVER;
  if ('command' in reply) {
    const type = message.control & ZCL.TYPE;
    return message.unicast ? { control: type | direction | ZCL.NO_DEFAULT_RESPONSE, ...reply } : undefined;
  }
  if (!message.unicast || isAnswer(message)) return undefined;
  if (reply.status === Status.SUCCESS && (message.control & ZCL.NO_DEFAULT_RESPONSE) !== 0) return undefined;
  return {
    control: ZCL.PROFILE_WIDE | direction | ZCL.NO_DEFAULT_RESPONSE,
    command: GlobalCommand.DEFAULT_RESPONSE,
    payload: encodeDefaultResponse({ command: message.command, status: reply.status }),
  };
}

function decide(message: Inbound, side: ClusterSide | undefined): Reply {
  if (side === undefined) return { status: Status.UNSUPPORTED_CLUSTER };
  if (side.secured && !message.secured) return { status: Status.NOT_AUTHORIZED };
  const global = (message.control & ZCL.TYPE) === ZCL.PROFILE_WIDE;
  const specific = (message.control & ZCL.MANUFACTURER_SPECIFIC) !== 0;
  if (!global || message.command === GlobalCommand.REPORT_ATTRIBUTES) {
    if (specific || side.take === undefined) return { status: Status.UNSUP_CLUSTER_COMMAND };
    return side.take(message);
  }
  if (message.command !== GlobalCommand.READ_ATTRIBUTES) return { status: Status.UNSUP_GENERAL_COMMAND };
  const asked = decodeReadAttributes(message.payload);
  if (asked === undefined) return { status: Status.MALFORMED_COMMAND };
  const records = asked.map((attribute) => read(attribute, specific ? undefined : side.attributes.get(attribute)));
  return { command: GlobalCommand.READ_ATTRIBUTES_RESPONSE, payload: encodeReadAttributesResponse(records) };
}

function read(attribute: number, found: Attribute | undefined): AttributeStatus {
  if (found === undefined) return { attribute, status: Status.UNSUPPORTED_ATTRIBUTE };
  return { attribute, status: Status.SUCCESS, type: found.type, value: found.read() };
}

/** Answers are not answered: responses among the general commands. */
function isAnswer({ control, command }: Inbound): boolean {
  if ((control & ZCL.TYPE) !== ZCL.PROFILE_WIDE) return false;
  return command === GlobalCommand.DEFAULT_RESPONSE || command === GlobalCommand.READ_ATTRIBUTES_RESPONSE;
}
