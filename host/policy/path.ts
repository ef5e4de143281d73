/**
 * Firmware goes in the order that its maker gives: where the entry of the Central Products List says from which versions one may go to the
 * ordered one, the device's must be among them. A device whose version is unknown is for `downgrade`; a model that is not listed for `products`.
 */
import type { Facts, Rule } from '../model/decision.ts';
import type { UpdateFirmware } from '../model/service-request.ts';
import { resultingModel, sameModel } from './resulting.ts';
import { targetOf } from './target.ts';
import { version } from './wording.ts';

/** Refuses with `path-not-permitted`. */
export const pathRule: Rule<Facts<UpdateFirmware>> = {
  name: 'path',
  requirements: ['R-PPMID-07', 'R-CPL-03'],
  check(facts) {
    const device = targetOf(facts);
    const running = device?.firmwareVersion;
    if (device === undefined || running === undefined || facts.products === undefined) return undefined;
    const wanted = resultingModel(device, facts.request);
    if (running === wanted.firmwareVersion) return undefined;
    const paths = facts.products.products.filter((entry) => sameModel(entry, wanted)).flatMap(({ upgradesFrom }) => upgradesFrom ?? []);
    const free = facts.products.products.every((entry) => !sameModel(entry, wanted) || entry.upgradesFrom === undefined);
    if (free || paths.includes(running)) return undefined;
    const detail = `${version(wanted.firmwareVersion)} may follow ${paths.map(version).join(', ') || 'nothing'}, the device runs ${version(running)}`;
    return { code: 'path-not-permitted', detail, requirements: ['R-PPMID-07', 'R-CPL-03'] };
  },
};
