/**
 * The same of the other questions: commissioning, serving requests, half-hourly data, migration, thresholds, failed attempts,
 * incidents. Naive on purpose, from the requirements'
 * texts alone. The facts of a question are described here anew, as loosely as they are needed.
 */
import type { Facts } from '../../../host/model/decision.ts';
import type { DeviceLogEntry, DeviceModel } from '../../../host/model/device.ts';
import type { Consent, DocumentsStatement, ModelPattern, StepsStatement, ThresholdsStatement } from '../../../host/model/regulation.ts';
import { listing } from './orders.ts';
import { behind } from './parties.ts';

type Clock = Pick<Facts, 'now' | 'latest'>;
type Suppliers = Clock & Pick<Facts, 'gateway' | 'suppliers'>;
interface Switch {
  readonly state: string;
  readonly confirmed?: number | undefined;
}

/** R-CPL-02, R-CPL-04, R-INV-02, R-INV-03. */
export function commission(
  f: Clock &
    Pick<Facts, 'products'> & {
      readonly device: DeviceModel & { readonly type: string };
      readonly prohibitedBy?: string | undefined;
      readonly compliant: boolean;
      readonly commissioned: boolean;
    },
): string[] {
  const found = [...behind(f), ...listing.onList(f.products, f.device, f.now, undefined)];
  if (f.prohibitedBy !== undefined) return [...found, 'commissioning-prohibited'];
  if (['esme', 'gsme'].includes(f.device.type) && !f.compliant && !f.commissioned) found.push('compliance-not-attested');
  return found;
}

/** Serving a request. */
export function serve(
  f: Clock &
    Pick<Facts, 'user' | 'users' | 'inventory' | 'cohorts' | 'services' | 'documents' | 'combinations' | 'devices' | 'hub'> & {
      readonly srv: string;
      readonly duis: { readonly version: string; readonly effectiveFrom: number };
      readonly generation: string;
      readonly device: DeviceLogEntry;
      readonly framing: string;
      readonly encrypted: boolean;
      readonly steps: StepsStatement | undefined;
    },
): string[] {
  const found = behind(f);
  const entry = f.services?.services.find((each) => each.srv === f.srv);
  const cohort = cohortOf(f);
  if (f.generation === 'SMETS2' && entry?.elective !== undefined && !f.encrypted) found.push('encryption-presumed');
  if (f.generation !== 'SMETS1') found.push('not-smets1');
  if (f.framing === 'gbcs') {
    const reuse = (f.steps?.variations ?? []).filter((v) => v.clause === 'gbcs-reuse' && v.from <= f.now);
    const ours = reuse.filter((v) => v.devices.some((p) => fits(p, f.device)) && (v.cohort === undefined || v.cohort === cohort));
    const holds = ours.some((v) => v.to === undefined || f.now < v.to || v.underInvestigation.some((p) => fits(p, f.device)));
    if (!holds) found.push('gbcs-not-applicable');
  }
  if (f.inventory?.stage === 'with-smso') found.push('with-smso');
  found.push(...live(f));
  if (entry !== undefined && !entry.roles.some((r) => r === f.user.role)) found.push('role-not-eligible');
  else if (f.users !== undefined) {
    const valid = f.now >= f.users.validFrom && f.now < f.users.validTo;
    const mine = f.users.users.filter((u) => u.party === f.user.party && u.role === f.user.role);
    if (!valid || !mine.some((u) => u.from <= f.now && (u.to === undefined || f.now < u.to))) found.push('role-not-held');
  }
  if (f.services === undefined || f.now < f.services.validFrom || f.now >= f.services.validTo) found.push('no-services-register');
  else if (entry === undefined || entry.provided === 'nothing') found.push('service-not-provided');
  else if (
    f.services.restrictions.some(
      (r) => r.srv === f.srv && r.from <= f.now && (r.to === undefined || f.now < r.to) && fits(r.devices, f.device),
    )
  ) {
    found.push('service-restricted');
  }
  if (entry?.elective !== undefined) {
    const agreed = f.services?.agreements.some(
      (a) => a.user === f.user.party && a.srv === f.srv && a.from <= f.now && (a.to === undefined || f.now < a.to),
    );
    if (f.now < Date.UTC(2018, 9, 1) / 1000) found.push('elective-not-yet');
    else if (!entry.elective.overSmWan || !entry.elective.solelyEnergy) found.push('not-an-elective-service');
    else if (agreed !== true) found.push('no-agreement');
  }
  if (entry?.needs !== undefined) {
    const text = textFor(f.documents, f.duis, entry.needs, f.now);
    if (text !== undefined) found.push(text);
  }
  found.push(...listing.eligible(f.combinations, [f.hub, ...f.devices.filter((d) => d.type !== 'gpf' && d.eui !== f.hub.eui)], f.now));
  const aligned = f.steps !== undefined && newest(f.documents, 'S1SR', f.now)?.version === f.steps.alignedTo;
  const valid = f.steps !== undefined && f.now >= f.steps.validFrom && f.now < f.steps.validTo;
  if (!aligned || !valid || !f.steps?.steps.some((each) => each.srv === f.srv && fits(each.devices, f.device)))
    found.push('no-equivalent-steps');
  return found;
}

