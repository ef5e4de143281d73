/**
 * Who asks, of the naive reading: signatures and keys, roles, and the suppliers of record. From the requirements' texts alone, without the rules
 * of the product.
 */
import type { Facts } from '../../../host/model/decision.ts';

/** What is looked at of whoever signed. */
export type Signed = Pick<Facts, 'now' | 'accepted' | 'user' | 'signatures' | 'signers' | 'users'>;
/** What is looked at of whose premises they are. */
export type Home = Pick<Facts, 'now' | 'gateway' | 'user' | 'suppliers'>;

/** R-AUD-01: nothing is decided at a time before what is on record already. */
export const behind = (f: Pick<Facts, 'now' | 'latest'>): string[] => (f.latest > f.now ? ['clock-behind'] : []);

/** R-SIGN-01, R-SIGN-02: two signatures, by different keys of different roles, all of them keys that count. */
export function signatures(f: Signed): string[] {
  const key = keys(f);
  if (key !== undefined) return [key];
  if (f.signatures.length < 2) return ['one-signature'];
  for (let i = 0; i < f.signatures.length; i++) {
    for (let j = 0; j < i; j++) if (f.signatures[i]?.kid === f.signatures[j]?.kid) return ['same-key-twice'];
  }
  for (let i = 0; i < f.signatures.length; i++) {
    for (let j = 0; j < i; j++) if (f.signatures[i]?.role === f.signatures[j]?.role) return ['same-role-twice'];
  }
  if (f.signatures[0]?.party !== f.user.party || f.signatures[0].role !== f.user.role) return ['user-signature-missing'];
  for (const { role: of } of f.signatures.slice(1)) if (of !== 'dcc-countersigner') return ['countersigner-role'];
  return [];
}

/** The first thing that is wrong with a key that signed. */
export function keys(f: Signed): string | undefined {
  const register = f.signers;
  if (register === undefined || f.now < register.validFrom || f.now >= register.validTo) return 'no-signers-register';
  const signedAt = f.accepted ?? f.now;
  for (const { kid, role: as, party } of f.signatures) {
    const key = register.signers.find((each) => each.kid === kid);
    if (key === undefined) return 'unknown-key';
    if (key.role !== as || key.party !== party) return 'key-of-another';
    if (key.revoked !== undefined && f.now >= key.revoked) return 'key-revoked';
    if (key.from !== undefined && signedAt < key.from) return 'key-not-in-force';
    if (key.to !== undefined && signedAt >= key.to) return 'key-not-in-force';
  }
  return undefined;
}

/** R-CHFW-02: import and gas suppliers may ask at all; a User must hold the role in which it acts. */
export function role(f: Pick<Facts, 'now' | 'user' | 'users'>): string[] {
  if (f.user.role !== 'import-supplier' && f.user.role !== 'gas-supplier') return ['role-not-eligible'];
  if (f.users === undefined) return [];
  const valid = f.now >= f.users.validFrom && f.now < f.users.validTo;
  for (const each of f.users.users) {
    const holds = each.party === f.user.party && each.role === f.user.role;
    if (valid && holds && each.from <= f.now && (each.to === undefined || f.now < each.to)) return [];
  }
  return ['role-not-held'];
}

/** The electricity supplier of record now, if there is exactly one. */
export function leadNow(f: Omit<Home, 'user'>): string | undefined {
  const s = f.suppliers;
  if (s === undefined || s.gateway !== f.gateway || f.now < s.validFrom || f.now >= s.validTo) return undefined;
  const now = s.lead.filter((p) => p.from <= f.now && (p.to === undefined || p.to > f.now));
  return now.length === 1 ? now[0]?.party : undefined;
}

/** Every gas supplier of record now. */
export function gasNow(f: Omit<Home, 'user'>): string[] {
  const s = f.suppliers;
  if (s === undefined || s.gateway !== f.gateway || f.now < s.validFrom || f.now >= s.validTo) return [];
  return s.gas.filter((p) => p.from <= f.now && (p.to === undefined || p.to > f.now)).map((p) => p.party);
}

/** R-PPMID-01, R-PPMID-02, R-PPMID-04: the Lead Supplier and nobody else; the gas supplier is told why. */
export function responsible(f: Home): string[] {
  const lead = leadNow(f);
  if (lead === undefined) return ['no-lead-supplier'];
  if (f.user.role === 'gas-supplier') return ['gas-supplier'];
  if (f.user.party === lead) return [];
  return gasNow(f).includes(f.user.party) ? ['gas-supplier'] : ['not-lead-supplier'];
}
