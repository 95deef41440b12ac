import { GroupCommitProducer } from '#kafka';

/**
 * Loaded into a projector before its own code (`--import`): nothing is published, and everything else goes on as ever.
 * Only for measuring: the changes are still made, and nobody hears of them.
 */
GroupCommitProducer.prototype.publishAll = () => Promise.resolve();
