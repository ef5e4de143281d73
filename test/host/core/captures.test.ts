/** Every frame of every capture through passive reception: no trap, no look behind the frame, and emitted again as it was. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { IN, IN_CANARY, IN_CANARY_SIZE, PLAIN, PLAIN_SIZE } from '../../../assembly/abi/layout.ts';
import { readCapture } from '../../../host/capture/reader.ts';
import type { Captured } from '../../../host/capture/captured.ts';
import type { Frame, KeyHandle } from '../../../host/model/frame.ts';
import { eui64, unhex } from '../../../host/model/ids.ts';
import { openCore, type OpenCore } from '../../kit/core.ts';
import { accepted, psdu } from '../../kit/frame-seeds.ts';
import { txOf } from '../../kit/tx-of.ts';

const CORPUS = new URL('../../../../shared/corpus/captures/', import.meta.url);

interface Tally {
  frames: number;
  refused: number;
  /** Frames with a right FCS whose NWK layer is secured, and those of them that opened completely. */
  secured: number;
  opened: number;
  /** Frames emitted again. */
  again: number;
}

interface Source {
  readonly psdu: Uint8Array;
  readonly options: { readonly tiMetadata: boolean; readonly noFcs: boolean };
}

const sourceOf = ({ psdu, trailer }: Captured): Source[] =>
  psdu === undefined ? [] : [{ psdu, options: { tiMetadata: trailer === 'ti-metadata', noFcs: trailer === 'none' } }];

async function run(sources: readonly Source[], keys: readonly string[]): Promise<Tally> {
  const [core, emitter] = [await openCore(), await openCore()];
  for (const key of keys) {
    core.keys.importAny('network', unhex(key));
    core.keys.importAny('link', unhex(key));
  }
  core.memory.fill(0xa5, IN_CANARY, IN_CANARY + IN_CANARY_SIZE);
  const tally: Tally = { frames: 0, refused: 0, secured: 0, opened: 0, again: 0 };
  for (const { psdu, options } of sources) {
    tally.frames++;
    core.memory.fill(tally.frames & 1 ? 0xff : 0x00, IN + psdu.length, IN_CANARY);
    core.memory.fill(tally.frames & 1 ? 0x00 : 0xff, PLAIN, PLAIN + PLAIN_SIZE);
    const answer = core.rx(psdu, { ...options, passive: true });
    if (!answer.ok) {
      tally.refused++;
      expect(answer.offset).toBeLessThanOrEqual(psdu.length);
      continue;
    }
    if (answer.frame.nwk?.security && answer.frame.mac.fcs?.good !== false) {
      tally.secured++;
      if (answer.opened) tally.opened++;
    }
    if (answer.opened && answer.frame.mac.fcs?.good !== false && emitAgain(core, emitter, answer.frame, psdu, options)) tally.again++;
  }
  expect(core.memory.subarray(IN_CANARY, IN_CANARY + IN_CANARY_SIZE).every((byte) => byte === 0xa5)).toBe(true);
  return tally;
}

