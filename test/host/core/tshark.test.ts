/** Frames that the core emits, dissected by tshark: an oracle that shares nothing with this project. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as path } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pcapHeader, pcapRecord } from '../../../host/capture/writer.ts';
import { APS, MAC, NWK, ZCL } from '../../../host/core/control.ts';
import type { TxFrame } from '../../../host/model/frame.ts';
import { eui64, unhex } from '../../../host/model/ids.ts';
import { freshCore } from '../../kit/core.ts';
import { airEui, bytes, join } from '../../kit/frame-oracle.ts';

const NETWORK = '00112233445566778899aabbccddeeff';
const LINK = '86d58aaa998e2faefaf9fef49606543a';
const CARRIED = 'c0ffee00112233445566778899aabbcc';
const SELF = eui64('02000000000000aa');
const DEVICE = eui64('02000000000000bb');

const hasTshark = spawnSync('tshark', ['--version']).status === 0;

/** Fields of each frame, as tshark prints them. */
function dissect(frames: readonly Uint8Array[], fields: readonly string[]): string[][] {
  const folder = mkdtempSync(path(tmpdir(), 'frames-'));
  try {
    const file = path(folder, 'emitted.pcap');
    writeFileSync(file, join(pcapHeader(), ...frames.map((frame, i) => pcapRecord(frame, 1_700_000_000_000 + i))));
    const key = (text: string): string => text.replace(/(..)(?=.)/g, '$1:');
    const keys = [NETWORK, LINK].flatMap((text, i) => ['-o', `uat:zigbee_pc_keys:"${key(text)}","Normal","key ${i}"`]);
    const settings = ['-o', 'zbee_nwk.seclevel:ENC-MIC32', '--disable-protocol', 'lwm', '-n'];
    const output = execFileSync(
      'tshark',
      ['-r', file, ...settings, ...keys, '-T', 'fields', '-E', 'separator=|', ...fields.flatMap((field) => ['-e', field])],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    );
    return output
      .trimEnd()
      .split('\n')
      .map((line) => line.split('|'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function emitted(): Promise<Uint8Array[]> {
  const core = await freshCore();
  const [network, link, carried] = [
    core.keys.importNetwork(unhex(NETWORK), 7),
    core.keys.importLink(unhex(LINK), DEVICE),
    core.keys.importNetwork(unhex(CARRIED), 8),
  ].map((answer) => (answer.ok ? answer.value : 0));
  if (!network || !link || !carried) throw new Error('no slot');
  for (const key of [network, link]) core.keys.reserve(key, 1000, 2000);
  const mac = { fcf: MAC.DATA | MAC.PAN_COMPRESSION | MAC.DST_SHORT | MAC.SRC_SHORT, seq: 1, dstPan: 0x1a62, dst: 0x1234, src: 0x0000 };
  const clear = { fcf: NWK.DATA, dst: 0x1234, src: 0x0000, radius: 30, seq: 9 };
  const nwk = { ...clear, fcf: NWK.DATA | NWK.SECURED, key: network };
  const aps = { fcf: APS.DATA | APS.ACK_REQUEST, dstEndpoint: 1, cluster: 0x0019, profile: 0x0109, srcEndpoint: 2, counter: 5 };
  const frames: TxFrame[] = [
    { self: SELF, mac: { fcf: MAC.COMMAND | MAC.DST_SHORT, seq: 2, dstPan: 0xffff, dst: 0xffff }, payload: bytes('07') },
    {
      self: SELF,
      mac,
      nwk: { ...nwk, fcf: NWK.COMMAND | NWK.SECURED | NWK.SRC_EUI | NWK.DST_EUI, srcEui: SELF, dstEui: DEVICE },
      payload: bytes('06 80 00 00'),
    },
    { self: SELF, mac, nwk, aps, zcl: { control: ZCL.CLUSTER | ZCL.FROM_SERVER, seq: 0x2a, command: 2 }, payload: bytes('98') },
    {
      self: SELF,
      mac,
      nwk,
      aps: { ...aps, fcf: APS.DATA | APS.SECURED, security: { key: link, keyId: 0, extendedNonce: true } },
      zcl: { control: ZCL.CLUSTER | ZCL.FROM_SERVER, seq: 0x2b, command: 5 },
      payload: bytes('00 3412 8400 02010000 00000000 04 01020304'),
    },
    {
      self: SELF,
      mac,
      nwk: clear,
      aps: { fcf: APS.COMMAND | APS.SECURED, counter: 6, security: { key: link, keyId: 2, extendedNonce: true } },
      payload: join(bytes('05 01'), new Uint8Array(16), bytes('08'), airEui(DEVICE), airEui(SELF)),
      carry: { key: carried, offset: 2 },
    },
    {
      self: SELF,
      mac,
      nwk,
      aps: { fcf: APS.COMMAND | APS.SECURED, counter: 7, security: { key: link, keyId: 3, extendedNonce: true } },
      payload: join(bytes('05 04'), new Uint8Array(16), airEui(DEVICE), airEui(SELF)),
      carry: { key: link, offset: 2 },
    },
  ];
  return frames.map((frame) => {
    const answer = core.tx(frame);
    if (!answer.ok) throw new Error(answer.code);
    return answer.value;
  });
}

describe.skipIf(!hasTshark)('tshark reads what the core emits', () => {
  test('frame checks, headers, counters and opened payloads', async () => {
    const fields = [
      'wpan.fcs_ok',
      'wpan.cmd',
      'zbee_nwk.cmd.id',
      'zbee.sec.counter',
      'zbee_aps.cluster',
      'zbee_zcl.cmd.tsn',
      'zbee_aps.cmd.key',
    ];
    const rows = dissect(await emitted(), fields);
    const read = rows.map((row) =>
      row.map((text) =>
        text
          .toLowerCase()
          .replace(/^true$/, '1')
          .replaceAll(':', ''),
      ),
    );
    expect(read).toEqual([
      ['1', '0x07', '', '', '', '', ''],
      ['1', '', '0x06', '1000', '', '', ''],
      ['1', '', '', '1001', '0x0019', '42', ''],
      ['1', '', '', '1002,1000', '0x0019', '43', ''],
      ['1', '', '', '1001', '', '', CARRIED],
      ['1', '', '', '1003,1002', '', '', LINK],
    ]);
  });

  test('with no layer left closed and nothing malformed', async () => {
    expect(
      dissect(await emitted(), ['zbee_sec.encrypted_payload', '_ws.malformed'])
        .flat()
        .filter((text) => text !== ''),
    ).toEqual([]);
  });
});
