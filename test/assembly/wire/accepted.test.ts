/** What is read of whole frames, from seeds/frames/accepted.json, and that emitting it again gives the same bytes. */
import { expect, test } from 'vitest';
import type { Frame } from '../../../host/model/frame.ts';
import { freshCore } from '../../kit/core.ts';
import { accepted, psdu } from '../../kit/frame-seeds.ts';
import { txOf } from '../../kit/tx-of.ts';

const core = await freshCore();

const read = (bytes: Uint8Array): Frame => {
  const answer = core.rx(bytes);
  if (!answer.ok) throw new Error(`${answer.code} at ${answer.offset}`);
  return answer.frame;
};

test.each(accepted())('$name is read field by field', (row) => {
  const frame = read(psdu(row));
  expect(frame).toMatchObject(row.reads);
  if (!('zcl' in row.reads)) expect(frame.zcl).toBeUndefined();
  expect(frame.bytes).toEqual(psdu(row));
  expect(frame.mac.fcs?.good).toBe(true);
});

test.each(accepted())('$name, emitted again, is the same bytes', (row) => {
  const emitted = core.tx(txOf(read(psdu(row))));
  expect(emitted).toEqual({ ok: true, value: psdu(row) });
});

test('objects are frozen', () => {
  const frame = read(psdu(accepted()[7] as { frame: string }));
  for (const part of [frame, frame.mac, frame.nwk, frame.nwk?.sourceRoute, frame.nwk?.sourceRoute?.relays, frame.aps, frame.zcl]) {
    expect(part).toBeDefined();
    expect(Object.isFrozen(part)).toBe(true);
  }
});
