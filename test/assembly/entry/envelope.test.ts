/** `envelopeOpen`: what an independent CCM* sealed opens under its key and nonce alone; everything else is refused by code. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { At, CallReason, KeyReason, SecurityReason } from '../../../assembly/abi/code.ts';
import { IN, IN_CANARY, IN_CANARY_SIZE, IN_SIZE, KEY, KEY_NONCE, OUT, OUT_SIZE } from '../../../assembly/abi/layout.ts';
import { unhex } from '../../../host/model/ids.ts';
import { openCore, type OpenCore } from '../../kit/core.ts';
import { bytes, ccm, derived } from '../../kit/frame-oracle.ts';

const LINK = bytes('86d58aaa998e2faefaf9fef49606543a');
const OTHER = bytes('00112233445566778899aabbccddeeff');
const NONCE = bytes('0102030405060708 11223344 05');
const LENGTH = At.CALL * 256 + CallReason.LENGTH;
const MIC = At.APS_SECURITY * 256 + SecurityReason.MIC;
const HANDLE = At.KEYS * 256 + KeyReason.HANDLE;

/** The keys that key identifiers stand for, by an implementation that shares nothing with the core. */
const keyOf = (keyId: number): Uint8Array => (keyId === 2 ? derived(LINK, 0) : keyId === 3 ? derived(LINK, 2) : LINK);

async function keyed(): Promise<{ core: OpenCore; handle: number }> {
  const core = await openCore();
  const held = core.keys.importAny('link', Uint8Array.from(LINK));
  if (!held.ok) throw new Error(held.code);
  return { core, handle: held.value };
}

function envelopeOpen(core: OpenCore, envelope: Uint8Array, header: number, handle: number, keyId: number, nonce = NONCE): number {
  core.memory.set(envelope, IN);
  core.memory.set(nonce, KEY + KEY_NONCE);
  return core.call('envelopeOpen', envelope.length, header, handle, keyId);
}

const sealed = (header: Uint8Array, payload: Uint8Array, keyId = 0): Uint8Array =>
  Uint8Array.from([...header, ...ccm(keyOf(keyId), NONCE, header, payload)]);

describe('an envelope', () => {
  test('opens under every key identifier, whatever the lengths of header and payload', async () => {
    const { core, handle } = await keyed();
    const lengths = fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 80 }), fc.uint8Array({ maxLength: 100 }), fc.nat(3));
    fc.assert(
      fc.property(lengths, ([header, payload, keyId]) => {
        core.memory.fill(0xa5, OUT, OUT + OUT_SIZE);
        expect(envelopeOpen(core, sealed(header, payload, keyId), header.length, handle, keyId)).toBe(0);
        expect(core.memory.slice(OUT, OUT + payload.length)).toEqual(payload);
        expect(core.memory[OUT + payload.length]).toBe(0xa5);
      }),
      { numRuns: 200 },
    );
  });

  test('with any bit wrong, of header, payload, MIC or nonce, is refused', async () => {
    const { core, handle } = await keyed();
    const [header, payload] = [bytes('0a1b2c3d4e'), bytes('00112233445566778899')];
    const right = sealed(header, payload);
    for (let bit = 0; bit < 8 * right.length; bit++) {
      const wrong = Uint8Array.from(right, (byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      expect([bit, envelopeOpen(core, wrong, header.length, handle, 0)]).toEqual([bit, MIC]);
    }
    for (let bit = 0; bit < 8 * NONCE.length; bit++) {
      const wrong = NONCE.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      expect([bit, envelopeOpen(core, right, header.length, handle, 0, wrong)]).toEqual([bit, MIC]);
    }
  });

  test('of another key, or of the key derived for another purpose, is refused', async () => {
    const { core, handle } = await keyed();
    const other = core.keys.importAny('link', Uint8Array.from(OTHER));
    const right = sealed(bytes('0102'), bytes('a1b2c3'), 2);
    expect(other.ok && envelopeOpen(core, right, 2, other.value, 2)).toBe(MIC);
    expect([0, 2, 3].map((keyId) => envelopeOpen(core, right, 2, handle, keyId))).toEqual([MIC, 0, MIC]);
  });

  test('that does not fit its window, or has no room for its MIC, is refused', async () => {
    const { core, handle } = await keyed();
    const call = (length: number, header: number): number => core.call('envelopeOpen', length, header, handle, 0);
    expect([call(IN_SIZE + 1, 8), call(7, 4), call(3, 0), call(8, -1), call(0, 0), call(-4, 0)]).toEqual(Array(6).fill(LENGTH));
    expect([call(8, 4), call(IN_SIZE, IN_SIZE - 4), call(IN_SIZE, IN_SIZE - 4 - OUT_SIZE)]).toEqual([MIC, MIC, MIC]);
  });

  test('is refused under a handle that holds nothing, a network key, or a key that was erased', async () => {
    const { core, handle } = await keyed();
    const network = core.keys.importNetwork(unhex('00112233445566778899aabbccddeeff'), 0);
    const right = sealed(bytes('01'), bytes('02'));
    core.keys.erase(handle);
    expect([0, -1, 65_535, handle, network.ok ? network.value : 0].map((each) => envelopeOpen(core, right, 1, each, 0))).toEqual(
      Array(5).fill(HANDLE),
    );
  });

  test('touches neither the canary behind the input nor the input itself, and leaves no derived key behind', async () => {
    const { core, handle } = await keyed();
    core.memory.fill(0x5a, IN_CANARY, IN_CANARY + IN_CANARY_SIZE);
    const right = sealed(bytes('0102'), bytes('a1b2c3'), 3);
    expect(envelopeOpen(core, right, 2, handle, 3)).toBe(0);
    expect(core.memory.slice(IN, IN + right.length)).toEqual(right);
    expect(core.memory.slice(IN_CANARY, IN_CANARY + IN_CANARY_SIZE).every((byte) => byte === 0x5a)).toBe(true);
    expect(core.positions(derived(LINK, 2))).toEqual([]);
  });
});
