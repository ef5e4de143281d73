/** `upgrade watch` and `upgrade status`: what a gateway reports, each report with its signature checked. */
import { Fault, never } from '../model/fault.ts';
import { isEnd, type Progress, type Report } from '../model/job.ts';
import { EXIT, type ExitCode, type Io } from './io.ts';
import { stateText } from './keys-status.ts';
import { eui, number, required, text } from './option.ts';
import type { Options, Program } from './program.ts';
import { within } from './submit.ts';

/** How long `status` waits for what is retained. */
const SETTLE_MS = 400;

/** Registers the verbs. */
export function register(program: Program): void {
  program.add({
    call: 'upgrade watch',
    summary: 'Follows the reports of a gateway until an upgrade ends.',
    examples: [
      'hearthgate upgrade watch --gateway-key lab/keys/gateway.key.pub',
      'hearthgate upgrade watch --gateway-key g.pub --job 0a1b… --json',
    ],
    codes: ['Code 0: the upgrade succeeded. Code 1: it was refused, cancelled or failed, or the time was over.'],
    options: (command) => {
      command.requiredOption('--gateway-key <file>', "the gateway's public key file");
      command.option('--broker <url>', 'MQTT broker', 'mqtt://127.0.0.1:1883');
      command.option('--job <id>', 'wait for the end of this job; of the first that ends when not said');
      command.option('--request <id>', 'wait for the end of what this request started, as `upgrade issue` answered it');
      command.option('--gateway <eui64>', 'the Communications Hub; that of the key when not said');
      command.option('--timeout <seconds>', 'longest wait', '86400');
    },
    action: watch,
  });
  program.add({
    call: 'upgrade status',
    summary: 'Shows whether a gateway is there, its last report and the progress of its last transfer.',
    examples: ['hearthgate upgrade status --gateway-key lab/keys/gateway.key.pub --json'],
    codes: ['Code 0: the gateway is online. Code 1: it is not.'],
    options: (command) => {
      command.requiredOption('--gateway-key <file>', "the gateway's public key file");
      command.option('--broker <url>', 'MQTT broker', 'mqtt://127.0.0.1:1883');
      command.option('--gateway <eui64>', 'the Communications Hub; that of the key when not said');
    },
    action: status,
  });
}

async function watch(io: Io, options: Options): Promise<ExitCode> {
  const { broker, gateway, key, followGateway } = await prepare(options);
  const job = text(options, 'job');
  const request = text(options, 'request');
  const patience = (number(options, 'timeout', 1, 31_536_000) ?? 86_400) * 1000;
  let settle: (code: ExitCode) => void = () => {};
  const ended = new Promise<ExitCode>((done) => (settle = done));
  const timer = setTimeout(() => settle(EXIT.refused), patience);
  io.interrupted.addEventListener('abort', () => settle(EXIT.interrupted), { once: true });
  try {
    const following = followGateway(broker, gateway, key, {
      report(report, retained) {
        io.out(options.json ? JSON.stringify(report) : line(report));
        const { event } = report;
        const named = job !== undefined || request !== undefined;
        if (retained && !named) return;
        if (event.type === 'decision' && event.verdict === 'refuse' && request !== undefined && event.requestId === request)
          settle(EXIT.refused);
        if (event.type !== 'stage' || !isEnd(event.stage)) return;
        if ((job !== undefined && event.job !== job) || (request !== undefined && event.requestId !== request)) return;
        settle(event.stage === 'succeeded' ? EXIT.done : EXIT.refused);
      },
      refused: (code, detail) => io.err(`hearthgate: report refused: ${code}: ${detail}`),
      progress: (progress) => io.out(options.json ? JSON.stringify({ progress }) : progressLine(progress)),
    });
    await within(following, `no connection to ${required(options, 'broker')}`);
    io.err(`hearthgate: following gateway ${gateway}; what it reports from now on is shown`);
    return await ended;
  } finally {
    clearTimeout(timer);
    await broker.close();
  }
}

async function status(io: Io, options: Options): Promise<ExitCode> {
  const { broker, gateway, key, followGateway } = await prepare(options);
  const found: { state?: string; birth?: unknown; progress?: Progress; report?: Report } = {};
  try {
    const following = followGateway(broker, gateway, key, {
      state: (state) => (found.state = state),
      birth: (birth) => (found.birth = birth),
      progress: (progress) => (found.progress = progress),
      report: (report) => (found.report = report),
    });
    await within(following, `no connection to ${required(options, 'broker')}`);
    await new Promise((done) => setTimeout(done, SETTLE_MS));
  } finally {
    await broker.close();
  }
  if (options.json) io.out(JSON.stringify({ gateway, state: found.state ?? 'unknown', ...found }));
  else {
    io.out(`gateway ${gateway}: ${found.state ?? 'unknown'}`);
    if (found.report !== undefined) io.out(line(found.report));
    if (found.progress !== undefined) io.out(progressLine(found.progress));
  }
  return found.state === 'online' ? EXIT.done : EXIT.refused;
}

async function prepare(options: Options) {
  const [{ followGateway, operatorBroker }, { parseKeyFile }, { readFileText }] = await Promise.all([
    import('../compose/operator.ts'),
    import('../messages/keyfile.ts'),
    import('../compose/files.ts'),
  ]);
  const path = required(options, 'gatewayKey');
  const parsed = parseKeyFile(await readFileText(path, 65_536, 'config'));
  if (!parsed.ok) throw new Fault('config', `${path}: ${parsed.detail}`);
  const { signer } = parsed.value;
  if (signer.role !== 'gateway') throw new Fault('config', `${path}: a key of the role ${signer.role}, not of a gateway`);
  return {
    broker: operatorBroker(required(options, 'broker')),
    gateway: eui(options, 'gateway') ?? signer.party,
    key: signer,
    followGateway,
  };
}

function line({ sequence, time, event }: Report): string {
  const head = `${new Date(time).toISOString()} #${sequence}`;
  switch (event.type) {
    case 'decision':
      return `${head} decision ${event.verdict} ${event.requestId ?? event.requestDigest}: ${event.code ?? event.job ?? ''} ${event.detail}`;
    case 'authority':
      return `${head} ${event.moment} ${event.verdict} job ${event.job}: ${event.code ?? ''} ${event.detail}`;
    case 'image':
      return `${head} image ${event.verdict} ${event.code ?? ''} (${event.checks.length} checks)`;
    case 'stage':
      return `${head} ${event.stage} job ${event.job}${event.reason === undefined ? '' : `: ${event.reason.code}: ${event.reason.detail}`}`;
    case 'alert':
      return `${head} alert ${event.code}: ${event.detail}`;
    case 'ppmid-keys':
      return `${head} keys of ${event.device} ${stateText(event)}`;
    default:
      return never(event);
  }
}

function progressLine({ device, offset, total, bytesPerSecond, secondsLeft }: Progress): string {
  const percent = ((offset * 100) / total).toFixed(0);
  return `${device} ${percent} % (${offset}/${total} B, ${bytesPerSecond} B/s, ${secondsLeft === undefined ? 'time left unknown' : `${secondsLeft} s left`})`;
}
