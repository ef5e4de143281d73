/** The facts of this moment, as the gateway knows them, cut to what a decision about one request looks at. */
import type { Decision, Moment, Situation } from '../model/decision.ts';
import type { DeviceLogEntry } from '../model/device.ts';
import type { Eui64 } from '../model/ids.ts';
import type { KeyState } from '../model/key-state.ts';
import {
  asksCancel,
  asksUpdate,
  type CancelUpdate,
  type Countersigned,
  type ServiceRequest,
  type UpdateFirmware,
} from '../model/service-request.ts';
import { timesOf } from '../policy/clock.ts';
import { factsFor, signersFacts } from '../policy/slice.ts';
import { seconds, type Clock } from '../ports/clock.ts';
import type { Decide } from './parts.ts';
import type { Registers } from './registers.ts';

/** What the facts are taken from. */
export interface SituationParts {
  readonly gateway: Eui64;
  readonly hub: DeviceLogEntry;
  readonly clock: Clock;
  readonly registers: Registers;
  /** Milliseconds since 1970 of the latest record. */
  latest(): number;
  cancellable(request: ServiceRequest): boolean;
  underway(request: ServiceRequest, moment: Moment): boolean;
  topUpPending(): boolean;
  /** Where the keys of a PPMID stand; undefined where nobody asks about them. */
  keyState(device: Eui64): KeyState | undefined;
  /** Told of every situation that is decided on: what is wrong with it beyond the request may concern a person. */
  looked(situation: Situation): void;
}

/** The rules as the gateway asks them. */
export interface Doors {
  upgrade(countersigned: Countersigned<UpdateFirmware>, situation: Situation): Decision<UpdateFirmware>;
  cancel(countersigned: Countersigned<CancelUpdate>, situation: Situation): Decision<CancelUpdate>;
}

/** Decides on the facts of the moment at which it is asked. */
export function decider(parts: SituationParts, policy: Doors): Decide {
  function decide(countersigned: Countersigned<UpdateFirmware>, moment: Moment, accepted?: number): Decision<UpdateFirmware>;
  function decide(countersigned: Countersigned<CancelUpdate>, moment: Moment): Decision<CancelUpdate>;
  function decide(countersigned: Countersigned, moment: Moment, accepted?: number): Decision {
    const facts = situationOf(parts, countersigned, moment, accepted);
    parts.looked(facts);
    if (asksUpdate(countersigned)) return policy.upgrade(countersigned, facts);
    if (asksCancel(countersigned)) return policy.cancel(countersigned, facts);
    throw new TypeError('neither an update nor a cancellation');
  }
  return decide;
}

function situationOf(
  parts: SituationParts,
  { request, user, countersigners }: Countersigned,
  moment: Moment,
  accepted: number | undefined,
): Situation {
  const { gateway, hub, clock, registers } = parts;
  const signers = registers.newest('signers');
  const whole: Situation = {
    ...timesOf(seconds(clock), parts.latest()),
    moment,
    accepted,
    gateway,
    hub,
    signers: signers && signersFacts(signers),
    users: registers.newest('users'),
    suppliers: registers.newest('suppliers'),
    products: registers.newest('products'),
    combinations: registers.newest('combinations'),
    inventory: registers.newest('inventory'),
    documents: registers.newest('documents'),
    cohorts: registers.newest('cohorts'),
    services: registers.newest('services'),
    devices: registers.devices(),
    cancellable: parts.cancellable(request),
    underway: parts.underway(request, moment),
    topUpPending: parts.topUpPending(),
    keyState: parts.keyState(request.target),
  };
  return factsFor(
    whole,
    request,
    [user, ...countersigners].map(({ kid }) => kid),
  );
}
