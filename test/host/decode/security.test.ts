/** ZigBee security as a sniffer sees it: every key identifier, whose nonce, and what stays closed. Frames are sealed without the core. */
import { describe, expect, test } from 'vitest';
import { bytes, derived, join, le, secured, type Envelope } from '../../kit/frame-oracle.ts';
import { decodeAll, decodeOne, remarks, valuesOf } from './kit.ts';

const NETWORK = bytes('c0c1c2c3c4c5c6c7c8c9cacbcccdcecf');
const LINK = bytes('404142434445464748494a4b4c4d4e4f');
const CARRIED = bytes('d0d1d2d3d4d5d6d7d8d9dadbdcdddedf');
const DEVICE = '0200000000001234';
const AIR_DEVICE = bytes('3412000000000002');
const COMMAND = bytes('09 00');

const mac = (src: number, pan = 0x1a62): Uint8Array => join(bytes('4188 05'), le(pan, 2), le(0, 2), le(src, 2));
const nwk = (fcf: number, src: number, eui: Uint8Array = new Uint8Array(0)): Uint8Array =>
  join(le(fcf, 2), le(0, 2), le(src, 2), bytes('1e 01'), eui);
const aps = (envelope: Partial<Envelope>, payload = COMMAND): Uint8Array =>
  secured(bytes('21 47'), { key: LINK, source: DEVICE, counter: 7, keyId: 0, ...envelope }, payload);

/** An APS command in a NWK frame in clear. */
const apsFrame = (envelope: Partial<Envelope>, eui?: Uint8Array): Uint8Array =>
  join(mac(0x1234), nwk(eui === undefined ? 0x0008 : 0x1008, 0x1234, eui), aps(envelope));
/** A Link Status under the network key. */
const nwkFrame = (envelope: Partial<Envelope> = {}, hop = 0x1234, way = hop): Uint8Array =>
  join(mac(hop), secured(nwk(0x0209, way), { key: NETWORK, source: DEVICE, counter: 9, keyId: 1, ...envelope }, bytes('08 61 0000 13')));

const keys = [NETWORK, LINK];

describe('a key', () => {
  test.each([
    [0, LINK],
    [1, LINK],
    [2, derived(LINK, 0)],
    [3, derived(LINK, 2)],
  ] as const)('of identifier %i opens an APS command, and is shown as it was given', async (keyId, key) => {
    const decoded = await decodeOne(apsFrame({ keyId, key }), { keys });
    expect(decoded).toMatchObject({
      verdict: 'ok',
      headers: { aps: { command: 9, security: { opened: true, source: DEVICE, counter: 7 } } },
    });
    expect([valuesOf(decoded, 'zbee.sec.key_id'), valuesOf(decoded, 'zbee.sec.key')]).toEqual([
      [`0x0${keyId}`],
      ['40:41:42:43:44:45:46:47:48:49:4a:4b:4c:4d:4e:4f'],
    ]);
  });

  test('that was given is shown to nobody who does not ask', async () => {
    expect(valuesOf(await decodeOne(apsFrame({}), { keys, showKeys: false }), 'zbee.sec.key')).toEqual([]);
  });

  test('opens a frame whatever level its bits tell', async () => {
    for (let level = 0; level < 8; level++) expect((await decodeOne(nwkFrame({ level }), { keys })).verdict).toBe('ok');
  });

  test('of a Transport-Key is used from then on, in its PAN alone, and only when keys are to be learned', async () => {
    const transport = join(
      mac(0),
      nwk(0x0008, 0),
      aps({ keyId: 2, key: derived(LINK, 0) }, join(bytes('05 01'), CARRIED, new Uint8Array(17))),
    );
    const after = nwkFrame({ key: CARRIED });
    const elsewhere = Uint8Array.from(after);
    elsewhere.set(le(0x1a63, 2), 3);
    const codes = async (learn: boolean) =>
      (await decodeAll([after, transport, after, elsewhere], { keys, learn })).map(({ code }) => code);
    expect(await codes(true)).toEqual(['closed-nwk', undefined, undefined, 'closed-nwk']);
    expect(await codes(false)).toEqual(['closed-nwk', undefined, 'closed-nwk', 'closed-nwk']);
  });
});

