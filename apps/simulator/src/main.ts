import 'reflect-metadata';
import { ConsoleLogger, Logger, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { IncomingMessage } from 'node:http';
import { serveAlibaba } from './alibaba/mns/serve.js';
import { withoutOrigin } from './alibaba/mns/target.js';
import { readEnvironment } from './environment.js';
import { SimulatorModule } from './simulator.module.js';

try {
  const environment = readEnvironment();
  Logger.overrideLogger(new ConsoleLogger({ json: true, colors: false }));
  const app = await NestFactory.create<NestFastifyApplication>(
    SimulatorModule.with(environment),
    new FastifyAdapter({
      forceCloseConnections: true,
      // Some clients, and all behind a proxy, send the whole address.
      rewriteUrl: (request: IncomingMessage) => withoutOrigin(request.url ?? '/'),
    }),
  );
  app.useGlobalPipes(new ValidationPipe({ transform: true, whitelist: true, forbidNonWhitelisted: true }));
  app.enableShutdownHooks();
  await serveAlibaba(app, environment);
  await app.listen(environment.port, environment.host);
} catch (error) {
  process.stderr.write(`simulator: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
