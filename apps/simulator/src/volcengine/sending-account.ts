/** What every receipt of Volcengine says about the customer: the account, and a message group of it. */
export const SENDING_ACCOUNT = { account: '2000000000', sub_account: '15040000' } as const;
