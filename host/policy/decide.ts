/**
 * The doors of the policy, and the only maker of Allowed.
 *
 * `upgrade` and `cancel` are the gateway's: they take what was opened with every signature it needs and answer on the
 * gateway's own facts. `intake` is the S1SP's: what it answers is not a Decision and cannot start anything.
 */
import type { Allowed, Decision, Facts, IntakeDecision, IntakeFacts, Refused, Rule, Situation } from '../model/decision.ts';
import { Fault } from '../model/fault.ts';
import type { CancelUpdate, Countersigned, ServiceRequest, UpdateFirmware, UserSigned } from '../model/service-request.ts';
import { CANCEL_RULES, INTAKE_RULES, UPGRADE_RULES } from './rules.ts';

const allowed = new WeakSet<Allowed>();

/** True for an Allowed that a policy of this file made. A look-alike is not recognised. */
export const isAllowed = (decision: Allowed): boolean => allowed.has(decision);

/** What a policy is made of. */
export interface PolicyParts {
  /** Recognises what `messages/` opened with two signatures and more. */
  readonly isCountersigned: (value: Countersigned) => boolean;
  /** Recognises what `messages/` opened with the User's signature. */
  readonly isUserSigned: (value: UserSigned) => boolean;
  /** Other rules than those of `rules.ts`; tests leave one out to see that it matters. */
  readonly rules?: {
    readonly upgrade?: readonly Rule<Facts<UpdateFirmware>>[];
    readonly cancel?: readonly Rule<Facts<CancelUpdate>>[];
    readonly intake?: readonly Rule<IntakeFacts>[];
  };
}

/** The doors. Request and signer are taken from the signed message, whatever a situation may hold besides. */
export interface Policy {
  /** May this upgrade go on at this moment? */
  upgrade(signed: Countersigned<UpdateFirmware>, situation: Situation): Decision<UpdateFirmware>;
  /** May this cancellation take effect? */
  cancel(signed: Countersigned<CancelUpdate>, situation: Situation): Decision<CancelUpdate>;
  /** Is this request worth countersigning at `now` (whole seconds since 1970)? */
  intake(signed: UserSigned, situation: { readonly now: number }): IntakeDecision;
}

/** Makes a policy. Its doors are pure: the same message and situation give the same verdict for ever. */
export function createPolicy({ isCountersigned, isUserSigned, rules = {} }: PolicyParts): Policy {
  const { upgrade = UPGRADE_RULES, cancel = CANCEL_RULES, intake = INTAKE_RULES } = rules;
  const decide = <T extends ServiceRequest>(
    kind: T['kind'],
    signed: Countersigned<T>,
    situation: Situation,
    asked: readonly Rule<Facts<T>>[],
  ): Decision<T> => {
    expectKind(signed, kind);
    if (!isCountersigned(signed)) return unsigned('countersigned', 'the request was not opened with every signature it needs');
    const facts: Facts<T> = Object.freeze({ ...situation, ...signedFacts(signed) });
    const refused = firstObjection(asked, facts);
    if (refused !== undefined) return refused;
    const decision: Allowed<T> = Object.freeze({ verdict: 'allow', countersigned: signed, facts, ...basis(asked) });
    allowed.add(decision);
    return decision;
  };
  return Object.freeze<Policy>({
    upgrade: (signed, situation) => decide('update-firmware', signed, situation, upgrade),
    cancel: (signed, situation) => decide('cancel-update', signed, situation, cancel),
    intake(signed, { now }) {
      if (!isUserSigned(signed)) return unsigned('user-signed', 'the request was not opened with the signature of its User');
      return firstObjection(intake, { now, ...signedFacts(signed) }) ?? Object.freeze({ verdict: 'forward', ...basis(intake) });
    },
  });
}

/** Throws Fault `internal` when a caller brings a request to the wrong door. */
function expectKind(signed: UserSigned, kind: ServiceRequest['kind']): void {
  if (signed.request.kind !== kind) throw new Fault('internal', `the door of ${kind} was given ${signed.request.kind}`);
}

const signedFacts = <T extends ServiceRequest>({ request, requestId, user }: UserSigned<T>) => ({
  request,
  requestId,
  user: { party: user.party, role: user.role, name: user.name },
});

function firstObjection<F>(rules: readonly Rule<F>[], facts: F): Refused | undefined {
  for (const { name, check } of rules) {
    const objection = check(facts);
    if (objection !== undefined) return Object.freeze({ verdict: 'refuse', rule: name, ...objection });
  }
  return undefined;
}

const unsigned = (rule: string, detail: string): Refused =>
  Object.freeze({ verdict: 'refuse', rule, code: `not-${rule}`, detail, requirements: ['R-SIGN-01'] });

/** What an answer in favour rests on. */
const basis = <F>(rules: readonly Rule<F>[]) => ({
  requirements: [...new Set(rules.flatMap(({ requirements }) => requirements))],
  rules: rules.map(({ name }) => name),
});
