/** The decoder reads headers by tables, the gateway by the core: of every frame that the core accepts both must read the same. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, describe, test } from 'vitest';
import { readCapture } from '../../../host/capture/reader.ts';
import { ApsCommand } from '../../../host/clusters/aps-commands.ts';
import { Decoder } from '../../../host/decode/decoder.ts';
import type { Frame, SecurityHeader } from '../../../host/model/frame.ts';
import { hex, unhex } from '../../../host/model/ids.ts';
import { findCaptures } from '../../conformance/run.ts';
import { freshCore } from '../../kit/core.ts';
import { ROOT } from '../../kit/gates/source.ts';
import { psdu, accepted } from '../../kit/frame-seeds.ts';

/** What is not of the frame: handles of keys, and what a counter was before. */
const security = (header: SecurityHeader | undefined) => header && { ...header, mic: hex(header.mic), key: undefined, replay: undefined };

/** The headers of a frame, each as far as both sides know it. */
function headers({ mac, nwk, aps, zcl }: Partial<Frame>): unknown {
  return {
    mac,
    nwk: nwk && { ...nwk, security: security(nwk.security) },
    aps: aps && { ...aps, security: security(aps.security) },
    zcl,
  };
}

const same = (one: unknown, other: unknown): void => expect(JSON.parse(JSON.stringify(one))).toEqual(JSON.parse(JSON.stringify(other)));

describe('headers', () => {
  test('of frames in clear are those of the core', async () => {
    const [core, decoder] = [await freshCore(), new Decoder(await freshCore(), { keys: [], learn: false, showKeys: false })];
    let compared = 0;
    for (const [i, bytes] of accepted().map(psdu).entries()) {
      const read = core.rx(bytes, { passive: true });
      if (!read.ok || !read.opened) continue;
      const link = { header: undefined, channel: undefined, lqi: undefined, missing: 0, trailer: 'fcs' as const };
      same(headers(decoder.decode({ number: i + 1, time: 0n, psdu: bytes, ...link }).headers), headers(read.frame));
      compared++;
    }
    expect(compared).toBeGreaterThan(12);
  });
});

const CORPUS = `${ROOT}../shared/corpus/captures`;
describe.skipIf(!existsSync(CORPUS))('headers of the corpus (../shared/corpus)', { timeout: 60_000 }, () => {
  test('are those of the core wherever it accepts the frame and opens it', async () => {
    const compared = { frames: 0, nwk: 0, aps: 0 };
    for (const capture of findCaptures(CORPUS)) {
      const core = await freshCore();
      for (const key of capture.keys) for (const kind of ['network', 'link'] as const) core.keys.importAny(kind, unhex(key));
      const decoder = new Decoder(await freshCore(), { keys: capture.keys.map(unhex), learn: false, showKeys: false });
      for (const packet of readCapture(readFileSync(capture.file), capture).packets) {
        const decoded = decoder.decode(packet);
        if (packet.psdu === undefined || packet.trailer !== 'fcs') continue;
        const read = core.rx(packet.psdu, { passive: true });
        // Of a tunnel the decoder tells the frame that it carries.
        if (!read.ok || !read.opened || decoded.verdict !== 'ok' || read.frame.aps?.command === ApsCommand.TUNNEL) continue;
        same(headers(decoded.headers), headers(read.frame));
        compared.frames++;
        if (read.frame.nwk?.security !== undefined) compared.nwk++;
        if (read.frame.aps?.security !== undefined) compared.aps++;
      }
    }
    expect(compared.frames).toBeGreaterThan(4000);
    expect(compared.nwk).toBeGreaterThan(800);
    expect(compared.aps).toBeGreaterThan(10);
  });
});