/** R-COH-01: nothing that depends on a cohort without a cohort that is known now; R-DATE-02: nothing for one before the day it is live from. */
function live(f: Pick<Facts, 'now' | 'inventory' | 'cohorts'>): string[] {
  const { now, inventory: i, cohorts: c } = f;
  if (i === undefined || !(i.validFrom <= now && now < i.validTo)) return ['no-inventory'];
  if (c === undefined || !(c.validFrom <= now && now < c.validTo)) return ['no-cohorts-register'];
  const cohort = cohortOf(f);
  if (cohort === 'unknown') return ['cohort-unknown'];
  for (const each of c.cohorts) if (each.cohort === cohort && each.live !== undefined && now >= each.live) return [];
  return ['cohort-not-live'];
}

/** R-HH-02, R-HH-04, R-HH-08. */
export function halfHourlyOn(
  f: Suppliers & {
    readonly user: Facts['user'];
    readonly control: boolean;
    readonly meters: readonly { readonly eui: string; readonly fuel: string }[];
    readonly consents: readonly Consent[];
  },
): string[] {
  const found = behind(f);
  if (!f.control) found.push('not-supported');
  if (!f.meters.some((m) => supplier(f, m.fuel) === f.user.party)) found.push('not-responsible-supplier');
  const covered = (m: { readonly eui: string; readonly fuel: string }): boolean => {
    const now = supplier(f, m.fuel);
    return f.consents.some(
      (c) =>
        c.meter === m.eui && c.fuel === m.fuel && c.supplier === now && c.from <= f.now && (c.ended === undefined || f.now < c.ended.at),
    );
  };
  if (f.meters.length === 0 || !f.meters.every(covered)) found.push('no-consent');
  return found;
}

/** R-HH-04, R-HH-08: turning it off needs no consent; the Responsible Supplier of a fuel is who has to answer when one ends (003, 2). */
export function halfHourlyOff(
  f: Suppliers & { readonly user: Facts['user']; readonly control: boolean; readonly meters: readonly { readonly fuel: string }[] },
): string[] {
  const found = behind(f);
  if (!f.control) found.push('not-supported');
  for (const fuel of ['electricity', 'gas']) {
    if (f.meters.some((m) => m.fuel === fuel) && supplier(f, fuel) === f.user.party) return found;
  }
  return [...found, 'not-responsible-supplier'];
}

/** R-HH-03, R-HH-09; R-HH-02: data is of the supply of whoever supplied at that time. */
export function deliver(
  f: Suppliers & {
    readonly to: string;
    readonly meter: { readonly eui: string; readonly fuel: string };
    readonly taken: { readonly from: number; readonly to: number };
    readonly consents: readonly Consent[];
    readonly switch: Switch;
  },
): string[] {
  const found = [...behind(f), ...(f.switch.state === 'off' ? ['function-off'] : [])];
  const covered = f.consents.some(
    (c) =>
      c.meter === f.meter.eui &&
      c.fuel === f.meter.fuel &&
      c.supplier === f.to &&
      c.from <= f.taken.from &&
      c.from <= f.now &&
      (c.ended === undefined || f.now < c.ended.at),
  );
  if (!covered) found.push('purge');
  else if (supplier(f, f.meter.fuel) !== f.to || !hadSupply(f)) found.push('not-responsible-supplier');
  return found;
}