/** Emits what was read; the bytes before FCS or metadata are those received. False for what `tx` has no way to say. */
function emitAgain(from: OpenCore, core: OpenCore, frame: Frame, psdu: Uint8Array, options: Source['options']): boolean {
  const { nwk, aps } = frame;
  const control = (aps?.security?.control ?? 0) | (nwk?.security?.control ?? 0);
  const source = aps?.security?.source;
  const otherSource = source !== undefined && nwk?.security !== undefined && nwk.security.source !== source; // relayed
  if (control & 0xc7 || otherSource || (((aps?.security?.control ?? 0) >> 3) & 3) === 1) return false;
  if (nwk?.security && nwk.security.control !== 0x28) return false;
  const handles: { nwk?: KeyHandle; aps?: KeyHandle } = {};
  for (const [layer, security] of [
    ['nwk', nwk?.security],
    ['aps', aps?.security],
  ] as const) {
    if (security?.key === undefined) continue;
    const key = from.exportKey(security.key);
    if (!key.ok) throw new Error(key.code);
    const handle =
      layer === 'nwk'
        ? core.keys.importNetwork(key.value, security.keySeq ?? 0)
        : core.keys.importLink(key.value, eui64('0200000000000001'));
    if (!handle.ok) throw new Error(handle.code);
    handles[layer] = handle.value;
    if (!core.keys.reserve(handle.value, security.counter, security.counter + 1).ok) throw new Error('counter');
  }
  const sent = core.tx(txOf(frame, handles));
  for (const handle of Object.values(handles)) core.keys.erase(handle);
  const trailer = options.noFcs ? 0 : 2;
  expect(sent.ok && Buffer.from(sent.value).toString('hex', 0, sent.value.length - 2)).toBe(
    Buffer.from(psdu).toString('hex', 0, psdu.length - trailer),
  );
  return true;
}

test('the frames of seeds/frames/accepted.json pass the same way', async () => {
  const sources = accepted().map((row) => ({ psdu: psdu(row), options: { tiMetadata: false, noFcs: false } }));
  const tally = await run(sources, []);
  expect(tally).toEqual({ frames: sources.length, refused: 0, secured: 0, opened: 0, again: sources.length });
});

describe.skipIf(!existsSync(CORPUS))('captures of the field (../shared/corpus/captures)', () => {
  /** As tshark counts them with the same keys; it opens two fewer of 04-aps-testing. */
  const known: Readonly<Record<string, Partial<Tally>>> = {
    'whsniff/zigbee_a.pcapng': { frames: 6345, secured: 1345, opened: 1323 },
    'zbtk/frames_zep.pcap': { frames: 52, secured: 45, opened: 45, again: 52 },
    'zbtk/trace.pcap': { frames: 152, secured: 53, opened: 53, again: 152 },
    'zigator/03-nwk-testing.pcap': { frames: 15, secured: 14, opened: 14, again: 15 },
    'zigator/04-aps-testing.pcap': { frames: 11, secured: 9, opened: 7 },
    'zigator/05-zdp-testing.pcap': { frames: 1, secured: 1, opened: 1, again: 1 },
    'zigator/06-zcl-testing.pcap': { frames: 1, secured: 1, opened: 1, again: 1 },
    'zigbee-on-host/NET2.pcap': { frames: 13, secured: 7, opened: 7, again: 13 },
    'zigbee-on-host/NETDEF.pcap': { frames: 9, secured: 7, opened: 7, again: 7 },
    'zleaks/ebulb_philipsw.pcapng': { frames: 369, secured: 192, opened: 0 },
    'zleaks/eplug_aqara_event.pcapng': { frames: 222, secured: 134, opened: 0 },
    'zleaks/plug_sonoff_event.pcapng': { frames: 138, secured: 87, opened: 0 },
    'zleaks/sbulb1_sengledw.pcapng': { frames: 134, secured: 51, opened: 0 },
  };
  const folders = existsSync(CORPUS) ? readdirSync(CORPUS).filter((name) => !name.includes('.')) : [];
  const files = folders.flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, CORPUS))
      .filter((name) => /\.pcap(ng)?$/.test(name))
      .map((name) => `${folder}/${name}`),
  );

  test.each(files)('%s', async (name) => {
    const folder = new URL(`${name.split('/')[0] as string}/`, CORPUS);
    const text = (file: string): string => (existsSync(new URL(file, folder)) ? readFileSync(new URL(file, folder), 'utf8') : '');
    const { packets } = readCapture(Uint8Array.from(readFileSync(new URL(name, CORPUS))), {
      tiMetadata: text('options.txt').includes('fcs=ti'),
    });
    const tally = await run(packets.flatMap(sourceOf), text('keys.txt').match(/^[0-9a-f]{32}$/gm) ?? []);
    expect(tally).toMatchObject(known[name] ?? {});
  });
});
