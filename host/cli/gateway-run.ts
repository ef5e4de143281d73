/** `gateway run`: the gateway of a configuration file, until it is stopped. */
import { required } from './option.ts';
import type { Program } from './program.ts';
import { serve } from './service.ts';

/** Registers the verb. */
export function register(program: Program): void {
  program.add({
    call: 'gateway run',
    summary: 'Runs a gateway until SIGINT or SIGTERM; logs go to standard error.',
    examples: [
      'hearthgate gateway run --config /etc/hearthgate/gateway.yaml',
      'hearthgate gateway run --config /etc/hearthgate/gateway.yaml --alone',
    ],
    codes: ['Code 0: stopped when asked to. Code 3: the radio, the broker or the store failed.'],
    options: (command) => {
      command.requiredOption('--config <file>', 'configuration, see docs/operate.md');
      command.option('--alone', 'the other gateway of this EUI-64, which silenced this one, is gone for good', false);
    },
    async action(io, options) {
      const [{ loadGatewayConfig }, { runGateway }] = await Promise.all([
        import('../compose/config.ts'),
        import('../compose/run-gateway.ts'),
      ]);
      const config = await loadGatewayConfig(required(options, 'config'));
      return serve(io, options.json, config.log.level, async (log, onFault) => {
        const gateway = await runGateway(config, log, onFault, { alone: options['alone'] === true });
        const { gateway: eui, environment } = config;
        return {
          text: `gateway ${eui} runs (${environment})`,
          json: { event: 'running', gateway: eui, environment },
          stop: () => gateway.stop(),
        };
      });
    },
  });
}
