/** The two laws of a wire format: what is emitted reads back as it was, and what was read emits the same bytes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OUT, OUT_SIZE, PLAIN, PLAIN_SIZE, REC, REC_SIZE, SCRATCH, SCRATCH_SIZE } from '../../../assembly/abi/layout.ts';
import { APS, MAC, NWK } from '../../../host/core/control.ts';
import type { KeyHandle, TxFrame } from '../../../host/model/frame.ts';
import { eui64, unhex, type Eui64 } from '../../../host/model/ids.ts';
import { openCore, type OpenCore } from '../../kit/core.ts';
import { txOf } from '../../kit/tx-of.ts';

const NETWORK = '00112233445566778899aabbccddeeff';
const LINK = '86d58aaa998e2faefaf9fef49606543a';
const SELF = eui64('02000000000000aa');

const u8 = fc.nat(0xff);
const u16 = fc.nat(0xffff);
const eui = fc.bigInt({ min: 0n, max: 0xffffffffffffffn }).map((id) => eui64(`02${id.toString(16).padStart(14, '0')}`));

/** MAC headers of every legal combination, version 2003 to 2015; the sequence number of a frame that has none is 0. */
const mac = (types: readonly number[]): fc.Arbitrary<TxFrame['mac']> =>
  fc
    .record({
      type: fc.constantFrom(...types),
      flags: fc.nat(7).map((bits) => bits << 4), // pending, acknowledgement, compression
      dst: fc.constantFrom(0, 2, 3),
      version: fc.constantFrom(0, 1, 2),
      src: fc.constantFrom(0, 2, 3),
      suppressed: fc.boolean(),
      seq: u8,
      dstPan: u16,
      srcPan: u16,
      short: fc.tuple(u16, u16),
      extended: fc.tuple(eui, eui),
    })
    .filter(({ version, flags, dst, src }) => version === 2 || !(flags & MAC.PAN_COMPRESSION) || (dst !== 0 && src !== 0))
    .map(({ type, flags, dst, version, src, suppressed, seq, dstPan, srcPan, short, extended }) => {
      const noSeq = version === 2 && suppressed;
      const address = (mode: number, i: 0 | 1): number | Eui64 | undefined =>
        mode === 0 ? undefined : mode === 2 ? short[i] : extended[i];
      const to = address(dst, 0);
      const from = address(src, 1);
      return {
        fcf: type | flags | (noSeq ? 0x100 : 0) | (dst << 10) | (version << 12) | (src << 14),
        seq: noSeq ? 0 : seq,
        dstPan,
        srcPan,
        ...(to === undefined ? {} : { dst: to }),
        ...(from === undefined ? {} : { src: from }),
      };
    });

const nwk = (type: number): fc.Arbitrary<NonNullable<TxFrame['nwk']>> =>
  fc
    .record({
      flags: fc.nat(0x3f).map((bits) => ((bits & 3) << 6) | ((bits & 4) << 6) | ((bits & 0x38) << 7)),
      dst: u16,
      src: u16,
      radius: u8,
      seq: u8,
      dstEui: eui,
      srcEui: eui,
      multicast: u8,
      index: u8,
      relays: fc.array(u16, { maxLength: 8 }),
    })
    .map(({ flags, dst, src, radius, seq, dstEui, srcEui, multicast, index, relays }) => ({
      fcf: type | flags,
      dst,
      src,
      radius,
      seq,
      ...(flags & NWK.DST_EUI ? { dstEui } : {}),
      ...(flags & NWK.SRC_EUI ? { srcEui } : {}),
      ...(flags & NWK.MULTICAST ? { multicast } : {}),
      ...(flags & NWK.SOURCE_ROUTE ? { sourceRoute: { index, relays } } : {}),
    }));

const aps: fc.Arbitrary<NonNullable<TxFrame['aps']>> = fc
  .record({
    type: fc.constantFrom(APS.DATA, APS.ACK, APS.COMMAND),
    delivery: fc.constantFrom(APS.UNICAST, APS.BROADCAST, APS.GROUP),
    flags: fc.constantFrom(0, 0x10, 0x40, 0x80, 0x90),
    endpoints: fc.tuple(u8, u8),
    group: u16,
    cluster: u16,
    profile: u16,
    counter: u8,
    fragmentation: fc.nat(2),
    block: u8,
    ackBits: u8,
  })
  .map(({ type, delivery, flags, endpoints, group, cluster, profile, counter, fragmentation, block, ackBits }) => {
    const addressed = type === APS.DATA || (type === APS.ACK && !(flags & APS.ACK_FORMAT));
    const fragment = fragmentation !== 0;
    return {
      fcf: type | delivery | flags,
      counter,
      ...(addressed ? { cluster, profile, srcEndpoint: endpoints[1] } : {}),
      ...(addressed && delivery === APS.GROUP ? { group } : {}),
      ...(addressed && delivery !== APS.GROUP ? { dstEndpoint: endpoints[0] } : {}),
      ...(flags & APS.EXTENDED
        ? { extended: { control: fragmentation, ...(fragment ? { block } : {}), ...(fragment && type === APS.ACK ? { ackBits } : {}) } }
        : {}),
    };
  });

