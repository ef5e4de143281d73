/** The link over the very adapters of the field: a Spinel co-processor behind TCP, taken away and brought back. */
import { expect, test } from 'vitest';
import { SpinelRadio } from '../../../host/adapters/radio-spinel.ts';
import { SpinelRcp } from '../../../host/adapters/spinel-rcp.ts';
import { connectTcp, listenTcp } from '../../../host/adapters/stream-tcp.ts';
import { SystemClock } from '../../../host/adapters/system.ts';
import { RadioLink } from '../../../host/han/radio-link.ts';
import { eui64 } from '../../../host/model/ids.ts';
import type { Log } from '../../../host/ports/log.ts';
import type { Transceiver } from '../../../host/ports/medium.ts';

const EUI = eui64('0200000000000501');

test('a home behind TCP that is restarted is found again, and what is sent meanwhile counts as not acknowledged', async () => {
  const sent: number[] = [];
  const transceiver: Transceiver = {
    configure: () => undefined,
    send: async (psdu) => (sent.push(psdu[2]!), 'sent'),
    onFrame: () => undefined,
    detach: () => undefined,
  };
  const listen = (port = 0) => listenTcp((stream) => new SpinelRcp(transceiver, EUI).serve(stream), '127.0.0.1', port);
  const first = await listen();
  let back: () => void = () => {};
  const came = new Promise<void>((done) => (back = done));
  const notes: string[] = [];
  const note = (event: string): void => {
    notes.push(event);
    if (event === 'radio-back') back();
  };
  const log: Log = { debug: () => undefined, info: note, warn: note, error: note };
  const clock = new SystemClock();
  const radio = new SpinelRadio({ connect: () => connectTcp(first.url), clock, log });
  const link = new RadioLink({ radio, settings: { channel: 15, panId: 1, shortAddress: 0, eui: EUI }, clock, log });
  await link.open(async () => undefined);
  const psdu = (n: number): Uint8Array => Uint8Array.of(0x01, 0x00, n, 0, 0);
  expect(await link.send(psdu(1))).toBe('sent');
  await first.close();
  await expect.poll(() => notes).toContain('radio-gone');
  expect(await link.send(psdu(2))).toBe('no-ack');
  const second = await listen(Number(new URL(first.url).port));
  await came;
  expect(await link.send(psdu(3))).toBe('sent');
  expect(sent).toEqual([1, 3]);
  await link.close();
  await second.close();
});
