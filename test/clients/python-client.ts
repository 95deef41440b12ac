import type { Missing } from '../toolchains/run-step.js';
import { findPythonEnvironment, type PythonEnvironment } from '../toolchains/python-environment.js';

/** A Python that has the vendor's client as PyPI has it, or why there is none here. */
export function findPythonClient(): Promise<PythonEnvironment | Missing> {
  return findPythonEnvironment('aliyun-mns-1.1.5', ['aliyun-mns==1.1.5'], 'import mns.account');
}
