/**
 * A service is there for SMETS1 if the SMETS1 technical specification or S1SR provides for it (004 4.4), and not for devices that the
 * services schedule restricts it for (004 4.2). Block tariffs of MOC (Secure) are served by the same [R-BLOCK-01]. Both are data; nothing goes to a device before they are asked.
 */
import type { Facts, Objection, Rule } from '../model/decision.ts';
import type { HardwareModel } from '../model/device.ts';
import type { ModelPattern, ServiceEntry, ServicesStatement } from '../model/regulation.ts';
import type { UpdateFirmware } from '../model/service-request.ts';
import { holdsAt, inForce } from './standing.ts';
import { targetOf } from './target.ts';
import { instant } from '../model/calendar.ts';

/** Service reference variant of Update Firmware. */
export const UPDATE_FIRMWARE = '11.1';

/** Refuses with `no-services-register`, `service-not-provided` or `service-restricted`. */
export const serviceRule: Rule<Facts<UpdateFirmware>> = {
  name: 'service',
  requirements: ['R-SVC-01', 'R-SVC-02'],
  dated: ['services.validFrom', 'services.validTo', 'services.restrictions'],
  family: 'UISS',
  check: (facts) => unavailable(facts.services, UPDATE_FIRMWARE, targetOf(facts), facts.now),
};

/** Why a service is not available to a device at a time; undefined = it is. */
export function unavailable(
  services: ServicesStatement | undefined,
  srv: string,
  device: (HardwareModel & { readonly firmwareVersion: number | undefined }) | undefined,
  now: number,
): Objection | undefined {
  if (services === undefined || !inForce(services, now)) {
    return { code: 'no-services-register', detail: 'there is no register of services in force', requirements: ['R-SVC-02'] };
  }
  const entry = serviceOf(services, srv);
  if (entry === undefined || entry.provided === 'nothing') {
    const detail = `neither the SMETS1 technical specification nor S1SR provides for ${srv}`;
    return { code: 'service-not-provided', detail, requirements: ['R-SVC-02'] };
  }
  if (device === undefined) return undefined;
  const restriction = services.restrictions.find((each) => each.srv === srv && holdsAt(each, now) && matches(each.devices, device));
  if (restriction === undefined) return undefined;
  const detail = `${srv} is restricted for ${device.model} since ${instant(restriction.from)}: ${restriction.reason}`;
  return { code: 'service-restricted', detail, requirements: ['R-SVC-01'] };
}

/** The entry of a service. */
export const serviceOf = ({ services }: Pick<ServicesStatement, 'services'>, srv: string): ServiceEntry | undefined =>
  services.find((each) => each.srv === srv);

/** True when every field that a pattern names is the device's. */
export const matches = (pattern: ModelPattern, device: HardwareModel & { readonly firmwareVersion: number | undefined }): boolean =>
  (pattern.manufacturer === undefined || pattern.manufacturer === device.manufacturer) &&
  (pattern.model === undefined || pattern.model === device.model) &&
  (pattern.hardwareVersion === undefined || pattern.hardwareVersion === device.hardwareVersion) &&
  (pattern.firmwareVersion === undefined || pattern.firmwareVersion === device.firmwareVersion);