/** From the first second to the last, going from one change of the record to the next, the party and nobody else was of record. */
function hadSupply(f: Suppliers & { to: string; meter: { fuel: string }; taken: { from: number; to: number } }): boolean {
  const record = f.suppliers?.[f.meter.fuel === 'gas' ? 'gas' : 'lead'] ?? [];
  let at = f.taken.from;
  do {
    let next = Infinity;
    const there: string[] = [];
    for (const { party, from, to = Infinity } of record) {
      if (from <= at && at < to) there.push(party);
      for (const change of [from, to]) if (change > at && change < next) next = change;
    }
    if (there.length !== 1 || there[0] !== f.to) return false;
    at = next;
  } while (at < f.taken.to);
  return true;
}

/** R-MIG-01 to R-MIG-10, R-HH-05 to R-HH-07, R-UPLIFT-02. */
export function migrate(f: {
  readonly now: number;
  readonly latest: number;
  readonly cohort: string;
  readonly tag: string;
  readonly documents: DocumentsStatement | undefined;
  readonly gas: { readonly lastContact?: number | undefined } | undefined;
  readonly igtAgrees: boolean;
  readonly halfHourly: Switch | undefined;
  readonly screening: readonly { readonly positive: boolean }[];
  readonly configuration: readonly { readonly met: boolean }[];
  readonly preconditions: readonly { readonly met: boolean }[];
  readonly ppmidOutsideOldDefinition: boolean;
}): string[] {
  const found = behind(f);
  const d = f.documents;
  const tmad = newest(d, 'TMAD', f.now);
  if (d === undefined || f.now < d.validFrom || f.now >= d.validTo) found.push('no-documents-register');
  else if (tmad === undefined) found.push('no-tmad');
  else if (f.cohort === 'unknown') found.push('cohort-unknown');
  else if (tmad.covers !== undefined && !tmad.covers.some((c) => c === f.cohort)) found.push('cohort-not-covered');
  const system = d?.uplifts.find((u) => u.uplift === '3.0')?.enabledFrom;
  const law = tmad !== undefined && tmad.provides.includes('contact-72h') && tmad.provides.includes('no-igt-check');
  const uplifted = law && system !== undefined && system <= f.now;
  if (f.gas !== undefined) {
    const longest = (uplifted ? 72 : 24) * 60 * 60;
    if (f.gas.lastContact === undefined || f.now - f.gas.lastContact > longest) found.push('no-recent-contact');
  }
  if (!uplifted && !f.igtAgrees) found.push('igt-certificates');
  if (f.halfHourly === undefined ? f.cohort === 'FOC' : f.halfHourly.state !== 'off' || f.halfHourly.confirmed === undefined) {
    found.push('half-hourly-not-off');
  }
  if (f.screening.some((s) => s.positive)) found.push('screened-out');
  if (f.configuration.some((c) => !c.met)) found.push('configuration');
  else if (f.preconditions.some((c) => !c.met)) found.push('precondition');
  if (f.ppmidOutsideOldDefinition && tmad?.provides.includes('ppmid-definition-2021') !== true) found.push('ppmid-definition');
  return found;
}

/** R-ANOM-01 to R-ANOM-03. A bound stays while its own days last, however old the register is that states it, once that is valid at all. */
export function traffic(f: {
  readonly now: number;
  readonly latest: number;
  readonly of: string;
  readonly what: string;
  readonly who: string;
  readonly before: readonly number[];
  readonly thresholds: ThresholdsStatement | undefined;
}): string[] {
  const t = f.thresholds;
  if (t === undefined || f.now < t.validFrom) return behind(f);
  let worst: string | undefined;
  for (const each of t.thresholds) {
    if (each.of !== f.of || each.what !== f.what || (each.user !== undefined && each.user !== f.who)) continue;
    if (f.now < each.from || (each.to !== undefined && f.now >= each.to)) continue;
    let count = 1;
    for (const at of f.before) if (f.now - at < each.seconds) count++;
    if (count > each.limit && worst !== 'delete') worst = each.breach;
  }
  return [...behind(f), ...(worst === undefined ? [] : [`over-threshold-${worst}`])];
}

