/** The facts of a decision, as the gateway has them at this moment, put before the rules. */
import type { Cohort } from '../model/cohort.ts';
import type { Decision, Moment, Situation } from '../model/decision.ts';
import type { DeviceLogEntry } from '../model/device.ts';
import type { Eui64 } from '../model/ids.ts';
import type { KeyState } from '../model/key-state.ts';
import type { CancelUpdate, Countersigned, ServiceRequest, UpdateFirmware } from '../model/service-request.ts';
import { seconds, type Clock } from '../ports/clock.ts';
import type { Decide } from './parts.ts';
import type { Registers } from './registers.ts';

/** Where facts come from. */
export interface FactSources {
  readonly eui: Eui64;
  readonly clock: Clock;
  /** The Communications Hub's own Device Model, and its cohort. */
  readonly model: DeviceLogEntry;
  readonly cohort: Cohort | undefined;
  readonly registers: Registers;
  cancellable(request: ServiceRequest): boolean;
  underway(request: ServiceRequest, moment: Moment): boolean;
  /** Where the keys of a PPMID stand; undefined where nobody asks about them. */
  keyState(device: Eui64): KeyState | undefined;
}

/** The doors of the rules that facts are put before. */
export interface Doors {
  upgrade(countersigned: Countersigned<UpdateFirmware>, situation: Situation): Decision<UpdateFirmware>;
  cancel(countersigned: Countersigned<CancelUpdate>, situation: Situation): Decision<CancelUpdate>;
}

/** Decides with these rules on these facts. */
export function decider(sources: FactSources, doors: Doors): Decide {
  const { eui, clock, model, cohort, registers } = sources;
  const situation = (request: ServiceRequest, moment: Moment): Situation => ({
    now: seconds(clock),
    moment,
    gateway: eui,
    suppliers: registers.inForce('suppliers'),
    products: registers.inForce('products'),
    combinations: registers.inForce('combinations'),
    devices: registers.devices(),
    hub: model,
    cancellable: sources.cancellable(request),
    underway: sources.underway(request, moment),
    cohort,
    keyState: sources.keyState(request.target),
  });
  function decide(countersigned: Countersigned<UpdateFirmware>, moment: Moment): Decision<UpdateFirmware>;
  function decide(countersigned: Countersigned<CancelUpdate>, moment: Moment): Decision<CancelUpdate>;
  function decide(countersigned: Countersigned<UpdateFirmware> | Countersigned<CancelUpdate>, moment: Moment): Decision {
    const facts = situation(countersigned.request, moment);
    return isUpdate(countersigned) ? doors.upgrade(countersigned, facts) : doors.cancel(countersigned, facts);
  }
  return decide;
}

const isUpdate = (
  countersigned: Countersigned<UpdateFirmware> | Countersigned<CancelUpdate>,
): countersigned is Countersigned<UpdateFirmware> => countersigned.request.kind === 'update-firmware';
