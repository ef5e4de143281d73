/** tshark as a reader of the demonstration's capture: which frames it opens with the keys given, and which it cannot. */
import { execFileSync, spawnSync } from 'node:child_process';

/** Whether the program is there. */
export const hasTshark = spawnSync('tshark', ['--version']).error === undefined;

/** What tshark says of one frame. */
export interface Dissected {
  /** IEEE 802.15.4 frame type: 0 beacon, 1 data, 2 acknowledgement, 3 command. */
  readonly type: number;
  readonly fcsGood: boolean;
  /** Names of the layers that were dissected, outermost first. */
  readonly protocols: readonly string[];
  /** A secured layer that no key opened. */
  readonly closed: boolean;
  readonly malformed: boolean;
  /** APS cluster, undefined when the frame has none. */
  readonly cluster: number | undefined;
  /** Command of the OTA cluster. */
  readonly otaCommand: number | undefined;
  /** Command of the APS layer, opened. */
  readonly apsCommand: number | undefined;
  /** A message of key establishment: its command, the suite, and for whom its certificate is. */
  readonly establishment: { readonly command: number; readonly suite: number | undefined; readonly subject: string } | undefined;
}

const FIELDS = [
  'wpan.frame_type',
  'wpan.fcs_ok',
  'frame.protocols',
  'zbee_sec.encrypted_payload',
  '_ws.malformed',
  'zbee_aps.cluster',
  'zbee_zcl_general.ota.cmd.srv_tx.id',
  'zbee_zcl_general.ota.cmd.srv_rx.id',
  'zbee_aps.cmd.id',
  'zbee_zcl_se.ke.cmd.srv_tx.id',
  'zbee_zcl_se.ke.cmd.srv_rx.id',
  'zbee_zcl_se.ke.attr.suite',
  'zbee_zcl_se.ke.cert.subject',
] as const;

/** Security level as ZigBee uses it, frames with a wrong FCS dissected too, no heuristics of other protocols; keys in hexadecimal. */
export function tsharkOptions(keys: readonly string[]): string[] {
  const pairs = (key: string): string => key.toUpperCase().replace(/(..)(?=.)/g, '$1:');
  return [
    ...['-n', '-o', 'zbee_nwk.seclevel:ENC-MIC32', '-o', 'zbee_aps.zbeeseversion:SE 1.4'],
    ...['-o', 'wpan.802154_fcs_ok:FALSE', '--disable-protocol', 'lwm'],
    ...keys.flatMap((key, index) => ['-o', `uat:zigbee_pc_keys:"${pairs(key)}","Normal","key ${index}"`]),
  ];
}

/** Every frame of a capture. */
export function dissect(file: string, keys: readonly string[]): readonly Dissected[] {
  const fields = FIELDS.flatMap((field) => ['-e', field]);
  const output = execFileSync('tshark', ['-r', file, ...tsharkOptions(keys), '-T', 'fields', '-E', 'separator=|', ...fields], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 64 * 1024 * 1024,
  });
  return output.trimEnd().split('\n').map(frameOf);
}

function frameOf(line: string): Dissected {
  const [type = '', fcs = '', protocols = '', closed, malformed, cluster, sent, received, aps, keySent, keyHeard, suite, subject] =
    line.split('|');
  const command = sent || received;
  const keyCommand = keySent || keyHeard;
  return {
    type: Number(type),
    fcsGood: /^(1|true)$/i.test(fcs),
    protocols: protocols.split(':'),
    closed: closed !== '',
    malformed: malformed !== '',
    cluster: number(cluster?.split(',')[0]),
    otaCommand: number(command),
    apsCommand: number(aps),
    establishment: keyCommand
      ? { command: Number(keyCommand), suite: number(suite), subject: subject?.replaceAll(':', '') ?? '' }
      : undefined,
  };
}

const number = (text: string | undefined): number | undefined => (text === undefined || text === '' ? undefined : Number(text));
