/** HMAC-MMO and the keys derived with it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import vectors from '../../../seeds/vectors/zigbee-primitives.json' with { type: 'json' };
import { hex, unhex } from '../../../host/model/ids.ts';
import { primitives } from '../../kit/primitives.ts';
import * as oracle from './oracle.ts';

const core = await primitives();

describe('HMAC-MMO', () => {
  test.each(vectors.hmac_mmo)('gives the published MAC: $name', ({ key, msg, mac }) =>
    expect(hex(core.hmac(unhex(key), unhex(msg)))).toBe(mac),
  );

  test('equals the oracle for keys shorter, as long as, and longer than a block', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 48 }), fc.uint8Array({ maxLength: 100 }), (key, message) => {
        expect(hex(core.hmac(key, message))).toBe(hex(oracle.hmac(key, message)));
      }),
    );
  });

  test('leaves no copy of the key, nor of the key as it was padded', () => {
    const key = unhex('8d3cf01b5a7e4429b6c0d1e2f3a49587');
    const at = core.put(key);
    core.call.hmac(at, 16, core.put(Uint8Array.of(0xc0)), 1, core.room(16));
    expect(core.copiesOf(key)).toBe(1); // the test's own
    expect(core.copiesOf(key.map((byte) => byte ^ 0x36))).toBe(0);
    expect(core.copiesOf(key.map((byte) => byte ^ 0x5c))).toBe(0);
    core.reset();
  });
});

describe('derived keys', () => {
  test.each(vectors.derived_keys)('of $name', (vector) => {
    const linkKey = unhex(vector.link_key);
    expect(hex(core.derive('keyTransportKey', linkKey))).toBe(vector.key_transport_key);
    expect(hex(core.derive('keyLoadKey', linkKey))).toBe(vector.key_load_key);
    expect(hex(core.derive('verifyKeyHash', linkKey))).toBe(vector.verify_key_hash);
  });
});
