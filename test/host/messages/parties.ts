/** Parties of the message tests: keys from fixed seeds, named by role, and a request that every check accepts. */
import { createHash } from 'node:crypto';
import { checkPublicKey, signingKey, type SigningKey } from '../../../host/messages/ed25519.ts';
import { countersign, sign1 } from '../../../host/messages/cose.ts';
import type { MessageContext } from '../../../host/messages/message-check.ts';
import { emit, SERVICE_REQUEST_TYPE } from '../../../host/messages/service-request.ts';
import { digest, eui64, type Eui64, type KeyId } from '../../../host/model/ids.ts';
import type { SignersStatement } from '../../../host/model/register.ts';
import { signersFacts } from '../../../host/policy/slice.ts';
import type { CancelUpdate, Role, ServiceRequest, Signer, UpdateFirmware } from '../../../host/model/service-request.ts';

export interface Party {
  readonly signer: Signer;
  readonly key: SigningKey;
}

/** A party whose key comes from the SHA-256 of a label. */
export function party(name: string, role: Role, eui: Eui64): Party {
  const key = signingKey(createHash('sha256').update(name).digest(), role);
  const sound = checkPublicKey(key.publicKey);
  if (!sound.ok) throw new Error(sound.detail);
  return { key, signer: { kid: key.kid, key: sound.value, role, party: eui, name } };
}

export const GATEWAY = eui64('02000000000000a1');
export const OTHER_GATEWAY = eui64('02000000000000a2');
export const PPMID = eui64('02000000000000b1');
export const LEAD = party('Lead Supplier', 'import-supplier', eui64('0200000000000101'));
export const GAS = party('Gas Supplier', 'gas-supplier', eui64('0200000000000102'));
export const RIVAL = party('Another Supplier', 'import-supplier', eui64('0200000000000103'));
export const DCC = party('DCC countersigner', 'dcc-countersigner', eui64('0200000000000104'));
export const DCC_2 = party('second DCC countersigner', 'dcc-countersigner', eui64('0200000000000104'));
export const S1SP_XML = party('S1SP XML signer', 's1sp-xml', eui64('0200000000000105'));
export const REGISTRATION = party('registration', 'registration', eui64('0200000000000106'));
export const HUB = party('gateway', 'gateway', GATEWAY);
export const STRANGER = party('nobody in particular', 'import-supplier', eui64('0200000000000199'));

const KNOWN = [LEAD, GAS, RIVAL, DCC, DCC_2, S1SP_XML, REGISTRATION, HUB].map(({ signer }) => signer);

export const signers = (kid: KeyId): Signer | undefined => KNOWN.find((one) => one.kid === kid);

/** A moment well inside the windows of the requests below. */
export const NOW = 1_750_000_000;

/** The signers register that names them all, as signed and as the rules see it. */
export const BASE = {
  version: 1,
  environment: 'lab',
  issued: NOW - 86_400,
  validFrom: NOW - 86_400,
  validTo: NOW + 86_400,
} as const;
export const SIGNERS: SignersStatement = {
  kind: 'signers',
  ...BASE,
  signers: KNOWN.filter(({ role }) => role !== 'registration'),
};
export const SIGNERS_FACTS = signersFacts(SIGNERS);

export const UPDATE: UpdateFirmware = {
  kind: 'update-firmware',
  originator: LEAD.signer.party,
  target: PPMID,
  counter: 1000n,
  gateway: GATEWAY,
  environment: 'lab',
  notBefore: NOW - 60,
  expires: NOW + 3600,
  image: { digest: digest(createHash('sha256').update('image').digest()), length: 20_000 },
  firmwareVersion: 0x0102_0304,
  completeBy: NOW + 86_400,
  activateFrom: NOW - 60,
  duis: { version: '3.1', effectiveFrom: 1_606_176_000 },
  allowDowngrade: false,
  purpose: 'incident 17: display stays blank',
};

export const CANCEL: CancelUpdate = {
  kind: 'cancel-update',
  originator: LEAD.signer.party,
  target: PPMID,
  counter: 1001n,
  gateway: GATEWAY,
  environment: 'lab',
  notBefore: NOW - 60,
  expires: NOW + 3600,
  cancels: '02-00-00-00-00-00-01-01:02-00-00-00-00-00-00-B1:1000' as CancelUpdate['cancels'],
};

/** The context in which every check accepts `signed(UPDATE, DCC)`. */
export const CONTEXT: MessageContext = {
  gateway: GATEWAY,
  environment: 'lab',
  now: NOW,
  marks: { highest: () => 999n },
  signers,
  purpose: 'accept',
};

/** A request signed by its originator or `user`, then countersigned in turn. */
export function signed(request: ServiceRequest, counters: readonly Party[] = [], user: Party = LEAD): Uint8Array {
  return counters.reduce((bytes, { key }) => must(countersign(bytes, key)), sign1(emit(request), SERVICE_REQUEST_TYPE, user.key));
}

/** The value of a result that must be one. */
export function must<T>(result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly detail: string }): T {
  if (!result.ok) throw new Error(result.detail);
  return result.value;
}

/** A key that claims the identifier of another: its signatures do not verify. */
export const impostor = (of: Party): Party => ({ signer: of.signer, key: { ...of.key, sign: (bytes) => STRANGER.key.sign(bytes) } });
