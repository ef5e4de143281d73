/**
 * A second, deliberately naive reading of the requirements about orders: upgrade, cancellation, intake, a hub's change, its decommissioning and configuration.
 * It is written from the requirements' texts alone, without the rules of the product and without their helpers, question by question and top
 * down, so that a mistake made once is not made twice. It answers every reason against, by code; none = allowed.
 */
import type { Facts } from '../../../host/model/decision.ts';
import type { DeviceModel } from '../../../host/model/device.ts';
import type { CancelUpdate, ServiceRequest, UpdateFirmware } from '../../../host/model/service-request.ts';
import { tellsOfSupply } from './numbers.ts';
import { behind, gasNow, type Home, keys, leadNow, responsible, role, type Signed, signatures } from './parties.ts';

type Order = Facts<UpdateFirmware>;

const DAY_OF_SERVICE = Date.UTC(2020, 10, 24) / 1000;

/** Everything against an upgrade at the gateway. */
export function upgrade(f: Order): string[] {
  const found = behind(f);
  if (f.now < DAY_OF_SERVICE) found.push('not-in-force');
  found.push(...signatures(f), ...role(f), ...responsible(f), ...service(f), ...duis(f), ...installation(f), ...device(f));
  if (f.inventory !== undefined && !f.inventory.otaServer) found.push('hub-serves-no-images');
  if (isAskedForKeys(f) && f.keyState !== 'present') found.push('ppmid-keys-missing');
  if (f.underway) found.push('upgrade-under-way');
  if (f.now >= f.request.completeBy) found.push('complete-by-passed');
  if (f.moment === 'activation') {
    if (f.now < f.request.activateFrom) found.push('window-not-open');
    if (f.topUpPending) found.push('top-up-pending');
  }
  found.push(...versions(f), ...list(f), ...home(f));
  return found;
}

/** Everything against a cancellation. */
export function cancel(f: Facts<CancelUpdate>): string[] {
  const found = behind(f);
  found.push(...signatures(f), ...role(f), ...responsible(f));
  const [, device = ''] = f.request.cancels.split(':');
  if (device.replaceAll('-', '').toLowerCase() !== f.request.target) found.push('other-target');
  else if (!f.cancellable) found.push('nothing-to-cancel');
  return found;
}

/** Everything against an order at intake, where versions and jobs are not known. */
export function intake(f: Order): string[] {
  const found = behind(f);
  if (f.now < DAY_OF_SERVICE) found.push('not-in-force');
  const key = keys(f);
  if (key !== undefined) found.push(key);
  found.push(...role(f), ...responsible(f), ...service(f), ...duis(f), ...installation(f), ...device(f));
  if (f.inventory !== undefined && !f.inventory.otaServer) found.push('hub-serves-no-images');
  if (f.now >= f.request.expires) found.push('expired');
  else if (f.now >= f.request.completeBy) found.push('complete-by-passed');
  if (f.request.purpose.trim().length === 0) found.push('purpose-missing');
  else if (tellsOfSupply(f.request.purpose)) found.push('personal-data');
  found.push(...list(f), ...steps(f));
  return found;
}

/** Everything against a cancellation at intake: who asks, and whether it still may arrive. */
export function intakeCancel(f: Facts<ServiceRequest>): string[] {
  const key = keys(f);
  const found = [...behind(f), ...(key === undefined ? [] : [key]), ...role(f), ...responsible(f)];
  if (f.now >= f.request.expires) found.push('expired');
  else if (f.request.kind === 'update-firmware' && f.now >= f.request.completeBy) found.push('complete-by-passed');
  return found;
}

/** Everything against another hub, or other firmware for it. */
export function changeHub(
  f: Home & Signed & Pick<Facts, 'latest' | 'products' | 'combinations' | 'devices' | 'hub'> & { readonly proposed: DeviceModel },
): string[] {
  const found = [...behind(f), ...signatures(f), ...role(f), ...responsible(f)];
  found.push(...onList(f.products, f.proposed, f.now, undefined));
  const members = [{ ...f.hub, ...f.proposed }, ...f.devices.filter((d) => d.type !== 'gpf' && d.eui !== f.hub.eui)];
  found.push(...eligible(f.combinations, members, f.now));
  return found;
}

