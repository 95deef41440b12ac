export { bareSignature, storableOrNull } from '../event-values.js';
