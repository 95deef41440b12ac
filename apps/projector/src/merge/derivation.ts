/**
 * The number of the law by which facts become states. Raised by whoever changes what any set of facts amounts to, fields
 * that have no column included: a test compares. Rows keep the number under which their last change was published, so that
 * nobody publishes another content under its revision. 1 is also what rows of before there were numbers go by.
 */
export const DERIVATION = 1;
