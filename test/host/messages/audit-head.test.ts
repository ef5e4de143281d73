import { describe, expect, test } from 'vitest';
import { HEAD_TYPE, openHead, signHead, type SignedHead } from '../../../host/messages/audit-head.ts';
import { countersign, sign1 } from '../../../host/messages/cose.ts';
import { emit, SERVICE_REQUEST_TYPE } from '../../../host/messages/service-request.ts';
import { digest } from '../../../host/model/ids.ts';
import { Fault } from '../../../host/model/fault.ts';
import { DCC, HUB, impostor, LEAD, must, OTHER_GATEWAY, UPDATE } from './parties.ts';

const HEAD: SignedHead = { party: HUB.signer.party, environment: 'lab', count: 512, hash: digest(new Uint8Array(32).fill(7)) };

describe('the signed head of an audit log', () => {
  test('is read back by the public key of whose log it is [R-AUD-01]', () => {
    expect(openHead(signHead(HEAD, HUB.key), HUB.signer)).toEqual({ ok: true, value: HEAD });
  });
  test.each([
    ['of another key', signHead(HEAD, HUB.key), LEAD.signer, 'unknown-signer'],
    ['whose signature is forged', signHead(HEAD, impostor(HUB).key), HUB.signer, 'signature-invalid'],
    ["that speaks of another gateway's log", signHead({ ...HEAD, party: OTHER_GATEWAY }, HUB.key), HUB.signer, 'other-party'],
    ['that is a request', sign1(emit(UPDATE), SERVICE_REQUEST_TYPE, HUB.key), HUB.signer, 'content-type'],
    ['that carries a second signature', must(countersign(signHead(HEAD, HUB.key), DCC.key)), HUB.signer, 'content-type'],
    ['that is no head', sign1(Uint8Array.of(0xa0), HEAD_TYPE, HUB.key), HUB.signer, 'missing-field'],
    ['that is no CBOR', sign1(Uint8Array.of(0xff), HEAD_TYPE, HUB.key), HUB.signer, 'wrong-type'],
  ])('refuses one %s', (_, bytes, signer, code) => expect(openHead(bytes, signer)).toMatchObject({ ok: false, code }));
  test('is not signed when no reader would take it', () => {
    expect(() => signHead({ ...HEAD, count: -1 }, HUB.key)).toThrow(Fault);
  });
});
