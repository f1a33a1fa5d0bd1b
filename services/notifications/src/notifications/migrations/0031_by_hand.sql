-- What waits for a worker's hands: to be printed and posted, or told by telephone.
create index messages_by_hand on read.messages (tenant, channel, position)
    where channel in ('letter', 'phone') and state in ('queued', 'attempting', 'failed', 'in-doubt');
