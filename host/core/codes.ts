/**
 * Names of the core's refusals: number → kebab-case name and one line for people. The only such table; a test holds it
 * against the enumerations of assembly/abi/code.ts, both ways.
 */
import {
  ApsReason,
  At,
  CallReason,
  CurveReason,
  ImageReason,
  KeyReason,
  MacReason,
  NwkReason,
  SecurityReason,
  TransportKeyReason,
  TxReason,
  ZclReason,
} from '../../assembly/abi/code.ts';
import { refuse, type Refusal } from '../model/fault.ts';

/** A refusal of the core, named. */
export interface CodeName {
  readonly layer: At;
  readonly reason: number;
  readonly name: string;
  readonly detail: string;
}

const row = (layer: At, reason: number, name: string, detail: string): CodeName => ({ layer, reason, name, detail });

const security = (layer: At, prefix: 'nwk' | 'aps'): readonly CodeName[] => [
  row(layer, SecurityReason.TRUNCATED, `${prefix}-security-truncated`, 'the auxiliary header and the MIC do not fit'),
  row(layer, SecurityReason.LEVEL, `${prefix}-security-level`, 'the security level bits are not zero on the air'),
  row(layer, SecurityReason.KEY_ID, `${prefix}-security-key-id`, 'the key identifier is not one that this layer takes'),
  row(layer, SecurityReason.SOURCE_UNKNOWN, `${prefix}-security-source-unknown`, "the sender's EUI-64 is not in the frame and not known"),
  row(layer, SecurityReason.KEY_UNKNOWN, `${prefix}-security-key-unknown`, 'no key of that sequence number or partner is held'),
  row(layer, SecurityReason.MIC, `${prefix}-security-mic`, 'the message integrity code is wrong'),
  row(layer, SecurityReason.COUNTER, `${prefix}-security-counter`, 'the frame counter is not above the last one accepted'),
  row(layer, SecurityReason.COUNTERS_FULL, `${prefix}-security-counters-full`, 'there is no room to remember the frame counter'),
];

