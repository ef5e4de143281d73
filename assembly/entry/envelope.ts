/**
 * `envelopeOpen`: one secured envelope under one held key, for those who read captures. Whose envelope it is, where it begins
 * and which key it may be, the host knows from headers that no gateway would accept; keys stay in their slots.
 */
import { At, CallReason, KeyKind, KeyReason, SecurityReason } from '../abi/code.ts';
import { IN, IN_SIZE, KEY, KEY_NONCE, OUT, OUT_SIZE } from '../abi/layout.ts';
import * as ccm from '../crypto/ccm.ts';
import { slotOf } from '../keys/slots.ts';
import { forget, schedule } from '../secure/aps.ts';
import { MIC_LEN } from '../wire/security-header.ts';

/**
 * Opens the `len` bytes in IN: `header` authenticated bytes, a payload, and a MIC of 4 bytes, under the nonce at KEY_NONCE and
 * the link key of `handle`, or the key derived from it for key identifier `keyId` (2 key-transport, 3 key-load). The payload
 * goes to OUT. No counter is asked. Refuses: 1 LENGTH; 2 HANDLE; 3 MIC.
 */
export function envelopeOpen(len: i32, header: i32, handle: i32, keyId: i32): i32 {
  const payload = len - header - MIC_LEN;
  if (len > IN_SIZE || header < 0 || payload < 0 || payload > OUT_SIZE) return At.CALL * 256 + CallReason.LENGTH;
  const slot = slotOf(handle, KeyKind.LINK);
  if (slot === 0) return At.KEYS * 256 + KeyReason.HANDLE;
  const body = IN + header;
  const verified = ccm.open(schedule(slot, keyId), KEY + KEY_NONCE, IN, header, body, payload, body + payload, MIC_LEN, OUT);
  forget();
  return verified ? 0 : At.APS_SECURITY * 256 + SecurityReason.MIC;
}
