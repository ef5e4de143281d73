/** `keys rotate` and `keys erase`: orders about keys, to a gateway that runs or, where none does, to its next start. */
import { Fault, type Refusal } from '../model/fault.ts';
import { parseEui64 } from '../model/ids.ts';
import type { KeyOrder } from '../stores/key-orders.ts';
import { EXIT, type ExitCode, type Io } from './io.ts';
import { required } from './option.ts';
import type { Options, Program } from './program.ts';

/** Registers both verbs. */
export function register(program: Program): void {
  program.add({
    call: 'keys rotate',
    summary: 'Turns the home to a fresh network key: at once where the gateway runs, else at its next start.',
    examples: ['hearthgate keys rotate --config gateway.yaml'],
    codes: ['Code 0: turned, or ordered for the next start. Code 1: the gateway could not.'],
    options: (command) => void command.requiredOption('--config <file>', "the gateway's configuration"),
    action: (io, options) => order(io, options, { kind: 'rotate', reason: 'ordered' }),
  });
  program.add({
    call: 'keys erase <device>',
    summary: "Erases a device's link key and tells it to leave; while it is in the device log it may join again by its install code.",
    examples: [
      'hearthgate keys erase 02-00-00-00-00-00-02-02 --config gateway.yaml',
      'hearthgate keys erase 02-00-00-00-00-00-02-02 --config gateway.yaml --install-code',
    ],
    codes: ['Code 0: erased, or ordered for the next start. Code 1: the gateway could not, or knows no such device.'],
    options: (command) => {
      command.requiredOption('--config <file>', "the gateway's configuration");
      command.option('--install-code', 'erase its install code too, so that it cannot join again by it', false);
    },
    async action(io, options, device = '') {
      const eui = parseEui64(device);
      if (eui === undefined) throw new Fault('config', `${device} is not an EUI-64`);
      return order(io, options, { kind: 'erase', device: eui, code: options['installCode'] === true });
    },
  });
}

async function order(io: Io, options: Options, wanted: KeyOrder): Promise<ExitCode> {
  const [{ loadGatewayConfig }, { askControl }] = await Promise.all([
    import('../compose/config.ts'),
    import('../adapters/control-socket.ts'),
  ]);
  const { data } = await loadGatewayConfig(required(options, 'config'));
  const given = (await askControl(data, wanted)) as ControlAnswer | undefined;
  const answer = given ?? (await leaveOrder(data, wanted));
  if (answer === undefined) {
    say(io, options, { ok: true, done: false }, 'no gateway runs: ordered for its next start');
    return EXIT.done;
  }
  if (!answer.ok) {
    say(io, options, answer, `${io.paint('bad', 'not done')}: ${answer.detail}`);
    return EXIT.refused;
  }
  const { turned } = answer;
  const missed = turned === undefined || turned.missed.length === 0 ? '' : `; not reached: ${turned.missed.join(', ')}`;
  say(
    io,
    options,
    { ...answer, done: true },
    turned === undefined ? 'done' : `network key ${turned.seq} in use, ${turned.reached.length} devices reached${missed}`,
  );
  return EXIT.done;
}

/** What a gateway answers (host/gateway/control.ts). */
type ControlAnswer =
  | {
      readonly ok: true;
      readonly turned?: { readonly seq: number; readonly reached: readonly string[]; readonly missed: readonly string[] };
    }
  | { readonly ok: false; readonly code: string; readonly detail: string };

/** Leaves an order for the next start; answers why it is none. */
async function leaveOrder(data: string, wanted: KeyOrder): Promise<Refusal | undefined> {
  const [{ openLockedStore }, { KeyOrders }] = await Promise.all([import('../adapters/store-lock.ts'), import('../stores/key-orders.ts')]);
  const store = await openLockedStore(data);
  try {
    const orders = new KeyOrders(store);
    const refusal = orders.refusal(wanted);
    if (refusal === undefined) await store.commit([orders.put(wanted)]);
    return refusal;
  } finally {
    await store.close();
  }
}

function say(io: Io, options: Options, json: object, text: string): void {
  io.out(options.json ? JSON.stringify(json) : text);
}
