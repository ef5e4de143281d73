/** The facts of an order as the S1SP's registers know them. What only the gateway knows (versions read, jobs) is not among them. */
import type { Moment, Situation } from '../model/decision.ts';
import type { ServiceRequest, Signer } from '../model/service-request.ts';
import { timesOf } from '../policy/clock.ts';
import { factsFor, signersFacts } from '../policy/slice.ts';
import { homeOf } from './home.ts';
import type { S1spRegisters } from './registers.ts';

/**
 * The situation of a request at `now` (whole seconds since 1970), on the registers of now. `record` is the latest time on record, in milliseconds: no
 * order passes before it.
 */
export function situationOf(
  registers: S1spRegisters,
  { request, users }: { readonly request: ServiceRequest; readonly users: readonly Signer[] },
  now: number,
  record: number,
  moment: Moment = 'intake',
): Situation {
  const { gateway } = request;
  const inventory = registers.about('inventory', gateway);
  const { hub, devices } = homeOf(gateway, inventory, registers.about('device-log', gateway));
  const target = devices.find(({ eui }) => eui === request.target);
  const list = registers.list('signers');
  const keys = users.flatMap(({ kid }) => registers.key(kid) ?? []);
  const times = timesOf(now, record);
  const whole: Situation = {
    now: times.now,
    latest: times.latest,
    moment,
    accepted: undefined,
    gateway,
    hub,
    devices,
    signers: list && signersFacts({ ...list, signers: keys }),
    users: registers.list('users'),
    suppliers: registers.about('suppliers', gateway),
    products: target && registers.productsOf(target),
    combinations: registers.combinationsOf(hub),
    inventory,
    documents: registers.list('documents'),
    cohorts: registers.list('cohorts'),
    services: registers.list('services'),
    steps: registers.list('equivalent-steps'),
    cancellable: false,
    underway: false,
    topUpPending: false,
  };
  return factsFor(
    whole,
    request,
    users.map(({ kid }) => kid),
  );
}
