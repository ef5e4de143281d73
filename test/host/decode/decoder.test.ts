import { beforeAll, describe, expect, test } from 'vitest';
import { pcapHeader, pcapRecord } from '../../../host/capture/writer.ts';
import type { CaptureError } from '../../../host/capture/captured.ts';
import type { Decoded } from '../../../host/decode/decoded.ts';
import { matches } from '../../../host/decode/filter.ts';
import { renderJson, renderLine, renderTree } from '../../../host/decode/render.ts';
import { decodeStream } from '../../../host/decode/stream.ts';
import { Summary } from '../../../host/decode/summary.ts';
import { unhex } from '../../../host/model/ids.ts';
import { DEVICE, DEVICE_SHORT, Home, LINK_KEY, loadCore, NETWORK_KEY } from './home.ts';

const LINK_STATUS = unhex('0861000013');
const QUERY = unhex('0156100102040302010500');
const START_MS = 1_700_000_000_000;

async function decode(frames: readonly Uint8Array[], options: { keys?: readonly Uint8Array[]; learn?: boolean; showKeys?: boolean } = {}) {
  const chunks = [pcapHeader(), ...frames.map((psdu, index) => pcapRecord(psdu, START_MS + index))];
  const given = { keys: [NETWORK_KEY, LINK_KEY], learn: true, showKeys: false, ...options };
  const stream = decodeStream(await loadCore(), chunks, given);
  const decoded: Decoded[] = [];
  for (;;) {
    const next = await stream.next();
    if (next.done === true) return { decoded, error: next.value as CaptureError | undefined };
    decoded.push(...next.value);
  }
}

const valueOf = (decoded: Decoded | undefined, name: string): string | undefined => decoded?.fields.find(([field]) => field === name)?.[1];

