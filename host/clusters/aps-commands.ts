/** APS command frames (ZigBee 4.4.10): what follows the command identifier. */
import { choose, dec, eui, flag, hex, is, raw, when, type Format } from './item.ts';

const cmd = (name: string): string => `zbee_aps.cmd.${name}`;
const keyType = hex(1, cmd('key_type'), 'keyType');
const key = raw(16, cmd('key'), 'key');
const destination = eui(cmd('dst'), 'destination');
const source = eui(cmd('src'), 'source');
const keySequence = dec(1, cmd('seqno'), 'keySequence');
const partner = eui(cmd('partner'), 'partner');
const device = eui(cmd('device'), 'device');
const status = hex(1, cmd('status'), 'status');

/** Command identifiers. */
export const ApsCommand = {
  TRANSPORT_KEY: 0x05,
  UPDATE_DEVICE: 0x06,
  REMOVE_DEVICE: 0x07,
  REQUEST_KEY: 0x08,
  SWITCH_KEY: 0x09,
  TUNNEL: 0x0e,
  VERIFY_KEY: 0x0f,
  CONFIRM_KEY: 0x10,
} as const;

/** Key types of Transport-Key, Request-Key, Verify-Key and Confirm-Key. */
export const KeyType = {
  TRUST_CENTRE_MASTER: 0x00,
  NETWORK: 0x01,
  APPLICATION_MASTER: 0x02,
  APPLICATION_LINK: 0x03,
  TRUST_CENTRE_LINK: 0x04,
  HIGH_SECURITY_NETWORK: 0x05,
} as const;

const network: Format = [keySequence, destination, source];
const application: Format = [partner, flag(cmd('init_flag'), 'initiator')];

/** SKKE-1 to SKKE-4 of revisions before 21: an identifier pair and a challenge or MAC. */
const skke = (proof: string): Format => [
  eui(cmd('initiator'), 'initiator'),
  eui(cmd('responder'), 'responder'),
  raw(16, cmd(proof), 'proof'),
];

/** Entity authentication of revisions before 21: a challenge, which names the network key by its sequence number, and its answer. */
const eaKeyType = hex(1, cmd('ea.key_type'), 'authenticationKeyType');
const authenticationChallenge: Format = [eaKeyType, when(is('authenticationKeyType', 0x00), [keySequence]), ...skke('challenge')];
const authenticationData: Format = [raw(16, cmd('mac'), 'proof'), eaKeyType, raw(4, cmd('ea.data'), 'data')];

/** What follows the command identifier. The frame that a Tunnel command carries stands in `frame`, not read further. */
export const APS_COMMANDS: Readonly<Record<number, Format>> = {
  0x01: skke('challenge'),
  0x02: skke('challenge'),
  0x03: skke('mac'),
  0x04: skke('mac'),
  [ApsCommand.TRANSPORT_KEY]: [
    keyType,
    key,
    choose('keyType', {
      [KeyType.TRUST_CENTRE_MASTER]: [destination, source],
      [KeyType.NETWORK]: network,
      [KeyType.APPLICATION_MASTER]: application,
      [KeyType.APPLICATION_LINK]: application,
      [KeyType.TRUST_CENTRE_LINK]: [destination, source],
      [KeyType.HIGH_SECURITY_NETWORK]: network,
    }),
  ],
  [ApsCommand.UPDATE_DEVICE]: [device, hex(2, cmd('addr'), 'address'), hex(1, cmd('update_status'), 'status')],
  [ApsCommand.REMOVE_DEVICE]: [device],
  [ApsCommand.REQUEST_KEY]: [keyType, when(is('keyType', KeyType.APPLICATION_MASTER), [partner])],
  [ApsCommand.SWITCH_KEY]: [keySequence],
  0x0a: authenticationChallenge,
  0x0b: authenticationChallenge,
  0x0c: authenticationData,
  0x0d: authenticationData,
  [ApsCommand.TUNNEL]: [destination, raw('rest', '', 'frame')],
  [ApsCommand.VERIFY_KEY]: [keyType, source, raw(16, cmd('key_hash'), 'keyHash')],
  [ApsCommand.CONFIRM_KEY]: [status, keyType, destination],
};

/** The same before ZigBee PRO, whose Update-Device commands name no short address. */
export const APS_COMMANDS_2004: Readonly<Record<number, Format>> = {
  ...APS_COMMANDS,
  [ApsCommand.UPDATE_DEVICE]: [device, hex(1, cmd('update_status'), 'status')],
};
