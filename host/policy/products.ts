/**
 * The resulting Device Model must be on the Central Products List and not removed from it [R-CPL-02, R-CPL-04]. Where the
 * entry names image digests, the image ordered must be one of them. Being listed is not being certified [R-CPL-01].
 * A target that is not in the device log has no model to look for: `target` refuses it.
 */
import type { Facts, Objection, Rule } from '../model/decision.ts';
import type { DeviceModel } from '../model/device.ts';
import type { ProductsStatement } from '../model/register.ts';
import type { UpdateFirmware } from '../model/service-request.ts';
import { resultingModel, sameModel } from './resulting.ts';
import { inForce } from './standing.ts';
import { targetOf } from './target.ts';
import { model } from './wording.ts';

/** Refuses with `no-products-list`, `not-on-cpl`, `removed-from-cpl` or `image-not-on-cpl`. */
export const productsRule: Rule<Facts<UpdateFirmware>> = {
  name: 'products',
  requirements: ['R-CPL-01', 'R-CPL-02', 'R-CPL-04'],
  dated: ['products'],
  family: 'SEC',
  check(facts) {
    const device = targetOf(facts);
    if (device === undefined) return undefined;
    return notListed(facts.products, resultingModel(device, facts.request), facts.now, facts.request.image.digest);
  },
};

/** Why a Device Model may not be there at a time, made with an image where one is named; undefined = it may. */
export function notListed(list: ProductsStatement | undefined, wanted: DeviceModel, now: number, image?: string): Objection | undefined {
  if (list === undefined || !inForce(list, now)) {
    return { code: 'no-products-list', detail: 'there is no Central Products List in force', requirements: ['R-CPL-02'] };
  }
  const entries = list.products.filter((entry) => sameModel(entry, wanted));
  const on = `Central Products List version ${list.version}`;
  if (entries.length === 0) {
    return { code: 'not-on-cpl', detail: `${model(wanted)} is not on ${on}`, requirements: ['R-CPL-02'] };
  }
  if (entries.some(({ state }) => state === 'removed')) {
    return { code: 'removed-from-cpl', detail: `${model(wanted)} is removed from ${on}`, requirements: ['R-CPL-04'] };
  }
  const images = entries.flatMap((entry): readonly string[] => entry.images);
  if (image === undefined || images.length === 0 || images.includes(image)) return undefined;
  const detail = `image ${image} is none of those that ${on} names for ${model(wanted)}`;
  return { code: 'image-not-on-cpl', detail, requirements: ['R-CPL-02'] };
}
