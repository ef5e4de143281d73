/**
 * At least two signatures, by different keys of different roles: the User's, and that of the DCC's countersigner (004 9.11).
 *
 * That a signature is right is for `messages/`, over the received bytes; here it is asked whether the keys count. A key must have been in
 * force when the request was accepted, so that an ordinary rotation ends nothing; a revoked key counts at no moment after its revocation,
 * whenever it signed. The role in which an S1SP signs XML never countersigns a request and never reaches a Device (004 9.2, 9.3).
 */
import type { Facts, Objection, Rule, Signature } from '../model/decision.ts';
import { holdsAt, inForce } from './standing.ts';
import { instant } from '../model/calendar.ts';

type Signed = Pick<Facts, 'now' | 'accepted' | 'user' | 'signatures' | 'signers'>;

/** Refuses with the codes below; `key-revoked` at every moment. */
export const signaturesRule: Rule<Signed> = {
  name: 'signatures',
  requirements: ['R-SIGN-01', 'R-SIGN-02', 'R-SIGN-03', 'R-SEP-01'],
  dated: ['signers'],
  family: 'SEC',
  check: (facts) => keysCount(facts) ?? distinct(facts) ?? roles(facts),
};

/** At intake: the User's key alone is there to be asked. */
export const userKeyRule: Rule<Signed> = {
  name: 'user-key',
  requirements: ['R-SIGN-01', 'R-SEP-01'],
  dated: ['signers'],
  family: 'SEC',
  check: keysCount,
};

function keysCount(facts: Signed): Objection | undefined {
  const { signers, signatures, now } = facts;
  if (signers === undefined || !inForce(signers, now)) {
    return { code: 'no-signers-register', detail: 'there is no signers register in force: no key counts', requirements: ['R-SIGN-01'] };
  }
  for (const signature of signatures) {
    const objection = keyCounts(signature, facts, signers.signers);
    if (objection !== undefined) return objection;
  }
  return undefined;
}

function keyCounts(
  { kid, role, party }: Signature,
  { now, accepted = now }: Signed,
  known: NonNullable<Facts['signers']>['signers'],
): Objection | undefined {
  const key = known.find((each) => each.kid === kid);
  const requirements = ['R-SIGN-01'];
  if (key === undefined) return { code: 'unknown-key', detail: `the signers register does not know the key ${kid}`, requirements };
  if (key.role !== role || key.party !== party) {
    return { code: 'key-of-another', detail: `the key ${kid} is that of ${key.party} as ${key.role}`, requirements: ['R-SEP-01'] };
  }
  if (key.revoked !== undefined && key.revoked <= now) {
    return { code: 'key-revoked', detail: `the key ${kid} of ${key.name} is revoked since ${instant(key.revoked)}`, requirements };
  }
  if (holdsAt(key, accepted)) return undefined;
  return { code: 'key-not-in-force', detail: `the key ${kid} of ${key.name} was not in force at ${instant(accepted)}`, requirements };
}

function distinct({ signatures }: Signed): Objection | undefined {
  const requirements = ['R-SIGN-01'];
  if (signatures.length < 2) return { code: 'one-signature', detail: 'fewer than two signatures are on the request', requirements };
  if (new Set(signatures.map(({ kid }) => kid)).size < signatures.length) {
    return { code: 'same-key-twice', detail: 'one key signed twice: that is one signature', requirements };
  }
  if (new Set(signatures.map(({ role }) => role)).size === signatures.length) return undefined;
  return { code: 'same-role-twice', detail: 'two signatures are of one role: the second says nothing new', requirements };
}

function roles({ signatures: [first, ...counters], user }: Signed): Objection | undefined {
  if (first === undefined || first.party !== user.party || first.role !== user.role) {
    return { code: 'user-signature-missing', detail: `the first signature is not that of ${user.name}`, requirements: ['R-SIGN-01'] };
  }
  const xml = counters.some(({ role }) => role === 's1sp-xml');
  const stranger = counters.find(({ role }) => role !== 'dcc-countersigner');
  if (stranger === undefined) return undefined;
  return {
    code: 'countersigner-role',
    detail: `the role ${stranger.role} does not countersign requests`,
    requirements: xml ? ['R-SIGN-02', 'R-SIGN-03'] : ['R-SIGN-01'],
  };
}