/** Everything against decommissioning. */
export function decommission(
  f: Home & Signed & Pick<Facts, 'latest'> & { readonly device: { readonly eui: string; readonly type: string } },
): string[] {
  const found = [...behind(f), ...signatures(f), ...role(f), ...responsible(f)];
  if (f.device.type !== 'chf') found.push('not-a-hub');
  else if (f.device.eui !== f.gateway) found.push('not-this-hub');
  return found;
}

/** Everything against a change of a hub's configuration. */
export function configureHub(
  f: Home & Signed & Pick<Facts, 'latest'> & { readonly change: string; readonly override?: string | undefined },
): string[] {
  const found = [...behind(f), ...signatures(f), ...role(f), ...responsible(f)];
  const touchesGas = ['remove-gsme', 'remove-gpf', 'disable-gpf', 'change-channel', 'change-pan'].includes(f.change);
  const lead = leadNow(f);
  const split = lead !== undefined && gasNow(f).some((party) => party !== lead);
  const reasoned = f.override !== undefined && f.override.trim().length > 0;
  if (touchesGas && split && !reasoned) found.push('restricts-gas');
  return found;
}

/** R-SVC-01, R-SVC-02 for 11.1. */
function service(f: Order): string[] {
  const s = f.services;
  if (s === undefined || f.now < s.validFrom || f.now >= s.validTo) return ['no-services-register'];
  const entry = s.services.find((each) => each.srv === '11.1');
  if (entry === undefined || entry.provided === 'nothing') return ['service-not-provided'];
  const target = f.devices.find((d) => d.eui === f.request.target);
  if (target === undefined) return [];
  for (const r of s.restrictions) {
    if (r.srv !== '11.1' || f.now < r.from || (r.to !== undefined && f.now >= r.to)) continue;
    const { manufacturer, model, hardwareVersion, firmwareVersion } = r.devices;
    if (manufacturer !== undefined && manufacturer !== target.manufacturer) continue;
    if (model !== undefined && model !== target.model) continue;
    if (hardwareVersion !== undefined && hardwareVersion !== target.hardwareVersion) continue;
    if (firmwareVersion !== undefined && firmwareVersion !== target.firmwareVersion) continue;
    return ['service-restricted'];
  }
  return [];
}

/** R-SVC-05 for 11.1, with a matrix that belongs to the S1SR in force (R-DMVES-02): no Device Model, nothing to look up. */
function steps(f: Order): string[] {
  const target = f.devices.find((d) => d.eui === f.request.target);
  if (target === undefined) return [];
  const none = ['no-equivalent-steps'];
  if (f.steps === undefined || f.now < f.steps.validFrom || f.now >= f.steps.validTo) return none;
  const begun = (f.documents?.documents ?? []).filter(
    (d) => d.status === 'designated' && d.effectiveFrom !== undefined && d.effectiveFrom <= f.now,
  );
  let inForce: { version: string; from: number } | undefined;
  for (const { document, version, effectiveFrom = 0 } of begun) {
    if (document !== 'S1SR' || (inForce !== undefined && effectiveFrom < inForce.from)) continue;
    const isReplaced = begun.some(
      ({ replaces: r }) => r?.document === document && r.version === version && r.effectiveFrom === effectiveFrom,
    );
    if (!isReplaced) inForce = { version, from: effectiveFrom };
  }
  if (inForce?.version !== f.steps.alignedTo) return none;
  for (const { srv, devices: p } of f.steps.steps) {
    if (srv !== '11.1') continue;
    if (p.manufacturer !== undefined && p.manufacturer !== target.manufacturer) continue;
    if (p.model !== undefined && p.model !== target.model) continue;
    if (p.hardwareVersion !== undefined && p.hardwareVersion !== target.hardwareVersion) continue;
    if (p.firmwareVersion !== undefined && p.firmwareVersion !== target.firmwareVersion) continue;
    return [];
  }
  return none;
}

