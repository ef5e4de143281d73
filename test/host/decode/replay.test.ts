/** Used frame counters, against a model that is a plain map: over random sequences, and over every frame of the corpus. */
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCapture } from '../../../host/capture/reader.ts';
import type { Decoded } from '../../../host/decode/decoded.ts';
import { Decoder } from '../../../host/decode/decoder.ts';
import { Replays, type Heard, type Replay } from '../../../host/decode/replay.ts';
import { eui64, hex, unhex } from '../../../host/model/ids.ts';
import { findCaptures } from '../../conformance/run.ts';
import { ROOT } from '../../kit/gates/source.ts';
import { loadCore } from './home.ts';

/** What a receiver knows of one sender under one key: the highest counter, and what it came in. */
type Model = Map<string, { counter: number; layer: string; frame: string }>;

function expected(model: Model, { layer, sender, key, counter, bytes, frame }: Heard): Replay | undefined {
  const name = JSON.stringify([layer, sender, key]);
  const highest = model.get(name);
  if (counter === 0xffffffff) return 'replay';
  if (highest === undefined || highest.counter < counter) {
    model.set(name, { counter, layer: hex(bytes), frame: hex(frame) });
    return undefined;
  }
  if (highest.counter === counter && highest.frame === hex(frame)) return 'retransmission';
  return highest.counter === counter && layer === 'aps' && highest.layer === hex(bytes) ? 'relay' : 'replay';
}

describe('used frame counters', () => {
  test('are found as by a plain map over random sequences of few senders, keys and numbers', () => {
    const few = (...values: string[]): fc.Arbitrary<Uint8Array> => fc.constantFrom(...values).map((text) => unhex(text));
    const heard = fc.record<Heard>({
      layer: fc.constantFrom('nwk', 'aps'),
      sender: fc.constantFrom(eui64('0200000000000001'), eui64('0200000000000002')),
      key: fc.constantFrom('1 0', '1 1', '0 '),
      counter: fc.oneof(fc.nat(6), fc.constantFrom(0xfffffffe, 0xffffffff)),
      bytes: few('0a', '0b'),
      frame: few('0a', '0a0b', '0b'),
    });
    fc.assert(
      fc.property(fc.array(heard, { maxLength: 60 }), (sequence) => {
        const [replays, model]: [Replays, Model] = [new Replays(), new Map()];
        for (const each of sequence) expect(replays.hear(each)).toBe(expected(model, each));
      }),
      { numRuns: 400 },
    );
  });

  test('of more senders than are kept forget the sender that was heard of first, and no other', () => {
    const replays = new Replays();
    const hear = (sender: number, counter = 5): Replay | undefined =>
      replays.hear({
        ...{ layer: 'nwk', sender: eui64(`02${sender.toString(16).padStart(14, '0')}`), key: '1 0', counter },
        ...{ bytes: Uint8Array.of(counter), frame: Uint8Array.of(counter, 1) },
      });
    for (let sender = 0; sender < 8192; sender++) expect(hear(sender)).toBeUndefined();
    expect(hear(8192)).toBeUndefined();
    expect([hear(1, 4), hear(8192, 4)]).toEqual(['replay', 'replay']);
    expect(hear(0, 4)).toBeUndefined();
  });
});

/** The layers of a frame that were opened and count, as the model hears them; `frame` is what stands behind the frame control. */
function opened({ headers: { nwk, aps } }: Decoded, psdu: Uint8Array, end: number): Heard[] {
  const layers = [
    { layer: 'nwk' as const, header: nwk },
    { layer: 'aps' as const, header: aps },
  ];
  return layers.flatMap(({ layer, header }) => {
    const security = header?.security;
    if (header === undefined || security?.opened !== true || security.source === undefined) return [];
    const keyId = (security.control >> 3) & 3;
    if (layer === 'aps' && keyId === 1) return [];
    // Within a secured NWK frame the APS layer is not to be seen from here: its MIC tells it apart.
    const bytes = layer === 'aps' ? security.mic : psdu.subarray(header.offset, end);
    const { source: sender, counter, keySeq } = security;
    return [{ layer, sender, key: `${keyId} ${keySeq ?? ''}`, counter, bytes, frame: psdu.subarray(2, end) }];
  });
}

const CORPUS = `${ROOT}../shared/corpus/captures`;
describe.skipIf(!existsSync(CORPUS))('the corpus (../shared/corpus)', { timeout: 60_000 }, () => {
  test('has the used counters that a plain map finds in it, retransmissions and relays told from the rest', async () => {
    const found = new Map<string, number>();
    for (const capture of findCaptures(CORPUS)) {
      const decoder = new Decoder(await loadCore(), { keys: capture.keys.map(unhex), learn: true, showKeys: false });
      const model: Model = new Map();
      for (const packet of readCapture(readFileSync(capture.file), capture).packets) {
        const decoded = decoder.decode(packet);
        if (packet.psdu === undefined) continue;
        const end = packet.psdu.length - (packet.trailer === 'none' ? 0 : packet.trailer === 'fcs32' ? 4 : 2);
        let first: Decoded['replay'];
        for (const each of opened(decoded, packet.psdu, end)) {
          const kind = expected(model, each);
          if (kind !== undefined) first ??= { layer: each.layer, kind };
        }
        expect([capture.file, decoded.number, decoded.replay]).toEqual([capture.file, decoded.number, first]);
        if (first !== undefined) found.set(first.kind, (found.get(first.kind) ?? 0) + 1);
      }
    }
    expect(found.get('retransmission')).toBeGreaterThan(50);
    expect(found.get('replay')).toBeGreaterThan(0);
  });
});