describe('decoding a capture', () => {
  let home: Home;
  let frames: Uint8Array[];

  beforeAll(async () => {
    home = await Home.open();
    frames = [home.nwkCommand(LINK_STATUS), home.zcl(0x0019, 0x01, 0x01, QUERY), home.zcl(0x0019, 0x01, 0x01, QUERY, { aps: true })];
  });

  test('opens every layer and shows the fields in wire order under their display-filter names', async () => {
    const { decoded, error } = await decode(frames);
    expect(error).toBeUndefined();
    expect(decoded.map(({ verdict }) => verdict)).toEqual(['ok', 'ok', 'ok']);
    expect(decoded[0]?.fields.slice(-4)).toEqual([
      ['zbee_nwk.cmd.link.count', '1'],
      ['zbee_nwk.cmd.link.address', '0x0000'],
      ['zbee_nwk.cmd.link.incoming_cost', '3'],
      ['zbee_nwk.cmd.link.outgoing_cost', '1'],
    ]);
    const names = decoded[1]?.fields.map(([name]) => name) ?? [];
    for (const [before, after] of [
      ['wpan.fcf', 'zbee_nwk.fcf'],
      ['zbee_nwk.fcf', 'zbee.sec.field'],
      ['zbee.sec.mic', 'zbee_aps.type'],
      ['zbee_aps.counter', 'zbee_zcl.type'],
    ]) {
      expect(names.indexOf(before ?? '')).toBeLessThan(names.indexOf(after ?? ''));
    }
    expect(valueOf(decoded[1], 'wpan.fcs_ok')).toBe('1');
    expect(valueOf(decoded[1], 'zbee_zcl_general.ota.file.version')).toBe('0x01020304');
    expect(valueOf(decoded[1], 'zbee_zcl_general.ota.hw_ver')).toBe('0x0005');
  });

  test('without its keys leaves a layer closed, and says which', async () => {
    expect((await decode(frames, { keys: [] })).decoded.map(({ code }) => code)).toEqual(['closed-nwk', 'closed-nwk', 'closed-nwk']);
    expect((await decode(frames, { keys: [NETWORK_KEY] })).decoded.map(({ code }) => code)).toEqual([undefined, undefined, 'closed-aps']);
  });

  test('knows the sender of an APS-secured frame only once an earlier frame told who has its short address', async () => {
    const [status] = frames as [Uint8Array];
    const anonymous = home.zcl(0x0019, 0x01, 0x01, QUERY, { aps: true, nwk: false });
    const { decoded } = await decode([anonymous, status, anonymous]);
    expect(decoded.map(({ code }) => code)).toEqual(['closed-aps', undefined, undefined]);
  });

  test('learns the network key from a Transport-Key command unless told not to', async () => {
    const joining = [home.transportKey(NETWORK_KEY), ...frames.slice(0, 1)];
    const codes = async (learn: boolean) => (await decode(joining, { keys: [LINK_KEY], learn })).decoded.map(({ code }) => code);
    expect(await codes(true)).toEqual([undefined, undefined]);
    expect(await codes(false)).toEqual([undefined, 'closed-nwk']);
  });

  test('leaves key material out of the fields unless it is asked for [R-PRIV-01]', async () => {
    const joining = [home.transportKey(NETWORK_KEY), ...frames];
    const hidden = JSON.stringify((await decode(joining)).decoded.map(({ fields }) => fields));
    const key = '00:01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f';
    expect(hidden).not.toContain(key);
    const shown = (await decode(joining, { showKeys: true })).decoded;
    expect(valueOf(shown[0], 'zbee_aps.cmd.key')).toBe(key);
    expect(valueOf(shown[1], 'zbee.sec.key')).toBe(key);
  });

  test('shows a frame with a wrong FCS and its fields up to where a payload ends too early', async () => {
    const wrong = Uint8Array.from(frames[0] ?? []);
    wrong[wrong.length - 1] = (wrong.at(-1) ?? 0) ^ 0xff;
    const short = home.zcl(0x0019, 0x01, 0x01, QUERY.subarray(0, 3));
    const { decoded } = await decode([wrong, short]);
    expect(decoded[0]?.verdict).toBe('ok');
    expect(valueOf(decoded[0], 'wpan.fcs_ok')).toBe('0');
    expect(decoded[1]).toMatchObject({ verdict: 'refused', code: 'truncated-zcl' });
    expect(valueOf(decoded[1], 'zbee_zcl_general.ota.manufacturer_code')).toBe('0x1056');
  });

  test('names the refusal of a frame that is none, and goes on', async () => {
    const { decoded } = await decode([Uint8Array.of(1, 2), ...frames.slice(0, 1)]);
    expect(decoded.map(({ verdict }) => verdict)).toEqual(['refused', 'ok']);
    expect(decoded[0]?.code).toBe('mac-too-short');
  });

  test('keeps bytes that no table describes', async () => {
    const { decoded } = await decode([home.zcl(0x0019, 0x01, 0x01, Uint8Array.from([...QUERY, 0xaa, 0xbb]))]);
    expect(decoded[0]).toMatchObject({ verdict: 'ok', unread: Uint8Array.of(0xaa, 0xbb) });
  });

  test('is filtered by device, cluster and verdict', async () => {
    const { decoded } = await decode(frames, { keys: [NETWORK_KEY] });
    const numbers = (filter: Parameters<typeof matches>[1]): number[] =>
      decoded.filter((frame) => matches(frame, filter)).map(({ number }) => number);
    expect(numbers({})).toEqual([1, 2, 3]);
    expect(numbers({ device: DEVICE })).toEqual([1, 2, 3]);
    expect(numbers({ device: DEVICE_SHORT, cluster: 0x0019, verdict: 'ok' })).toEqual([2]);
    expect(numbers({ verdict: 'closed' })).toEqual([3]);
    expect(numbers({ device: 0x4321 })).toEqual([]);
  });

  test('is summed up by name, sender and what stayed closed', async () => {
    const { decoded } = await decode(frames, { keys: [NETWORK_KEY] });
    const summary = new Summary();
    for (const frame of decoded) summary.add(frame);
    expect(summary.report()).toEqual({
      frames: 3,
      byVerdict: [
        ['ok', 2],
        ['closed', 1],
      ],
      byName: [
        ['APS Data', 1],
        ['NWK Link Status', 1],
        ['ZCL OTA Upgrade: Query Next Image Request', 1],
      ],
      bySender: [['0x1234', 3]],
      byReplay: [],
      byCode: [['closed-aps', 1]],
    });
  });

  test('is rendered as a line, as a tree and as JSON', async () => {
    const { decoded } = await decode(frames, { keys: [NETWORK_KEY] });
    const [, query, closed] = decoded as [Decoded, Decoded, Decoded];
    expect(renderLine(query, query.time - 1_500_000n)).toBe(
      '     2     0.001500  0x1234 → 0x0000  ZCL OTA Upgrade: Query Next Image Request',
    );
    expect(renderLine(closed, closed.time)).toContain('[closed: no key opens the APS layer]');
    expect(renderTree(query, query.time).split('\n')).toContain('         zbee_aps.cluster: 0x0019');
    const json = JSON.parse(renderJson(closed)) as Record<string, unknown>;
    expect(json).toMatchObject({ frame: 3, time: '1700000000.002000000', verdict: 'closed', code: 'closed-aps' });
    expect(json['fields']).toEqual(closed.fields.map((field) => [...field]));
  });
});
