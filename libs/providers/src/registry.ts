import { alibaba } from './alibaba/provider.js';
import { huawei } from './huawei/provider.js';
import type { Provider } from './provider.js';
import { tencent } from './tencent/provider.js';
import { volcengine } from './volcengine/provider.js';

/** Every provider, by the id that configuration and headers use. A new one is one line here. */
export const PROVIDERS: Readonly<Record<string, Provider>> = Object.freeze({
  alibaba,
  huawei,
  tencent,
  volcengine,
});