/** Every refusal that the core can answer. */
export const CODES: readonly CodeName[] = [
  row(At.MAC, MacReason.TOO_LONG, 'mac-too-long', 'the PSDU is longer than 127 bytes'),
  row(At.MAC, MacReason.TOO_SHORT, 'mac-too-short', 'there is no room for frame control and FCS'),
  row(At.MAC, MacReason.FCS, 'mac-fcs', 'the frame check sequence is wrong'),
  row(At.MAC, MacReason.FRAME_TYPE, 'mac-frame-type', 'the frame type is not beacon, data, acknowledgement or command'),
  row(At.MAC, MacReason.VERSION, 'mac-version', 'the frame version is reserved'),
  row(At.MAC, MacReason.INFORMATION_ELEMENTS, 'mac-information-elements', 'information elements are not supported'),
  row(At.MAC, MacReason.ADDRESS_MODE, 'mac-address-mode', 'an addressing mode is reserved'),
  row(At.MAC, MacReason.COMPRESSION, 'mac-compression', 'PAN ID compression needs both addresses'),
  row(At.MAC, MacReason.TRUNCATED, 'mac-truncated', 'the MAC header does not fit'),
  row(At.MAC, MacReason.COMMAND_MISSING, 'mac-command-missing', 'a MAC command frame has no command identifier'),
  row(At.MAC, MacReason.SECURED, 'mac-secured', 'MAC security is not supported'),
  row(At.NWK, NwkReason.TOO_SHORT, 'nwk-too-short', 'there is no room for the NWK frame control'),
  row(At.NWK, NwkReason.GREEN_POWER, 'nwk-green-power', 'Green Power frames are not supported'),
  row(At.NWK, NwkReason.VERSION, 'nwk-version', 'the NWK protocol version is not that of ZigBee PRO'),
  row(At.NWK, NwkReason.INTER_PAN, 'nwk-inter-pan', 'inter-PAN frames are not supported'),
  row(At.NWK, NwkReason.FRAME_TYPE, 'nwk-frame-type', 'the NWK frame type is reserved'),
  row(At.NWK, NwkReason.TRUNCATED, 'nwk-truncated', 'the NWK header does not fit'),
  row(At.NWK, NwkReason.COMMAND_MISSING, 'nwk-command-missing', 'a NWK command frame has no command identifier'),
  ...security(At.NWK_SECURITY, 'nwk'),
  row(At.APS, ApsReason.TOO_SHORT, 'aps-too-short', 'there is no APS frame control'),
  row(At.APS, ApsReason.FRAME_TYPE, 'aps-frame-type', 'the APS frame type is inter-PAN'),
  row(At.APS, ApsReason.INDIRECT, 'aps-indirect', 'indirect addressing is not supported'),
  row(At.APS, ApsReason.TRUNCATED, 'aps-truncated', 'the APS header does not fit'),
  row(At.APS, ApsReason.FRAGMENTATION, 'aps-fragmentation', 'the fragmentation value is reserved'),
  row(At.APS, ApsReason.COMMAND_MISSING, 'aps-command-missing', 'an APS command frame has no command identifier'),
  ...security(At.APS_SECURITY, 'aps'),
  row(At.APS_SECURITY, TransportKeyReason.UNSECURED, 'transport-key-unsecured', 'a key came without key-transport or key-load security'),
  row(At.APS_SECURITY, TransportKeyReason.TRUNCATED, 'transport-key-truncated', 'a Transport-Key command is too short for its key type'),
  row(At.APS_SECURITY, TransportKeyReason.KEY_TYPE, 'transport-key-type', 'the key type of a Transport-Key command is not supported'),
  row(At.APS_SECURITY, TransportKeyReason.NO_SLOT, 'transport-key-no-slot', 'no key slot is free'),
  row(At.ZCL, ZclReason.TRUNCATED, 'zcl-truncated', 'the ZCL header does not fit'),
  row(At.TX, TxReason.LAYERS, 'tx-layers', 'the layers asked for cannot stand in one another'),
  row(At.TX, TxReason.SECURITY_BIT, 'tx-security-bit', 'a security bit disagrees with the layers asked for'),
  row(At.TX, TxReason.KEY_ID, 'tx-key-id', 'the APS key identifier is not 0, 2 or 3'),
  row(At.TX, TxReason.TOO_LONG, 'tx-too-long', 'the frame would be longer than 127 bytes'),
  row(At.TX, TxReason.NWK_KEY, 'tx-nwk-key', 'the handle of the network key is not one'),
  row(At.TX, TxReason.APS_KEY, 'tx-aps-key', 'the handle of the link key is not one'),
  row(At.TX, TxReason.CARRIED_UNSECURED, 'tx-carried-unsecured', 'a key travels under key-transport or key-load security alone'),
  row(At.TX, TxReason.CARRIED_OFFSET, 'tx-carried-offset', 'the carried key does not fit into the payload'),
  row(At.TX, TxReason.CARRIED_KEY, 'tx-carried-key', 'the handle of the carried key is not one'),
  row(At.TX, TxReason.COUNTER, 'tx-counter', 'an outgoing frame counter is exhausted'),
  row(At.KEYS, KeyReason.HANDLE, 'key-handle', 'the handle is not that of a key that is held and may be used so'),
  row(At.KEYS, KeyReason.KIND, 'key-kind', 'the kind of key is not one, or cannot be sealed'),
  row(At.KEYS, KeyReason.NO_SLOT, 'key-no-slot', 'no key slot is free'),
  row(At.KEYS, KeyReason.INSTALL_LENGTH, 'install-code-length', 'an install code with its CRC has 8, 10, 14 or 18 bytes'),
  row(At.KEYS, KeyReason.INSTALL_CRC, 'install-code-crc', 'the CRC of the install code is wrong'),
  row(At.KEYS, KeyReason.RECORD_LENGTH, 'sealed-length', 'a sealed key has not the length of its kind'),
  row(At.KEYS, KeyReason.RECORD_VERSION, 'sealed-version', 'the sealed key is of another version'),
  row(At.KEYS, KeyReason.RECORD, 'sealed-altered', 'the sealed key does not open: altered, or sealed otherwise'),
  row(At.KEYS, KeyReason.RANGE, 'counter-range', 'the range of outgoing counters ends before it begins, or before an earlier one'),
  row(At.KEYS, KeyReason.COUNTERS_FULL, 'counters-full', 'there is no room for another incoming counter'),
  row(At.KEYS, KeyReason.ADDRESSES_FULL, 'addresses-full', 'there is no room for another address'),
  row(At.KEYS, KeyReason.ADDRESS, 'address', 'the address is not that of a device'),
  row(At.IMAGE, ImageReason.UNFINISHED, 'image-unfinished', 'there is no verdict yet'),
  row(At.IMAGE, ImageReason.MAGIC, 'bad-magic', 'the file does not begin as an upgrade file'),
  row(At.IMAGE, ImageReason.HEADER_TRUNCATED, 'header-truncated', 'the file ends within its header'),
  row(At.IMAGE, ImageReason.HEADER_VERSION, 'bad-header-version', 'the header version is not 0x0100'),
  row(At.IMAGE, ImageReason.FIELD_CONTROL, 'bad-field-control', 'reserved bits of the field control are set'),
  row(At.IMAGE, ImageReason.HEADER_LENGTH, 'bad-header-length', 'the header length is not that of its fields'),
  row(At.IMAGE, ImageReason.HARDWARE_RANGE, 'bad-hardware-range', 'the lowest hardware version is above the highest'),
  row(At.IMAGE, ImageReason.TOTAL_SIZE, 'bad-total-size', 'the total size is impossible, or not the length of the file'),
  row(At.IMAGE, ImageReason.EMPTY, 'empty-body', 'nothing follows the header'),
  row(At.IMAGE, ImageReason.RAW_BODY, 'raw-body', 'the body has no elements'),
  row(At.IMAGE, ImageReason.TAG, 'reserved-tag', 'an element has a reserved tag'),
  row(At.IMAGE, ImageReason.ELEMENT_TRUNCATED, 'element-truncated', 'fewer bytes are left than an element header has'),
  row(At.IMAGE, ImageReason.ELEMENT_OVERRUN, 'element-overruns', 'an element reaches behind the total size'),
  row(At.IMAGE, ImageReason.INTEGRITY_SIZE, 'bad-integrity-size', 'the integrity code has not 16 bytes'),
  row(At.IMAGE, ImageReason.SIGNATURE_SIZE, 'bad-signature-size', 'a signature has not the size of its suite'),
  row(At.IMAGE, ImageReason.CERTIFICATE_SIZE, 'bad-certificate-size', 'a certificate has not the size of its suite'),
  row(At.IMAGE, ImageReason.INTEGRITY_NOT_LAST, 'integrity-not-last', 'more than certificate and signature follows the integrity code'),
  row(At.IMAGE, ImageReason.INTEGRITY_MISSING, 'no-integrity-code', 'there is no integrity code'),
  row(At.IMAGE, ImageReason.INTEGRITY_MISMATCH, 'integrity-mismatch', 'the integrity code fits none of the known conventions'),
  row(At.IMAGE, ImageReason.SIGNATURE_MISSING, 'no-signature', 'there is no signature'),
  row(At.IMAGE, ImageReason.SIGNATURES, 'more-than-one-signature', 'there is more than one signature'),
  row(At.IMAGE, ImageReason.SIGNATURE_NOT_LAST, 'signature-not-last', 'an element follows the signature'),
  row(At.IMAGE, ImageReason.CERTIFICATE_MISSING, 'no-certificate-of-the-suite', "there is no certificate of the signature's suite"),
  row(At.IMAGE, ImageReason.CERTIFICATES, 'more-than-one-certificate', "there is more than one certificate of the signature's suite"),
  row(At.IMAGE, ImageReason.CERTIFICATE_FIELDS, 'bad-certificate-fields', "type, curve or hash of the certificate are not the suite's"),
  row(At.IMAGE, ImageReason.SUBJECT, 'signer-not-certificate-subject', 'the signer is not the subject of the certificate'),
  row(At.IMAGE, ImageReason.ISSUER, 'issuer-not-trusted', "no trusted authority of that suite is the certificate's issuer"),
  row(At.IMAGE, ImageReason.SIGNER, 'signer-not-allowed', 'the signer is not on the list of those who may sign'),
  row(At.IMAGE, ImageReason.KEY_USAGE, 'key-usage-no-signature', 'the certificate does not allow signing'),
  row(At.IMAGE, ImageReason.PUBLIC_KEY, 'bad-certificate-key', 'certificate and authority yield no public key'),
  row(At.IMAGE, ImageReason.SIGNATURE_RANGE, 'signature-out-of-range', 'r or s is zero or not below the order of the curve'),
  row(At.IMAGE, ImageReason.SIGNATURE, 'bad-signature', 'the signature does not verify'),
  row(At.CALL, CallReason.LENGTH, 'call-length', 'a length is outside its window'),
  row(At.CALL, CallReason.ORDER, 'call-order', 'a call came before the one that must come first'),
  row(At.CALL, CallReason.FLAGS, 'call-flags', 'a flag is not one'),
  row(At.CALL, CallReason.INDEX, 'call-index', 'a position is behind the end of a table'),
  row(At.CURVE, CurveReason.SUITE, 'curve-suite', 'the cryptographic suite is neither one nor two'),
  row(At.CURVE, CurveReason.POINT_LENGTH, 'curve-point-length', 'a compressed point has not the size of its suite'),
  row(At.CURVE, CurveReason.POINT_PREFIX, 'curve-point-prefix', 'a compressed point begins with neither 02 nor 03'),
  row(At.CURVE, CurveReason.POINT_RANGE, 'curve-point-range', 'spare high bits of a coordinate are set'),
  row(At.CURVE, CurveReason.POINT_CURVE, 'curve-point-curve', 'no point of the curve has that coordinate'),
  row(At.CURVE, CurveReason.POINT_ORDER, 'curve-point-order', 'the point is outside the subgroup of prime order'),
  row(At.CURVE, CurveReason.CERTIFICATE_LENGTH, 'curve-certificate-length', 'a certificate has not the size of its suite'),
  row(At.CURVE, CurveReason.CERTIFICATE_FORMAT, 'curve-certificate-format', "the certificate's type, curve or hash is another"),
  row(At.CURVE, CurveReason.CERTIFICATE_USAGE, 'curve-certificate-usage', 'the certificate does not allow its key to be used so'),
  row(At.CURVE, CurveReason.ISSUER, 'curve-issuer', "the certificate's issuer is not that of one's own certificate"),
  row(At.CURVE, CurveReason.SUBJECT, 'curve-subject', "the certificate's subject is not the partner, or is oneself"),
  row(At.CURVE, CurveReason.PUBLIC_KEY, 'curve-public-key', 'the certificate yields no public key'),
  row(At.CURVE, CurveReason.PRIVATE_KEY, 'curve-private-key', 'the private key is zero or not below the order'),
  row(At.CURVE, CurveReason.MISMATCH, 'curve-mismatch', 'the private key does not belong to the certificate under that CA'),
  row(At.CURVE, CurveReason.SIGNATURE_RANGE, 'curve-signature-range', 'r or s of the signature is zero or not below the order'),
  row(At.CURVE, CurveReason.SIGNATURE, 'curve-signature', 'the signature does not verify'),
  row(At.CURVE, CurveReason.AGREEMENT, 'curve-agreement', 'the shared secret is the point at infinity'),
  row(At.CURVE, CurveReason.CONFIRM, 'curve-confirm', "the partner's MAC is wrong"),
];

const byNumber = new Map(CODES.map((code) => [code.layer * 256 + code.reason, code]));

/** The name and description of a number the core answered; an unknown number is named as such. */
export function nameOf(number: number): { readonly name: string; readonly detail: string } {
  return byNumber.get(number) ?? { name: `core-${number}`, detail: `the core refused with number ${number}` };
}

/** A refusal value for a number the core answered. */
export function refusalOf(number: number): Refusal {
  const { name, detail } = nameOf(number);
  return refuse(name, detail);
}