/** R-PPMID-11, R-PPMID-12, R-DOC-02, R-DOC-08: the text named, as it stood when the order was accepted. */
function duis(f: Order): string[] {
  const d = f.documents;
  if (d === undefined || f.now < d.validFrom || f.now >= d.validTo) return ['no-documents-register'];
  const when = f.accepted ?? f.now;
  const { version, effectiveFrom } = f.request.duis;
  const named = d.documents.filter((e) => e.document === 'DUIS' && e.version === version && e.effectiveFrom === effectiveFrom);
  if (named.length === 0) return ['duis-text-unknown'];
  if (named.filter((e) => e.status === 'designated').length === 0) return ['duis-text-draft'];
  if (effectiveFrom > when) return ['duis-text-not-yet'];
  for (const e of d.documents) {
    if (e.status !== 'designated' || e.effectiveFrom === undefined || e.effectiveFrom > when || e.replaces === undefined) continue;
    const { replaces: r } = e;
    if (r.document === 'DUIS' && r.version === version && r.effectiveFrom === effectiveFrom) return ['duis-text-superseded'];
  }
  return named.some((e) => e.provides.includes('ppmid-firmware')) ? [] : ['duis-does-not-support'];
}

/** R-SMSO-01, R-COH-01, R-COH-02, R-PPMID-08 to R-PPMID-10, and R-DATE-02: what is not live has no service at all. */
function installation(f: Order): string[] {
  const found: string[] = [];
  const i = f.inventory;
  if (i?.stage === 'with-smso') found.push('with-smso');
  if (i === undefined || f.now < i.validFrom || f.now >= i.validTo) return [...found, 'no-inventory'];
  const c = f.cohorts;
  if (c === undefined || f.now < c.validFrom || f.now >= c.validTo) return [...found, 'no-cohorts-register'];
  const cohort = cohortIn(i, c);
  if (cohort === 'unknown') return [...found, 'cohort-unknown'];
  let [service, live] = [Infinity, Infinity];
  for (const e of c.cohorts) if (e.cohort === cohort) [service, live] = [e.ppmidFirmware ?? Infinity, e.live ?? Infinity];
  if (service === Infinity) found.push('cohort-not-in-scope');
  else if (f.now < service) found.push('cohort-not-yet');
  else if (f.now < live) found.push('cohort-not-live');
  return found;
}

/** R-COH-01, R-COH-02: what is recorded, or else what the maker tells; a contradiction tells nothing. */
function cohortIn(i: NonNullable<Order['inventory']>, c: NonNullable<Order['cohorts']>): string {
  const told = c.makers.find((m) => m.maker === i.maker)?.cohort;
  if (told === undefined) return i.cohort;
  return i.cohort === 'unknown' || i.cohort === told ? told : 'unknown';
}

/** R-KEYS-01, R-KEYS-02, R-KEYS-09: IOC and MDS devices that had been migrated when the service for them began; Secure and later ones not. */
function isAskedForKeys({ inventory: i, cohorts: c }: Order): boolean {
  if (i === undefined || c === undefined || i.stage === 'with-smso') return false;
  const cohort = cohortIn(i, c);
  if (cohort !== 'IOC' && cohort !== 'MOC-MDS') return false;
  const day = c.cohorts.find((e) => e.cohort === cohort)?.ppmidFirmware;
  return day !== undefined && (i.enrolled === undefined || i.enrolled < day);
}

/** R-DEV-01, R-DEV-03. */
function device(f: Order): string[] {
  const target = f.devices.find((d) => d.eui === f.request.target);
  if (target === undefined) return ['unknown-device'];
  if (target.type !== 'ppmid') return ['not-a-ppmid'];
  return target.imageType === undefined ? ['takes-no-image'] : [];
}

