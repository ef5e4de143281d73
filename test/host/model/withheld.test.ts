import { describe, expect, test } from 'vitest';
import { MASK, SUPPLY_MASK } from '../../../host/model/personal.ts';
import { withheld } from '../../../host/model/withheld.ts';

const MPAN = '1200023305967';

describe('what is kept and told of a value [R-PRIV-01]', () => {
  test('has no number of a supply in any text, however deep, and nothing else is changed', () => {
    const value = { detail: `for ${MPAN}`, list: ['a', { reason: `S${MPAN}` }], count: 1_200_023_305_967, none: null, is: true };
    expect(withheld(value)).toEqual({ ...value, detail: `for ${SUPPLY_MASK}`, list: ['a', { reason: `S${SUPPLY_MASK}` }] });
  });
  test('loses what may be one where a User writes freely, and there alone', () => {
    expect(withheld({ purpose: 'gas 7421903508', detail: 'of 7421903508 bytes' })).toEqual({
      purpose: `gas ${MASK}`,
      detail: 'of 7421903508 bytes',
    });
  });
  test('keeps counters, RequestIDs, digests and keys: by them everybody finds a request again', () => {
    const id = `02-00-00-00-00-00-01-01:02-00-00-00-00-00-00-B1:${MPAN}`;
    const value = {
      counter: MPAN,
      requestId: id,
      detail: `${id} is not above it`,
      kid: 'a1200023305967bc',
      digest: `${MPAN}`.padEnd(64, 'a'),
    };
    expect(withheld(value)).toEqual(value);
  });
  test('is the same when it is asked for twice', () => {
    const once = withheld({ purpose: `${MPAN} and 7421903508`, detail: `MPRN 7421903508 of ${MPAN}` });
    expect(withheld(once)).toEqual(once);
  });
});
