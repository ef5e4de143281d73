/** What an innermost payload is called, in the words of its specification. */
import { ApsCommand } from '../clusters/aps-commands.ts';
import { clusterOf } from '../clusters/catalogue.ts';
import { GlobalCommand } from '../clusters/foundation-table.ts';
import { NwkCommand } from '../clusters/nwk-commands.ts';
import { ZDP_RESPONSE, ZdpCluster } from '../clusters/zdp.ts';
import { GreenPowerCommand } from '../clusters/green-power.ts';
import type { Headers } from './decoded.ts';

const MAC_TYPES = ['Beacon', 'Data', 'Acknowledgement', 'Command', 'reserved type', 'Multipurpose', 'Fragment', 'Extended'];
const MAC_COMMANDS: Readonly<Record<number, string>> = {
  0x01: 'Association Request',
  0x02: 'Association Response',
  0x03: 'Disassociation Notification',
  0x04: 'Data Request',
  0x05: 'PAN ID Conflict Notification',
  0x06: 'Orphan Notification',
  0x07: 'Beacon Request',
  0x08: 'Coordinator Realignment',
  0x09: 'GTS Request',
};
const APS_TYPES = ['Data', 'Command', 'Acknowledgement', 'Inter-PAN'];
const PROFILE_ZDP = 0x0000;
const CLUSTER_SPECIFIC = 0x01;
const SERVER_TO_CLIENT = 0x08;

/** The layer and name of the innermost header that was read, such as `ZCL OTA Upgrade: Image Block Request`. */
export function nameOf(headers: Headers): string {
  const { mac, nwk, aps, zcl, greenPower } = headers;
  if (mac === undefined) return 'no frame';
  if (zcl !== undefined && aps !== undefined) return `ZCL ${zclName(headers)}`;
  if (aps?.command !== undefined) return `APS ${titleOf(ApsCommand, aps.command)}`;
  if (aps?.profile === PROFILE_ZDP && aps.cluster !== undefined && (aps.fcf & 0x03) === 0) return `ZDP ${zdpName(aps.cluster)}`;
  if (aps !== undefined) return `APS ${APS_TYPES[aps.fcf & 0x03] ?? 'Data'}`;
  if (nwk?.command !== undefined) return `NWK ${titleOf(NwkCommand, nwk.command)}`;
  if (nwk !== undefined) return 'NWK Data';
  if (greenPower !== undefined)
    return `Green Power ${greenPower.command === undefined ? 'Data' : titleOf(GreenPowerCommand, greenPower.command)}`;
  if (mac.command !== undefined) return `MAC ${MAC_COMMANDS[mac.command] ?? number('Command', mac.command, 2)}`;
  return `MAC ${MAC_TYPES[mac.fcf & 0x07] ?? 'frame'}`;
}

/**
 * Who sent a frame, as far out as it was read: `0x1234` at the NWK layer, a Green Power device's eight digits, at the MAC
 * `0x1234` or an EUI-64. Undefined where nobody is named.
 */
export const senderOf = ({ mac, nwk, greenPower }: Headers): string | undefined =>
  greenPower?.source === undefined ? addressOf(nwk?.src ?? mac?.src) : hex(greenPower.source, 8);

/** Who a frame is for: at the NWK layer, else at the MAC. */
export const receiverOf = ({ mac, nwk }: Headers): string | undefined => addressOf(nwk?.dst ?? mac?.dst);

const addressOf = (address: number | string | undefined): string | undefined => (typeof address === 'number' ? hex(address, 4) : address);

function zclName({ aps, zcl }: Headers): string {
  if (aps?.cluster === undefined || zcl === undefined) return 'frame';
  const cluster = clusterOf(aps.cluster);
  const place = cluster?.name ?? number('cluster', aps.cluster, 4);
  if ((zcl.control & CLUSTER_SPECIFIC) === 0) return `${place}: ${titleOf(GlobalCommand, zcl.command)}`;
  const direction = (zcl.control & SERVER_TO_CLIENT) === 0 ? cluster?.toServer : cluster?.toClient;
  const known = zcl.manufacturer === undefined ? direction?.commands[zcl.command]?.name : undefined;
  return `${place}: ${known ?? number('command', zcl.command, 2)}`;
}

function zdpName(cluster: number): string {
  const name = titleOf(ZdpCluster, cluster & ~ZDP_RESPONSE);
  return (cluster & ZDP_RESPONSE) === 0 ? name : `${name} Response`;
}

/** The name of a code point in a table of constants: `LINK_STATUS` → `Link Status`. */
function titleOf(table: Readonly<Record<string, number>>, code: number): string {
  const name = Object.keys(table).find((key) => table[key] === code);
  if (name === undefined) return number('command', code, 2);
  return name
    .toLowerCase()
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}

const hex = (value: number, digits: number): string => `0x${value.toString(16).padStart(digits, '0')}`;
const number = (what: string, value: number, digits: number): string => `${what} ${hex(value, digits)}`;
