/**
 * From the bytes of a countersigned request to the decision of the gateway's rules, beside one bare Ed25519 verification
 * under a key object at hand. The decision verifies two signatures and judges both keys anew; the ratio cannot reach 1/2.
 */
import { createPublicKey, verify } from 'node:crypto';
import { EUI, HOME_DEVICES, HUB_MODEL, VERSION } from '../../host/compose/home.ts';
import { makeLabMaterial, type LabMaterial } from '../../host/compose/lab-material.ts';
import { orderUpdate, signRequest } from '../../host/compose/user.ts';
import { countersign } from '../../host/messages/cose.ts';
import { isCountersigned, isUserSigned, openCountersigned } from '../../host/messages/open.ts';
import { openStatement, signersBy } from '../../host/messages/statement.ts';
import type { Situation } from '../../host/model/decision.ts';
import type { Statement } from '../../host/model/register.ts';
import { asksUpdate } from '../../host/model/service-request.ts';
import { createPolicy } from '../../host/policy/decide.ts';
import { signersFacts } from '../../host/policy/slice.ts';
import { Seeded } from '../../firmware/air/seeded.ts';
import { pattern } from '../assembly/crypto/oracle.ts';
import { race, type Bench } from './race.ts';

const NOW = 1_790_000_000;
const DECISIONS = 50;

/** Request bytes to decision. */
export const decide: Bench = {
  name: 'decide',
  versus: 'one Ed25519 verification by node:crypto',
  unit: 'per s',
  async measure() {
    const material = makeLabMaterial({
      gateway: EUI.gateway,
      hub: HUB_MODEL,
      devices: HOME_DEVICES,
      listed: [{ device: EUI.ppmid, versions: [VERSION.v2] }],
      now: NOW,
      entropy: new Seeded(1),
    });
    const request = signedRequest(material);
    const statement = statementsOf(material);
    const context = {
      gateway: EUI.gateway,
      environment: 'lab' as const,
      now: NOW,
      marks: { highest: () => undefined },
      signers: signersBy(statement('signers')),
      purpose: 'accept' as const,
    };
    const policy = createPolicy({ isCountersigned, isUserSigned });
    const signers = statement('signers');
    const situation: Situation = {
      now: NOW,
      latest: NOW,
      moment: 'issue',
      accepted: undefined,
      gateway: EUI.gateway,
      signers: signersFacts(signers),
      users: undefined,
      suppliers: statement('suppliers'),
      products: statement('products'),
      combinations: statement('combinations'),
      inventory: statement('inventory'),
      documents: statement('documents'),
      cohorts: statement('cohorts'),
      services: statement('services'),
      devices: HOME_DEVICES,
      hub: HUB_MODEL,
      cancellable: false,
      underway: false,
      topUpPending: false,
    };
    const { key } = material.parties.lead;
    const message = pattern(request.length);
    const signature = key.sign(message);
    const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key.publicKey]);
    const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    return race(
      DECISIONS,
      {
        run() {
          let allowed = 0;
          for (let i = 0; i < DECISIONS; i++) {
            const opened = openCountersigned(request, context);
            if (!opened.ok || !asksUpdate(opened.value)) continue;
            if (policy.upgrade(opened.value, situation).verdict === 'allow') allowed++;
          }
          return String(allowed);
        },
      },
      {
        run() {
          let genuine = 0;
          for (let i = 0; i < DECISIONS; i++) if (verify(null, message, publicKey, signature)) genuine++;
          return String(genuine);
        },
      },
    );
  },
};

function signedRequest({ parties }: LabMaterial): Uint8Array {
  const order = orderUpdate({
    originator: parties.lead.signer.party,
    target: EUI.ppmid,
    gateway: EUI.gateway,
    counter: 1n,
    image: pattern(20_000),
    firmwareVersion: VERSION.v2,
    now: NOW,
    purpose: 'bench',
    environment: 'lab',
  });
  const signed = countersign(signRequest(order, parties.lead.key), parties.countersigner.key);
  if (!signed.ok) throw new Error(signed.detail);
  return signed.value;
}

function statementsOf({ parties, statements }: LabMaterial) {
  return <K extends Statement['kind']>(kind: K): Extract<Statement, { kind: K }> => {
    const bytes = statements.find((each) => each.kind === kind)?.bytes ?? new Uint8Array(0);
    const anchors = [parties.registration.signer];
    const opened = openStatement(bytes, { environment: 'lab', anchors, gateway: EUI.gateway, now: NOW, storedVersion: () => undefined });
    if (!opened.ok) throw new Error(opened.detail);
    return opened.value.statement as Extract<Statement, { kind: K }>;
  };
}