/** Payloads that read back as such: an APS frame's own content is never empty and never read as a ZCL header that it is not. */
const payload = fc.uint8Array({ minLength: 3, maxLength: 20 }).map((bytes) => bytes.map((byte, i) => (i === 0 ? byte & ~4 : byte)));

async function keyed(): Promise<{ core: OpenCore; nwk: KeyHandle; aps: KeyHandle }> {
  const core = await openCore();
  const [network, link] = [core.keys.importNetwork(unhex(NETWORK), 7), core.keys.importLink(unhex(LINK), SELF)];
  if (!network.ok || !link.ok) throw new Error('no slot');
  for (const key of [network.value, link.value]) core.keys.reserve(key, 0, 100_000);
  return { core, nwk: network.value, aps: link.value };
}

/** Fills every window that a call writes to, so that nothing comes out right by chance. */
function dirty(core: OpenCore): void {
  for (const [at, size] of [
    [OUT, OUT_SIZE],
    [PLAIN, PLAIN_SIZE],
    [REC, REC_SIZE],
    [SCRATCH, SCRATCH_SIZE],
  ] as const)
    core.memory.fill(0xa5, at, at + size);
}

/** Emits with one core, reads with another, emits again with a third; the third's counters run in step with the first's. */
async function laws(frames: fc.Arbitrary<(keys: { nwk: KeyHandle; aps: KeyHandle }) => TxFrame>): Promise<number> {
  const [first, second, third] = [await keyed(), await keyed(), await keyed()];
  let emitted = 0;
  const property = fc.property(frames, (make) => {
    const frame = make(first);
    dirty(first.core);
    const sent = first.core.tx(frame);
    if (!sent.ok) return void expect(sent.code).toBe('tx-too-long');
    emitted++;
    dirty(second.core);
    const received = second.core.rx(sent.value);
    if (!received.ok) throw new Error(`${received.code} at ${received.offset}`);
    expect(received.opened).toBe(true);
    const again = txOf(received.frame, third);
    expect(again.mac).toMatchObject({ fcf: frame.mac.fcf, seq: frame.mac.seq });
    expect([again.mac.dst, again.mac.src]).toEqual([frame.mac.dst, frame.mac.src]);
    if (frame.nwk !== undefined) expect(again.nwk).toEqual({ ...frame.nwk, ...(frame.nwk.key ? { key: third.nwk } : {}) });
    if (frame.aps !== undefined) {
      expect(again.aps).toEqual({ ...frame.aps, ...(frame.aps.security ? { security: { ...frame.aps.security, key: third.aps } } : {}) });
    }
    const { offset, length } = received.frame.aps?.payload ?? received.frame.nwk?.payload ?? received.frame.mac.payload;
    expect(received.frame.bytes.subarray(offset, offset + length)).toEqual(frame.payload);
    dirty(third.core);
    expect(third.core.tx({ ...again, self: SELF })).toEqual(sent);
  });
  fc.assert(property, { numRuns: 300 });
  return emitted;
}

const dataMac = mac([MAC.DATA]);
type NwkPart = NonNullable<TxFrame['nwk']>;
const nwkOf = (keys: { nwk: KeyHandle }, header: NwkPart, secured: boolean): NwkPart =>
  secured ? { ...header, fcf: header.fcf | NWK.SECURED, key: keys.nwk } : header;

describe('parse(emit(r)) = r and emit(parse(x)) = x', () => {
  test('for MAC frames', async () => {
    const frames = fc.record({ mac: mac([MAC.BEACON, MAC.ACK, MAC.COMMAND]), payload }).map((parts) => () => ({ self: SELF, ...parts }));
    expect(await laws(frames)).toBe(300);
  });

  test('for NWK commands in clear and secured', async () => {
    const frames = fc
      .tuple(dataMac, nwk(NWK.COMMAND), payload, fc.boolean())
      .map(([mac, header, payload, secured]) => (keys: { nwk: KeyHandle }) => ({
        self: SELF,
        mac,
        nwk: nwkOf(keys, header, secured),
        payload,
      }));
    expect(await laws(frames)).toBeGreaterThan(250);
  });

  test('for APS frames in clear, secured at either layer and at both', async () => {
    const frames = fc
      .tuple(dataMac, nwk(NWK.DATA), aps, payload, fc.boolean(), fc.constantFrom(undefined, 0, 2, 3), fc.boolean())
      .map(([mac, plain, inner, bytes, secured, keyId, extendedNonce]) => (keys: { nwk: KeyHandle; aps: KeyHandle }): TxFrame => ({
        self: SELF,
        mac,
        ...{ nwk: nwkOf(keys, extendedNonce ? plain : { ...plain, fcf: plain.fcf | NWK.SRC_EUI, srcEui: SELF }, secured) },
        aps: keyId === undefined ? inner : { ...inner, fcf: inner.fcf | APS.SECURED, security: { key: keys.aps, keyId, extendedNonce } },
        payload: (inner.fcf & APS.TYPE) === APS.COMMAND ? Uint8Array.of(9, ...bytes) : bytes, // 9: Switch-Key, as 5 would carry a key
      }));
    expect(await laws(frames)).toBeGreaterThan(200);
  });
});
