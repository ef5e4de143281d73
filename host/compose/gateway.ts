/**
 * A gateway out of its parts: the one place where policy, messages and core meet the flows. The demonstration, the bench, the tests and
 * `gateway run` all compose it here, so that what is shown is what runs.
 */
import { readFile } from 'node:fs/promises';
import { Core } from '../core/core.ts';
import { verifyImage } from '../core/image.ts';
import { startGateway, type Gateway } from '../gateway/gateway.ts';
import type { GatewaySetup, Policy } from '../gateway/setup.ts';
import type { SigningKey } from '../messages/ed25519.ts';
import { MESSAGE_CHECKS, type MessageCheck } from '../messages/message-check.ts';
import { isCountersigned, isUserSigned } from '../messages/open.ts';
import { signReport } from '../messages/report.ts';
import { Fault } from '../model/fault.ts';
import type { ImageExpectation } from '../model/image.ts';
import { createPolicy, isAllowed, type PolicyParts } from '../policy/decide.ts';
import { expectation } from '../policy/expectation.ts';
import { factsText } from '../policy/facts-text.ts';
import type { ImageTrustStore } from '../stores/image-trust.ts';
import { artefact } from './files.ts';

/** Where tests leave one named check out to see that it matters. The product passes nothing. */
export interface Loosened {
  readonly messageChecks?: readonly MessageCheck[];
  readonly rules?: PolicyParts['rules'];
  readonly isCountersigned?: PolicyParts['isCountersigned'];
  readonly expectation?: (asked: ImageExpectation) => ImageExpectation;
}

/** What a gateway is composed of; the rest of its setup is made here. */
export type GatewayPlan = Omit<GatewaySetup, 'core' | 'policy' | 'verifyImage' | 'signReport'> & {
  readonly signing: SigningKey;
  /** Whose image signatures count, and what is asked of images. */
  readonly images: ImageTrustStore;
};

/** Compiles core.wasm, composes a gateway and starts it. Rejects with a Fault that names what is wrong. */
export async function composeGateway(plan: GatewayPlan, loosened: Loosened = {}): Promise<Gateway> {
  const { signing, images, ...setup } = plan;
  const module = await loadModule('core.wasm');
  const core = await Core.load(module);
  return startGateway({
    ...setup,
    core,
    policy: gatewayPolicy(images, loosened),
    verifyImage: (blocks, asked) => verifyImage(module, blocks, asked),
    signReport: (report) => signReport(report, signing),
  });
}

/** Compiles an artefact of the build. Rejects with Fault `core` when it is missing or no WebAssembly. */
export async function loadModule(name: string): Promise<WebAssembly.Module> {
  const url = artefact(name);
  try {
    return await WebAssembly.compile(await readFile(url));
  } catch (cause) {
    throw new Fault('core', `${url.pathname} cannot be loaded: run "npm run build"`, { cause });
  }
}

function gatewayPolicy(images: ImageTrustStore, loosened: Loosened): Policy {
  const policy = createPolicy({
    isCountersigned: loosened.isCountersigned ?? isCountersigned,
    isUserSigned,
    ...(loosened.rules === undefined ? {} : { rules: loosened.rules }),
  });
  const adapt = loosened.expectation ?? ((asked: ImageExpectation): ImageExpectation => asked);
  return {
    upgrade: (signed, situation) => policy.upgrade(signed, situation),
    cancel: (signed, situation) => policy.cancel(signed, situation),
    isAllowed,
    factLines: factsText,
    expectation(request, device) {
      if (device === undefined) throw new Fault('internal', `no device ${request.target} to expect an image for`);
      const demands = images.demands(device.manufacturer);
      return adapt({ ...expectation(request, device, demands), ...demands });
    },
    messageChecks: loosened.messageChecks ?? MESSAGE_CHECKS,
  };
}
