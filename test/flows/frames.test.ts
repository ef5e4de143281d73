/** The law of the wire format over what a home really says: whatever the gateway and its devices send reads, and emits the same bytes. */
import { expect, test } from 'vitest';
import type { LabCore } from '../../host/core/core.ts';
import type { KeyHandle, SecurityHeader } from '../../host/model/frame.ts';
import { eui64, hex } from '../../host/model/ids.ts';
import { freshLab } from '../kit/core.ts';
import { txOf } from '../kit/tx-of.ts';
import { inLab } from '../kit/world.ts';

const ANYBODY = eui64('0200000000000001');

/** The key that a security header names, in another core, with the counter of the header to be used next. */
function keyFor(layer: 'nwk' | 'aps', { key, keySeq, counter }: SecurityHeader, from: LabCore, to: LabCore): KeyHandle {
  const raw = from.exportKey(key as KeyHandle);
  if (!raw.ok) throw new Error(raw.code);
  const held = layer === 'nwk' ? to.keys.importNetwork(raw.value, keySeq ?? 0) : to.keys.importLink(raw.value, ANYBODY);
  if (!held.ok) throw new Error(held.code);
  expect(to.keys.reserve(held.value, counter, counter + 1)).toMatchObject({ ok: true });
  return held.value;
}

test('every frame of joining and of an upgrade is read, and emitted again byte for byte', { timeout: 60_000 }, async () => {
  await inLab({}, async (lab) => {
    await lab.publishImage();
    await lab.put(lab.order('lead', 1n));
    expect((await lab.ended()).event).toMatchObject({ stage: 'succeeded' });
    const { core: reader, frames } = lab.air;
    const writer = await freshLab();
    const kinds = new Map<string, number>();
    for (const text of new Set(frames.map(hex))) {
      const psdu = Uint8Array.from(Buffer.from(text, 'hex'));
      const read = reader.rx(psdu, { passive: true });
      if (!read.ok) throw new Error(`${read.code} at ${read.offset}: ${text}`);
      expect(read.opened).toBe(true);
      const { mac, nwk, aps, zcl } = read.frame;
      const handles = {
        ...(nwk?.security === undefined ? {} : { nwk: keyFor('nwk', nwk.security, reader, writer) }),
        ...(aps?.security === undefined ? {} : { aps: keyFor('aps', aps.security, reader, writer) }),
      };
      const sent = writer.tx(txOf(read.frame, handles));
      expect(sent.ok && hex(sent.value)).toBe(text);
      for (const handle of Object.values(handles)) writer.keys.erase(handle);
      const kind = [zcl && 'zcl', aps && 'aps', nwk && 'nwk', mac && 'mac'].find((each) => each !== undefined) ?? '';
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
    expect([...kinds.keys()].sort()).toEqual(['aps', 'mac', 'zcl']);
    expect(kinds.get('zcl')).toBeGreaterThan(100);
  });
});
