/** Signing a Service Request with a key file and handing it to the S1SP side; shared by `upgrade issue` and `upgrade cancel`. */
import type { KeyFile } from '../messages/keyfile.ts';
import { Fault } from '../model/fault.ts';
import type { ServiceRequest } from '../model/service-request.ts';
import type { Io } from './io.ts';
import { required } from './option.ts';
import type { Options } from './program.ts';

/** Submits the request that `make` builds for the key of `--key`. Says the answer; true when it was forwarded. */
export async function submit(io: Io, options: Options, image: Uint8Array, make: (key: KeyFile) => ServiceRequest): Promise<boolean> {
  const [{ parseKeyFile }, { readFileText }, { operatorBroker }, { signRequest, User }] = await Promise.all([
    import('../messages/keyfile.ts'),
    import('../compose/files.ts'),
    import('../compose/operator.ts'),
    import('../compose/user.ts'),
  ]);
  const path = required(options, 'key');
  const parsed = parseKeyFile(await readFileText(path, 65_536, 'config'));
  if (!parsed.ok) throw new Fault('config', `${path}: ${parsed.detail}`);
  const { signing, signer } = parsed.value;
  if (signing === undefined) throw new Fault('config', `${path}: holds the public key alone; signing needs the private one`);
  const user = new User(operatorBroker(required(options, 'broker')), signer.party);
  try {
    await within(user.start(), `no connection to ${required(options, 'broker')}`);
    const answer = await user.submit(signRequest(make(parsed.value), signing), image);
    const forwarded = answer.verdict === 'forwarded';
    if (options.json) io.out(JSON.stringify(answer));
    else if (forwarded) io.out(`${answer.requestId}: ${answer.detail}`);
    else {
      const { restsOn } = await import('../compose/requirement-texts.ts');
      io.out(`refused ${answer.code}: ${answer.detail} [${restsOn(answer.requirements)}]`);
    }
    return forwarded;
  } finally {
    await user.stop();
  }
}

/** Longest wait for a broker. */
const CONNECT_MS = 15_000;

/** The value of a promise, or Fault `broker` when it takes longer than a connection may. */
export async function within<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Fault('broker', `${what} within ${CONNECT_MS / 1000} s`)), CONNECT_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