/** Downgrades and the order of upgrades. */
function versions(f: Order): string[] {
  const found: string[] = [];
  const target = f.devices.find((d) => d.eui === f.request.target);
  if (target === undefined) return found;
  const [runs, ordered] = [target.firmwareVersion, f.request.firmwareVersion];
  if (!f.request.allowDowngrade) {
    if (runs === undefined) found.push('version-unknown');
    else if (ordered < runs) found.push('downgrade');
  }
  if (runs === undefined || f.products === undefined || runs === ordered) return found;
  const entries = f.products.products.filter((p) => isModel(p, { ...target, firmwareVersion: ordered }));
  const bound = entries.filter((p) => p.upgradesFrom !== undefined);
  if (bound.length > 0 && !bound.some((p) => p.upgradesFrom?.includes(runs))) found.push('path-not-permitted');
  return found;
}

/** R-CPL-02, R-CPL-04 for the target. */
function list(f: Order): string[] {
  const target = f.devices.find((d) => d.eui === f.request.target);
  if (target === undefined) return [];
  return onList(f.products, { ...target, firmwareVersion: f.request.firmwareVersion }, f.now, f.request.image.digest);
}

function onList(products: Facts['products'], wanted: DeviceModel, now: number, image: string | undefined): string[] {
  if (products === undefined || now < products.validFrom || now >= products.validTo) return ['no-products-list'];
  const entries = products.products.filter((p) => isModel(p, wanted));
  if (entries.length === 0) return ['not-on-cpl'];
  if (entries.some((p) => p.state === 'removed')) return ['removed-from-cpl'];
  const images: string[] = entries.flatMap((p) => [...p.images]);
  return image !== undefined && images.length > 0 && !images.includes(image) ? ['image-not-on-cpl'] : [];
}

/** R-EPC-02, R-EPC-04, R-LEAD-04 for the home as it would be. */
function home(f: Order): string[] {
  const members = [f.hub, ...f.devices.filter((d) => d.type !== 'gpf' && d.eui !== f.hub.eui)].map((d) =>
    d.eui === f.request.target ? { ...d, firmwareVersion: f.request.firmwareVersion } : d,
  );
  return eligible(f.combinations, members, f.now);
}

type Member = { readonly type: string; readonly firmwareVersion: number | undefined } & Omit<DeviceModel, 'firmwareVersion'>;

function eligible(combinations: Facts['combinations'], members: readonly Member[], now: number): string[] {
  if (combinations === undefined || now < combinations.validFrom || now >= combinations.validTo) return ['no-combinations-list'];
  if (members.some((m) => m.firmwareVersion === undefined)) return ['member-version-unknown'];
  const listed = (wanted: readonly Member[]): boolean => {
    const words = (of: readonly Member[]): string =>
      [...new Set(of.map((m) => `${m.type} ${m.manufacturer} ${m.hardwareVersion} ${m.firmwareVersion} ${m.model}`))].toSorted().join('\n');
    return combinations.combinations.some((entry) => words(entry) === words(wanted));
  };
  if (listed(members)) return [];
  const electricity = members.some((m) => m.type === 'esme');
  const gas = members.some((m) => m.type === 'gsme');
  if (!electricity && !gas) return ['combination-not-eligible'];
  if (electricity && !listed(members.filter((m) => m.type !== 'gsme'))) return ['combination-not-eligible'];
  if (gas && !listed(members.filter((m) => m.type !== 'esme'))) return ['combination-not-eligible'];
  return [];
}

const isModel = (a: DeviceModel, b: DeviceModel): boolean =>
  a.manufacturer === b.manufacturer &&
  a.model === b.model &&
  a.hardwareVersion === b.hardwareVersion &&
  a.firmwareVersion === b.firmwareVersion;

/** What both readings of being listed rest on, for the other questions. */
export const listing = { onList, eligible };
