/** Things to store, for the tests of the stores. */
import type { Allowed } from '../../../host/model/decision.ts';
import { eui64, requestId, type Digest } from '../../../host/model/ids.ts';
import type { UpdateFirmware } from '../../../host/model/service-request.ts';

export const SUPPLIER = eui64('0200000000000010');
export const PPMID = eui64('0200000000000020');
export const HUB = eui64('0200000000000030');
export const IMAGE = 'a1'.repeat(32) as Digest;
export const OTHER_IMAGE = 'b2'.repeat(32) as Digest;

/** The shape of a decision that allows an upgrade; whether it is recognised is for the test's own predicate. */
export function allowedShape(counter: bigint): Allowed<UpdateFirmware> {
  const request = { originator: SUPPLIER, target: PPMID, counter, image: { digest: IMAGE, length: 9_000 }, firmwareVersion: 0x0203 };
  const countersigned = { request, requestId: requestId(SUPPLIER, PPMID, counter), bytes: Uint8Array.of(0xd2, 1, 2, Number(counter)) };
  return {
    verdict: 'allow',
    countersigned,
    requirements: [],
    rules: [],
    facts: { now: 1_700_000_000 },
  } as unknown as Allowed<UpdateFirmware>;
}
