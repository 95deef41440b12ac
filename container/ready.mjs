// The health check of the image: ends with 0 when the process that runs here is ready. One argument: another port than
// MANAGEMENT_PORT.
import { get } from 'node:http';

/** What MANAGEMENT_HOST and HOST say when a port is opened on every address. */
const EVERY_ADDRESS = ['0.0.0.0', '::'];

const { HOST, MANAGEMENT_HOST, MANAGEMENT_PORT } = process.env;
const opened = MANAGEMENT_HOST || HOST || EVERY_ADDRESS[0];
const host = EVERY_ADDRESS.includes(opened) ? '127.0.0.1' : opened;
const port = process.argv[2] ?? (MANAGEMENT_PORT || '9100');

get({ host, port, path: '/health/ready', timeout: 2_000 }, ({ statusCode }) => {
  process.exit(statusCode === 200 ? 0 : 1);
})
  .on('timeout', () => process.exit(1))
  .on('error', () => process.exit(1));