describe('the sender of a nonce', () => {
  const anonymous = { extendedNonce: false };

  test('is unknown until somebody tells of it, and remarked upon', async () => {
    const [before, , after] = await decodeAll([nwkFrame(anonymous), nwkFrame(), nwkFrame(anonymous)], { keys });
    expect(before && [before.code, remarks(before, 'zbee_sec.extended_source_unknown')]).toEqual(['closed-nwk', true]);
    expect(after && [after.verdict, remarks(after, 'zbee_sec.extended_source_unknown')]).toEqual(['ok', false]);
  });

  test.each<[string, Uint8Array[]]>([
    ['a NWK header in clear', [join(mac(0x1234), nwk(0x1009, 0x1234, AIR_DEVICE), bytes('04 00'))]],
    ['a security header of the network key', [nwkFrame()]],
    ['a security header of a link key', [apsFrame({})]],
    ['an association', [join(bytes('63cc 01 621a'), AIR_DEVICE, bytes('0100000000000002 02 3412 00'))]],
    ['a network key relayed by the device, whose sender nobody named', [nwkFrame({}, 0x1234, 0x5678)]],
  ])('is told by %s', async (_, telling) => {
    expect((await decodeAll([...telling, nwkFrame(anonymous)], { keys })).at(-1)?.verdict).toBe('ok');
    expect((await decodeAll([...telling, apsFrame(anonymous)], { keys })).at(-1)?.verdict).toBe('ok');
  });

  test('is not told by keys that only tunnels and joining use', async () => {
    const transport = apsFrame({ keyId: 2, key: derived(LINK, 0) });
    expect((await decodeAll([transport, apsFrame(anonymous)], { keys })).at(-1)?.code).toBe('closed-aps');
  });

  test('of an APS frame is the sender of the whole way, of a NWK frame that of the last hop', async () => {
    const relay = '0200000000005678';
    const telling = [nwkFrame({ source: relay }, 0x5678), nwkFrame()];
    const relayed = join(mac(0x5678), secured(nwk(0x0208, 0x1234), { key: NETWORK, source: relay, counter: 20, keyId: 1 }, aps(anonymous)));
    expect((await decodeAll([...telling, relayed], { keys })).at(-1)).toMatchObject({
      verdict: 'ok',
      headers: { nwk: { security: { source: relay } }, aps: { security: { source: DEVICE } } },
    });
  });
});

describe('a frame that no key opens', () => {
  test('is closed at its layer: shown to its MIC, and no further', async () => {
    const decoded = await decodeOne(nwkFrame(), { keys: [LINK] });
    expect(decoded).toMatchObject({ verdict: 'closed', code: 'closed-nwk' });
    expect(decoded.fields.at(-1)).toEqual(['zbee_sec.encrypted_payload', '']);
    expect(valuesOf(decoded, 'zbee.sec.mic')).toHaveLength(1);
  });

  test('is closed when the capture lacks its end, unless even the MIC is gone', async () => {
    const frame = nwkFrame();
    const sliced = await decodeOne(frame.subarray(0, -2), { keys, trailer: 'none', missing: 2 });
    expect([sliced.code, remarks(sliced, 'zbee_sec.encrypted_payload_sliced')]).toEqual(['closed-nwk', true]);
    const gone = await decodeOne(frame.subarray(0, -7), { keys, trailer: 'none', missing: 7 });
    expect([gone.code, remarks(gone, 'zbee_sec.encrypted_payload_sliced')]).toEqual(['closed-nwk', false]);
  });

  test('is refused when its security header or MIC do not fit', async () => {
    const whole = nwkFrame();
    for (let length = whole.length - 10; length < whole.length - 5; length++) {
      expect((await decodeOne(whole.subarray(0, length), { keys })).code).toBe('nwk-security-truncated');
    }
  });
});
