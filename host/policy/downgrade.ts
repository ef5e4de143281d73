/**
 * A version below the device's needs permission in the signed request; the same version may be installed again. While the
 * device's version is unknown every version may be lower, so the permission is needed then too. A target that is not in the device log is for `target` to refuse.
 */
import type { Facts, Rule } from '../model/decision.ts';
import type { UpdateFirmware } from '../model/service-request.ts';
import { targetOf } from './target.ts';
import { version } from './wording.ts';

/** Refuses with `downgrade`, or `version-unknown` before the first reading. */
export const downgradeRule: Rule<Facts<UpdateFirmware>> = {
  name: 'downgrade',
  requirements: ['R-PPMID-14'],
  check(facts) {
    const { allowDowngrade, firmwareVersion: ordered } = facts.request;
    if (allowDowngrade) return undefined;
    const device = targetOf(facts);
    if (device === undefined) return undefined;
    const running = device.firmwareVersion;
    if (running === undefined) {
      const detail = `the version of ${facts.request.target} is not known, ${version(ordered)} may be lower`;
      return { code: 'version-unknown', detail, requirements: ['R-PPMID-14'] };
    }
    if (ordered >= running) return undefined;
    const detail = `${version(ordered)} is lower than ${version(running)} and the request permits no downgrade`;
    return { code: 'downgrade', detail, requirements: ['R-PPMID-14'] };
  },
};
