/** What frames are made of to begin with: the rows of seeds/frames/, and captures of the field where they are there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { LabCore } from '../../host/core/core.ts';
import { readCapture } from '../../host/capture/reader.ts';
import type { Frame } from '../../host/model/frame.ts';
import { unhex } from '../../host/model/ids.ts';
import { wasm } from '../kit/core.ts';
import { bytes, withFcs } from '../kit/frame-oracle.ts';
import { accepted, refused, secured } from '../kit/frame-seeds.ts';

/** Captures that are read when they stand beside the project. */
export const CORPUS = new URL('../../../shared/corpus/captures/', import.meta.url);
/** Our own captures. */
export const OWN = new URL('../../seeds/captures/', import.meta.url);

const LAYERS = ['mac', 'nwk', 'aps', 'zcl'] as const;
/** Frames taken of one capture. */
const MOST_OF_ONE = 250;

/** Material for every way: whole frames without FCS, plain NWK frames, plain APS frames or NWK commands, APS payloads. */
export interface Material {
  readonly air: readonly Uint8Array[];
  readonly nwk: readonly Uint8Array[];
  readonly apsFrames: readonly Uint8Array[];
  readonly nwkCommands: readonly Uint8Array[];
  readonly apsPayloads: readonly Uint8Array[];
}

/** Files of captures, at most the two folders deep. */
export function captureFiles(): URL[] {
  return [OWN, CORPUS]
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.pcap(ng)?$/.test(name))
        .sort()
        .map((name) => new URL(name, folder)),
    );
}

/** Collects the material; what is secured is opened with the keys that stand beside it. */
export async function material(corpus = true): Promise<Material> {
  const core = await LabCore.load(wasm('lab'));
  const psdus = LAYERS.flatMap((layer) => refused(layer)).map(({ frame }) => bytes(frame));
  psdus.push(...accepted().map(({ frame }) => bytes(frame)));
  for (const row of secured()) {
    for (const [kind, key] of [
      ['network', row.network_key],
      ['link', row.link_key],
    ] as const) {
      if (key !== undefined) core.keys.importAny(kind, unhex(key));
    }
    if (row.psdu !== undefined) psdus.push(bytes(row.psdu).subarray(0, -2));
    else if (row.frame !== undefined && row.layer === 'nwk')
      psdus.push(Uint8Array.from([...bytes('4188 01 621a 3412 0000'), ...bytes(row.frame)]));
    else if (row.frame !== undefined)
      psdus.push(Uint8Array.from([...bytes('4188 01 621a 3412 0000 0800 3412 0000 1e 09'), ...bytes(row.frame)]));
  }
  for (const file of corpus ? captureFiles() : []) psdus.push(...framesOf(file, core));
  const found = {
    air: psdus,
    nwk: new Array<Uint8Array>(),
    apsFrames: new Array<Uint8Array>(),
    nwkCommands: new Array<Uint8Array>(),
    apsPayloads: new Array<Uint8Array>(),
  };
  for (const psdu of psdus) dissect(core.rx(withFcs(psdu), { passive: true }).frame, found);
  return found;
}

function framesOf(file: URL, core: LabCore): Uint8Array[] {
  const beside = (name: string): string => (existsSync(new URL(name, file)) ? readFileSync(new URL(name, file), 'utf8') : '');
  for (const key of beside('keys.txt').match(/^[0-9a-f]{32}$/gm) ?? []) {
    core.keys.importAny('network', unhex(key));
    core.keys.importAny('link', unhex(key));
  }
  const { packets } = readCapture(Uint8Array.from(readFileSync(file)));
  const frames = packets.flatMap(({ psdu, trailer }) =>
    psdu === undefined ? [] : [psdu.subarray(0, trailer === 'none' ? psdu.length : -2)],
  );
  const step = Math.ceil(frames.length / MOST_OF_ONE);
  return frames.filter((_, i) => i % step === 0).map((frame) => frame.slice(0, 127));
}

function dissect(frame: Partial<Frame>, found: { readonly [K in keyof Material]: Uint8Array[] }): void {
  const { nwk, aps, bytes: plain } = frame;
  if (nwk === undefined || plain === undefined || nwk.security?.opened === false) return;
  const payload = plain.slice(nwk.payload.offset, nwk.payload.offset + nwk.payload.length);
  found.nwk.push(Uint8Array.from([...plain.subarray(nwk.offset, nwk.security?.offset ?? nwk.payload.offset), ...payload]));
  if (nwk.command !== undefined) found.nwkCommands.push(payload);
  if (aps === undefined || aps.security?.opened === false) return;
  const inner = plain.slice(aps.payload.offset, aps.payload.offset + aps.payload.length);
  const header = plain.slice(aps.offset, aps.security?.offset ?? aps.payload.offset);
  header[0] = (header[0] ?? 0) & ~0x20;
  found.apsFrames.push(Uint8Array.from([...header, ...inner]));
  found.apsPayloads.push(inner);
}
