/**
 * Key Establishment cluster 0x0800 (ZSE annex C) as tables: the four messages of certificate-based key establishment, with
 * the implicit certificates of both suites broken out. Fields of certificates stand most significant byte first.
 */
import { cluster, command, type Command } from './cluster.ts';
import { big, bits, choose, dec, flagPart, hex, raw, unixTime, type Format } from './item.ts';

const ke = (name: string): string => `zbee_zcl_se.ke.${name}`;

const suite = hex(2, ke('attr.suite'), 'suite');
const subject = raw(8, ke('cert.subject'), 'subject');
const issuer = raw(8, ke('cert.issuer'), 'issuer');

/** Suite 1 (ZSE annex C.4.2.2.2): 48 bytes over sect163k1. */
const CERTIFICATE_1: Format = [raw(22, ke('cert.reconst'), 'point'), subject, issuer, raw(10, ke('cert.profile'), 'profile')];

/** Suite 2: 74 bytes over sect283k1; its end of validity is the beginning and the seconds after it. */
const CERTIFICATE_2: Format = [
  hex(1, ke('cert.type'), 'type'),
  big(hex(8, ke('cert.serialno'), 'serial')),
  hex(1, ke('cert.curve'), 'curve'),
  hex(1, ke('cert.hash'), 'hash'),
  issuer,
  big(unixTime(5, ke('cert.valid.from'), 'validFrom')),
  big({ ...unixTime(4, ke('cert.valid.to'), 'validity'), plus: 'validFrom' }),
  subject,
  bits(1, '', [flagPart(ke('cert.key.usage.agreement'), 0x08), flagPart(ke('cert.key.usage.signature'), 0x80)], 'keyUsage'),
  raw(37, ke('cert.reconst'), 'point'),
];

const INITIATE: Format = [
  suite,
  dec(1, ke('init.ephemeral.time'), 'ephemeralTime'),
  dec(1, ke('init.confirm.time'), 'confirmTime'),
  choose('suite', { 0x0001: CERTIFICATE_1, 0x0002: CERTIFICATE_2 }),
];

const TERMINATE: Format = [hex(1, ke('terminate.status'), 'status'), dec(1, ke('terminate.wait.time'), 'waitTime'), suite];

/** Commands of one side: `ephemeral` and `mac` are what Wireshark calls its ephemeral key and its MAC. */
const side = (kind: string, ephemeral: string, mac: string): Readonly<Record<number, Command>> => ({
  0x00: command(`Initiate Key Establishment ${kind}`, INITIATE),
  0x01: command(`Ephemeral Data ${kind}`, [raw('rest', ke(ephemeral), 'ephemeral')]),
  0x02: command(`Confirm Key Data ${kind}`, [raw(16, ke(mac), 'mac')]),
  0x03: command('Terminate Key Establishment', TERMINATE),
});

/** The cluster. */
export const KEY_ESTABLISHMENT = cluster(0x0800, 'Key Establishment', 'zbee_zcl_se.ke', () => ({
  refusesEmpty: 'server',
  clientAttributeName: ke('attr_client_id'),
  toServer: side('Request', 'qeu', 'macu'),
  toClient: side('Response', 'qev', 'macv'),
}));
