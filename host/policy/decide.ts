/**
 * The doors of the policy, and the only maker of Allowed.
 *
 * `upgrade` and `cancel` are the gateway's: they take what was opened with every signature it needs and answer on the
 * gateway's own facts. `intake` is the S1SP's: what it answers is not a Decision and cannot start anything.
 */
import type { Allowed, Answer, Decision, Facts, IntakeDecision, Refused, Rule, Signature, Situation } from '../model/decision.ts';
import { Fault } from '../model/fault.ts';
import type { CancelUpdate, Countersigned, ServiceRequest, Signer, UpdateFirmware, UserSigned } from '../model/service-request.ts';
import { answer } from './answer.ts';
import { NO_CODE } from './response-table.ts';
import { ruleSet, type RuleSet } from './rule-set.ts';
import { CANCEL_RULES, INTAKE_CANCEL_RULES, INTAKE_RULES, UPGRADE_RULES } from './rules.ts';

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
    readonly intake?: readonly Rule<Facts<UpdateFirmware>>[];
  };
}

/** The doors. Request, signer and signatures are taken from the signed message, whatever a situation may hold besides. */
export interface Policy {
  /** May this upgrade go on at this moment? */
  upgrade(signed: Countersigned<UpdateFirmware>, situation: Situation): Decision<UpdateFirmware>;
  /** May this cancellation take effect? */
  cancel(signed: Countersigned<CancelUpdate>, situation: Situation): Decision<CancelUpdate>;
  /** Is this request worth countersigning? */
  intake(signed: UserSigned, situation: Situation): IntakeDecision;
}

/** Makes a policy. Its doors are pure: the same message and situation give the same verdict for ever. */
export function createPolicy({ isCountersigned, isUserSigned, rules = {} }: PolicyParts): Policy {
  const [upgrade, cancel] = [ruleSet(rules.upgrade ?? UPGRADE_RULES), ruleSet(rules.cancel ?? CANCEL_RULES)];
  const [intake, intakeCancel] = [ruleSet(rules.intake ?? INTAKE_RULES), ruleSet(INTAKE_CANCEL_RULES)];
  const decide = <T extends ServiceRequest>(
    kind: T['kind'],
    signed: Countersigned<T>,
    situation: Situation,
    asked: RuleSet<Facts<T>>,
  ): Decision<T> => {
    expectKind(signed, kind);
    const facts: Facts<T> = Object.freeze({ ...situation, ...signedFacts(signed, signed.countersigners) });
    if (!isCountersigned(signed)) return unsigned('countersigned', 'the request was not opened with every signature it needs', facts);
    const found = answer(asked, facts);
    if (found.verdict === 'refuse') return refused(found, facts);
    const decision: Allowed<T> = Object.freeze({ ...found, verdict: 'allow', countersigned: signed, facts });
    allowed.add(decision);
    return decision;
  };
  return Object.freeze<Policy>({
    upgrade: (signed, situation) => decide('update-firmware', signed, situation, upgrade),
    cancel: (signed, situation) => decide('cancel-update', signed, situation, cancel),
    intake(signed, situation) {
      const facts: Facts = Object.freeze({ ...situation, ...signedFacts(signed, []) });
      if (!isUserSigned(signed)) return unsigned('user-signed', 'the request was not opened with the signature of its User', facts);
      const found = ordersUpdate(facts) ? answer(intake, facts) : answer(intakeCancel, facts);
      return found.verdict === 'refuse' ? refused(found, facts) : Object.freeze({ ...found, verdict: 'forward', facts });
    },
  });
}

/** Throws Fault `internal` when a caller brings a request to the wrong door. */
function expectKind(signed: UserSigned, kind: ServiceRequest['kind']): void {
  if (signed.request.kind !== kind) throw new Fault('internal', `the door of ${kind} was given ${signed.request.kind}`);
}

const ordersUpdate = (facts: Facts): facts is Facts<UpdateFirmware> => facts.request.kind === 'update-firmware';

const signedFacts = <T extends ServiceRequest>({ request, requestId, user }: UserSigned<T>, countersigners: readonly Signer[]) => ({
  request,
  requestId,
  user: { party: user.party, role: user.role, name: user.name },
  signatures: [user, ...countersigners].map(({ kid, role, party }): Signature => ({ kid, role, party })),
});

const refused = (found: Extract<Answer, { verdict: 'refuse' }>, facts: Facts): Refused => Object.freeze({ ...found, facts });

const unsigned = (rule: string, detail: string, facts: Facts): Refused =>
  Object.freeze({
    verdict: 'refuse',
    rule,
    code: `not-${rule}`,
    detail,
    requirements: ['R-SIGN-01'],
    family: undefined,
    response: NO_CODE,
    documents: [],
    boundaries: [],
    facts,
  });
