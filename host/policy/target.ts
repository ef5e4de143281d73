/** The target must be a device of this gateway's device log, a PPMID, and one that takes upgrade images [R-DEV-03, R-DEV-01]. */
import type { Facts, Rule } from '../model/decision.ts';
import type { DeviceLogEntry } from '../model/device.ts';
import type { UpdateFirmware } from '../model/service-request.ts';

/** Refuses with `unknown-device`, `not-a-ppmid` or `takes-no-image`. */
export const targetRule: Rule<Facts<UpdateFirmware>> = {
  name: 'target',
  requirements: ['R-DEV-01', 'R-DEV-03'],
  check(facts) {
    const { target } = facts.request;
    const device = targetOf(facts);
    if (device === undefined) {
      return { code: 'unknown-device', detail: `${target} is not in the device log of ${facts.gateway}`, requirements: ['R-DEV-03'] };
    }
    if (device.type !== 'ppmid') {
      return {
        code: 'not-a-ppmid',
        detail: `${target} is of the type ${device.type}, not a PPMID`,
        requirements: ['R-DEV-03', 'R-DEV-01'],
      };
    }
    if (device.imageType === undefined) {
      return { code: 'takes-no-image', detail: `the device log gives ${target} no image type`, requirements: ['R-DEV-03'] };
    }
    return undefined;
  },
};

/** The device log entry of a request's target, or undefined. */
export const targetOf = ({ devices, request }: Facts): DeviceLogEntry | undefined => devices.find(({ eui }) => eui === request.target);