/** R-ANOM-04 with our figures: five failures in less than ten minutes, and nothing is taken for a quarter of an hour after the fifth. */
export function access(f: Clock & { readonly failures: readonly number[] }): string[] {
  for (const last of f.failures) {
    const others = f.failures.filter((at) => at <= last && last - at < 10 * 60);
    if (others.length >= 5 && f.now - last < 15 * 60) return [...behind(f), 'blocked'];
  }
  return behind(f);
}

/** R-INC-01, R-LEAD-01. */
export function incident(f: Suppliers & { readonly cause: string; readonly assignee: string }): string[] {
  const found = behind(f);
  const responsible = f.cause === 'dcc-systems' ? ['dcc'] : periods(f, f.cause === 'gas-meter' ? 'gas' : 'lead');
  if (responsible.length !== 1) return [...found, 'no-resolver'];
  return responsible[0] === f.assignee ? found : [...found, 'not-the-resolver'];
}

function periods(f: Suppliers, of: 'lead' | 'gas'): string[] {
  const s = f.suppliers;
  if (s === undefined || s.gateway !== f.gateway || f.now < s.validFrom || f.now >= s.validTo) return [];
  return s[of].filter((p) => p.from <= f.now && (p.to === undefined || p.to > f.now)).map((p) => p.party);
}

const only = (parties: readonly string[]): string | undefined => (parties.length === 1 ? parties[0] : undefined);
const supplier = (f: Suppliers, fuel: string): string | undefined => only(periods(f, fuel === 'gas' ? 'gas' : 'lead'));

function cohortOf(f: Pick<Facts, 'inventory' | 'cohorts'>): string {
  if (f.inventory === undefined || f.cohorts === undefined) return 'unknown';
  const told = f.cohorts.makers.find((m) => m.maker === f.inventory?.maker)?.cohort;
  if (f.inventory.cohort === 'unknown') return told ?? 'unknown';
  return told !== undefined && told !== f.inventory.cohort ? 'unknown' : f.inventory.cohort;
}

function fits(p: ModelPattern, d: DeviceLogEntry): boolean {
  if (p.manufacturer !== undefined && p.manufacturer !== d.manufacturer) return false;
  if (p.model !== undefined && p.model !== d.model) return false;
  if (p.hardwareVersion !== undefined && p.hardwareVersion !== d.hardwareVersion) return false;
  return p.firmwareVersion === undefined || p.firmwareVersion === d.firmwareVersion;
}

/** The text of a document in force: the latest that no other in force took the place of. */
function newest(d: DocumentsStatement | undefined, document: string, at: number) {
  const there = (d?.documents ?? []).filter((e) => e.status === 'designated' && e.effectiveFrom !== undefined && e.effectiveFrom <= at);
  const gone = (e: (typeof there)[number]): boolean =>
    there.some(
      (o) => o.replaces?.document === e.document && o.replaces.version === e.version && o.replaces.effectiveFrom === e.effectiveFrom,
    );
  let found: (typeof there)[number] | undefined;
  for (const e of there) {
    if (e.document !== document || gone(e)) continue;
    if (found === undefined || (e.effectiveFrom ?? 0) >= (found.effectiveFrom ?? 0)) found = e;
  }
  return found;
}

function textFor(
  d: DocumentsStatement | undefined,
  duis: { readonly version: string; readonly effectiveFrom: number },
  needs: string,
  at: number,
): string | undefined {
  if (d === undefined || at < d.validFrom || at >= d.validTo) return 'no-documents-register';
  const named = d.documents.filter((e) => e.document === 'DUIS' && e.version === duis.version && e.effectiveFrom === duis.effectiveFrom);
  if (named.length === 0) return 'duis-text-unknown';
  if (named.every((e) => e.status === 'draft')) return 'duis-text-draft';
  if (at < duis.effectiveFrom) return 'duis-text-not-yet';
  const gone = d.documents.some(
    (o) =>
      o.status === 'designated' &&
      o.effectiveFrom !== undefined &&
      o.effectiveFrom <= at &&
      o.replaces?.document === 'DUIS' &&
      o.replaces.version === duis.version &&
      o.replaces.effectiveFrom === duis.effectiveFrom,
  );
  if (gone) return 'duis-text-superseded';
  return named.some((e) => e.provides.includes(needs)) ? undefined : 'duis-does-not-support';
}
